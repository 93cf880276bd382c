//! Merges settings of rules: replacing each other in ESLint, layered in graphwright.

use super::{LintSettings, RuleTable};
use crate::files::Pattern;
use crate::lint::rule::{Category, Level};
use crate::lint::rules;
use crate::lint::settings::RuleSetting;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Sets a rule as ESLint does: options replace earlier ones, a level alone keeps them.
pub fn replace(table: &mut RuleTable, name: &'static str, setting: RuleSetting) {
    let known = table.entry(name).or_default();
    known.level = setting.level.or(known.level);
    if is_level_alone(&setting.options) {
        known.options.extend(setting.options);
    } else {
        known.options = setting.options;
    }
}

/// Returns true if a rule has no options in ESLint; whether it checks SDL is an option only in graphwright.
pub fn is_level_alone(options: &Map<String, Value>) -> bool {
    options.keys().all(|option| option == "schema") && options.get("schema").is_none_or(Value::is_boolean)
}

/// Sets ESLint's default options for a rule without earlier or own options.
pub fn set_defaults(name: &str, setting: &mut RuleSetting, before: &[String]) {
    // Without options, ESLint requires no style, but graphwright does.
    let is_bare = name == "naming-convention" && setting.options.is_empty() && before.is_empty();
    if is_bare && setting.level != Some(Level::Off) {
        setting.options.insert("operations".to_owned(), json!({}));
    }
}

/// Returns the options that a rule may have in some files before an override for them.
pub fn options_before(settings: &LintSettings, name: &str, files: &[String]) -> Vec<String> {
    let overrides = settings.overrides.iter().filter(|one| may_meet(&one.files, files)).map(|one| &one.rules);
    let tables = overrides.chain([&settings.rules]);
    let mut options: Vec<String> =
        tables.filter_map(|table| table.get(name)).flat_map(|setting| setting.options.keys().cloned()).collect();
    options.sort();
    options.dedup();
    options
}

/// Returns false if two lists of globs cannot match the same file: paths are compared, and any two globs may overlap.
fn may_meet(one: &[String], other: &[String]) -> bool {
    let is_path = |glob: &String| !glob.contains(['*', '?', '[', '{']);
    let covers = |globs: &[String], path: &String| {
        globs.iter().any(|glob| Pattern::new(Path::new(""), glob).is_ok_and(|glob| glob.covers(Path::new(path))))
    };
    if one.iter().all(is_path) {
        return one.iter().any(|path| covers(other, path));
    }
    !other.iter().all(is_path) || other.iter().any(|path| covers(one, path))
}

/// Resets inherited options to values that mean their absence; returns the options without such a value.
pub fn reset(rule: &str, options: &mut Map<String, Value>, before: Vec<String>) -> Vec<String> {
    let mut stay = Vec::new();
    for option in before {
        if options.contains_key(&option) {
            continue;
        }
        match absent(rule, &option, options) {
            Some(value) => drop(options.insert(option, value)),
            None => stay.push(option),
        }
    }
    stay
}

/// Returns the value of an option that means that it is not set.
fn absent(rule: &str, option: &str, options: &Map<String, Value>) -> Option<Value> {
    const KINDS_OF_TYPES: [&str; 6] = ["objects", "interfaces", "unions", "enums", "scalars", "input_objects"];
    match (rule, option) {
        ("naming-convention", "allow_leading_underscore" | "allow_trailing_underscore") => Some(json!(false)),
        // A convention without a style allows every name.
        ("naming-convention", _) => Some(json!({})),
        ("alphabetize", "schema") => Some(json!({})),
        ("require-description", kind) if KINDS_OF_TYPES.contains(&kind) => {
            Some(options.get("types").cloned().unwrap_or(json!(false)))
        }
        (_, "ignore") => Some(json!([])),
        _ => {
            let schema = (rules::find(rule)?.options)()?;
            schema.get("properties")?.get(option)?.get("default").filter(|value| !value.is_null()).cloned()
        }
    }
}

/// Returns the default level of a rule.
pub fn without(rule: &str) -> Level {
    match rules::find(rule) {
        Some(entry) if entry.meta.category == Category::Validity => entry.meta.usual,
        _ => Level::Off,
    }
}

/// Returns true unless a rule is always an error.
pub fn may_be_off(rule: &str) -> bool {
    let is_of_specification = rules::find(rule).is_some_and(|entry| entry.meta.category == Category::Validity);
    !is_of_specification || rules::MAY_BE_ALLOWED.contains(&rule)
}
