//! Rules about fields and their arguments (5.3 and 5.4).

use super::{Owner, Rules, attribute, of_type};
use crate::diagnostic::{Code, Diagnostic};
use crate::query::{SelectedField, SelectionSet};
use apollo_compiler::ast::Field;
use apollo_compiler::{Name, Node};
use std::collections::HashSet;

impl<'a> Rules<'a> {
    /// `fields-on-correct-type`, `scalar-leafs`, and the rules about arguments; the selection set below the field.
    pub(super) fn field(&mut self, selected: SelectedField<'a>) -> SelectionSet<'a> {
        let SelectedField { field, parent } = selected;
        let Some((parent, definition)) = parent.zip(selected.definition(self.schema)) else {
            if let Some(parent) = parent.filter(|_| !self.is_left_to_client(field)) {
                self.unknown_field(field, parent);
            }
            self.stray_arguments(&field.arguments);
            return selected.below(None);
        };
        self.ambiguous(parent, Some(&field.name), &field.name);
        let owner = Owner::Field { parent, name: &field.name };
        self.arguments(&field.arguments, &definition.arguments, &owner, self.name(&field.name));
        let ty = definition.ty.inner_named_type();
        let composite = self.schema.is_composite(ty);
        if composite == field.selection_set.is_empty() && self.schema.kind(ty).is_some() {
            let (name, whole) = (&field.name, &definition.ty);
            let diagnostic = if composite {
                Diagnostic::error(
                    Code::SCALAR_LEAFS,
                    format!("`{name}` of type `{whole}` needs a selection of its fields"),
                )
                .help(format!("write `{name} {{ … }}`"))
            } else {
                Diagnostic::error(Code::SCALAR_LEAFS, format!("`{name}` of type `{whole}` has no fields to select"))
            };
            let diagnostic = diagnostic.about(attribute(parent, name)).about(of_type(ty));
            self.found.push(diagnostic.at(self.name(name), ""));
        }
        self.ambiguous(ty, None, &field.name);
        selected.below(composite.then_some(definition))
    }

    /// `ambiguous-definition`: what the schema defines twice, differently, cannot be used, since it is unknown
    /// which of them the server means.
    pub(super) fn ambiguous(&mut self, ty: &str, field: Option<&str>, used: &Name) {
        let Some([first, second]) = self.schema.ambiguous(ty, field) else { return };
        let what = field.map_or(format!("the type `{ty}`"), |field| format!("`{ty}.{field}`"));
        let diagnostic =
            Diagnostic::error(Code::AMBIGUOUS_DEFINITION, format!("the schema defines {what} twice, differently"));
        let diagnostic = diagnostic.at(self.name(used), "used here").also(Some(first), "the first definition");
        let diagnostic = diagnostic.also(Some(second), "the second definition");
        self.found.push(diagnostic.help("keep the right one of them in the schema file"));
    }

    /// The same for a type of variables, with everything in it, since all of it is generated.
    pub(super) fn ambiguous_input(&mut self, used: &Name) {
        if !self.schema.leads_to_ambiguous(used) {
            return;
        }
        let (mut seen, mut open) = (HashSet::new(), vec![used.as_str()]);
        while let Some(ty) = open.pop() {
            if !seen.insert(ty) {
                continue;
            }
            self.ambiguous(ty, None, used);
            let Some(input) = self.schema.input(ty) else { continue };
            for (field, definition) in &input.fields {
                self.ambiguous(ty, Some(field), used);
                open.push(definition.ty.inner_named_type());
            }
        }
    }

    /// True for a field that carries `@client`, where nothing says which fields the client has.
    fn is_left_to_client(&self, field: &Field) -> bool {
        self.schema.leaves_client_fields_open && self.schema.is_marked_client_only(&field.directives)
    }

    fn unknown_field(&mut self, field: &Node<Field>, parent: &Name) {
        let name = field.name.as_str();
        let diagnostic =
            Diagnostic::error(Code::FIELDS_ON_CORRECT_TYPE, format!("type `{parent}` has no field `{name}`"));
        let diagnostic = diagnostic.about(attribute(parent, &field.name)).about(of_type(parent));
        let diagnostic = diagnostic.at(self.name(&field.name), "");
        self.found.push(match self.types_with(parent, name).as_slice() {
            [] => {
                let known = self.field_names(parent);
                if known.is_empty() {
                    diagnostic.help(format!("`{parent}` is a union: select from its members with `... on`"))
                } else {
                    self.suggest(diagnostic, &field.name, known)
                }
            }
            [only] => diagnostic.help(format!("`{only}` has it: select it in `... on {only}`")),
            [first, second, ..] => {
                let diagnostic = self.suggest(diagnostic, &field.name, self.field_names(parent));
                let elsewhere = format!("`{first}` and `{second}` have it: select it in `... on {first}`");
                if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(elsewhere) }
            }
        });
    }

    fn field_names(&self, parent: &str) -> Vec<&'a str> {
        self.schema.field_names(parent).map(|name| name.as_str()).collect()
    }

    /// The object types that an abstract type can be and that have the field.
    fn types_with(&self, parent: &str, field: &str) -> Vec<&'a str> {
        if self.schema.is_object(parent) {
            return Vec::new();
        }
        let types = &self.schema.types;
        let names = types.possible(parent).iter().map(|at| types.object(at).as_str()).collect::<Vec<_>>();
        names.into_iter().filter(|name| self.schema.has_field(name, field)).collect()
    }
}
