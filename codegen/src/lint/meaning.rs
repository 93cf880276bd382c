//! What documents mean, in a form that two texts can be compared by.
//!
//! In each definition, fields of one response key are merged, inline fragments become conditions, and arguments are sorted:
//! definitions with the same meaning select the same in other words. Spreads stand for what they name, so that the cost is
//! that of the text. `__typename` does not count, since it changes no other value.

use crate::document::Documents;
use crate::schema::{Schema, TypeSet};
use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Definition, Directive, Selection, Value};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The meaning of every definition, by kind and name, and in the order of the text where names repeat.
pub fn meaning(schema: &Schema, documents: &Documents) -> BTreeMap<(String, usize), u64> {
    let mut all: BTreeMap<(String, usize), u64> = BTreeMap::new();
    for definition in documents.files.iter().flat_map(|file| &file.ast.definitions) {
        let (name, head, parent, selections) = match definition {
            Definition::OperationDefinition(operation) => {
                let name = operation.name.as_ref().map(ToString::to_string).unwrap_or_default();
                let mut head: Vec<String> =
                    operation.variables.iter().map(|one| one.serialize().no_indent().to_string()).collect();
                head.sort();
                head.extend(directives(&operation.directives));
                let root = schema.definitions().root_operation(operation.operation_type);
                (
                    format!("{} {name}", operation.operation_type),
                    head,
                    root.map(|name| name.as_str()),
                    &operation.selection_set,
                )
            }
            Definition::FragmentDefinition(fragment) => {
                let condition = fragment.type_condition.as_str();
                let head = [vec![condition.to_owned()], directives(&fragment.directives)].concat();
                (format!("fragment {}", fragment.name), head, Some(condition), &fragment.selection_set)
            }
            _ => continue,
        };
        let mut merged = Merged::default();
        let parent = parent.unwrap_or_default();
        add(
            schema,
            selections,
            &Place { types: schema.types.possible(parent), parent, conditions: Vec::new() },
            &mut merged,
        );
        let mut hasher = DefaultHasher::new();
        (head, merged).hash(&mut hasher);
        let count = all.range((name.clone(), 0)..=(name.clone(), usize::MAX)).count();
        all.insert((name, count), hasher.finish());
    }
    all
}

/// By response key, name, arguments, types and conditions; a spread has its name for a key.
#[derive(Debug, Default, Hash)]
struct Merged(BTreeMap<Key, Merged>);

type Key = (String, String, Vec<String>, Vec<usize>, Vec<String>);

struct Place<'a> {
    types: TypeSet,
    parent: &'a str,
    conditions: Vec<String>,
}

fn add(schema: &Schema, selections: &[Selection], place: &Place<'_>, merged: &mut Merged) {
    let types = || place.types.iter().collect::<Vec<usize>>();
    let conditions = |own: &[Node<Directive>]| {
        let mut all = [place.conditions.clone(), directives(own)].concat();
        all.sort();
        all.dedup();
        all
    };
    for selection in selections {
        match selection {
            Selection::Field(field) if field.name == "__typename" => {}
            Selection::Field(field) => {
                let (key, name) = (field.response_name().to_string(), field.name.to_string());
                let key = (key, name, arguments(&field.arguments), types(), conditions(&field.directives));
                let below = merged.0.entry(key).or_default();
                let ty = schema.field(place.parent, &field.name).map(|of| of.ty.inner_named_type().as_str());
                let parent = ty.unwrap_or_default();
                let inner = Place { types: schema.types.possible(parent), parent, conditions: Vec::new() };
                add(schema, &field.selection_set, &inner, below);
            }
            Selection::InlineFragment(inline) => {
                let parent = inline.type_condition.as_ref().map_or(place.parent, |name| name.as_str());
                let types = place.types.intersection(&schema.types.possible(parent));
                let inner = Place { types, parent, conditions: conditions(&inline.directives) };
                add(schema, &inline.selection_set, &inner, merged);
            }
            Selection::FragmentSpread(spread) => {
                let key = format!("...{}", spread.fragment_name);
                let key = (key, String::new(), Vec::new(), types(), conditions(&spread.directives));
                merged.0.entry(key).or_default();
            }
        }
    }
}

fn directives(directives: &[Node<Directive>]) -> Vec<String> {
    directives.iter().map(|one| format!("@{}{:?}", one.name, arguments(&one.arguments))).collect()
}

fn arguments(arguments: &[Node<Argument>]) -> Vec<String> {
    let mut all: Vec<String> = arguments.iter().map(|one| format!("{}:{}", one.name, value(&one.value))).collect();
    all.sort();
    all
}

fn value(one: &Value) -> String {
    match one {
        Value::Object(fields) => {
            let mut all: Vec<String> = fields.iter().map(|(name, field)| format!("{name}:{}", value(field))).collect();
            all.sort();
            format!("{{{}}}", all.join(","))
        }
        Value::List(items) => format!("[{}]", items.iter().map(|item| value(item)).collect::<Vec<_>>().join(",")),
        other => other.serialize().no_indent().to_string(),
    }
}
