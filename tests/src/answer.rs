//! What a server would answer to the document that is sent, given an answer in which every
//! object has its type name: the answer, cut to what the document asks for.

use apollo_compiler::ast::{Definition, DirectiveList, Document, Selection, Value as Literal};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};
use serde_json::{Map, Value};

/// Executes a document over data that has a `__typename` in every object.
///
/// Returns nothing if the document has no such operation.
pub fn answer(
    schema: &Schema,
    document: &Document,
    operation: Option<&str>,
    variables: &Map<String, Value>,
    data: &Value,
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
    let executor = Executor { schema, document, variables };
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
}

impl Executor<'_> {
    fn value(&self, sets: &[&Vec<Selection>], value: &Value, usual: &str) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.value(sets, item, usual)).collect(),
            Value::Object(_) if !sets.iter().all(|set| set.is_empty()) => self.object(sets, value, usual),
            other => other.clone(),
        }
    }

    fn object(&self, sets: &[&Vec<Selection>], data: &Value, usual: &str) -> Value {
        let typename = data.get("__typename").and_then(Value::as_str).unwrap_or(usual).to_owned();
        let mut fields: Vec<Collected<'_>> = Vec::new();
        for set in sets {
            self.collect(set, &typename, &mut fields);
        }
        let mut object = Map::new();
        for Collected { key, name, sets } in fields {
            if name == "__typename" {
                object.insert(key, Value::String(typename.clone()));
            } else if let Some(value) = data.get(&key) {
                let usual = self.schema.type_field(&typename, &name).map(|field| field.ty.inner_named_type().clone());
                object.insert(key, self.value(&sets, value, usual.as_deref().unwrap_or("?")));
            }
        }
        Value::Object(object)
    }

    fn collect<'s>(&'s self, set: &'s [Selection], typename: &str, fields: &mut Vec<Collected<'s>>) {
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
                        && inline.type_condition.as_ref().is_none_or(|condition| self.is(typename, condition)) =>
                {
                    self.collect(&inline.selection_set, typename, fields);
                }
                Selection::FragmentSpread(spread) if self.included(&spread.directives) => {
                    let fragment = self.document.definitions.iter().find_map(|definition| match definition {
                        Definition::FragmentDefinition(fragment) if fragment.name == spread.fragment_name => {
                            Some(fragment)
                        }
                        _ => None,
                    });
                    if let Some(fragment) = fragment.filter(|fragment| self.is(typename, &fragment.type_condition)) {
                        self.collect(&fragment.selection_set, typename, fields);
                    }
                }
                _ => {}
            }
        }
    }

    fn is(&self, typename: &str, condition: &Name) -> bool {
        typename == condition.as_str()
            || match self.schema.types.get(condition) {
                Some(ExtendedType::Union(union)) => union.members.iter().any(|member| member.as_str() == typename),
                Some(ExtendedType::Interface(_)) => self
                    .schema
                    .get_object(typename)
                    .is_some_and(|object| object.implements_interfaces.iter().any(|name| &name.name == condition)),
                _ => false,
            }
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
