//! The fields that the documents of a project select.

use super::TypeSystem;
use crate::query::{Documents, Selected, SelectionSet};
use crate::schema::Schema;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

/// The names of selected fields by parent type, collected when a rule first asks for them.
#[derive(Debug)]
pub struct UsedFields<'a> {
    schema: &'a Schema,
    documents: &'a Documents,
    fields: OnceLock<Fields<'a>>,
}

impl<'a> UsedFields<'a> {
    /// Creates the fields of all operations and fragments of some documents.
    pub fn new(schema: &'a Schema, documents: &'a Documents) -> Self {
        Self { schema, documents, fields: OnceLock::new() }
    }

    /// Returns true if a field is selected from its type, or from an interface that the type implements.
    pub fn contains(&self, system: &TypeSystem<'_>, ty: &str, field: &str) -> bool {
        let fields = self.fields.get_or_init(|| Fields::new(self.schema, self.documents));
        let is_selected_from = |ty: &str| fields.0.get(ty).is_some_and(|fields| fields.contains(field));
        let parts = system.types.get(ty).map(|ty| ty.parts.as_slice()).unwrap_or_default();
        is_selected_from(ty) || parts.iter().flat_map(|part| part.names).any(|interface| is_selected_from(interface))
    }
}

#[derive(Debug, Default)]
struct Fields<'a>(FxHashMap<&'a str, FxHashSet<&'a str>>);

impl<'a> Fields<'a> {
    fn new(schema: &'a Schema, documents: &'a Documents) -> Self {
        let mut this = Self::default();
        for definition in documents.files().flat_map(|(_, file)| &file.ast.definitions) {
            let mut open: Vec<SelectionSet<'a>> = SelectionSet::of_definition(schema, definition).into_iter().collect();
            while let Some(set) = open.pop() {
                for selected in set.members() {
                    match selected {
                        Selected::Field(selected) => {
                            let definition = selected.definition(schema);
                            if let Some((parent, field)) = selected.parent.zip(definition) {
                                this.0.entry(parent).or_default().insert(&field.name);
                            }
                            open.push(selected.below(definition));
                        }
                        Selected::Inline { below, .. } => open.push(below),
                        Selected::Spread(_) => {}
                    }
                }
            }
        }
        this
    }
}
