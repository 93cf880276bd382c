//! Client-side directives and fields, which no server has.

use super::compare::used_variables;
use anyhow::{Context, Result};
use apollo_compiler::ast::{Definition, DirectiveList, Document, FieldDefinition, OperationDefinition, Selection};
use apollo_compiler::{Name, Node, Schema};
use std::collections::HashSet;

/// The names that must not be sent to the server.
#[derive(Default)]
pub struct ClientParts {
    directives: HashSet<String>,
    /// Coordinates of fields.
    fields: HashSet<String>,
}

impl ClientParts {
    /// Collects the names in the client-side SDL.
    pub fn new(sdl: &str) -> Self {
        let document = Document::parse(sdl, "client").unwrap_or_else(|found| found.partial);
        let mut parts = Self::default();
        for definition in &document.definitions {
            match definition {
                Definition::DirectiveDefinition(node) => drop(parts.directives.insert(node.name.to_string())),
                Definition::ObjectTypeExtension(node) => parts.add_fields(&node.name, &node.fields),
                Definition::ObjectTypeDefinition(node) => parts.add_fields(&node.name, &node.fields),
                Definition::InterfaceTypeExtension(node) => parts.add_fields(&node.name, &node.fields),
                Definition::InterfaceTypeDefinition(node) => parts.add_fields(&node.name, &node.fields),
                _ => {}
            }
        }
        parts
    }

    fn add_fields(&mut self, ty: &Name, fields: &[Node<FieldDefinition>]) {
        self.fields.extend(fields.iter().map(|field| format!("{ty}.{}", field.name)));
    }

    /// Returns an expanded operation without them, and without the variables that only they used.
    pub fn without(&self, schema: &Schema, operation: &OperationDefinition) -> Result<OperationDefinition> {
        let root = schema.root_operation(operation.operation_type).context("the schema has no such root")?;
        let mut kept = operation.clone();
        self.directives(&mut kept.directives);
        self.selections(schema, &mut kept.selection_set, root);
        let (before, after) = (used_variables(operation), used_variables(&kept));
        kept.variables
            .retain(|variable| !before.contains(variable.name.as_str()) || after.contains(variable.name.as_str()));
        for variable in &mut kept.variables {
            self.directives(&mut variable.make_mut().directives);
        }
        Ok(kept)
    }

    fn selections(&self, schema: &Schema, selections: &mut Vec<Selection>, parent: &str) {
        let is_marked = |directives: &DirectiveList| self.directives.contains("client") && directives.has("client");
        selections.retain(|selection| match selection {
            Selection::Field(field) => {
                !is_marked(&field.directives) && !self.fields.contains(&format!("{parent}.{}", field.name))
            }
            Selection::InlineFragment(inline) => !is_marked(&inline.directives),
            Selection::FragmentSpread(_) => true,
        });
        for selection in selections.iter_mut() {
            match selection {
                Selection::Field(field) => {
                    let field = field.make_mut();
                    self.directives(&mut field.directives);
                    let ty = schema.type_field(parent, &field.name).map(|definition| &definition.ty);
                    let ty = ty.map_or("", |ty| ty.inner_named_type().as_str());
                    self.selections(schema, &mut field.selection_set, ty);
                }
                Selection::InlineFragment(inline) => {
                    let inline = inline.make_mut();
                    self.directives(&mut inline.directives);
                    let ty = inline.type_condition.as_ref().map_or(parent, |condition| condition.as_str());
                    self.selections(schema, &mut inline.selection_set, ty);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        // An inline fragment of nothing but client-only fields is nothing.
        selections.retain(|selection| match selection {
            Selection::InlineFragment(inline) => !inline.selection_set.is_empty(),
            _ => true,
        });
    }

    fn directives(&self, directives: &mut DirectiveList) {
        directives.0.retain(|directive| !self.directives.contains(directive.name.as_str()));
    }
}
