//! `cargo xtask rule-docs`: `docs/rules/*.md` and `docs/lint.schema.json`.

use anyhow::{Result, bail};
use graphwright_cli::lint::rule::Level;
use graphwright_cli::lint::{pages, rules};
use graphwright_fixtures::folder;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Writes what is not up to date, or only tells it.
pub fn run(check: bool) -> Result<()> {
    let docs = folder().join("../docs");
    let wanted = files(&docs);
    let mut stale = Vec::new();
    for (path, text) in &wanted {
        if fs::read_to_string(path).ok().as_ref() != Some(text) {
            stale.push(path.display().to_string());
            if !check {
                fs::create_dir_all(path.parent().unwrap_or(&docs))?;
                fs::write(path, text)?;
            }
        }
    }
    for entry in fs::read_dir(docs.join("rules"))? {
        let path = entry?.path();
        if !wanted.contains_key(&path) {
            stale.push(path.display().to_string());
            if !check {
                fs::remove_file(path)?;
            }
        }
    }
    if check && !stale.is_empty() {
        bail!("not up to date; run `cargo xtask rule-docs`: {}", stale.join(", "));
    }
    println!("{} rules, {} files changed", rules::all().len(), stale.len());
    Ok(())
}

fn files(docs: &std::path::Path) -> BTreeMap<PathBuf, String> {
    let mut index = "# Rules\n\nMade by `cargo xtask rule-docs` from what the rules say of themselves.\n\n\
                     | rule | in `recommended` | |\n|---|---|---|\n"
        .to_owned();
    let mut files = BTreeMap::new();
    for entry in rules::all() {
        let meta = &entry.meta;
        let level = match meta.recommended {
            Level::Off => "",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        };
        index += &format!("| [{0}]({0}.md) | {level} | {1} |\n", meta.name, meta.what);
        files.insert(docs.join(format!("rules/{}.md", meta.name)), pages::page(entry));
    }
    files.insert(docs.join("rules/README.md"), index);
    files.insert(docs.join("lint.schema.json"), pages::settings_schema());
    files
}
