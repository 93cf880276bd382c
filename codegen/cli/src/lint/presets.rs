//! Named sets of rules.

use super::rule::{Category, Level};
use super::rules;
use super::settings::{RuleSetting, RuleSettings};
use serde_json::{Map, Value, json};

/// The names of all presets.
pub const NAMES: [&str; 10] =
    ["recommended", "strict", "style", "cache", "prismatic", "schema", "schema-all", "relay", "all", "none"];

/// Returns the settings of a preset.
pub fn preset(name: &str) -> RuleSettings {
    match name {
        "recommended" => recommended(),
        "strict" => over(recommended(), strict()),
        "style" => settings(style()),
        "cache" => settings(vec![("require-selections", Level::Warn, json!({}))]),
        "prismatic" => settings(prismatic()),
        "schema" => settings(schema()),
        "schema-all" => over(settings(schema()), schema_all()),
        "relay" => settings(RELAY.iter().map(|name| (*name, Level::Error, json!({}))).collect()),
        "all" => all(),
        _ => RuleSettings::default(),
    }
}

fn recommended() -> RuleSettings {
    let chosen = rules::all().iter().filter(|entry| entry.meta.recommended != Level::Off);
    settings(chosen.map(|entry| (entry.meta.name, entry.meta.recommended, json!({}))).collect())
}

type One = (&'static str, Level, Value);

/// Rules for new code bases.
fn strict() -> Vec<One> {
    vec![
        ("no-unused-fragments", Level::Error, json!({})),
        ("no-deprecated", Level::Error, json!({})),
        ("selection-set-depth", Level::Warn, json!({ "max": 15 })),
        ("nested-list-fanout", Level::Warn, json!({})),
        ("redundant-fields", Level::Info, json!({})),
        ("nullable-variable-for-required-use", Level::Warn, json!({})),
        ("no-offset-with-cursor", Level::Warn, json!({})),
        ("naming-convention", Level::Warn, operation_names()),
        (
            "operation-limits",
            Level::Warn,
            json!({ "aliases": 30, "root_fields": 20, "directives": 50, "tokens": 5000 }),
        ),
    ]
}

/// The options of `naming-convention` in other presets.
fn operation_names() -> Value {
    json!({ "operations": "PascalCase", "fragments": "PascalCase", "variables": "camelCase" })
}

fn style() -> Vec<One> {
    let arguments = json!({ "arguments": true });
    vec![
        ("naming-convention", Level::Warn, operation_names()),
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

/// Rules for published schemas: `schema-recommended` of graphql-eslint.
fn schema() -> Vec<One> {
    let without =
        |affix: &str, prefixes: &[&str]| json!({ "forbidden_prefixes": prefixes, "forbidden_suffixes": [affix] });
    let names = json!({
        "schema": {
            "types": "PascalCase",
            "fields": "camelCase",
            "input_values": "camelCase",
            "arguments": "camelCase",
            "directives": "camelCase",
            "enum_values": "UPPER_CASE",
            "fields_of": {
                "Query": without("Query", &["query", "get"]),
                "Mutation": without("Mutation", &["mutation"]),
                "Subscription": without("Subscription", &["subscription"]),
            },
            "enums": without("Enum", &["Enum"]),
            "interfaces": without("Interface", &["Interface"]),
            "unions": without("Union", &["Union"]),
            "objects": without("Type", &["Type"]),
        },
    });
    let described = json!({ "types": true, "directives": true, "root_fields": true });
    let plain = [
        "description-style",
        "lone-schema-definition",
        "no-hashtag-description",
        "no-typename-prefix",
        "no-unreachable-types",
        "possible-type-extension",
        "require-deprecation-reason",
        "strict-id-in-types",
        "unique-directive-names",
        "unique-enum-value-names",
        "unique-field-definition-names",
        "unique-operation-types",
        "unique-type-names",
    ];
    let of_specification = [
        "known-argument-names",
        "known-directives",
        "known-type-names",
        "provided-required-arguments",
        "unique-directives-per-location",
    ];
    let mut all = vec![("naming-convention", Level::Error, names), ("require-description", Level::Error, described)];
    all.extend(plain.map(|name| (name, Level::Error, json!({}))));
    all.extend(of_specification.map(|name| (name, Level::Error, json!({ "schema": true }))));
    all
}

/// Rules of graphql-eslint's `schema-all` beyond `schema-recommended`.
fn schema_all() -> Vec<One> {
    let order = json!({
        "schema": {
            "definitions": true,
            "object_fields": true,
            "interface_fields": true,
            "input_fields": true,
            "enum_values": true,
            "field_arguments": true,
            "directive_definitions": true,
            "directive_arguments": true,
            "groups": ["id", "*", "createdAt", "updatedAt"],
        },
    });
    let plain = [
        "input-name",
        "no-scalar-result-type-on-mutation",
        "require-deprecation-date",
        "require-field-of-type-query-in-mutation-result",
        "require-nullable-fields-with-oneof",
        "require-nullable-result-in-root",
        "require-type-pattern-with-oneof",
    ];
    let mut all = vec![
        ("alphabetize", Level::Error, order),
        ("no-root-type", Level::Error, json!({ "disallow": ["mutation", "subscription"] })),
    ];
    all.extend(plain.map(|name| (name, Level::Error, json!({}))));
    all
}

const RELAY: [&str; 4] = ["relay-arguments", "relay-connection-types", "relay-edge-types", "relay-page-info"];

/// Returns every rule at its usual level.
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
