//! The layout of the code: which module of `codegen` may use which.

use crate::support::root;
use std::collections::BTreeMap;
use std::path::Path;

/// Each module with those that it may use. A module uses only modules above it, so that there are no cycles.
const MODULES: [(&str, &[&str]); 21] = [
    ("source", &[]),
    ("rust_name", &[]),
    ("convention", &[]),
    ("diagnostic", &["source"]),
    ("files", &["diagnostic"]),
    ("syntax", &["diagnostic", "source"]),
    ("schema", &["diagnostic", "source", "syntax"]),
    ("document", &["diagnostic", "schema", "source", "syntax"]),
    ("lint", &["convention", "diagnostic", "document", "files", "rust_name", "schema", "source", "syntax"]),
    ("usage", &["document", "lint", "schema", "source"]),
    ("config", &["diagnostic", "document", "files", "lint", "schema", "source"]),
    ("load", &["config", "diagnostic", "files", "source", "syntax"]),
    ("ir", &["config", "convention", "diagnostic", "document", "rust_name", "schema", "source", "syntax"]),
    ("change", &["config", "diagnostic", "document", "ir", "lint", "schema", "source", "syntax", "usage"]),
    ("compile", &["config", "diagnostic", "document", "ir", "load", "schema", "source"]),
    ("module_tree", &["ir"]),
    ("render", &["config", "ir", "rust_name"]),
    ("output", &["compile", "config", "files", "ir", "module_tree", "render"]),
    (
        "attribute",
        &[
            "compile",
            "config",
            "diagnostic",
            "document",
            "files",
            "ir",
            "load",
            "output",
            "render",
            "rust_name",
            "source",
            "syntax",
        ],
    ),
    ("build_script", &["compile", "config", "diagnostic", "files", "load", "output"]),
    (
        "cli",
        &[
            "change",
            "compile",
            "config",
            "diagnostic",
            "document",
            "files",
            "ir",
            "lint",
            "load",
            "output",
            "schema",
            "source",
            "syntax",
            "usage",
        ],
    ),
];

#[test]
fn modules_use_what_they_may_and_there_are_no_cycles() {
    let mut above: Vec<&str> = Vec::new();
    for (module, uses) in MODULES {
        assert!(uses.iter().all(|used| above.contains(used)), "`{module}` uses a module that is not above it");
        above.push(module);
    }
    let allowed: BTreeMap<&str, &[&str]> = MODULES.into_iter().collect();
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let sources = root().join("codegen/src");
    for entry in walkdir::WalkDir::new(&sources) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(&sources).unwrap();
        if path.extension().is_none_or(|extension| extension != "rs") || path.starts_with("main.rs") {
            continue;
        }
        let module = path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let used = used(entry.path());
        let wrong: Vec<&String> =
            used.iter().filter(|used| *used != module && !allowed[module].contains(&used.as_str())).collect();
        assert!(wrong.is_empty(), "{} may not use {wrong:?}", path.display());
        seen.entry(module.to_owned()).or_default().extend(used);
    }
    for (module, uses) in MODULES {
        let idle: Vec<_> = uses.iter().filter(|used| !seen[module].iter().any(|seen| seen == *used)).collect();
        assert!(idle.is_empty(), "`{module}` does not use {idle:?} any more");
    }
}

/// Returns the modules after `crate::` in the code of a file.
fn used(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut modules = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let names = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            let name =
                name.trim().split(|next: char| !next.is_alphanumeric() && next != '_').next().unwrap_or_default();
            // The functions of `compile` are at the root of the crate.
            let module = if name.to_lowercase().starts_with("compile") { "compile" } else { name };
            modules.extend((!module.is_empty() && !at_word_end(&code[..at])).then(|| module.to_owned()));
        }
    }
    modules
}

/// Returns true if a text ends inside of a word, such as `$` of a macro or a longer name.
fn at_word_end(text: &str) -> bool {
    text.ends_with(|last: char| last.is_alphanumeric() || last == '_' || last == '$')
}
