//! Removes from an introspection result what GraphQL cannot express: invalid names (2.1.9, Name) and default
//! values that are not literals. Servers send them, and the rest is still of use.

use super::{Field, InputValue, Introspection, TypeReference};
use apollo_compiler::ast::{Definition, Document, Selection, Value};

/// Takes it out, and notes it in [`Introspection::left_out`].
pub fn reduce(schema: &mut Introspection) {
    let mut reducer = Reducer::default();
    let mut types = std::mem::take(&mut schema.types);
    types.retain(|ty| reducer.name(&ty.name, "type", ""));
    for ty in &mut types {
        let owner = ty.name.clone();
        if let Some(fields) = &mut ty.fields {
            reducer.fields(fields, &owner);
        }
        if let Some(fields) = &mut ty.input_fields {
            reducer.inputs(fields, &owner);
        }
        if let Some(values) = &mut ty.enum_values {
            values.retain(|value| reducer.name(&value.name, "enum value", &owner));
        }
        for list in [&mut ty.interfaces, &mut ty.possible_types].into_iter().flatten() {
            list.retain(|named| is_name(&named.name));
        }
    }
    schema.types = types;
    schema.directives.retain(|directive| reducer.name(&directive.name, "directive", ""));
    for directive in &mut schema.directives {
        let owner = format!("@{}", directive.name);
        reducer.inputs(&mut directive.args, &owner);
        directive.locations.retain(|location| is_name(location));
    }
    for root in [&mut schema.mutation_type, &mut schema.subscription_type] {
        root.take_if(|root| !reducer.name(&root.name, "root type", ""));
    }
    schema.left_out = reducer.left_out;
}

#[derive(Default)]
struct Reducer {
    left_out: Vec<String>,
}

impl Reducer {
    fn fields(&mut self, fields: &mut Vec<Field>, owner: &str) {
        fields.retain(|field| self.name(&field.name, "field", owner) && self.reference(&field.ty, owner, &field.name));
        for field in fields {
            self.inputs(&mut field.args, &format!("{owner}.{}", field.name));
        }
    }

    fn inputs(&mut self, inputs: &mut Vec<InputValue>, owner: &str) {
        inputs.retain(|input| self.name(&input.name, "input", owner) && self.reference(&input.ty, owner, &input.name));
        for input in inputs {
            if let Some(default) = input.default_value.take_if(|default| !is_literal(default)) {
                let message =
                    format!("the default `{default}` of `{}` of `{owner}` is not a GraphQL literal", input.name);
                self.left_out.push(message);
            }
        }
    }

    fn name(&mut self, name: &str, what: &str, owner: &str) -> bool {
        let good = is_name(name);
        if !good {
            let of = if owner.is_empty() { String::new() } else { format!(" of `{owner}`") };
            self.left_out.push(format!("the {what} `{name}`{of} has a name that GraphQL does not allow"));
        }
        good
    }

    fn reference(&mut self, ty: &TypeReference, owner: &str, name: &str) -> bool {
        let good = is_reference(ty);
        if !good {
            self.left_out.push(format!("the type of `{name}` of `{owner}` is not one that GraphQL can name"));
        }
        good
    }
}

fn is_reference(ty: &TypeReference) -> bool {
    match (&ty.of_type, ty.kind.as_str()) {
        (Some(inner), "NON_NULL") => inner.kind != "NON_NULL" && is_reference(inner),
        (Some(inner), "LIST") => is_reference(inner),
        _ => ty.name.as_deref().is_some_and(is_name),
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// True if a text is one constant value and nothing more.
fn is_literal(text: &str) -> bool {
    let Ok(document) = Document::parse(format!("{{a(b:{text})}}"), "default") else { return false };
    let [Definition::OperationDefinition(operation)] = document.definitions.as_slice() else { return false };
    let [Selection::Field(field)] = operation.selection_set.as_slice() else { return false };
    match field.arguments.as_slice() {
        [only] => field.directives.is_empty() && field.selection_set.is_empty() && is_constant(&only.value),
        _ => false,
    }
}

fn is_constant(value: &Value) -> bool {
    match value {
        Value::Variable(_) => false,
        Value::List(items) => items.iter().all(|item| is_constant(item)),
        Value::Object(fields) => fields.iter().all(|(_, field)| is_constant(field)),
        _ => true,
    }
}
