//! Single rules of validation against the test cases of a reference implementation: files with
//! `schemas` and `graphql_js_cases`, each an operation with the places of the errors of that rule.

use crate::{Suite, generate};
use anyhow::{Context, Result};
use graphwright_codegen::config::Config;
use graphwright_codegen::diagnostic::{Diagnostics, Severity};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct File {
    rule: String,
    #[serde(default)]
    schemas: BTreeMap<String, String>,
    #[serde(default)]
    graphql_js_cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    name: String,
    schema_ref: Option<String>,
    operation: String,
    expected: Vec<ExpectedError>,
    #[serde(default, rename = "verified_on_graphql_16_15")]
    verified: bool,
}

#[derive(Deserialize)]
struct ExpectedError {
    message: String,
    locations: Vec<Location>,
}

#[derive(Deserialize)]
struct Location {
    line: usize,
    column: usize,
}

/// Checks every case of every `*.json` file of a folder that has any.
///
/// # Errors
/// A file cannot be read.
pub fn add_verdicts(suite: &mut Suite, folder: &Path) -> Result<()> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    for path in files {
        let text = fs::read_to_string(&path)?;
        let Ok(file) = serde_json::from_str::<File>(&text) else { continue };
        let rule = our_name(&file.rule);
        if ["no-deprecated", "no-schema-introspection", "max-introspection-depth"].contains(&rule) {
            // No part of the specification: rules of a linter.
            continue;
        }
        for case in file.graphql_js_cases.iter().filter(|case| case.verified) {
            let schema = case.schema_ref.as_ref().and_then(|name| file.schemas.get(name));
            let schema = schema.with_context(|| format!("{}: no schema", case.id))?;
            check(suite, rule, schema, case);
        }
    }
    Ok(())
}

/// Our name of a rule.
fn our_name(rule: &str) -> &str {
    match rule {
        "fragments-on-composite-type" => "fragments-on-composite-types",
        "one-field-subscriptions" => "single-field-subscriptions",
        "possible-fragment-spread" => "possible-fragment-spreads",
        "unique-directive-names-per-location" => "unique-directives-per-location",
        "unique-fragment-name" => "unique-fragment-names",
        "unique-operation-name" => "unique-operation-names",
        "value-literals-of-correct-type" => "values-of-correct-type",
        other => other.trim_start_matches("x-graphql-js-"),
    }
}

fn check(suite: &mut Suite, rule: &str, schema: &str, case: &Case) {
    let name = format!("{} ({})", case.id, case.name);
    let compiled =
        generate(&Config::default(), &[("schema.graphql", schema)], &[("query.graphql", case.operation.as_str())]);
    let (accepted, found) = match compiled {
        Ok(compiled) => ("accepted", compiled.warnings),
        Err(diagnostics) => ("refused otherwise", diagnostics),
    };
    let ours: Vec<_> = found
        .list
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .filter(|one| {
            one.code == rule || (rule == "overlapping-fields-can-be-merged" && one.code == "same-response-shape")
        })
        .collect();
    let shown = || {
        let list = ours.iter().map(|one| (*one).clone()).collect();
        format!("{}\n{}", Diagnostics::new(found.sources.clone(), list), case.operation)
    };
    suite.totals.cases += 1;
    if ours.is_empty() != case.expected.is_empty() {
        let expected: Vec<&str> = case.expected.iter().map(|error| error.message.as_str()).collect();
        let all = Diagnostics::new(found.sources.clone(), found.list.clone());
        suite.fail(&name, format!("{accepted}; the reference says {expected:?}\n{}\n{all}", shown()));
        return;
    }
    let lines: BTreeSet<(usize, usize)> = ours
        .iter()
        .flat_map(|one| one.primary.iter().chain(&one.secondary))
        .map(|label| found.sources.position(label.span))
        .map(|position| (position.line, position.column))
        .collect();
    for error in &case.expected {
        let wanted: Vec<(usize, usize)> = error.locations.iter().map(|at| (at.line, at.column)).collect();
        let on_line = wanted.iter().any(|at| lines.iter().any(|ours| ours.0 == at.0));
        if !on_line {
            suite.fail(&name, format!("nothing at {wanted:?}: {}\n{}", error.message, shown()));
            return;
        }
    }
    suite.totals.refused += usize::from(!ours.is_empty());
}
