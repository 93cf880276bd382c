//! The meaning of definitions, in a form that can be compared.
//!
//! Fields with the same response key are merged, inline fragments become conditions, and arguments are sorted:
//! definitions with the same meaning select the same data. Spreads are compared by name, so that the cost is linear in
//! the text. `__typename` is ignored, since it changes no other value.

use crate::query::{Selected, SelectedField, SelectionSet};
use crate::schema::{Schema, TypeSet};
use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Definition, Directive, Value};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Returns the meaning of a definition; `None` if it cannot be executed.
pub fn meaning(schema: &Schema, definition: &Definition) -> Option<u64> {
    let (head, set) = match definition {
        Definition::OperationDefinition(operation) => {
            let mut head: Vec<String> =
                operation.variables.iter().map(|one| one.serialize().no_indent().to_string()).collect();
            head.sort();
            head.extend(directives(&operation.directives));
            (head, SelectionSet::of_operation(schema, operation))
        }
        Definition::FragmentDefinition(fragment) => {
            let head = [vec![fragment.type_condition.to_string()], directives(&fragment.directives)].concat();
            (head, SelectionSet::of_fragment(fragment))
        }
        _ => return None,
    };
    let mut merged = Merged::default();
    add(schema, set, &Place::of(schema, set), &mut merged);
    let mut hasher = DefaultHasher::new();
    (head, merged).hash(&mut hasher);
    Some(hasher.finish())
}

/// Selections by response key, name, arguments, types and conditions; the key of a spread is its name.
#[derive(Debug, Default, Hash)]
struct Merged(BTreeMap<Key, Merged>);

type Key = (String, String, Vec<String>, Vec<usize>, Vec<String>);

/// The types and directives under which selections apply.
struct Place {
    types: TypeSet,
    conditions: Vec<String>,
}

impl Place {
    /// Returns the place of a selection set that is not part of another one.
    fn of(schema: &Schema, set: SelectionSet<'_>) -> Self {
        let types = set.parent.map(|parent| schema.types.possible(parent));
        Self { types: types.unwrap_or_default(), conditions: Vec::new() }
    }
}

fn add<'a>(schema: &'a Schema, set: SelectionSet<'a>, place: &Place, merged: &mut Merged) {
    for selected in set.members() {
        let mut conditions = [place.conditions.clone(), directives(selected.directives())].concat();
        conditions.sort();
        conditions.dedup();
        let types = || place.types.iter().collect::<Vec<usize>>();
        match selected {
            Selected::Field(SelectedField { field, .. }) if field.name == "__typename" => {}
            Selected::Field(selected) => {
                let field = selected.field;
                let (key, name) = (field.response_name().to_string(), field.name.to_string());
                let key = (key, name, arguments(&field.arguments), types(), conditions);
                let set = selected.below(selected.definition(schema));
                add(schema, set, &Place::of(schema, set), merged.0.entry(key).or_default());
            }
            Selected::Inline { below, .. } => {
                let types = place.types.intersection(&Place::of(schema, below).types);
                add(schema, below, &Place { types, conditions }, merged);
            }
            Selected::Spread(spread) => {
                let key = (format!("...{}", spread.fragment_name), String::new(), Vec::new(), types(), conditions);
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
