//! What spreads lead to: of fragments that are written alike in several files, the first.
//!
//! Some tools write the fragments that an operation needs into each file. Those of one name that say the same are one
//! fragment: one type is generated, and one definition is sent.

use super::overrides::Overrides;
use crate::config::Override;
use crate::document::{Documents, FragmentId};
use crate::source::Sources;
use apollo_compiler::ast::{FragmentDefinition, Selection};
use indexmap::IndexSet;
use std::collections::HashMap;

/// Finds the fragments that spreads mean.
#[derive(Debug)]
pub struct Spreads<'a> {
    documents: &'a Documents,
    sources: &'a Sources,
    /// For a fragment that an earlier one is the same as, that one.
    earlier: HashMap<FragmentId, FragmentId>,
}

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

impl<'a> Spreads<'a> {
    /// The fragments that operations reach.
    pub fn new(documents: &'a Documents, sources: &'a Sources, overrides: &Overrides) -> Self {
        let mut all = Self { documents, sources, earlier: HashMap::new() };
        if !documents.fragment_ids().any(|id| documents.is_name_shared(id)) {
            return all;
        }
        let mut reached = IndexSet::new();
        for file in 0..documents.files.len() {
            for operation in documents.operations(file) {
                reached.extend(documents.bottom_up(sources, file, &operation.selection_set));
            }
        }
        let mut known: HashMap<Content<'_>, FragmentId> = HashMap::new();
        for id in reached {
            let first = *known.entry(all.content(id, overrides)).or_insert(id);
            if first != id {
                all.earlier.insert(id, first);
            }
        }
        all
    }

    fn content<'c>(&self, id: FragmentId, overrides: &'c Overrides) -> Content<'c>
    where
        'a: 'c,
    {
        let documents: &'c Documents = self.documents;
        let fragment = documents.fragment(id);
        let mut content = Content {
            definition: &fragment.definition,
            description: documents.description(fragment.file, &fragment.definition),
            spreads: Vec::new(),
            settings: overrides.of(&fragment.definition).map(|settings| (0, settings)).into_iter().collect(),
        };
        let mut parts = 0;
        let mut open: Vec<&Selection> = fragment.definition.selection_set.iter().rev().collect();
        while let Some(selection) = open.pop() {
            parts += 1;
            let settings = match selection {
                Selection::Field(field) => {
                    open.extend(field.selection_set.iter().rev());
                    overrides.of(field)
                }
                Selection::InlineFragment(inline) => {
                    open.extend(inline.selection_set.iter().rev());
                    overrides.of(inline)
                }
                Selection::FragmentSpread(spread) => {
                    content.spreads.push(self.target(fragment.file, &spread.fragment_name));
                    overrides.of(spread)
                }
            };
            content.settings.extend(settings.map(|settings| (parts, settings)));
        }
        content
    }

    fn first(&self, id: FragmentId) -> FragmentId {
        self.earlier.get(&id).copied().unwrap_or(id)
    }

    /// The fragment that a name means in a file.
    pub fn target(&self, file: usize, name: &str) -> Option<FragmentId> {
        Some(self.first(self.documents.resolve(self.sources, file, name).ok()?))
    }

    /// The fragments that selections reach, in the order in which they are met.
    pub fn reach(&self, file: usize, selections: &[Selection]) -> IndexSet<FragmentId> {
        self.documents.reach(self.sources, file, selections).into_iter().map(|id| self.first(id)).collect()
    }

    /// The same, each after those that it spreads.
    pub fn bottom_up(&self, file: usize, selections: &[Selection]) -> IndexSet<FragmentId> {
        self.documents.bottom_up(self.sources, file, selections).into_iter().map(|id| self.first(id)).collect()
    }
}
