//! The parameters of `new` in generated code: the required variables of an operation, in their order.
//!
//! Servers ignore the order of variables. The compiler does not notice if two parameters of the same type are swapped.

use apollo_compiler::ast::{Definition, OperationDefinition, VariableDefinition};
use std::collections::BTreeMap;

/// The parameters of each operation, by file and name.
pub type Parameters = BTreeMap<(usize, String), Vec<String>>;

/// Returns the parameters of the named operations of a file.
pub fn parameters(file: usize, definitions: &[Definition]) -> Parameters {
    let operations = definitions.iter().filter_map(Definition::as_operation_definition);
    let named = operations.filter_map(|operation| Some((operation.name.as_ref()?, operation)));
    named
        .map(|(name, operation)| {
            let names = required(operation).map(|variable| variable.name.to_string());
            ((file, name.to_string()), names.collect())
        })
        .collect()
}

/// Returns the required variables.
pub fn required(operation: &OperationDefinition) -> impl Iterator<Item = &VariableDefinition> {
    let variables = operation.variables.iter().map(|variable| &**variable);
    variables.filter(|variable| variable.ty.is_non_null() && variable.default_value.is_none())
}

/// Describes each operation with the same parameters in another order: its name, and the order before and after.
pub fn reordered(before: &Parameters, after: &Parameters) -> Vec<String> {
    let both = before.iter().filter_map(|(key, before)| Some((key, before, after.get(key)?)));
    let is_reordered = |before: &[String], after: &[String]| {
        let (mut one, mut other) = (before.to_vec(), after.to_vec());
        one.sort();
        other.sort();
        one == other && before != after
    };
    let reordered = both.filter(|(_, before, after)| is_reordered(before, after));
    let described = reordered.map(|((_, operation), before, after)| {
        format!(
            "the generated `new` of `{operation}` takes ({}) instead of ({}): update its calls, which may still compile",
            after.join(", "),
            before.join(", ")
        )
    });
    described.collect()
}
