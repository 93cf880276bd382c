//! Rules of the linter against test cases of graphql-eslint and graphql-js: the same findings on the same lines.

use anyhow::{Context, Result};
use graphwright_cli::lint::settings::{Choice, Profiles, RuleSettings, Settings, setting};
use graphwright_cli::lint::{Project, Targets, lint, rules};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct File {
    rule: String,
    #[serde(default)]
    schemas: BTreeMap<String, String>,
    #[serde(default)]
    graphql_eslint_cases: Vec<EslintCase>,
    #[serde(default)]
    graphql_js_cases: Vec<JsCase>,
}

#[derive(Deserialize)]
struct EslintCase {
    id: String,
    target: String,
    filename: Option<String>,
    options: Vec<Value>,
    schema: Option<String>,
    documents: Vec<Sibling>,
    operation: String,
    expected: Option<Vec<Place>>,
    #[serde(default)]
    verified: Value,
}

#[derive(Deserialize)]
struct Sibling {
    path: String,
    text: Option<String>,
    #[serde(default)]
    embedded_in_code: Value,
}

#[derive(Deserialize)]
struct Place {
    line: usize,
}

#[derive(Deserialize)]
struct JsCase {
    id: String,
    schema_ref: Option<String>,
    operation: String,
    expected: Vec<JsError>,
    #[serde(default, rename = "verified_on_graphql_16_15")]
    verified: bool,
}

#[derive(Deserialize)]
struct JsError {
    locations: Vec<Place>,
}

/// The result of one case.
#[derive(Debug)]
pub struct Compared {
    /// The name of the case.
    pub id: String,
    /// The rule as the reference names it.
    pub rule: String,
    /// Lines of the reference, and ours; the same if they agree.
    pub lines: Option<(Vec<usize>, Vec<usize>)>,
    /// The reason why it is not compared, or differs intentionally.
    pub reason: Option<&'static str>,
}

/// Runs all cases of a folder.
///
/// # Errors
/// A file cannot be read.
pub fn compare(folder: &Path) -> Result<Vec<Compared>> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut all = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path)?;
        let Ok(file) = serde_json::from_str::<File>(&text) else { continue };
        for case in file.graphql_eslint_cases.iter().filter(|case| case.target == "operation") {
            all.push(eslint(&file.rule, case)?);
        }
        for case in file.graphql_js_cases.iter().filter(|case| case.verified) {
            let schema = case.schema_ref.as_ref().and_then(|name| file.schemas.get(name));
            all.push(js(&file.rule, schema.context("a schema")?, case)?);
        }
    }
    Ok(all)
}

fn eslint(rule: &str, case: &EslintCase) -> Result<Compared> {
    let mut compared = Compared { id: case.id.clone(), rule: rule.to_owned(), lines: None, reason: reason(&case.id) };
    if case.verified == Value::Bool(false) {
        compared.reason = Some("the reference did not reproduce it");
        return Ok(compared);
    }
    let Some(expected) = &case.expected else {
        compared.reason = Some("the reference gives no places");
        return Ok(compared);
    };
    let is_code = |one: &Sibling| one.embedded_in_code == Value::Bool(true);
    if case.documents.iter().any(is_code) {
        compared.reason = Some("its documents are in JavaScript");
        return Ok(compared);
    }
    let mut project = Project::default();
    let schema = case.schema.as_deref().unwrap_or("type Query { unknown: Int }");
    project.schema.push(project.sources.add("schema.graphql", schema));
    let name = case.filename.clone().unwrap_or_else(|| "linted.graphql".to_owned());
    for sibling in &case.documents {
        let Some(text) = sibling.text.as_ref() else { continue };
        // A project has each file once; the linted one may be among the rest.
        if sibling.path == name || text.trim() == case.operation.trim() {
            continue;
        }
        project.add(sibling.path.clone(), text.clone());
    }
    project.add(name.clone(), case.operation.clone());
    let ours = codes(rule, false);
    let lines = lines(&project, &ours, options(rule, case.options.first()), &name)?;
    let mut wanted: Vec<usize> = expected.iter().map(|place| place.line).collect();
    wanted.sort_unstable();
    compared.lines = Some((wanted, lines.iter().map(|found| found[0]).collect()));
    Ok(compared)
}

