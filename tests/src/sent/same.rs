//! Two versions of some files: whether all definitions of the one mean the same in the other.

use super::Source;
use super::compare::compare;
use super::expand::Expansion;
use anyhow::{Context, Result, bail};
use apollo_compiler::Schema;
use apollo_compiler::ast::{Definition, Document, OperationDefinition, OperationType};
use std::collections::{BTreeMap, BTreeSet};

type Key = (String, Option<String>);

/// Compares every operation and every fragment of some files with those of other versions of these files.
///
/// # Errors
/// A definition that is missing, new, or does not mean the same.
pub fn same_meaning(
    schema: &Schema,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Result<()> {
    let source = |files: &BTreeMap<String, String>| {
        Source::new(files.iter().map(|(n, t)| (n.as_str(), t.as_str(), Vec::new())), "")
    };
    let (before, after) = (source(before), source(after));
    for (name, old) in &before.files {
        let new = after.files.get(name).with_context(|| format!("{name} is gone"))?;
        let keys = |document: &Document| definitions(schema, document).map(|(key, ..)| key).collect::<BTreeSet<Key>>();
        let (old_keys, new_keys) = (keys(&old.document), keys(&new.document));
        if old_keys != new_keys {
            bail!("{name} defines {new_keys:?} instead of {old_keys:?}");
        }
        for (key, root, written) in definitions(schema, &old.document) {
            let (_, _, now) = definitions(schema, &new.document).find(|(other, ..)| *other == key).context("a key")?;
            let expanded = |source: &Source, operation: &OperationDefinition| {
                Expansion::new(schema, |from, spread| source.fragment(from, spread)).operation(operation, name)
            };
            // A document that cannot be expanded before has no meaning to keep.
            let Ok(written) = expanded(&before, &written) else { continue };
            let now = expanded(&after, &now)?;
            compare(schema, &root, &written, &now).with_context(|| format!("{name}: {key:?}"))?;
        }
    }
    Ok(())
}

/// Operations, and fragments as if they were some, each with the type that it selects from.
fn definitions<'a>(
    schema: &'a Schema,
    document: &'a Document,
) -> impl Iterator<Item = (Key, String, OperationDefinition)> + 'a {
    document.definitions.iter().filter_map(|definition| match definition {
        Definition::OperationDefinition(operation) => {
            let key = (operation.operation_type.to_string(), operation.name.as_ref().map(ToString::to_string));
            let root = schema.root_operation(operation.operation_type)?;
            Some((key, root.to_string(), OperationDefinition::clone(operation)))
        }
        Definition::FragmentDefinition(fragment) => {
            let key = ("fragment".to_owned(), Some(fragment.name.to_string()));
            let operation = OperationDefinition {
                operation_type: OperationType::Query,
                name: Some(fragment.name.clone()),
                variables: Vec::new(),
                directives: fragment.directives.clone(),
                selection_set: fragment.selection_set.clone(),
            };
            Some((key, fragment.type_condition.to_string(), operation))
        }
        _ => None,
    })
}
