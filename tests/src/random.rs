//! Random responses to a generated operation: executed by apollo-compiler over made-up data, then
//! moved into the future.

use crate::evolve::{Evolved, used_types};
use crate::{Future, Sample, answer};
use anyhow::{Context, Result, bail};
use apollo_compiler::ast::{Definition, Document, Field, Selection, Type, VariableDefinition};
use apollo_compiler::executable::ExecutableDocument;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema, name};
use graphwright_codegen::diagnostic::Diagnostic;
use graphwright_codegen::internal::ir::{Module, Operation};
use graphwright_fixtures::generated::{Generated, Shape, mixed};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

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

/// The number of responses, and the kinds of servers.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Answers of the server that code was generated for.
    pub responses: u64,
    /// The number of changes of the server; see `evolve`.
    pub evolutions: u64,
    /// The seed of the first change; the next ones follow.
    pub seed: u64,
}

impl Plan {
    /// Answers of the server that code was generated for, and no others.
    pub fn responses(responses: u64) -> Self {
        Self { responses, evolutions: 0, seed: 0 }
    }
}

/// The server that code is generated for.
pub struct Server<'a> {
    /// Its schema.
    pub schema: &'a Valid<Schema>,
    /// Generates the same operations for another schema, or says why they are not valid there.
    pub regenerate: &'a dyn Fn(&str) -> Result<Module, Vec<Diagnostic>>,
}

/// The sent document of an operation, as it is executed.
struct Sent<'a> {
    operation: &'a Operation,
    document: Document,
    executable: Valid<ExecutableDocument>,
}

impl<'a> Sent<'a> {
    /// # Errors
    /// The document cannot be executed: that is a failure of the generator.
    fn new(schema: &Valid<Schema>, operation: &'a Operation) -> Result<Self> {
        let document = Document::parse(operation.document.as_str(), "sent");
        let document = document.map_err(|found| anyhow::anyhow!("{}", found.errors))?;
        let executable = with_type_names(&document).to_executable(schema);
        let executable = executable.map_err(|found| anyhow::anyhow!("{}", found.errors))?;
        Ok(Self { operation, document, executable: Valid::assume_valid(executable) })
    }

    /// Returns the part of data with type names everywhere that the document asks for, as far as a schema knows its
    /// types.
    fn asked(&self, schema: &Schema, variables: &Map<String, Value>, data: &Value, future: Future) -> Result<Value> {
        let name = self.operation.name.as_deref();
        answer(schema, &self.document, name, variables, data, future).context("the operation is in the document")
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
    let sent = Sent::new(schema, operation)?;
    let mut samples = Vec::new();
    for round in 0..count {
        let seed = mixed(seed ^ mixed(round));
        let (variables, data) =
            execute(schema, &sent, seed, &BTreeMap::new()).with_context(|| format!("seed {seed}"))?;
        let future =
            Future { types: [0, 20][(seed / 7 % 2) as usize], values: [0, 20][(seed / 11 % 2) as usize], seed };
        let text = RawValue::from_string(sent.asked(schema, &variables, &data, future)?.to_string())?;
        let replay = replay(operation, seed, &variables);
        samples.push(Sample { operation: index, data: text.clone(), want: text, least: None, variables, replay });
    }
    Ok(samples)
}

/// Returns responses of a server whose schema has changed, to the operation as it was generated before.
///
/// All selections of types that the old schema knows must be kept, and for other types those that the position
/// guarantees.
///
/// # Errors
/// The document that is sent cannot be executed: that is a failure of the generator, or of the change.
pub fn evolved_samples(
    old: &Valid<Schema>,
    evolved: &Evolved,
    index: usize,
    operation: &Operation,
    seed: u64,
) -> Result<Vec<Sample>> {
    const ANSWERS: u64 = 6;
    let sent = Sent::new(&evolved.schema, operation)?;
    let used: Vec<Name> = used_types([&sent.executable]).into_iter().collect();
    let concerns = |change: &&String| used.iter().any(|name| has_word(change, name));
    let changes: Vec<&str> = evolved.changes.iter().filter(concerns).map(String::as_str).collect();
    let mut samples = Vec::new();
    for round in 0..ANSWERS {
        let answer = mixed(seed ^ mixed(round) ^ index as u64);
        let (variables, data) = execute(&evolved.schema, &sent, answer, &evolved.newcomers)?;
        let most = sent.asked(&evolved.schema, &variables, &data, Future::default())?;
        let least = sent.asked(old, &variables, &data, Future::default())?;
        let text = RawValue::from_string(most.to_string())?;
        let replay = format!(
            "{}\nafter the evolution of seed {seed}:\n{}\nat least {least}",
            replay(operation, answer, &variables),
            changes.join("\n")
        );
        let least = Some(RawValue::from_string(least.to_string())?);
        samples.push(Sample { operation: index, data: text.clone(), want: text, least, variables, replay });
    }
    Ok(samples)
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| letter != '_' && !letter.is_alphanumeric()).any(|part| part == word)
}

/// Returns the composite types and enums that operations use, as far as their documents can be executed.
pub fn types_of(schema: &Valid<Schema>, operations: &[Operation]) -> BTreeSet<Name> {
    let sent = operations.iter().filter_map(|operation| Sent::new(schema, operation).ok());
    let executables: Vec<Valid<ExecutableDocument>> = sent.map(|sent| sent.executable).collect();
    used_types(&executables)
}

fn replay(operation: &Operation, seed: u64, variables: &Map<String, Value>) -> String {
    format!("operation {:?}, seed {seed}, variables {}", operation.name, Value::Object(variables.clone()))
}

/// Random variables, and the answer to them with type names everywhere.
fn execute(
    schema: &Valid<Schema>,
    sent: &Sent<'_>,
    seed: u64,
    likely: &BTreeMap<String, Vec<String>>,
) -> Result<(Map<String, Value>, Value)> {
    let name = sent.operation.name.as_deref();
    let node = sent.executable.operations.get(name).map_err(|error| anyhow::anyhow!("{}", error.message()))?;
    let variables = variable_values(schema, &node.variables, seed);
    let shape = Shape {
        nulls: [0, 15, 60][(seed % 3) as usize],
        most_items: [0, 2, 3][(seed / 3 % 3) as usize],
        extremes: seed % 2 == 1,
    };
    let root = Generated::root(node.object_type().as_str(), seed, shape).with_likely_types(likely.clone());
    let raw: JsonMap = serde_json::from_value(Value::Object(variables.clone()))?;
    let raw = Valid::assume_valid(raw);
    let execution = Execution::new(schema, &sent.executable).operation(node).coerced_variable_values(&raw);
    let response = execution
        .enable_schema_introspection(true)
        .execute_sync(&root)
        .map_err(|error| anyhow::anyhow!("{}", error.message()))?;
    let Some(data) = response.data else { bail!("no data: {:?}", response.errors) };
    Ok((variables, serde_json::to_value(data)?))
}

/// Returns a value for each variable.
pub fn variable_values(schema: &Schema, variables: &[Node<VariableDefinition>], seed: u64) -> Map<String, Value> {
    let values = variables
        .iter()
        .enumerate()
        .map(|(at, variable)| (variable.name.to_string(), variable_value(schema, variable, mixed(seed ^ at as u64))));
    values.collect()
}

/// Returns a value for a variable. All are given: apollo-compiler executes no operation in which one that
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

/// Returns the document with `__typename` in every selection set but that of a subscription's root.
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
