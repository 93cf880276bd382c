//! Changes of schemas against test cases of graphql-js and graphql-inspector: the same changes at the same level.

use anyhow::{Context, Result};
use graphwright_cli::change::{Change, Level, diff};
use graphwright_codegen::internal::schema::Schema;
use graphwright_codegen::source::Sources;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    name: String,
    old: String,
    new: String,
    /// The query of graphql-js: only breaking, or only dangerous changes.
    query: Option<String>,
    #[serde(default)]
    expected: Option<Vec<Expected>>,
    #[serde(default)]
    changes_no_rules: Option<Vec<Expected>>,
}

#[derive(Deserialize)]
struct Expected {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    level: String,
}

/// The result of one pair of schemas.
#[derive(Debug)]
pub struct Compared {
    /// The case.
    pub id: String,
    /// The subject.
    pub name: String,
    /// The changes that only one side finds.
    pub differences: Vec<String>,
    /// The reason of an intended difference.
    pub reason: Option<&'static str>,
}

/// Runs both files of a folder.
///
/// # Errors
/// A file cannot be read.
pub fn compare(folder: &Path) -> Result<Vec<Compared>> {
    let mut all = Vec::new();
    for name in ["x-diff-graphql-js.json", "x-diff-graphql-inspector.json"] {
        let text = std::fs::read_to_string(folder.join(name)).with_context(|| name.to_owned())?;
        let file: File = serde_json::from_str(&text)?;
        all.extend(file.cases.iter().map(one));
    }
    Ok(all)
}

fn one(case: &Case) -> Compared {
    let mut compared = Compared { id: case.id.clone(), name: case.name.clone(), differences: Vec::new(), reason: None };
    let changes = match changes(&case.old, &case.new) {
        Ok(changes) => changes,
        Err(error) => {
            compared.differences.push(error);
            return compared;
        }
    };
    let theirs = case.expected.as_ref().or(case.changes_no_rules.as_ref());
    let mut counts: BTreeMap<(String, &'static str), i64> = BTreeMap::new();
    for expected in theirs.into_iter().flatten() {
        let level = match expected.level.as_str() {
            "BREAKING" => "breaking",
            "DANGEROUS" => "dangerous",
            "NON_BREAKING" => "safe",
            _ if case.query.as_deref() == Some("dangerous") => "dangerous",
            _ => "breaking",
        };
        *counts.entry((group(&expected.kind).to_owned(), level)).or_default() += 1;
    }
    for change in &changes {
        let level = match change.level {
            Level::Breaking => "breaking",
            Level::Dangerous => "dangerous",
            Level::Safe => "safe",
        };
        if case.query.as_deref().is_none_or(|query| query == level) {
            *counts.entry((ours(change).to_owned(), level)).or_default() -= 1;
        }
    }
    for ((kind, level), count) in counts {
        match count {
            1.. => compared.differences.push(format!("{count} {level} {kind} only there")),
            ..0 => compared.differences.push(format!("{} {level} {kind} only here", -count)),
            0 => {}
        }
    }
    let adds =
        changes.iter().any(|change| matches!(change.kind.name(), "type-added" | "directive-added" | "field-added"));
    compared.reason = reason(&case.id, &case.name, &compared.differences, adds);
    compared
}

/// Returns the changes from one SDL to another.
///
/// # Errors
/// One of them does not parse.
pub fn changes(old: &str, new: &str) -> Result<Vec<Change>, String> {
    let load = |old: &str, new: &str| {
        let mut sources = Sources::default();
        let ids = [sources.add("old.graphql", old), sources.add("new.graphql", new)];
        Schema::load_both(&mut sources, &ids[..1], &ids[1..]).map_err(|list| format!("{list:?}"))
    };
    let (before, after) = load(old, new)?;
    let changes = diff(&before, &after);
    // Schemas that are parsed at once have the same differences.
    let (before, after) = load(&crate::parsed_at_once(old), &crate::parsed_at_once(new))?;
    let said = |changes: &[Change]| {
        let mut said: Vec<String> = changes.iter().map(|one| format!("{} {}", one.level, one.message)).collect();
        said.sort();
        said
    };
    let at_once = diff(&before, &after);
    if said(&changes) != said(&at_once) {
        return Err(format!("by parts: {:?}, as a whole: {:?}", said(&changes), said(&at_once)));
    }
    Ok(changes)
}

/// Returns the words of both references for one thing.
fn group(theirs: &str) -> &str {
    match theirs {
        "TYPE_REMOVED" => "type removed",
        "TYPE_ADDED" => "type added",
        "TYPE_CHANGED_KIND" | "TYPE_KIND_CHANGED" => "type kind",
        "FIELD_REMOVED" | "INPUT_FIELD_REMOVED" => "field removed",
        "FIELD_CHANGED_KIND" | "FIELD_TYPE_CHANGED" | "INPUT_FIELD_TYPE_CHANGED" => "field type",
        "FIELD_ADDED" => "field added",
        "REQUIRED_INPUT_FIELD_ADDED" | "OPTIONAL_INPUT_FIELD_ADDED" | "INPUT_FIELD_ADDED" => "input field added",
        "ARG_REMOVED" | "FIELD_ARGUMENT_REMOVED" => "argument removed",
        "REQUIRED_ARG_ADDED" | "OPTIONAL_ARG_ADDED" | "FIELD_ARGUMENT_ADDED" => "argument added",
        "ARG_CHANGED_KIND" | "FIELD_ARGUMENT_TYPE_CHANGED" => "argument type",
        "ARG_DEFAULT_VALUE_CHANGE" | "FIELD_ARGUMENT_DEFAULT_CHANGED" | "INPUT_FIELD_DEFAULT_VALUE_CHANGED" => {
            "default"
        }
        "VALUE_REMOVED_FROM_ENUM" | "ENUM_VALUE_REMOVED" => "enum value removed",
        "VALUE_ADDED_TO_ENUM" | "ENUM_VALUE_ADDED" => "enum value added",
        "TYPE_REMOVED_FROM_UNION" | "UNION_MEMBER_REMOVED" => "member removed",
        "TYPE_ADDED_TO_UNION" | "UNION_MEMBER_ADDED" => "member added",
        "IMPLEMENTED_INTERFACE_REMOVED" | "OBJECT_TYPE_INTERFACE_REMOVED" => "interface removed",
        "IMPLEMENTED_INTERFACE_ADDED" | "OBJECT_TYPE_INTERFACE_ADDED" => "interface added",
        "DIRECTIVE_ARG_REMOVED" | "DIRECTIVE_ARGUMENT_REMOVED" => "directive argument removed",
        "REQUIRED_DIRECTIVE_ARG_ADDED" | "DIRECTIVE_ARGUMENT_ADDED" => "directive argument added",
        "DIRECTIVE_ARGUMENT_TYPE_CHANGED" => "directive argument type",
        "DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED" => "directive default",
        "DIRECTIVE_LOCATION_REMOVED" => "location removed",
        "DIRECTIVE_LOCATION_ADDED" => "location added",
        "DIRECTIVE_REPEATABLE_REMOVED" => "repeatable removed",
        "DIRECTIVE_REPEATABLE_ADDED" => "repeatable added",
        "DIRECTIVE_REMOVED" => "directive removed",
        "DIRECTIVE_ADDED" => "directive added",
        other if other.contains("DESCRIPTION") => "description",
        other if other.contains("DEPRECATION") => "deprecation",
        other if other.starts_with("SCHEMA_") => "root type",
        other if other.starts_with("DIRECTIVE_USAGE") => "applied directive",
        other => other,
    }
}

fn ours(change: &Change) -> &'static str {
    match change.kind.name() {
        "type-removed" => "type removed",
        "type-added" => "type added",
        "type-kind-changed" => "type kind",
        "field-removed" | "input-field-removed" => "field removed",
        "field-type-changed" | "field-type-narrowed" | "input-field-type-changed" | "input-field-type-widened" => {
            "field type"
        }
        "field-added" => "field added",
        "required-input-field-added" | "optional-input-field-added" | "defaulted-input-field-added" => {
            "input field added"
        }
        "argument-removed" => "argument removed",
        "required-argument-added" | "optional-argument-added" => "argument added",
        "argument-type-changed" | "argument-type-widened" => "argument type",
        "argument-default-changed" | "input-field-default-changed" => "default",
        "enum-value-removed" => "enum value removed",
        "enum-value-added" => "enum value added",
        "union-member-removed" => "member removed",
        "union-member-added" => "member added",
        "interface-removed" => "interface removed",
        "interface-added" => "interface added",
        "directive-argument-removed" => "directive argument removed",
        "required-directive-argument-added" | "optional-directive-argument-added" => "directive argument added",
        "directive-argument-type-changed" | "directive-argument-type-widened" => "directive argument type",
        "directive-argument-default-changed" => "directive default",
        "directive-location-removed" => "location removed",
        "directive-location-added" => "location added",
        "directive-repeatable-removed" => "repeatable removed",
        "directive-repeatable-added" => "repeatable added",
        "directive-removed" => "directive removed",
        "directive-added" => "directive added",
        "description-changed" => "description",
        "deprecated" | "deprecation-removed" | "deprecation-reason-changed" => "deprecation",
        "root-type-changed" | "root-type-added" => "root type",
        "specified-by-changed" | "applied-directive-changed" | "one-of-added" | "one-of-removed" => "applied directive",
        other => other,
    }
}

