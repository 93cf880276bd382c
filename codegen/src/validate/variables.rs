//! Rules about variables (5.8).

use super::{Owner, Position, Rules, attribute, of_type};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::query::{Selected, SelectionSet};
use apollo_compiler::ast::{
    Argument, Directive, DirectiveLocation, InputValueDefinition, OperationDefinition, Type, Value, VariableDefinition,
};
use apollo_compiler::coordinate::SchemaCoordinate;
use apollo_compiler::schema::InputObjectType;
use apollo_compiler::{Name, Node};
use std::collections::HashSet;

/// A place where a variable is used.
struct Usage<'a> {
    name: &'a Name,
    value: &'a Node<Value>,
    /// What the place expects, if that is known.
    expected: Option<Expected<'a>>,
    /// The one-of input whose only field it is.
    one_of: Option<&'a Name>,
}

/// What an argument or input field takes.
#[derive(Clone)]
struct Expected<'a> {
    ty: &'a Type,
    has_default: bool,
    of: SchemaCoordinate,
}

impl<'a> Expected<'a> {
    fn new(definition: &'a InputValueDefinition, of: SchemaCoordinate) -> Self {
        Self { ty: &definition.ty, has_default: definition.default_value.is_some(), of }
    }

    /// The position of an item of the list, or of a single value that is coerced to a list.
    fn item(&self) -> Self {
        let ty = if self.ty.is_list() { self.ty.item_type() } else { self.ty };
        Self { ty, has_default: false, of: self.of.clone() }
    }
}

impl<'a> Rules<'a> {
    /// `unique-variable-names`, `known-type-names`, `variables-are-input-types`, and defaults.
    pub(super) fn variable_definitions(&mut self, operation: &'a OperationDefinition) {
        for (at, variable) in operation.variables.iter().enumerate() {
            let name = &variable.name;
            if let Some(first) = operation.variables[..at].iter().find(|earlier| earlier.name == *name) {
                self.twice(Code::UNIQUE_VARIABLE_NAMES, "variable", &first.name, name);
            }
            self.directives(&variable.directives, DirectiveLocation::VariableDefinition);
            let ty = variable.ty.inner_named_type();
            if !self.known_type(ty) {
                continue;
            }
            self.ambiguous_input(ty);
            if self.schema.kind(ty).is_some_and(|kind| !kind.is_input()) {
                let message = format!("variable `${name}` cannot be of type `{}`, which is not for input", variable.ty);
                let place = self.name(ty);
                let diagnostic = Diagnostic::error(Code::VARIABLES_ARE_INPUT_TYPES, message).at(place, "");
                self.found.push(diagnostic.about(of_type(ty)));
            } else if let Some(default) = &variable.default_value {
                let position = Position { words: format!("the default of `${name}`"), of: None };
                self.value(default, &variable.ty, &position);
            }
        }
    }

    /// `no-undefined-variables`, `no-unused-variables`, `variables-in-allowed-position`.
    pub(super) fn variable_usages(&mut self, operation: &'a Node<OperationDefinition>) {
        let mut usages = Vec::new();
        let collector = Collector { rules: self };
        collector.directives(&operation.directives, &mut usages);
        for variable in &operation.variables {
            collector.directives(&variable.directives, &mut usages);
        }
        collector.selections(SelectionSet::of_operation(self.schema, operation), &mut usages);
        for id in self.documents.reach(&operation.selection_set) {
            let fragment = &self.documents.fragment(id).definition;
            collector.directives(&fragment.directives, &mut usages);
            let start = usages.len();
            collector.selections(SelectionSet::of_fragment(fragment), &mut usages);
            // Arguments of a fragment are refused where they are defined, and looked for in no operation.
            if let Some(arguments) = fragment.directives.get("argumentDefinitions") {
                let is_argument = |usage: &Usage<'_>| arguments.arguments.iter().any(|one| one.name == *usage.name);
                let own: Vec<Usage<'a>> = usages.split_off(start);
                usages.extend(own.into_iter().filter(|usage| !is_argument(usage)));
            }
        }
        for usage in &usages {
            match operation.variables.iter().find(|variable| variable.name == *usage.name) {
                Some(variable) => self.position(usage, variable),
                None => self.undefined(usage, operation),
            }
        }
        let used: HashSet<&Name> = usages.iter().map(|usage| usage.name).collect();
        for variable in operation.variables.iter().filter(|variable| !used.contains(&variable.name)) {
            let place = self.variable_place(variable);
            let message = format!("variable `${}` is not used", variable.name);
            self.found.push(Diagnostic::error(Code::NO_UNUSED_VARIABLES, message).at(place, ""));
        }
    }

