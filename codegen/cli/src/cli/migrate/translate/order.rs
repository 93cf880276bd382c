//! The options of `alphabetize`.

use super::rules::Target;
use crate::cli::migrate::config::{Data, Literal, Located};
use crate::cli::migrate::note::NoCounterpart;
use serde_json::{Map, Value, json};

/// The sortable lists: ESLint's option, the node kind in its value, and our option for documents or for the schema.
const KINDS: [(&str, &str, Option<&str>, Option<&str>); 11] = [
    ("fields", "ObjectTypeDefinition", None, Some("object_fields")),
    ("fields", "InterfaceTypeDefinition", None, Some("interface_fields")),
    ("fields", "InputObjectTypeDefinition", None, Some("input_fields")),
    ("values", "EnumTypeDefinition", None, Some("enum_values")),
    ("selections", "OperationDefinition", Some("operations"), None),
    ("selections", "FragmentDefinition", Some("fragments"), None),
    ("variables", "OperationDefinition", Some("variables"), None),
    ("arguments", "FieldDefinition", None, Some("field_arguments")),
    ("arguments", "Field", Some("arguments"), None),
    ("arguments", "DirectiveDefinition", None, Some("directive_definitions")),
    ("arguments", "Directive", Some("directive_arguments"), Some("directive_arguments")),
];

/// Translates the options.
pub fn alphabetize(target: &mut Target<'_>, properties: &[(Located<String>, Literal)]) {
    let mut schema = Map::new();
    let mut groups = None;
    for (key, value) in properties {
        match &*key.value {
            "definitions" => {
                target.options.insert("definitions".to_owned(), json!(value.value == Data::Bool(true)));
                schema.insert("definitions".to_owned(), json!(value.value == Data::Bool(true)));
            }
            "groups" => groups = Some(value.strings().into_iter().map(|group| group.value).collect::<Vec<_>>()),
            option if KINDS.iter().any(|(theirs, ..)| *theirs == option) => {
                for (kind, at) in kinds(option, key, value) {
                    match KINDS.iter().find(|(theirs, node, ..)| *theirs == option && *node == kind) {
                        Some((_, _, documents, sdl)) => {
                            target.options.extend(documents.map(|ours| (ours.to_owned(), json!(true))));
                            schema.extend(sdl.map(|ours| (ours.to_owned(), json!(true))));
                        }
                        None => target.missing(at, &format!("{option}: {kind}"), NoCounterpart::Value),
                    }
                }
            }
            option => target.missing(key.at, option, NoCounterpart::Unknown),
        }
    }
    let is_for_documents = target.options.values().any(|value| *value == Value::Bool(true));
    if let Some(groups) = groups {
        if is_for_documents {
            target.options.insert("groups".to_owned(), json!(groups));
        }
        if !schema.is_empty() {
            schema.insert("groups".to_owned(), json!(groups));
        }
    }
    if !schema.is_empty() {
        target.options.insert("schema".to_owned(), Value::Object(schema));
    }
}

/// Returns the node kinds of an option; `true` means all of them.
fn kinds(option: &str, key: &Located<String>, value: &Literal) -> Vec<(String, crate::source::Span)> {
    match value.value {
        Data::Bool(true) => {
            let all = KINDS.iter().filter(|(theirs, ..)| *theirs == option);
            all.map(|(_, kind, ..)| ((*kind).to_owned(), key.at)).collect()
        }
        _ => value.strings().into_iter().map(|kind| (kind.value, kind.at)).collect(),
    }
}
