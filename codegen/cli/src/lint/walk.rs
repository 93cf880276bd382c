//! One walk over a file, for all rules.

use super::context::{Cx, Place};
use super::rule::{Level, Rule};
use super::settings::Profile;
use crate::diagnostic::Severity;
use crate::query::{Selected, SelectionSet};
use crate::schema::TypeDefinition;
use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Definition, Directive, InputValueDefinition, Type, Value};

/// Runs the rules of a profile over the file of a context.
pub fn walk<'a>(cx: &Cx<'a>, profile: &Profile) {
    let rules: Vec<(&dyn Rule, &'static str, Severity)> = (profile.active.iter())
        .filter(|active| !active.entry.is_validity)
        .filter_map(|active| severity(active.level).map(|level| (&*active.rule, active.entry.meta.name, level)))
        .collect();
    if !rules.is_empty() {
        Walk { cx, rules }.file();
    }
}

/// Returns the severity of a level; `None` for `off`.
pub fn severity(level: Level) -> Option<Severity> {
    match level {
        Level::Off => None,
        Level::Info => Some(Severity::Info),
        Level::Warn => Some(Severity::Warning),
        Level::Error => Some(Severity::Error),
    }
}

struct Walk<'r, 'a> {
    cx: &'r Cx<'a>,
    rules: Vec<(&'r dyn Rule, &'static str, Severity)>,
}

impl<'a> Walk<'_, 'a> {
    fn each(&self, look: impl Fn(&dyn Rule)) {
        for (rule, name, severity) in &self.rules {
            self.cx.enter(name, *severity);
            look(*rule);
        }
    }

    fn file(&self) {
        let (cx, documents) = (self.cx, self.cx.documents);
        self.each(|rule| rule.file(cx));
        for definition in &documents.file(cx.file).ast.definitions {
            match definition {
                Definition::OperationDefinition(operation) => {
                    self.each(|rule| rule.operation(cx, operation));
                    self.directives(&operation.directives);
                    for variable in &operation.variables {
                        self.directives(&variable.directives);
                        if let Some(default) = &variable.default_value {
                            self.value(default, Some(&variable.ty));
                        }
                    }
                    self.set(SelectionSet::of_operation(cx.schema, operation));
                }
                Definition::FragmentDefinition(fragment) => {
                    self.each(|rule| rule.fragment(cx, fragment));
                    self.directives(&fragment.directives);
                    self.set(SelectionSet::of_fragment(fragment));
                }
                _ => {}
            }
        }
    }

    fn set(&self, set: SelectionSet<'a>) {
        let cx = self.cx;
        self.each(|rule| rule.set(cx, &set));
        for (at, selected) in set.members().enumerate() {
            let place = Place { set, at };
            match selected {
                Selected::Field(selected) => {
                    let field = selected.field;
                    let definition = selected.definition(cx.schema);
                    self.each(|rule| rule.field(cx, field, definition.map(|definition| &**definition), &place));
                    let arguments = definition.map(|definition| definition.arguments.as_slice()).unwrap_or_default();
                    self.arguments(&field.arguments, arguments);
                    self.directives(&field.directives);
                    if !field.selection_set.is_empty() {
                        self.set(selected.below(definition));
                    }
                }
                Selected::Spread(spread) => {
                    self.each(|rule| rule.spread(cx, spread, &place));
                    self.directives(&spread.directives);
                }
                Selected::Inline { inline, below } => {
                    self.each(|rule| rule.inline(cx, inline, &place));
                    self.directives(&inline.directives);
                    self.set(below);
                }
            }
        }
    }

    fn directives(&self, directives: &'a [Node<Directive>]) {
        let cx = self.cx;
        for directive in directives {
            self.each(|rule| rule.directive(cx, directive));
            let definition = cx.schema.directive(&directive.name);
            let arguments = definition.map(|definition| definition.arguments.as_slice()).unwrap_or_default();
            self.arguments(&directive.arguments, arguments);
        }
    }

    fn arguments(&self, arguments: &'a [Node<Argument>], definitions: &'a [Node<InputValueDefinition>]) {
        let cx = self.cx;
        for argument in arguments {
            let definition = definitions.iter().find(|definition| definition.name == argument.name);
            let definition = definition.map(|definition| &**definition);
            self.each(|rule| rule.argument(cx, argument, definition));
            self.value(&argument.value, definition.map(|definition| &*definition.ty));
        }
    }

    fn value(&self, value: &'a Node<Value>, expected: Option<&'a Type>) {
        let cx = self.cx;
        let ty = expected.and_then(|ty| cx.schema.ty(ty.inner_named_type()));
        match (&**value, ty) {
            (Value::List(items), _) => items.iter().for_each(|item| self.value(item, expected)),
            (Value::Object(fields), Some(TypeDefinition::InputObject(input))) => {
                for (name, value) in fields {
                    let definition = input.fields.get(name).map(|definition| &**definition);
                    if let Some(definition) = definition {
                        self.each(|rule| rule.input_field(cx, name, definition));
                    }
                    self.value(value, definition.map(|definition| &*definition.ty));
                }
            }
            (Value::Enum(name), Some(TypeDefinition::Enum(values))) => {
                if let Some(definition) = values.values.get(name) {
                    self.each(|rule| rule.enum_value(cx, name, definition));
                }
            }
            _ => {}
        }
    }
}
