//! Rules about the definitions of a document (5.1 and 5.2).

use super::Rules;
use crate::diagnostic::{Code, Diagnostic};
use crate::query::{Follow, Selected, SelectionSet};
use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, OperationDefinition, OperationType};

impl<'a> Rules<'a> {
    /// `executable-definitions`, `unique-operation-names`, `lone-anonymous-operation`,
    /// `known-operation-types`, `single-field-subscriptions`.
    pub(super) fn operations(&mut self) {
        let definitions = &self.documents.file(self.file).ast.definitions;
        let mut operations: Vec<&'a Node<OperationDefinition>> = Vec::new();
        for definition in definitions {
            match definition {
                Definition::OperationDefinition(operation) => operations.push(operation),
                Definition::FragmentDefinition(_) => {}
                other => {
                    let location = other.location();
                    let place = self.documents.places.span(location).map(|span| self.first_line(span));
                    let message = format!("a document of operations cannot hold {}", described(other));
                    let diagnostic = Diagnostic::error(Code::EXECUTABLE_DEFINITIONS, message).at(place, "");
                    self.found
                        .push(diagnostic.help("definitions of types belong to the `schema` of the configuration"));
                }
            }
        }
        for (at, operation) in operations.iter().enumerate() {
            let Some(name) = &operation.name else { continue };
            let first =
                operations[..at].iter().find_map(|earlier| earlier.name.as_ref().filter(|first| *first == name));
            if let Some(first) = first {
                self.twice(Code::UNIQUE_OPERATION_NAMES, "operation", first, name);
            }
        }
        for operation in operations.iter().filter(|operation| operation.name.is_none() && operations.len() > 1) {
            let message = "an operation without a name must be the only one of its document";
            let place = self.head(operation);
            let diagnostic = Diagnostic::error(Code::LONE_ANONYMOUS_OPERATION, message).at(place, "");
            self.found.push(diagnostic.help("give it a name"));
        }
        for operation in operations {
            let ty = operation.operation_type;
            if self.schema.root(ty).is_none() {
                let message = format!("the schema has no type for a {}", ty.name());
                let place = self.head(operation);
                self.found.push(Diagnostic::error(Code::KNOWN_OPERATION_TYPES, message).at(place, ""));
            } else if ty == OperationType::Subscription {
                self.subscription(operation);
            }
        }
    }

    fn first_line(&self, span: crate::source::Span) -> crate::source::Span {
        let text = &self.sources.text(span.source)[span.range()];
        let end = text.find(['\n', '\r', '{', '(']).unwrap_or(text.len());
        crate::source::Span { end: span.start + text[..end].trim_end().len(), ..span }
    }

    /// 5.2.4.1: one response key at the root, no meta-field, nothing that a variable leaves out.
    fn subscription(&mut self, operation: &'a Node<OperationDefinition>) {
        let (mut fields, mut conditional) = (Vec::new(), Vec::new());
        for selected in self.documents.walk(Follow::Once).over(SelectionSet::of_operation(self.schema, operation)) {
            conditional.push(selected.directives());
            if let Selected::Field(field) = selected {
                fields.push(field.field);
            }
        }
        let key = fields.first().map(|field| field.response_name());
        let extra = fields.iter().filter(|field| Some(field.response_name()) != key);
        let mut places = extra.map(|field| self.name(field.response_name()));
        if let Some(first) = places.next() {
            let message = "a subscription must select one field at its root";
            let mut diagnostic =
                Diagnostic::error(Code::SINGLE_FIELD_SUBSCRIPTIONS, message).at(first, "this is another");
            for place in places {
                diagnostic = diagnostic.also(place, "");
            }
            self.found.push(diagnostic.also(self.operation_place(operation), "of this subscription"));
        }
        for field in fields.iter().filter(|field| field.name.starts_with("__")) {
            let message = format!("a subscription must not select the meta-field `{}` at its root", field.name);
            let place = self.name(&field.name);
            self.found.push(Diagnostic::error(Code::SINGLE_FIELD_SUBSCRIPTIONS, message).at(place, ""));
        }
        for directives in conditional {
            for directive in directives.iter().filter(|one| matches!(one.name.as_str(), "skip" | "include")) {
                let message = format!("`@{}` is not allowed at the root of a subscription", directive.name);
                let place = self.directive_place(directive);
                self.found.push(Diagnostic::error(Code::SINGLE_FIELD_SUBSCRIPTIONS, message).at(place, ""));
            }
        }
    }
}

fn described(definition: &Definition) -> String {
    let kind = match definition {
        Definition::DirectiveDefinition(_) => "the definition of a directive",
        Definition::SchemaDefinition(_) => "the definition of a schema",
        Definition::SchemaExtension(_) => "an extension of a schema",
        _ if definition.is_extension_definition() => "the extension of a type",
        _ => "the definition of a type",
    };
    match definition.name() {
        Some(name) => format!("{kind}, `{name}`"),
        None => kind.to_owned(),
    }
}
