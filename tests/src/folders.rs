//! Cases as folders of files, in the forms that test data comes in.

use crate::findings::{Finding, differences};
use crate::sent::Source;
use crate::{Case, Future, Plan, Sample, Server, Suite, answer, clients, generate, inputs};
use anyhow::{Context, Result};
use apollo_compiler::Schema;
use apollo_compiler::ast::Document;
use apollo_compiler::validation::Valid;
use graphwright_codegen::diagnostic::{Diagnostic, Severity};
use graphwright_codegen::internal::ir;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

/// A line of `responses/*.jsonl`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    operation_name: Option<String>,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    variables: Map<String, Value>,
    #[serde(rename = "data_tn")]
    with_type_names: Box<RawValue>,
}

/// Adds `docs/*.graphql`, `schemas/*.graphql`, `responses/*.jsonl` and `index.tsv`.
///
/// # Errors
/// A file cannot be read.
pub fn add_units(suite: &mut Suite, folder: &Path, plan: Plan) -> Result<()> {
    let index = read(&folder.join("index.tsv"))?;
    for row in index.lines().skip(1) {
        let mut columns = row.split('\t');
        let (Some(id), Some(schema)) = (columns.next(), columns.next()) else { continue };
        let schema = read(&folder.join(format!("schemas/{schema}.graphql")))?;
        let document = read(&folder.join(format!("docs/{id}.graphql")))?;
        let responses = fs::read_to_string(folder.join(format!("responses/{id}.jsonl"))).unwrap_or_default();
        add_unit(suite, id, &schema, &document, &responses, plan)?;
    }
    Ok(())
}

fn add_unit(suite: &mut Suite, id: &str, schema: &str, document: &str, responses: &str, plan: Plan) -> Result<()> {
    let config = crate::as_specified();
    let compiled = match generate(&config, &[("schema.graphql", schema)], &[("query.graphql", document)]) {
        Ok(compiled) => compiled,
        Err(diagnostics) => {
            if refuses_incremental_delivery(document, &diagnostics.list) {
                suite.totals.refused += 1;
            } else {
                suite.fail(id, format!("refused: {diagnostics}"));
            }
            return Ok(());
        }
    };
    let definitions = Schema::parse(schema, "schema.graphql").unwrap_or_else(|found| found.partial);
    let mut samples = Vec::new();
    for line in responses.lines().filter(|line| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(line).context("a line of responses")?;
        let found = operations(&compiled.module).position(|operation| operation.name == line.operation_name);
        let Some(operation) = found else {
            suite.fail(id, format!("no operation {:?}", line.operation_name));
            continue;
        };
        let sent = operations(&compiled.module).nth(operation).map(|operation| operation.document.clone());
        let want = wanted(&definitions, &sent.unwrap_or_default(), &line)?;
        let replay = format!("operation {:?}, mode {}", line.operation_name, line.mode);
        samples.push(Sample {
            operation,
            data: line.with_type_names,
            want,
            least: None,
            variables: line.variables,
            replay,
        });
    }
    let plan = Plan { responses: 0, ..plan };
    let definitions = Valid::assume_valid(definitions);
    suite.check_sent(id, &compiled.module, &Source::single(document), &definitions, schema, &config);
    let regenerate = |sdl: &str| {
        let new = generate(&config, &[("schema.graphql", sdl)], &[("query.graphql", document)]);
        new.map(|compiled| compiled.module).map_err(|found| found.list)
    };
    let server = Server { schema: &definitions, regenerate: &regenerate };
    samples.extend(clients::responses(suite, id, &compiled.module, &server, plan));
    let variables = random_variables(&compiled.module);
    let name = id.to_owned();
    suite.cases.push(Case { name, compiled, config, schema: definitions, responses: samples, variables });
    Ok(())
}

/// Returns true if the errors are one for each `@defer` and `@stream`, and no others.
fn refuses_incremental_delivery(document: &str, found: &[Diagnostic]) -> bool {
    let directives = document.matches("@defer").count() + document.matches("@stream").count();
    let errors = || found.iter().filter(|one| one.severity == Severity::Error);
    directives > 0 && errors().count() == directives && errors().all(|one| one.code.name() == "no-incremental-delivery")
}

fn random_variables(module: &ir::Module) -> Vec<(usize, Value)> {
    let numbered = operations(module).enumerate().filter(|(_, operation)| !operation.variables.is_empty());
    numbered.map(|(index, operation)| (index, inputs::random(module, operation, index as u64))).collect()
}

