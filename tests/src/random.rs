//! Random responses to a generated operation: executed by apollo-compiler over made-up data, then
//! moved into the future.

use crate::{Future, Sample, answer};
use anyhow::{Context, Result, bail};
use apollo_compiler::ast::{Definition, Document, Field, Selection, Type, VariableDefinition};
use apollo_compiler::executable::ExecutableDocument;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Node, Schema, name};
use graphwright_codegen::ir::Operation;
use graphwright_fixtures::generated::{Generated, Shape, mixed};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// A source of numbers.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = mixed(self.0);
        (self.0 % end.max(1) as u64) as usize
    }

    pub fn one_in(&mut self, end: usize) -> bool {
        self.below(end) == 0
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let at = self.below(items.len());
        items.get(at)
    }
}

/// Samples for one operation.
///
/// # Errors
/// The document that is sent cannot be executed: that is a failure of the generator.
pub fn samples(
    schema: &Valid<Schema>,
    index: usize,
    operation: &Operation,
    count: u64,
    seed: u64,
) -> Result<Vec<Sample>> {
    let sent =
        Document::parse(operation.document.as_str(), "sent").map_err(|found| anyhow::anyhow!("{}", found.errors))?;
    let everywhere = with_type_names(&sent);
    let executable = everywhere.to_executable(schema).map_err(|found| anyhow::anyhow!("{}", found.errors))?;
    let executable = Valid::assume_valid(executable);
    let mut samples = Vec::new();
    for round in 0..count {
        let seed = mixed(seed ^ mixed(round));
        let sample = sample(schema, &sent, &executable, operation, seed).with_context(|| format!("seed {seed}"))?;
        samples.push(Sample { operation: index, ..sample });
    }
    Ok(samples)
}

fn sample(
    schema: &Valid<Schema>,
    sent: &Document,
    executable: &Valid<ExecutableDocument>,
    operation: &Operation,
    seed: u64,
) -> Result<Sample> {
    let name = operation.name.as_deref();
    let node = executable.operations.get(name).map_err(|error| anyhow::anyhow!("{}", error.message()))?;
    let variables: Map<String, Value> = node
        .variables
        .iter()
        .enumerate()
        .map(|(at, variable)| (variable.name.to_string(), variable_value(schema, variable, mixed(seed ^ at as u64))))
        .collect();
    let shape = Shape {
        nulls: [0, 15, 60][(seed % 3) as usize],
        most_items: [0, 2, 3][(seed / 3 % 3) as usize],
        extremes: seed % 2 == 1,
    };
    let root = Generated::root(node.object_type().as_str(), seed, shape);
    let raw: JsonMap = serde_json::from_value(Value::Object(variables.clone()))?;
    let raw = Valid::assume_valid(raw);
    let execution = Execution::new(schema, executable).operation(node).coerced_variable_values(&raw);
    let response = execution
        .enable_schema_introspection(true)
        .execute_sync(&root)
        .map_err(|error| anyhow::anyhow!("{}", error.message()))?;
    let Some(data) = response.data else { bail!("no data: {:?}", response.errors) };
    let data = serde_json::to_value(data)?;
    let future = Future { types: [0, 20][(seed / 7 % 2) as usize], values: [0, 20][(seed / 11 % 2) as usize], seed };
    let want = answer(schema, sent, name, &variables, &data, future).context("the operation is in the document")?;
    let text = RawValue::from_string(want.to_string())?;
    let replay = format!("operation {name:?}, seed {seed}, variables {}", Value::Object(variables));
    Ok(Sample { operation: 0, data: text.clone(), want: text, replay })
}

/// A value for a variable. All are given: apollo-compiler executes no operation in which one that
/// may be left out is used where a value is needed.
fn variable_value(schema: &Schema, variable: &VariableDefinition, seed: u64) -> Value {
    if variable.ty.inner_named_type() == "Boolean" && !variable.ty.is_list() {
        return json!(seed.is_multiple_of(2));
    }
    input_value(schema, &variable.ty, 0)
}

fn input_value(schema: &Schema, ty: &Type, depth: usize) -> Value {
    if ty.is_list() || depth > 6 {
        return if ty.is_list() { json!([]) } else { Value::Null };
    }
    match schema.types.get(ty.inner_named_type()) {
        Some(ExtendedType::Enum(definition)) => json!(definition.values.keys().next().map(|name| name.as_str())),
        Some(ExtendedType::InputObject(input)) => {
            let fields = input.fields.values().filter(|field| field.is_required());
            fields.map(|field| (field.name.to_string(), input_value(schema, &field.ty, depth + 1))).collect()
        }
        _ => match ty.inner_named_type().as_str() {
            "Int" | "Float" => json!(1),
            "Boolean" => json!(true),
            _ => json!("1"),
        },
    }
}

/// The document with `__typename` in every selection set but that of a subscription's root.
fn with_type_names(document: &Document) -> Document {
    let mut document = document.clone();
    for definition in &mut document.definitions {
        match definition {
            Definition::OperationDefinition(node) => {
                let node = node.make_mut();
                below(&mut node.selection_set);
            }
            Definition::FragmentDefinition(node) => {
                let node = node.make_mut();
                below(&mut node.selection_set);
                node.selection_set.insert(0, typename());
            }
            _ => {}
        }
    }
    document
}

fn below(selections: &mut [Selection]) {
    for selection in selections {
        match selection {
            Selection::Field(field) if !field.selection_set.is_empty() => {
                let field = field.make_mut();
                below(&mut field.selection_set);
                field.selection_set.insert(0, typename());
            }
            Selection::InlineFragment(inline) => below(&mut inline.make_mut().selection_set),
            _ => {}
        }
    }
}

fn typename() -> Selection {
    Selection::Field(Node::new(Field {
        alias: None,
        name: name!("__typename"),
        arguments: Vec::new(),
        directives: Default::default(),
        selection_set: Vec::new(),
    }))
}
