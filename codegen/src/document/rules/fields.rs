//! Rules about fields and their arguments (5.3 and 5.4).

use super::{Rules, suggest};
use crate::diagnostic::{Diagnostic, did_you_mean};
use apollo_compiler::Node;
use apollo_compiler::ast::Field;
use apollo_compiler::schema::ExtendedType;

impl<'a> Rules<'a> {
    /// `fields-on-correct-type`, `scalar-leafs`, and the rules about arguments; the type that is
    /// selected from below the field.
    pub(super) fn field(&mut self, field: &'a Node<Field>, parent: Option<&'a str>) -> Option<&'a str> {
        let Some(definition) = parent.and_then(|parent| self.schema.field(parent, &field.name)) else {
            if let Some(parent) = parent {
                self.unknown_field(field, parent);
            }
            self.stray_arguments(&field.arguments);
            return None;
        };
        let owner = format!("the field `{}`", field.name);
        self.arguments(&field.arguments, &definition.arguments, &owner, self.name(&field.name));
        let ty = definition.ty.inner_named_type();
        let composite = self.schema.is_composite(ty);
        if composite == field.selection_set.is_empty() && self.schema.definitions().types.contains_key(ty) {
            let (name, whole) = (&field.name, &definition.ty);
            let diagnostic = if composite {
                Diagnostic::error("scalar-leafs", format!("`{name}` of type `{whole}` needs a selection of its fields"))
                    .help(format!("write `{name} {{ … }}`"))
            } else {
                Diagnostic::error("scalar-leafs", format!("`{name}` of type `{whole}` has no fields to select"))
            };
            self.found.push(diagnostic.at(self.name(name), ""));
        }
        composite.then_some(ty.as_str())
    }

    fn unknown_field(&mut self, field: &Node<Field>, parent: &str) {
        let name = field.name.as_str();
        let diagnostic = Diagnostic::error("fields-on-correct-type", format!("type `{parent}` has no field `{name}`"));
        let diagnostic = diagnostic.at(self.name(&field.name), "");
        self.found.push(match self.types_with(parent, name).as_slice() {
            [] => {
                let known = self.field_names(parent);
                if known.is_empty() {
                    diagnostic.help(format!("`{parent}` is a union: select from its members with `... on`"))
                } else {
                    suggest(diagnostic, name, known)
                }
            }
            [only] => diagnostic.help(format!("`{only}` has it: select it in `... on {only}`")),
            [first, second, ..] => {
                let near = did_you_mean(name, self.field_names(parent));
                let elsewhere = format!("`{first}` and `{second}` have it: select it in `... on {first}`");
                diagnostic.help(near.unwrap_or(elsewhere))
            }
        });
    }

    fn field_names(&self, parent: &str) -> Vec<&'a str> {
        match self.schema.definitions().types.get(parent) {
            Some(ExtendedType::Object(object)) => object.fields.keys().map(|name| name.as_str()).collect(),
            Some(ExtendedType::Interface(interface)) => interface.fields.keys().map(|name| name.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// The object types that an abstract type can be and that have the field.
    fn types_with(&self, parent: &str, field: &str) -> Vec<&'a str> {
        if self.schema.definitions().get_object(parent).is_some() {
            return Vec::new();
        }
        let types = &self.schema.types;
        let names = types.possible(parent).iter().map(|at| types.object(at).as_str()).collect::<Vec<_>>();
        names.into_iter().filter(|name| self.schema.field(name, field).is_some()).collect()
    }
}