fn js(rule: &str, schema: &str, case: &JsCase) -> Result<Compared> {
    let mut compared = Compared { id: case.id.clone(), rule: rule.to_owned(), lines: None, reason: reason(&case.id) };
    let ours = codes(rule, true);
    if ours.is_empty() {
        compared.reason = Some("there is no rule of that meaning");
        return Ok(compared);
    }
    let mut project = Project::default();
    project.schema.push(project.sources.add("schema.graphql", schema));
    project.add("linted.graphql", case.operation.clone());
    let found = lines(&project, &ours, Map::new(), "linted.graphql")?;
    // A conflict has several locations; their order is a matter of taste.
    let wanted: Vec<Vec<usize>> =
        case.expected.iter().map(|error| error.locations.iter().map(|place| place.line).collect()).collect();
    let meets = |one: &Vec<usize>, others: &[Vec<usize>]| {
        others.iter().any(|other| one.iter().any(|line| other.contains(line)))
    };
    let agree = wanted.iter().all(|one| meets(one, &found)) && found.iter().all(|one| meets(one, &wanted));
    let first = |all: &[Vec<usize>]| all.iter().filter_map(|one| one.first().copied()).collect::<Vec<_>>();
    compared.lines = Some(if agree { (first(&wanted), first(&wanted)) } else { (first(&wanted), first(&found)) });
    Ok(compared)
}

/// Lines of findings of some rules in a file, each with those of its other places.
fn lines(project: &Project, codes: &[&str], options: Map<String, Value>, file: &str) -> Result<Vec<Vec<usize>>> {
    let mut set = RuleSettings::default();
    for code in codes {
        let entry = rules::find(code).with_context(|| format!("there is no rule {code}"))?;
        let mut one = setting(entry, Value::Object(options.clone())).map_err(anyhow::Error::msg)?;
        one.level = Some(graphwright_cli::lint::rule::Level::Error);
        set.0.insert(entry.meta.name, one);
    }
    let extends = Some(graphwright_cli::lint::settings::Presets(vec!["none"]));
    let settings = Settings { extends, rules: set, ..Settings::default() };
    let profiles = Profiles::new(&settings, Choice::default())?;
    let linted = lint(project, &profiles, &Targets::All, &settings, None)?;
    let sources = &linted.diagnostics.sources;
    let mut found: Vec<Vec<usize>> = (linted.diagnostics.list.iter())
        .filter(|one| codes.contains(&one.code.name()))
        .filter_map(|one| {
            let first = one.primary.as_ref()?;
            let all =
                std::iter::once(first).chain(&one.secondary).filter(|label| sources.name(label.span.source) == file);
            (sources.name(first.span.source) == file)
                .then(|| all.map(|label| sources.position(label.span).line).collect())
        })
        .collect();
    found.sort();
    Ok(found)
}

/// Our rules of the meaning of one of the reference.
fn codes(rule: &str, is_js: bool) -> Vec<&'static str> {
    match rule.trim_start_matches("x-graphql-js-") {
        "max-introspection-depth" => Vec::new(),
        "no-schema-introspection" => vec!["no-introspection"],
        "overlapping-fields-can-be-merged" => vec!["overlapping-fields-can-be-merged", "same-response-shape"],
        "unique-operation-names" | "unique-operation-name" if is_js => vec!["unique-operation-names"],
        "unique-fragment-names" | "unique-fragment-name" if is_js => vec!["unique-fragment-names"],
        other => rules::find(other).map(|entry| vec![entry.meta.name]).unwrap_or_default(),
    }
}

