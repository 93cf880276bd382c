//! The layout of the code: which module of `codegen` and of its command line may use which.

use crate::support::root;
use std::collections::BTreeMap;
use std::path::Path;

/// A module with those that it may use.
type Module = (&'static str, &'static [&'static str]);

/// The modules of graphwright-codegen. A module uses only modules above it, so that there are no cycles.
const CODEGEN: [Module; 18] = [
    ("source", &[]),
    ("rust_name", &[]),
    ("convention", &[]),
    ("diagnostic", &["source"]),
    ("files", &["diagnostic"]),
    ("syntax", &["diagnostic", "source"]),
    ("schema", &["diagnostic", "source", "syntax"]),
    ("query", &["diagnostic", "schema", "source", "syntax"]),
    ("validate", &["diagnostic", "query", "schema", "source", "syntax"]),
    ("config", &["diagnostic", "files", "schema", "source"]),
    ("load", &["config", "diagnostic", "files", "source", "syntax"]),
    ("ir", &["config", "convention", "diagnostic", "query", "rust_name", "schema", "source", "syntax", "validate"]),
    ("compile", &["config", "diagnostic", "ir", "load", "query", "schema", "source", "validate"]),
    ("module_tree", &["ir"]),
    ("render", &["config", "ir", "rust_name"]),
    ("output", &["compile", "config", "files", "ir", "module_tree", "render"]),
    (
        "attribute",
        &[
            "compile",
            "config",
            "diagnostic",
            "files",
            "ir",
            "load",
            "output",
            "query",
            "render",
            "rust_name",
            "source",
            "syntax",
        ],
    ),
    ("build_script", &["compile", "config", "diagnostic", "files", "load", "output"]),
];

/// The modules of graphwright-cli, where those of graphwright-codegen have the same names: they are above all of these.
const CLI: [Module; 6] = [
    ("formats", &["diagnostic", "source"]),
    ("formatter", &["syntax"]),
    ("lint", &["convention", "diagnostic", "files", "query", "rust_name", "schema", "source", "syntax", "validate"]),
    ("usage", &["lint", "query", "schema", "source"]),
    ("change", &["config", "diagnostic", "ir", "lint", "query", "schema", "source", "syntax", "usage", "validate"]),
    (
        "cli",
        &[
            "change",
            "compile",
            "config",
            "diagnostic",
            "files",
            "formats",
            "formatter",
            "ir",
            "lint",
            "load",
            "output",
            "query",
            "schema",
            "source",
            "usage",
            "validate",
        ],
    ),
];

#[test]
fn modules_use_what_they_may_and_there_are_no_cycles() {
    let mut above: Vec<&str> = Vec::new();
    for (folder, modules) in [("codegen/src", CODEGEN.as_slice()), ("codegen/cli/src", CLI.as_slice())] {
        for (module, uses) in modules {
            assert!(uses.iter().all(|used| above.contains(used)), "`{module}` uses a module that is not above it");
            above.push(module);
        }
        check(&root().join(folder), modules);
    }
}

/// Documents are walked through `query`, which knows the parent types and what spreads mean; below it, texts are parsed and
/// printed, and `schema::introspection` asks the parser whether a text is a value.
#[test]
fn selection_sets_are_walked_in_one_place() {
    let below = ["codegen/src/query", "codegen/src/syntax", "codegen/src/schema/introspection"];
    let mut walks = Vec::new();
    for entry in walkdir::WalkDir::new(root().join("codegen")) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(root()).unwrap();
        if path.extension().is_some_and(|extension| extension == "rs")
            && !below.iter().any(|folder| path.starts_with(folder))
        {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let is_walk = |line: &&str| {
                ["Field(", "InlineFragment(", "FragmentSpread("]
                    .iter()
                    .any(|kind| line.contains(&format!("Selection::{kind}")))
            };
            walks.extend(text.lines().filter(is_walk).map(|line| format!("{}: {}", path.display(), line.trim())));
        }
    }
    assert!(walks.is_empty(), "{}", walks.join("\n"));
}

/// Compares what the modules of a crate use with what they may.
fn check(sources: &Path, modules: &[Module]) {
    let allowed: BTreeMap<&str, &[&str]> = modules.iter().copied().collect();
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in walkdir::WalkDir::new(sources) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(sources).unwrap();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let module = path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if ["lib", "main"].contains(&module) {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        // What graphwright-cli takes of graphwright-codegen is in one list at its root, so that `crate::` finds all of it.
        assert!(
            !text.contains("graphwright_codegen::internal"),
            "{} goes around the root of its crate",
            path.display()
        );
        let used = used(&text);
        let wrong: Vec<&String> =
            used.iter().filter(|used| *used != module && !allowed[module].contains(&used.as_str())).collect();
        assert!(wrong.is_empty(), "{} may not use {wrong:?}", path.display());
        seen.entry(module.to_owned()).or_default().extend(used);
    }
    for (module, uses) in modules {
        let idle: Vec<_> = uses.iter().filter(|used| !seen[*module].iter().any(|seen| seen == *used)).collect();
        assert!(idle.is_empty(), "`{module}` does not use {idle:?} any more");
    }
}

/// Returns the modules after `crate::` in a text.
fn used(text: &str) -> Vec<String> {
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
