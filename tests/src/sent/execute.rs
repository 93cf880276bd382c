//! Two documents over the same data, which depends on paths, types and arguments.

use crate::random::variable_values;
use anyhow::{Context, Result, anyhow, bail};
use apollo_compiler::ast::{Definition, Document, OperationDefinition};
use apollo_compiler::executable::ExecutableDocument;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Node, Schema};
use graphwright_fixtures::generated::{Generated, Shape, mixed};
use serde_json::Value;

/// The number of executions of each operation and its source.
const EXECUTIONS: u64 = 3;

/// Executes source and sent document over the same data, which depends on paths, types and arguments.
pub fn execute_both(
    schema: &Valid<Schema>,
    written: &OperationDefinition,
    sent: &Document,
    name: Option<&str>,
) -> Result<()> {
    let mut source = Document::new();
    source.definitions.push(Definition::OperationDefinition(Node::new(written.clone())));
    let executable = |document: &Document| {
        let executable = document.to_executable(schema).map_err(|found| anyhow!("{}", found.errors))?;
        anyhow::Ok(Valid::assume_valid(executable))
    };
    let (source, sent) = (executable(&source).context("the source")?, executable(sent)?);
    for seed in (0..EXECUTIONS).map(mixed) {
        let variables = variable_values(schema, &written.variables, seed);
        let variables: JsonMap = serde_json::from_value(Value::Object(variables))?;
        let (theirs, ours) =
            (execute(schema, &source, name, &variables, seed), execute(schema, &sent, name, &variables, seed));
        if let Some(difference) = differ("$", &ours?, &theirs.context("the source")?) {
            bail!("the answers differ: {difference}; seed {seed}");
        }
    }
    Ok(())
}

fn execute(
    schema: &Valid<Schema>,
    document: &Valid<ExecutableDocument>,
    name: Option<&str>,
    variables: &JsonMap,
    seed: u64,
) -> Result<Value> {
    let operation = document.operations.get(name).map_err(|error| anyhow!("{}", error.message()))?;
    let shape = Shape { nulls: 5, ..Shape::default() };
    let root = Generated::root(operation.object_type().as_str(), seed, shape);
    let known = |name: &str| operation.variables.iter().any(|variable| variable.name == name);
    let variables = variables.iter().filter(|(name, _)| known(name.as_str()));
    let variables = variables.map(|(name, value)| (name.clone(), value.clone())).collect();
    let variables = Valid::assume_valid(variables);
    let response = Execution::new(schema, document)
        .operation(operation)
        .coerced_variable_values(&variables)
        .enable_schema_introspection(true)
        .execute_sync(&root)
        .map_err(|error| anyhow!("{}", error.message()))?;
    Ok(serde_json::to_value(response.data)?)
}

/// Returns the first difference; type names may have been added.
fn differ(path: &str, sent: &Value, written: &Value) -> Option<String> {
    match (sent, written) {
        (Value::Object(sent), Value::Object(written)) => {
            if let Some(key) = sent.keys().find(|key| *key != "__typename" && !written.contains_key(*key)) {
                return Some(format!("{path}.{key} was not asked for"));
            }
            written.iter().find_map(|(key, value)| match sent.get(key) {
                Some(ours) => differ(&format!("{path}.{key}"), ours, value),
                None => Some(format!("{path}.{key} is missing")),
            })
        }
        (Value::Array(sent), Value::Array(written)) if sent.len() == written.len() => {
            let items = sent.iter().zip(written).enumerate();
            items.into_iter().find_map(|(at, (ours, value))| differ(&format!("{path}[{at}]"), ours, value))
        }
        _ if sent == written => None,
        _ => Some(format!("{path} is {sent} instead of {written}")),
    }
}
