//! Sets of rules under one name.

use super::rule::{Category, Level};
use super::rules;
use super::settings::{RuleSetting, RuleSettings};
use serde_json::{Map, Value, json};

/// The names of all presets.
pub const NAMES: [&str; 7] = ["recommended", "strict", "style", "cache", "prismatic", "all", "none"];

/// What a preset sets.
pub fn preset(name: &str) -> RuleSettings {
    match name {
        "recommended" => recommended(),
        "strict" => over(recommended(), strict()),
        "style" => settings(style()),
        "cache" => settings(vec![("require-selections", Level::Warn, json!({}))]),
        "prismatic" => settings(prismatic()),
        "all" => all(),
        _ => RuleSettings::default(),
    }
}

fn recommended() -> RuleSettings {
    let chosen = rules::all().iter().filter(|entry| entry.meta.recommended != Level::Off);
    settings(chosen.map(|entry| (entry.meta.name, entry.meta.recommended, json!({}))).collect())
}

type One = (&'static str, Level, Value);

/// What a code base that is new can keep to.
fn strict() -> Vec<One> {
    vec![
        ("no-unused-fragments", Level::Error, json!({})),
        ("no-deprecated", Level::Error, json!({})),
        ("selection-set-depth", Level::Warn, json!({ "max": 15 })),
        ("nested-list-fanout", Level::Warn, json!({})),
        ("redundant-fields", Level::Info, json!({})),
        ("nullable-variable-for-required-use", Level::Warn, json!({})),
        ("no-offset-with-cursor", Level::Warn, json!({})),
        ("naming-convention", Level::Warn, json!({})),
        (
            "operation-limits",
            Level::Warn,
            json!({ "aliases": 30, "root_fields": 20, "directives": 50, "tokens": 5000 }),
        ),
    ]
}

fn style() -> Vec<One> {
    let arguments = json!({ "arguments": true });
    vec![
        ("naming-convention", Level::Warn, json!({})),
        ("match-document-filename", Level::Warn, json!({})),
        ("lone-executable-definition", Level::Warn, json!({ "ignore": ["fragment"] })),
        ("alphabetize", Level::Warn, arguments),
    ]
}

/// Prismatic's API: pages of at most 100, 20 requests a second for each user, errors in payloads.
/// Source: <https://prismatic.io/docs/api/api-pagination/>
fn prismatic() -> Vec<One> {
    vec![
        ("unbounded-list", Level::Error, json!({ "max": 100 })),
        ("mutation-payload-errors", Level::Error, json!({})),
        ("require-page-info", Level::Error, json!({})),
        ("stable-page-order", Level::Warn, json!({ "arguments": ["sortBy", "orderBy"] })),
        ("wasteful-page-size", Level::Warn, json!({ "min": 50 })),
        ("nested-list-fanout", Level::Warn, json!({})),
    ]
}

/// Every rule, at its usual level.
fn all() -> RuleSettings {
    let chosen = rules::all().iter().filter(|entry| entry.meta.category != Category::Validity);
    settings(chosen.map(|entry| (entry.meta.name, entry.meta.usual, json!({}))).collect())
}

fn settings(list: Vec<One>) -> RuleSettings {
    let one = |(name, level, options): One| {
        let options = match options {
            Value::Object(options) => options,
            _ => Map::new(),
        };
        (name, RuleSetting { level: Some(level), options })
    };
    RuleSettings(list.into_iter().map(one).collect())
}

fn over(mut base: RuleSettings, more: Vec<One>) -> RuleSettings {
    base.0.extend(settings(more).0);
    base
}
