//! The fields that the documents of a project select.

use super::TypeSystem;
use crate::document::Documents;
use crate::schema::Schema;
use apollo_compiler::ast::{Definition, Selection};
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
        for definition in documents.files.iter().flat_map(|file| &file.ast.definitions) {
            match definition {
                Definition::OperationDefinition(operation) => {
                    let root = schema.root(operation.operation_type);
                    this.add(schema, root.map(|name| name.as_str()), &operation.selection_set);
                }
                Definition::FragmentDefinition(fragment) => {
                    this.add(schema, Some(&fragment.type_condition), &fragment.selection_set);
                }
                _ => {}
            }
        }
        this
    }

    fn add(&mut self, schema: &'a Schema, parent: Option<&'a str>, selections: &'a [Selection]) {
        let mut open = vec![(parent, selections)];
        while let Some((parent, selections)) = open.pop() {
            for selection in selections {
                match selection {
                    Selection::Field(field) => {
                        let Some(parent) = parent else { continue };
                        let definition = schema.field(parent, &field.name);
                        if definition.is_some() {
                            self.0.entry(parent).or_default().insert(&field.name);
                        }
                        let below = definition.map(|definition| definition.ty.inner_named_type().as_str());
                        open.push((below, &field.selection_set));
                    }
                    Selection::InlineFragment(inline) => {
                        let parent = inline.type_condition.as_ref().map(|name| name.as_str()).or(parent);
                        open.push((parent, &inline.selection_set));
                    }
                    Selection::FragmentSpread(_) => {}
                }
            }
        }
    }
}
