//! Computes a server's response to the sent document, given a response in which every
//! object has its type name: the response, reduced to the selections of the document.

use apollo_compiler::ast::{Definition, DirectiveList, Document, Selection, Value as Literal};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};
use graphwright_fixtures::generated::mixed;
use serde_json::{Map, Value};
use std::cell::Cell;

/// The deviations of a response from the schema, since servers move ahead of their clients.
#[derive(Debug, Clone, Copy, Default)]
pub struct Future {
    /// The percentage of objects in abstract positions whose type is not in the schema.
    pub types: u64,
    /// The percentage of enum values that are not in the schema.
    pub values: u64,
    /// Decides which.
    pub seed: u64,
}

/// Executes a document over data that has a `__typename` in every object.
///
/// Returns nothing if the document has no such operation.
pub fn answer(
    schema: &Schema,
    document: &Document,
    operation: Option<&str>,
    variables: &Map<String, Value>,
    data: &Value,
    future: Future,
) -> Option<Value> {
    let node = document.definitions.iter().find_map(|definition| match definition {
        Definition::OperationDefinition(node) if node.name.as_deref() == operation => Some(node),
        _ => None,
    })?;
    let root = schema.root_operation(node.operation_type)?;
    let mut variables = variables.clone();
    for variable in &node.variables {
        if let Some(default) = variable.default_value.as_ref().and_then(|value| value.to_bool()) {
            variables.entry(variable.name.to_string()).or_insert(Value::Bool(default));
        }
    }
    let dice = Cell::new(future.seed);
    let executor = Executor { schema, document, variables, future, dice };
    Some(executor.object(&[&node.selection_set], data, root))
}

/// A response key with everything that is selected for it.
struct Collected<'a> {
    key: String,
    name: String,
    sets: Vec<&'a Vec<Selection>>,
}

struct Executor<'a> {
    schema: &'a Schema,
    document: &'a Document,
    variables: Map<String, Value>,
    future: Future,
    dice: Cell<u64>,
}

impl Executor<'_> {
    fn value(&self, sets: &[&Vec<Selection>], value: &Value, usual: &str) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.value(sets, item, usual)).collect(),
            Value::String(_) if matches!(self.schema.types.get(usual), Some(ExtendedType::Enum(_))) => {
                if self.roll(self.future.values) { Value::String("FUTURE_VALUE".to_owned()) } else { value.clone() }
            }
            Value::Object(_) if !sets.iter().all(|set| set.is_empty()) => self.object(sets, value, usual),
            other => other.clone(),
        }
    }

    fn object(&self, sets: &[&Vec<Selection>], data: &Value, usual: &str) -> Value {
        let mut typename = data.get("__typename").and_then(Value::as_str).unwrap_or(usual).to_owned();
        if self.is_abstract(usual) && self.roll(self.future.types) {
            typename = format!("Future{usual}");
        }
        let mut fields: Vec<Collected<'_>> = Vec::new();
        for set in sets {
            self.collect(set, &typename, usual, &mut fields);
        }
        let mut object = Map::new();
        for Collected { key, name, sets } in fields {
            if name == "__typename" {
                object.insert(key, Value::String(typename.clone()));
            } else if let Some(value) = data.get(&key) {
                let of = if self.schema.types.contains_key(typename.as_str()) { typename.as_str() } else { usual };
                let usual = self.schema.type_field(of, &name).map(|field| field.ty.inner_named_type().clone());
                object.insert(key, self.value(&sets, value, usual.as_deref().unwrap_or("?")));
            }
        }
        Value::Object(object)
    }

    fn collect<'s>(&'s self, set: &'s [Selection], typename: &str, usual: &str, fields: &mut Vec<Collected<'s>>) {
        for selection in set {
            match selection {
                Selection::Field(field) if self.included(&field.directives) => {
                    let key = field.alias.as_ref().unwrap_or(&field.name).to_string();
                    match fields.iter_mut().find(|known| known.key == key) {
                        Some(known) => known.sets.push(&field.selection_set),
                        None => {
                            let name = field.name.to_string();
                            fields.push(Collected { key, name, sets: vec![&field.selection_set] });
                        }
                    }
                }
                Selection::InlineFragment(inline)
                    if self.included(&inline.directives)
                        && inline
                            .type_condition
                            .as_ref()
                            .is_none_or(|condition| self.is(typename, usual, condition)) =>
                {
                    self.collect(&inline.selection_set, typename, usual, fields);
                }
                Selection::FragmentSpread(spread) if self.included(&spread.directives) => {
                    let fragment = self.document.definitions.iter().find_map(|definition| match definition {
                        Definition::FragmentDefinition(fragment) if fragment.name == spread.fragment_name => {
                            Some(fragment)
                        }
                        _ => None,
                    });
                    if let Some(fragment) =
                        fragment.filter(|fragment| self.is(typename, usual, &fragment.type_condition))
                    {
                        // The selections of a fragment on a future type follow from its own condition.
                        self.collect(&fragment.selection_set, typename, &fragment.type_condition, fields);
                    }
                }
                _ => {}
            }
        }
    }

    /// Returns whether a type satisfies a condition. The position guarantees some conditions for any type; for a future
    /// type, no others are known.
    fn is(&self, typename: &str, usual: &str, condition: &Name) -> bool {
        let implements = |name: &str| {
            let interfaces = match self.schema.types.get(name) {
                Some(ExtendedType::Object(object)) => &object.implements_interfaces,
                Some(ExtendedType::Interface(interface)) => &interface.implements_interfaces,
                _ => return false,
            };
            interfaces.iter().any(|interface| interface.name == *condition)
        };
        if usual == condition.as_str() || implements(usual) {
            return true;
        }
        let member = match self.schema.types.get(condition) {
            Some(ExtendedType::Union(union)) => union.members.iter().any(|member| member.as_str() == typename),
            _ => false,
        };
        typename == condition.as_str() || member || implements(typename)
    }

    fn is_abstract(&self, name: &str) -> bool {
        matches!(self.schema.types.get(name), Some(ExtendedType::Interface(_) | ExtendedType::Union(_)))
    }

    fn roll(&self, of_hundred: u64) -> bool {
        self.dice.set(mixed(self.dice.get()));
        self.dice.get() % 100 < of_hundred
    }

    fn included(&self, directives: &DirectiveList) -> bool {
        let argument = |name: &str| {
            let directive = directives.get(name)?;
            match &**directive.specified_argument_by_name("if")? {
                Literal::Boolean(value) => Some(*value),
                Literal::Variable(variable) => self.variables.get(variable.as_str()).and_then(Value::as_bool),
                _ => None,
            }
        };
        argument("include").unwrap_or(true) && !argument("skip").unwrap_or(false)
    }
}
