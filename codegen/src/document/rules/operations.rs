//! Rules about the definitions of a document (5.1 and 5.2).

use super::Rules;
use crate::diagnostic::{Code, Diagnostic};
use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, DirectiveList, Field, OperationDefinition, OperationType, Selection};
use std::collections::HashSet;

impl<'a> Rules<'a> {
    /// `executable-definitions`, `unique-operation-names`, `lone-anonymous-operation`,
    /// `known-operation-types`, `single-field-subscriptions`.
    pub(super) fn operations(&mut self) {
        let definitions = &self.documents.files[self.file].ast.definitions;
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
        let mut root = Root::default();
        self.collect_root(self.file, &operation.selection_set, &mut root, &mut HashSet::new());
        let keys: Vec<&str> = root.fields.iter().map(|field| field.response_name().as_str()).collect();
        let extra = root.fields.iter().filter(|field| field.response_name().as_str() != keys[0]);
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
        for field in root.fields.iter().filter(|field| field.name.starts_with("__")) {
            let message = format!("a subscription must not select the meta-field `{}` at its root", field.name);
            let place = self.name(&field.name);
            self.found.push(Diagnostic::error(Code::SINGLE_FIELD_SUBSCRIPTIONS, message).at(place, ""));
        }
        for directives in root.conditional {
            for directive in directives.iter().filter(|one| matches!(one.name.as_str(), "skip" | "include")) {
                let message = format!("`@{}` is not allowed at the root of a subscription", directive.name);
                let place = self.directive_place(directive);
                self.found.push(Diagnostic::error(Code::SINGLE_FIELD_SUBSCRIPTIONS, message).at(place, ""));
            }
        }
    }

    fn collect_root(
        &self,
        file: usize,
        selections: &'a [Selection],
        root: &mut Root<'a>,
        seen: &mut HashSet<super::FragmentId>,
    ) {
        for selection in selections {
            root.conditional.push(match selection {
                Selection::Field(field) => &field.directives,
                Selection::FragmentSpread(spread) => &spread.directives,
                Selection::InlineFragment(inline) => &inline.directives,
            });
            match selection {
                Selection::Field(field) => root.fields.push(field),
                Selection::InlineFragment(inline) => self.collect_root(file, &inline.selection_set, root, seen),
                Selection::FragmentSpread(spread) => {
                    let Ok(id) = self.documents.resolve(self.sources, file, &spread.fragment_name) else { continue };
                    if seen.insert(id) {
                        let fragment = self.documents.fragment(id);
                        self.collect_root(fragment.file, &fragment.definition.selection_set, root, seen);
                    }
                }
            }
        }
    }
}

/// The selections at the root of a subscription.
#[derive(Default)]
struct Root<'a> {
    fields: Vec<&'a Node<Field>>,
    conditional: Vec<&'a DirectiveList>,
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