fn operations(module: &ir::Module) -> impl Iterator<Item = &ir::Operation> {
    module.documents.iter().flat_map(|document| &document.operations)
}

fn wanted(schema: &Schema, sent: &str, line: &Line) -> Result<Box<RawValue>> {
    let document = Document::parse(sent, "sent").unwrap_or_else(|found| found.partial);
    let data: Value = serde_json::from_str(line.with_type_names.get())?;
    let want = answer(schema, &document, line.operation_name.as_deref(), &line.variables, &data, Future::default());
    Ok(RawValue::from_string(serde_json::to_string(&want)?)?)
}

/// Adds folders with `schema.graphql`, `query.graphql`, `response.json` and `NOTE.md`.
///
/// # Errors
/// A file cannot be read.
pub fn add_conformance(suite: &mut Suite, folder: &Path) -> Result<()> {
    let mut cases: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    cases.sort_by_key(fs::DirEntry::path);
    for entry in cases.iter().filter(|entry| entry.path().join("query.graphql").is_file()) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let schema = read(&path.join("schema.graphql"))?;
        let document = read(&path.join("query.graphql"))?;
        let note = read(&path.join("NOTE.md"))?;
        let response: Value = serde_json::from_str(&read(&path.join("response.json"))?)?;
        let config = crate::as_specified();
        let compiled = generate(&config, &[("schema.graphql", &schema)], &[("query.graphql", &document)]);
        if note.contains("Kind: reject") {
            refused(suite, &name, compiled.err(), &response);
            continue;
        }
        let compiled = match compiled {
            Ok(compiled) => compiled,
            Err(diagnostics) => {
                suite.fail(&name, format!("refused: {diagnostics}"));
                continue;
            }
        };
        let definitions = Schema::parse(schema.as_str(), "schema.graphql").unwrap_or_else(|found| found.partial);
        let definitions = Valid::assume_valid(definitions);
        suite.check_sent(&name, &compiled.module, &Source::single(&document), &definitions, &schema, &config);
        let operation = operations(&compiled.module).next().context("an operation")?;
        let given = fs::read_to_string(path.join("variables.json")).unwrap_or_else(|_| "{}".to_owned());
        let data = with_type_names(&definitions, &response["data"], operation, &serde_json::from_str(&given)?);
        let data = RawValue::from_string(data.to_string())?;
        let want = RawValue::from_string(data.get().to_owned())?;
        let given: Value = serde_json::from_str(&given)?;
        let sent_with = given.as_object().cloned().unwrap_or_default();
        let replay = String::new();
        let responses = vec![Sample { operation: 0, data, want, least: None, variables: sent_with, replay }];
        let mut variables = random_variables(&compiled.module);
        variables.push((0, given));
        if let Ok(expected) = fs::read_to_string(path.join("expect-variables.json")) {
            let expected: Vec<Value> = serde_json::from_str(&expected)?;
            variables.extend(expected.into_iter().map(|variables| (0, variables)));
        }
        suite.cases.push(Case { name, compiled, config, schema: definitions, responses, variables });
    }
    Ok(())
}

/// Returns the response as it would be to the document that is sent, which may ask for more type names
/// than the one of the case: those are filled in where the case leaves no doubt.
fn with_type_names(schema: &Schema, data: &Value, operation: &ir::Operation, variables: &Map<String, Value>) -> Value {
    let sent = Document::parse(operation.document.as_str(), "sent").unwrap_or_else(|found| found.partial);
    answer(schema, &sent, operation.name.as_deref(), variables, data, Future::default()).unwrap_or_default()
}

fn refused(
    suite: &mut Suite,
    name: &str,
    diagnostics: Option<graphwright_codegen::diagnostic::Diagnostics>,
    response: &Value,
) {
    let Some(diagnostics) = diagnostics else {
        suite.fail(name, "accepted, and must be refused");
        return;
    };
    let errors = response["errors"].as_array().into_iter().flatten();
    let expected = errors.map(|error| {
        let locations = error["locations"].as_array().into_iter().flatten();
        let lines = locations.filter_map(|location| location["line"].as_u64());
        // The reference does not say which rule it is.
        Finding { rule: None, lines: lines.map(|line| ("query.graphql".to_owned(), line as usize)).collect() }
    });
    let expected: Vec<Finding> = expected.collect();
    let differences = differences(&expected, &Finding::ours(&diagnostics.sources, &diagnostics.list));
    if differences.is_empty() {
        suite.totals.refused += 1;
    } else {
        suite.fail(name, format!("{}\n{diagnostics}", differences.join("\n")));
    }
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}
