//! One walk over an SDL file, for all rules.

use super::definition::{Element, TypeDefinition};
use super::{TypeSystem, UsedFields};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::rule::SchemaRule;
use crate::lint::settings::Profile;
use crate::lint::text::TextContext;
use crate::lint::walk::severity;
use crate::source::Span;
use apollo_compiler::Name;
use apollo_compiler::ast::{Type, Value};
use std::ops::Deref;

/// An SDL file being linted.
#[derive(Debug)]
pub struct SchemaContext<'a> {
    /// All files of the schema.
    pub system: &'a TypeSystem<'a>,
    /// The definitions of this file.
    pub definitions: &'a [TypeDefinition<'a>],
    /// Whether it is the first file of the schema, at which definitions missing from the whole schema are reported.
    pub is_first: bool,
    /// The fields that documents select; `None` unless all documents of the project are linted.
    pub used: Option<&'a UsedFields<'a>>,
    text: TextContext<'a>,
}

impl<'a> Deref for SchemaContext<'a> {
    type Target = TextContext<'a>;

    fn deref(&self) -> &TextContext<'a> {
        &self.text
    }
}

impl<'a> SchemaContext<'a> {
    /// Creates the context of a file without findings.
    pub fn new(
        system: &'a TypeSystem<'a>,
        definitions: &'a [TypeDefinition<'a>],
        is_first: bool,
        used: Option<&'a UsedFields<'a>>,
        text: TextContext<'a>,
    ) -> Self {
        Self { system, definitions, is_first, used, text }
    }

    /// Reports a message about an element, at its name.
    pub fn report(&self, name: Option<&Name>, message: impl Into<String>) {
        self.say(self.finding(name.and_then(|name| self.name(name)), message));
    }

    /// Returns the span of a type, from its first bracket to the end of its name.
    pub fn type_span(&self, ty: &Type) -> Option<Span> {
        let name = self.name(ty.inner_named_type())?;
        let mut start = name.start;
        while let Some(before) = self.tokens().start_before(start).filter(|at| self.text().as_bytes()[*at] == b'[') {
            start = before;
        }
        Some(Span { start, ..name })
    }

    /// Returns the span of a definition, its description included.
    pub fn definition_span(&self, definition: &TypeDefinition<'_>) -> Option<Span> {
        use apollo_compiler::ast::Definition as D;
        match definition.node {
            D::SchemaDefinition(of) => self.node(of),
            D::SchemaExtension(of) => self.node(of),
            D::ScalarTypeDefinition(of) => self.node(of),
            D::ScalarTypeExtension(of) => self.node(of),
            D::ObjectTypeDefinition(of) => self.node(of),
            D::ObjectTypeExtension(of) => self.node(of),
            D::InterfaceTypeDefinition(of) => self.node(of),
            D::InterfaceTypeExtension(of) => self.node(of),
            D::UnionTypeDefinition(of) => self.node(of),
            D::UnionTypeExtension(of) => self.node(of),
            D::EnumTypeDefinition(of) => self.node(of),
            D::EnumTypeExtension(of) => self.node(of),
            D::InputObjectTypeDefinition(of) => self.node(of),
            D::InputObjectTypeExtension(of) => self.node(of),
            D::DirectiveDefinition(of) => self.node(of),
            D::OperationDefinition(_) | D::FragmentDefinition(_) => None,
        }
    }

    /// Returns the findings, in the order of reporting.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.text.finish()
    }
}

/// Runs the schema rules of a profile over the file of a context.
pub fn walk(cx: &SchemaContext<'_>, profile: &Profile) {
    let rules: Vec<(&dyn SchemaRule, &'static str, Severity)> = (profile.active.iter())
        .filter_map(|active| Some((active.rule.on_schema()?, active.entry.meta.name, severity(active.level)?)))
        .collect();
    let walk = Walk { cx, rules };
    walk.each(|rule| rule.file(cx));
    for definition in cx.definitions {
        walk.definition(definition);
    }
}

struct Walk<'r, 'a> {
    cx: &'r SchemaContext<'a>,
    rules: Vec<(&'r dyn SchemaRule, &'static str, Severity)>,
}

impl<'a> Walk<'_, 'a> {
    fn each(&self, look: impl Fn(&dyn SchemaRule)) {
        for (rule, name, severity) in &self.rules {
            self.cx.enter(name, *severity);
            look(*rule);
        }
    }

    fn definition(&self, definition: &'a TypeDefinition<'a>) {
        let cx = self.cx;
        self.element(&Element::definition(definition));
        self.each(|rule| rule.definition(cx, definition));
        for field in definition.fields {
            self.element(&Element::field(definition, field));
            self.each(|rule| rule.field(cx, definition, field));
            for argument in &field.arguments {
                self.input(&Element::input(definition, Some(field), argument), argument.default_value.as_deref());
            }
        }
        for input in definition.inputs {
            self.input(&Element::input(definition, None, input), input.default_value.as_deref());
        }
        for value in definition.values {
            self.element(&Element::value(definition, value));
        }
    }

    fn input(&self, element: &Element<'a>, default: Option<&'a Value>) {
        let cx = self.cx;
        self.element(element);
        if let Some(default) = default {
            self.each(|rule| rule.default_value(cx, element, default));
        }
    }

    fn element(&self, element: &Element<'a>) {
        let cx = self.cx;
        self.each(|rule| rule.element(cx, element));
        for directive in element.directives {
            self.each(|rule| rule.directive(cx, element, directive));
        }
    }
}
