//! Single rules of validation against the test cases of a reference implementation: files with
//! `schemas` and `graphql_js_cases`, each an operation with the places of the errors of that rule.

use crate::findings::{Finding, differences, rule_of};
use crate::{Suite, generate};
use anyhow::{Context, Result};
use graphwright_codegen::diagnostic::Diagnostics;
use serde::Deserialize;
use std::collections::BTreeMap;
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
        let rule = rule_of(&file.rule);
        if ["no-deprecated", "no-schema-introspection", "max-introspection-depth"].contains(&rule.as_str()) {
            // No part of the specification: rules of a linter.
            continue;
        }
        for case in file.graphql_js_cases.iter().filter(|case| case.verified) {
            let schema = case.schema_ref.as_ref().and_then(|name| file.schemas.get(name));
            let schema = schema.with_context(|| format!("{}: no schema", case.id))?;
            check(suite, &rule, schema, case);
        }
    }
    Ok(())
}

fn check(suite: &mut Suite, rule: &str, schema: &str, case: &Case) {
    let name = format!("{} ({})", case.id, case.name);
    let compiled =
        generate(&crate::as_specified(), &[("schema.graphql", schema)], &[("query.graphql", case.operation.as_str())]);
    let (accepted, found) = match compiled {
        Ok(compiled) => ("accepted", compiled.warnings),
        Err(diagnostics) => ("refused otherwise", diagnostics),
    };
    let ours: Vec<Finding> = Finding::ours(&found.sources, &found.list);
    let ours: Vec<Finding> = ours.into_iter().filter(|one| one.rule.as_deref() == Some(rule)).collect();
    let expected: Vec<Finding> = case.expected.iter().map(|error| error.finding(rule)).collect();
    suite.totals.cases += 1;
    let differences = differences(&expected, &ours);
    if differences.is_empty() {
        suite.totals.refused += usize::from(!ours.is_empty());
        return;
    }
    let expected: Vec<&str> = case.expected.iter().map(|error| error.message.as_str()).collect();
    let all = Diagnostics::new(found.sources.clone(), found.list.clone());
    let differences = differences.join("\n");
    suite.fail(&name, format!("{accepted}; the reference says {expected:?}\n{differences}\n{all}\n{}", case.operation));
}

impl ExpectedError {
    fn finding(&self, rule: &str) -> Finding {
        let lines = self.locations.iter().map(|at| ("query.graphql".to_owned(), at.line)).collect();
        Finding { rule: Some(rule.to_owned()), lines }
    }
}
