//! Fragments that are written alike in several files.
//!
//! Some tools write the fragments that an operation needs into each file. Those of one name that say the same are one
//! fragment: one type is generated, and one definition is sent.

use super::overrides::Overrides;
use crate::config::Override;
use crate::query::{Documents, FragmentId};
use crate::syntax::selections;
use apollo_compiler::ast::FragmentDefinition;
use indexmap::IndexSet;
use std::collections::HashMap;

/// What makes fragments the same.
#[derive(PartialEq, Eq, Hash)]
struct Content<'a> {
    definition: &'a FragmentDefinition,
    description: Option<&'a str>,
    /// What its spreads lead to, in their order.
    spreads: Vec<Option<FragmentId>>,
    /// The settings of its parts, by their number.
    settings: Vec<(usize, &'a Override)>,
}

/// The documents in which, of fragments that say the same, all spreads mean the first; `None` if there are none such.
pub fn unified(documents: &Documents, overrides: &Overrides) -> Option<Documents> {
    if !documents.fragments().any(|(id, _)| documents.is_name_shared(id)) {
        return None;
    }
    let operations = documents.all_operations();
    let reached: IndexSet<FragmentId> =
        operations.flat_map(|(_, operation)| documents.bottom_up(&operation.selection_set)).collect();
    let mut known: HashMap<Content<'_>, FragmentId> = HashMap::new();
    let mut equals = HashMap::new();
    for id in reached {
        let first = *known.entry(content(documents, overrides, &equals, id)).or_insert(id);
        if first != id {
            equals.insert(id, first);
        }
    }
    (!equals.is_empty()).then(|| documents.with_equals(&equals))
}

fn content<'a>(
    documents: &'a Documents,
    overrides: &'a Overrides,
    equals: &HashMap<FragmentId, FragmentId>,
    id: FragmentId,
) -> Content<'a> {
    let fragment = documents.fragment(id);
    let parts = selections::all(&fragment.definition.selection_set)
        .map(|selection| overrides.at(selections::location(selection)?));
    let settings = std::iter::once(overrides.of(&fragment.definition)).chain(parts).enumerate();
    let target = |id: FragmentId| equals.get(&id).copied().unwrap_or(id);
    Content {
        definition: &fragment.definition,
        description: documents.description(fragment.file, &fragment.definition),
        spreads: fragment.spreads.iter().map(|spread| documents.resolve(spread).ok().map(target)).collect(),
        settings: settings.filter_map(|(part, settings)| Some((part, settings?))).collect(),
    }
}