    fn undefined(&mut self, usage: &Usage<'a>, operation: &'a Node<OperationDefinition>) {
        let of = operation.name.as_ref().map_or_else(|| "the operation".to_owned(), |name| format!("`{name}`"));
        let message = format!("{of} has no variable `${}`", usage.name);
        let diagnostic = Diagnostic::error(Code::NO_UNDEFINED_VARIABLES, message)
            .at(self.documents.place(usage.value), "")
            .also(self.operation_place(operation), "used by this operation");
        let known = operation.variables.iter().map(|variable| variable.name.as_str());
        self.found.push(match did_you_mean(usage.name, known) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    /// 5.8.5, All Variable Usages Are Allowed.
    fn position(&mut self, usage: &Usage<'a>, variable: &'a Node<VariableDefinition>) {
        let (name, ty) = (usage.name, &variable.ty);
        // An undefined type is reported elsewhere.
        if !self.schema.has_type(ty.inner_named_type()) {
            return;
        }
        // At the definition, which is what to fix: the usage may be in a fragment that is right for other operations.
        let place = self.variable_place(variable);
        let used = self.documents.place(usage.value);
        let mut wrong = |message: String| {
            let mut diagnostic = Diagnostic::error(Code::VARIABLES_IN_ALLOWED_POSITION, message).at(place, "");
            diagnostic.about.extend(usage.expected.iter().map(|expected| expected.of.clone()));
            diagnostic.about.extend(usage.one_of.map(|input| of_type(input).into()));
            self.found.push(diagnostic.also(used, "used here"));
        };
        if let (Some(input), false) = (usage.one_of, ty.is_non_null()) {
            wrong(format!(
                "variable `${name}` of type `{ty}` must be non-null to be used in the one-of input `{input}`"
            ));
            return;
        }
        let Some(Expected { ty: expected, has_default: place_has_default, .. }) = usage.expected else { return };
        let has_default = variable.default_value.as_ref().is_some_and(|value| !value.is_null());
        let allowed = if expected.is_non_null() && !ty.is_non_null() {
            (has_default || place_has_default) && ty.is_assignable_to(&expected.clone().nullable())
        } else {
            ty.is_assignable_to(expected)
        };
        if !allowed {
            wrong(format!("variable `${name}` of type `{ty}` cannot be used where `{expected}` is expected"));
        }
    }

    /// The name of a variable, with its dollar sign.
    fn variable_place(&self, variable: &Node<VariableDefinition>) -> Option<crate::source::Span> {
        let (whole, name) = (self.documents.place(variable)?, self.name(&variable.name)?);
        Some(crate::source::Span { end: name.end, ..whole })
    }
}

/// Collects the places where variables are used.
struct Collector<'r, 'a> {
    rules: &'r Rules<'a>,
}

impl<'a> Collector<'_, 'a> {
    fn selections(&self, set: SelectionSet<'a>, usages: &mut Vec<Usage<'a>>) {
        for selected in set.members() {
            self.directives(selected.directives(), usages);
            match selected {
                Selected::Field(field) => {
                    let definition = field.definition(self.rules.schema);
                    let owner = field.parent.map(|parent| Owner::Field { parent, name: &field.field.name });
                    let arguments = definition.map(|definition| definition.arguments.as_slice());
                    self.arguments(&field.field.arguments, owner.as_ref().zip(arguments), usages);
                    self.selections(field.below(definition), usages);
                }
                Selected::Inline { below, .. } => self.selections(below, usages),
                Selected::Spread(_) => {}
            }
        }
    }

    fn directives(&self, directives: &'a [Node<Directive>], usages: &mut Vec<Usage<'a>>) {
        for directive in directives {
            let definition = self.rules.schema.directive(&directive.name);
            let owner = Owner::Directive(&directive.name);
            let definitions = definition.map(|definition| (&owner, definition.arguments.as_slice()));
            self.arguments(&directive.arguments, definitions, usages);
        }
    }

    fn arguments(
        &self,
        arguments: &'a [Node<Argument>],
        definitions: Option<(&Owner<'_>, &'a [Node<InputValueDefinition>])>,
        usages: &mut Vec<Usage<'a>>,
    ) {
        for argument in arguments {
            let expected = definitions.and_then(|(owner, definitions)| {
                let definition = definitions.iter().find(|definition| definition.name == argument.name)?;
                Some(Expected::new(definition, owner.argument(&argument.name)))
            });
            self.value(&argument.value, expected, None, usages);
        }
    }

    fn value(
        &self,
        value: &'a Node<Value>,
        expected: Option<Expected<'a>>,
        one_of: Option<&'a Name>,
        usages: &mut Vec<Usage<'a>>,
    ) {
        match &**value {
            Value::Variable(name) => usages.push(Usage { name, value, expected, one_of }),
            Value::List(items) => {
                let item = expected.map(|expected| expected.item());
                for value in items {
                    self.value(value, item.clone(), None, usages);
                }
            }
            Value::Object(fields) => {
                let schema = self.rules.schema;
                let ty = expected.map(|expected| expected.ty.inner_named_type());
                let input = ty.and_then(|ty| schema.input(ty));
                let one_of = ty.filter(|ty| schema.is_one_of(ty));
                for (name, field) in fields {
                    let definition = input.and_then(|input| Some((input, input.fields.get(name)?)));
                    let of = |input: &InputObjectType| attribute(&input.name, name).into();
                    let expected = definition.map(|(input, field)| Expected::new(field, of(input)));
                    self.value(field, expected, one_of, usages);
                }
            }
            _ => {}
        }
    }
}
