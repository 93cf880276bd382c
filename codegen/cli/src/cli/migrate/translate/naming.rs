//! The options of `naming-convention`: node kinds, optionally with selectors, and a convention for each.

use super::rules::{Target, pattern, plain};
use super::selector::{Selector, Test};
use crate::cli::migrate::config::{Data, Literal, Located};
use crate::cli::migrate::note::NoCounterpart;
use crate::cli::migrate::syntax::Regex;
use crate::source::Span;
use serde_json::{Map, Value, json};

/// The place of a convention in graphwright's options.
enum Slot {
    /// An option.
    Documents(&'static str),
    /// An option of `schema`.
    Schema(&'static str),
    /// `schema.fields_of`, by the name of the type.
    FieldsOf(String),
    /// None: definitions have the convention, and extensions share their names.
    Extension,
}

/// Translates the options.
pub fn naming_convention(target: &mut Target<'_>, properties: &[(Located<String>, Literal)]) {
    let mut schema = Map::new();
    for (key, value) in properties {
        let underscore = match &*key.value {
            "allowLeadingUnderscore" => Some("allow_leading_underscore"),
            "allowTrailingUnderscore" => Some("allow_trailing_underscore"),
            _ => None,
        };
        if let (Some(ours), Some(value)) = (underscore, plain(value)) {
            target.options.insert(ours.to_owned(), value);
            continue;
        }
        let Some(convention) = convention(target, key, value) else { continue };
        for selector in Selector::list(&key.value) {
            let Some(slot) = selector.as_ref().and_then(slot) else {
                target.missing(key.at, &key.value, NoCounterpart::Selector);
                continue;
            };
            match slot {
                Slot::Documents(name) => drop(target.options.insert(name.to_owned(), convention.clone())),
                Slot::Schema(name) => {
                    if name == "arguments" && target.is_written() {
                        target.missing(key.at, &key.value, NoCounterpart::InDocuments);
                    }
                    schema.insert(name.to_owned(), convention.clone());
                }
                Slot::FieldsOf(of) => {
                    let all = schema.entry("fields_of").or_insert_with(|| json!({}));
                    if let Value::Object(all) = all {
                        all.insert(of, convention.clone());
                    }
                }
                Slot::Extension => {}
            }
        }
    }
    for kind in ["query", "mutation", "subscription"] {
        inherit(&mut target.options, kind);
    }
    if !schema.is_empty() {
        target.options.insert("schema".to_owned(), Value::Object(schema));
    }
}

/// Copies the convention of all operations to a kind: in ESLint, it applies to each kind.
fn inherit(options: &mut Map<String, Value>, kind: &str) {
    let full = |value: &Value| match value {
        Value::Object(table) => table.clone(),
        style => Map::from_iter([("style".to_owned(), style.clone())]),
    };
    if let (Some(all), Some(own)) = (options.get("operations").map(full), options.get(kind).map(full)) {
        let mut both = all;
        both.extend(own);
        options.insert(kind.to_owned(), Value::Object(both));
    }
}

fn slot(selector: &Selector) -> Option<Slot> {
    match selector.tests.as_slice() {
        [] => {}
        [(path, Test::Equals(name))] if selector.kind == "FieldDefinition" && path == "parent.name.value" => {
            return Some(Slot::FieldsOf(name.clone()));
        }
        [(path, Test::Equals(operation))] if selector.kind == "OperationDefinition" && path == "operation" => {
            return ["query", "mutation", "subscription"]
                .into_iter()
                .find(|kind| kind == operation)
                .map(Slot::Documents);
        }
        _ => return None,
    }
    Some(match &*selector.kind {
        "OperationDefinition" => Slot::Documents("operations"),
        "FragmentDefinition" => Slot::Documents("fragments"),
        "VariableDefinition" => Slot::Documents("variables"),
        "types" => Slot::Schema("types"),
        "ObjectTypeDefinition" => Slot::Schema("objects"),
        "InterfaceTypeDefinition" => Slot::Schema("interfaces"),
        "UnionTypeDefinition" => Slot::Schema("unions"),
        "EnumTypeDefinition" => Slot::Schema("enums"),
        "ScalarTypeDefinition" => Slot::Schema("scalars"),
        "InputObjectTypeDefinition" => Slot::Schema("input_objects"),
        "FieldDefinition" => Slot::Schema("fields"),
        "InputValueDefinition" => Slot::Schema("input_values"),
        "Argument" => Slot::Schema("arguments"),
        "DirectiveDefinition" => Slot::Schema("directives"),
        "EnumValueDefinition" => Slot::Schema("enum_values"),
        "ObjectTypeExtension"
        | "InterfaceTypeExtension"
        | "UnionTypeExtension"
        | "EnumTypeExtension"
        | "ScalarTypeExtension"
        | "InputObjectTypeExtension" => Slot::Extension,
        _ => return None,
    })
}

/// Translates a style, or a table with a style and more.
fn convention(target: &mut Target<'_>, key: &Located<String>, value: &Literal) -> Option<Value> {
    if let Data::String(style) = &value.value {
        return Some(json!(style));
    }
    let mut table = Map::new();
    for (part, value) in value.properties() {
        let name = format!("{}.{}", key.value, part.value);
        let ours = match &*part.value {
            "style" => "style",
            "prefix" => "prefix",
            "suffix" => "suffix",
            "forbiddenPrefixes" => "forbidden_prefixes",
            "forbiddenSuffixes" => "forbidden_suffixes",
            "requiredPrefixes" => "required_prefixes",
            "requiredSuffixes" => "required_suffixes",
            "forbiddenPatterns" | "requiredPattern" | "ignorePattern" => {
                let ours = match &*part.value {
                    "forbiddenPatterns" => "forbidden_patterns",
                    "requiredPattern" => "required_pattern",
                    _ => "ignore",
                };
                match patterns(value) {
                    Some(value) => drop(table.insert(ours.to_owned(), value)),
                    None => target.missing(value.at, &name, NoCounterpart::Regex),
                }
                continue;
            }
            _ => {
                target.missing(part.at, &name, NoCounterpart::Unknown);
                continue;
            }
        };
        table.extend(plain(value).map(|value| (ours.to_owned(), value)));
    }
    if table.is_empty() && !matches!(value.value, Data::Table(_)) {
        missing_value(target, key.at, &key.value);
        return None;
    }
    Some(Value::Object(table))
}

fn missing_value(target: &mut Target<'_>, at: Span, option: &str) {
    target.missing(at, option, NoCounterpart::Value);
}

/// Translates a regular expression or string, or a list of them.
fn patterns(literal: &Literal) -> Option<Value> {
    Some(match &literal.value {
        Data::Regex(regex) => json!(pattern(regex)?),
        Data::String(text) => json!(pattern(&Regex { pattern: text.clone(), flags: String::new() })?),
        Data::List(items) => Value::Array(items.iter().map(patterns).collect::<Option<_>>()?),
        _ => return None,
    })
}
