//! `cargo xtask migrate-peer`: compares ESLint configurations before and after migration.

use anyhow::{Result, bail};
use graphwright_fixtures::folder as fixtures;
use graphwright_tests::migrate_peer::{Tools, cases, compare};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Whether the report of `migrate` is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notes {
    /// It is printed.
    Shown,
    /// It is not printed.
    Hidden,
}

/// Compares all configurations; succeeds only if nothing differs without a reason.
pub fn run(only: Option<&str>, clients: &[PathBuf], notes: Notes) -> Result<ExitCode> {
    let root = fixtures().join("..");
    let build = ["build", "--quiet", "-p", "graphwright-cli"];
    if !Command::new(env!("CARGO")).args(build).current_dir(&root).status()?.success() {
        bail!("graphwright does not compile");
    }
    let flat = ["eslint@9", "@graphql-eslint/eslint-plugin@4", "graphql@16", "jiti@2", "globals@16"];
    let legacy = ["eslint@8", "@graphql-eslint/eslint-plugin@3", "graphql@16", "cosmiconfig-toml-loader@1"];
    let tools = Tools {
        flat: packages(&root.join("target/migrate-peer/flat"), &flat)?,
        legacy: packages(&root.join("target/migrate-peer/legacy"), &legacy)?,
        ours: root.join("target/debug/graphwright").canonicalize()?,
    };
    let (mut rules, mut findings, mut explained, mut open) = (0, 0, 0, 0);
    let clients: Vec<PathBuf> = clients.iter().map(|client| client.canonicalize()).collect::<Result<_, _>>()?;
    let projects = || std::iter::once(None).chain(clients.iter().map(|client| Some(client.as_path())));
    for case in cases()?.iter().filter(|case| only.is_none_or(|only| case.contains(only))) {
        for client in projects() {
            let at = root.join("target/migrate-peer/project");
            let compared = compare(case, client, &at, &tools)?;
            let project = client.and_then(Path::file_name).map_or("own".into(), |name| name.to_string_lossy());
            println!(
                "{case} ({project}): {} files, {} rules and {} findings agreed, {} differences with a reason, {} without",
                compared.files,
                compared.rules,
                compared.findings,
                compared.explained,
                compared.differences.len()
            );
            for exception in &compared.exceptions {
                println!(
                    "  not compared, since ESLint ends with an exception: {}",
                    exception.lines().next().unwrap_or_default()
                );
            }
            for difference in &compared.differences {
                println!("  {difference}");
            }
            if notes == Notes::Shown && client.is_none() {
                println!("{}", compared.notes);
            }
            rules += compared.rules;
            findings += compared.findings;
            explained += compared.explained;
            open += compared.differences.len();
        }
    }
    println!("{rules} rules and {findings} findings agreed, {explained} differences with a reason, {open} without");
    Ok(if open == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn packages(folder: &Path, packages: &[&str]) -> Result<PathBuf> {
    if !folder.join("node_modules/@graphql-eslint").is_dir() {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
        let npm = ["install", "--silent", "--no-save", "--ignore-scripts"];
        if !Command::new("npm").args(npm).args(packages).current_dir(folder).status()?.success() {
            bail!("npm cannot install {}", packages.join(" "));
        }
    }
    Ok(folder.canonicalize()?)
}