/// Returns the reason, if every difference is an intended one.
fn reason(id: &str, name: &str, differences: &[String], adds: bool) -> Option<&'static str> {
    let all = |fits: &dyn Fn(&String) -> bool| !differences.is_empty() && differences.iter().all(fits);
    let is_inside = |one: &String| {
        one.ends_with("only there")
            && [
                "field added",
                "location added",
                "enum value added",
                "description",
                "interface added",
                "argument added",
                "applied directive",
            ]
            .iter()
            .any(|kind| one.contains(kind))
    };
    let is_applied = |one: &String| one.contains("applied directive");
    let is_default = |one: &String| one.contains("default");
    match id {
        "gjs-diff-2" | "gjs-diff-18" => Some("a built-in scalar that nothing uses is not gone: it is built in"),
        "gjs-diff-32" => Some("an input field that need not be given changes nothing for those who do not know it"),
        "insp-diff-45" => Some("only schemas can use a directive there, so no operation breaks"),
        "insp-diff-52" => Some("who repeats the directive is refused: breaking, as graphql-js has it"),
        _ if name.contains("programmatic")
            || name.contains("legacy defaultValue")
            || name.contains("falsy default") =>
        {
            all(&is_default)
                .then_some("the reference makes these schemas in code; their texts do not have the defaults")
        }
        _ if all(&is_applied) => Some(
            "directives on definitions are one safe change each, since clients cannot see them; arguments are part of it",
        ),
        _ if adds && all(&|one| is_inside(one) || is_applied(one)) => Some("what is new as a whole is one change"),
        _ => None,
    }
}
