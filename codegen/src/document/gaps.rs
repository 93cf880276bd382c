//! Rules of the September 2025 specification that apollo-compiler 1.33 does not check.

use super::Documents;
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::source::{Sources, Span};
use apollo_compiler::Node;
use apollo_compiler::ast::{
    Argument, Definition, Directive, InputValueDefinition, OperationDefinition, Selection, Type, Value,
};
use std::collections::HashMap;

/// Checks one file.
pub fn check(schema: &Schema, documents: &Documents, sources: &Sources, file: usize) -> Vec<Diagnostic> {
    let mut checker = Checker { schema, documents, found: Vec::new(), variables: None };
    for definition in &documents.files[file].ast.definitions {
        match definition {
            Definition::OperationDefinition(operation) => checker.operation(operation, sources, file),
            Definition::FragmentDefinition(fragment) => {
                checker.variables = None;
                checker.selections(&fragment.selection_set, &fragment.type_condition);
            }
            _ => {}
        }
    }
    checker.found
}

struct Checker<'a> {
    schema: &'a Schema,
    documents: &'a Documents,
    found: Vec<Diagnostic>,
    /// The variables of the operation that is being checked, by name: type, and whether the
    /// default is a value other than null.
    variables: Option<HashMap<&'a str, (&'a Type, bool)>>,
}

impl<'a> Checker<'a> {
    fn operation(&mut self, operation: &'a Node<OperationDefinition>, sources: &Sources, file: usize) {
        let Some(root) = self.schema.definitions().root_operation(operation.operation_type).cloned() else { return };
        let variables = operation.variables.iter().map(|variable| {
            let default = variable.default_value.as_ref().is_some_and(|value| !value.is_null());
            (variable.name.as_str(), (&*variable.ty, default))
        });
        for variable in &operation.variables {
            if let Some(default) = &variable.default_value {
                self.value(default, &variable.ty, false);
            }
        }
        self.variables = Some(variables.collect());
        self.selections(&operation.selection_set, &root);
        for id in self.documents.reach(sources, file, &operation.selection_set) {
            let fragment = &self.documents.fragment(id).definition;
            self.selections(&fragment.selection_set, &fragment.type_condition);
        }
        self.variables = None;
    }

    fn selections(&mut self, selections: &'a [Selection], parent: &str) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    self.directives(&field.directives);
                    let schema = self.schema;
                    let Some(definition) = schema.field(parent, &field.name) else { continue };
                    self.arguments(&field.arguments, &definition.arguments);
                    self.selections(&field.selection_set, definition.ty.inner_named_type());
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.directives);
                    self.selections(&inline.selection_set, inline.type_condition.as_deref().unwrap_or(parent));
                }
                Selection::FragmentSpread(spread) => self.directives(&spread.directives),
            }
        }
    }

    fn directives(&mut self, directives: &'a [Node<Directive>]) {
        for directive in directives {
            let schema = self.schema;
            if let Some(definition) = schema.definitions().directive_definitions.get(&directive.name) {
                self.arguments(&directive.arguments, &definition.arguments);
            }
        }
    }

    fn arguments(&mut self, arguments: &'a [Node<Argument>], definitions: &'a [Node<InputValueDefinition>]) {
        for argument in arguments {
            if let Some(definition) = definitions.iter().find(|definition| definition.name == argument.name) {
                self.value(&argument.value, &definition.ty, definition.default_value.is_some());
            }
        }
    }

    /// A value in a place of the given type; `has_default` is the place's own default.
    fn value(&mut self, value: &'a Node<Value>, ty: &'a Type, has_default: bool) {
        match &**value {
            Value::Variable(name) => self.variable(value, name, ty, has_default),
            Value::List(items) => {
                let item = if ty.is_list() { ty.item_type() } else { ty };
                for value in items {
                    self.value(value, item, false);
                }
            }
            Value::Object(fields) => self.object(value, fields, ty.inner_named_type()),
            _ => {}
        }
    }

    /// A value of which nothing is known but that its objects have each field once: one of a custom
    /// scalar.
    fn anything(&mut self, value: &'a Node<Value>) {
        match &**value {
            Value::List(items) => items.iter().for_each(|item| self.anything(item)),
            Value::Object(fields) => self.object(value, fields, ""),
            _ => {}
        }
    }

    /// AllVariableUsagesAreAllowed (5.8.5) where apollo-compiler does not look: inside lists and
    /// objects, and for a default of null.
    fn variable(&mut self, value: &Node<Value>, name: &str, place: &Type, place_has_default: bool) {
        let Some((ty, has_value_default)) = self.variables.as_ref().and_then(|known| known.get(name)) else { return };
        let allowed = if place.is_non_null() && !ty.is_non_null() {
            (*has_value_default || place_has_default) && ty.is_assignable_to(&place.clone().nullable())
        } else {
            ty.is_assignable_to(place)
        };
        if !allowed {
            let message = format!("variable `${name}` of type `{ty}` cannot be used where `{place}` is expected");
            let place = self.place(value);
            self.found.push(Diagnostic::error("variables-in-allowed-position", message).at(place, ""));
        }
    }

    fn object(&mut self, value: &Node<Value>, fields: &'a [(apollo_compiler::Name, Node<Value>)], input: &str) {
        let schema = self.schema;
        let definition = schema.definitions().get_input_object(input);
        for (at, (name, field)) in fields.iter().enumerate() {
            if fields[..at].iter().any(|(earlier, _)| earlier == name) {
                let message = format!("there can be only one field `{name}` in the object");
                let place = self.documents.places.span(name.location());
                self.found.push(Diagnostic::error("unique-input-field-names", message).at(place, ""));
            }
            match definition.and_then(|definition| definition.fields.get(name)) {
                Some(definition) => self.value(field, &definition.ty, definition.default_value.is_some()),
                None => self.anything(field),
            }
        }
        if schema.is_one_of(input) {
            self.one_of(value, fields, input);
        }
    }

    /// Exactly one field, and not null (5.6.1, "OneOf Input Objects").
    fn one_of(&mut self, value: &Node<Value>, fields: &[(apollo_compiler::Name, Node<Value>)], input: &str) {
        let message = match fields {
            [(name, only)] => match &**only {
                Value::Null => format!("field `{name}` of the one-of input `{input}` must not be null"),
                Value::Variable(variable) => {
                    let ty = self.variables.as_ref().and_then(|known| known.get(variable.as_str())).map(|(ty, _)| *ty);
                    match ty {
                        Some(ty) if !ty.is_non_null() => format!(
                            "variable `${variable}` must be of a non-null type to be used for the one-of input `{input}`"
                        ),
                        _ => return,
                    }
                }
                _ => return,
            },
            _ => format!("exactly one field of the one-of input `{input}` must be given, not {}", fields.len()),
        };
        let place = self.place(value);
        self.found.push(Diagnostic::error("values-of-correct-type", message).at(place, ""));
    }

    fn place(&self, value: &Node<Value>) -> Option<Span> {
        self.documents.place(value)
    }
}
