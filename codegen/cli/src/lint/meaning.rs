//! The meaning of definitions, in a form that can be compared.
//!
//! Fields with the same response key are merged, inline fragments become conditions, and arguments are sorted:
//! definitions with the same meaning select the same data. Spreads are compared by name, so that the cost is linear in
//! the text. `__typename` is ignored, since it changes no other value.

use crate::schema::{Schema, TypeSet};
use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Definition, Directive, Selection, Value};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Returns the meaning of a definition; `None` if it cannot be executed.
pub fn meaning(schema: &Schema, definition: &Definition) -> Option<u64> {
    let (head, parent, selections) = match definition {
        Definition::OperationDefinition(operation) => {
            let mut head: Vec<String> =
                operation.variables.iter().map(|one| one.serialize().no_indent().to_string()).collect();
            head.sort();
            head.extend(directives(&operation.directives));
            let root = schema.root(operation.operation_type);
            (head, root.map(|name| name.as_str()), &operation.selection_set)
        }
        Definition::FragmentDefinition(fragment) => {
            let condition = fragment.type_condition.as_str();
            let head = [vec![condition.to_owned()], directives(&fragment.directives)].concat();
            (head, Some(condition), &fragment.selection_set)
        }
        _ => return None,
    };
    let mut merged = Merged::default();
    let parent = parent.unwrap_or_default();
    let place = Place { types: schema.types.possible(parent), parent, conditions: Vec::new() };
    add(schema, selections, &place, &mut merged);
    let mut hasher = DefaultHasher::new();
    (head, merged).hash(&mut hasher);
    Some(hasher.finish())
}

/// Selections by response key, name, arguments, types and conditions; the key of a spread is its name.
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