/// Options of the reference in our words.
fn options(rule: &str, given: Option<&Value>) -> Map<String, Value> {
    let empty = Map::new();
    let given = given.and_then(Value::as_object).unwrap_or(&empty);
    let mut ours = Map::new();
    let mut put = |name: &str, value: Value| ours.insert(name.to_owned(), value);
    let has = |key: &str, word: &str| {
        given.get(key).and_then(Value::as_array).is_some_and(|list| list.iter().any(|one| one == word))
    };
    match rule {
        "alphabetize" => {
            put("definitions", given.get("definitions").cloned().unwrap_or(false.into()));
            put("operations", has("selections", "OperationDefinition").into());
            put("fragments", has("selections", "FragmentDefinition").into());
            put("variables", given.get("variables").cloned().unwrap_or(false.into()));
            put("arguments", has("arguments", "Field").into());
            put("directive_arguments", has("arguments", "Directive").into());
            put("groups", given.get("groups").cloned().unwrap_or(json!([])));
        }
        "naming-convention" => {
            for (theirs, name) in [
                ("OperationDefinition", "operations"),
                ("FragmentDefinition", "fragments"),
                ("VariableDefinition", "variables"),
            ] {
                put(name, given.get(theirs).map_or(json!({}), convention));
            }
        }
        "match-document-filename" => {
            for (theirs, name) in [
                ("fileExtension", "extension"),
                ("query", "query"),
                ("mutation", "mutation"),
                ("subscription", "subscription"),
                ("fragment", "fragment"),
            ] {
                if let Some(value) = given.get(theirs) {
                    put(name, value.clone());
                }
            }
        }
        "require-selections" => {
            match given.get("fieldName") {
                Some(name @ Value::String(_)) => drop(put("fields", json!([name]))),
                Some(names) => drop(put("fields", names.clone())),
                None => {}
            }
            put("all", given.get("requireAllFields").cloned().unwrap_or(false.into()));
        }
        "selection-set-depth" => {
            put("max", given.get("maxDepth").cloned().unwrap_or(json!(7)));
            put("ignore", given.get("ignore").cloned().unwrap_or(json!([])));
        }
        "lone-executable-definition" => {
            put("ignore", given.get("ignore").cloned().unwrap_or(json!([])));
        }
        "known-directives" => {
            put("ignore", given.get("ignoreClientDirectives").cloned().unwrap_or(json!([])));
        }
        _ => {}
    }
    ours
}

fn convention(theirs: &Value) -> Value {
    let Some(theirs) = theirs.as_object() else { return theirs.clone() };
    let pattern = |value: &Value| {
        let source = value["$regex"].as_str().unwrap_or_default();
        let flags = value["flags"].as_str().unwrap_or_default();
        json!(if flags.contains('i') { format!("(?i){source}") } else { source.to_owned() })
    };
    let one = |(name, value): (&String, &Value)| {
        let (name, value) = match name.as_str() {
            "forbiddenPatterns" => {
                ("forbidden_patterns", value.as_array().into_iter().flatten().map(pattern).collect())
            }
            "requiredPattern" => ("required_pattern", pattern(value)),
            "forbiddenPrefixes" => ("forbidden_prefixes", value.clone()),
            "forbiddenSuffixes" => ("forbidden_suffixes", value.clone()),
            "requiredPrefixes" => ("required_prefixes", value.clone()),
            "requiredSuffixes" => ("required_suffixes", value.clone()),
            "ignorePattern" => ("ignore", value.clone()),
            other => (other, value.clone()),
        };
        (name.to_owned(), value)
    };
    Value::Object(theirs.iter().map(one).collect())
}

/// Returns the reason of an intended difference.
fn reason(id: &str) -> Option<&'static str> {
    DIFFERENCES.iter().find(|(case, _)| *case == id).map(|(_, reason)| *reason)
}

const DIFFERENCES: [(&str, &str); 4] = [
    (
        "no-undefined-variables/invalid-0",
        "the variable stands in another file, and is reported there; the reference gives that line in this file",
    ),
    ("require-selections/invalid-4", "what a fragment lacks is reported in the fragment's own file, once"),
    ("require-selections/invalid-5", "what a fragment lacks is reported in the fragment's own file, once"),
    (
        "selection-set-depth/invalid-3",
        "reported at the spread; the reference gives a line of the other file in this one",
    ),
];
