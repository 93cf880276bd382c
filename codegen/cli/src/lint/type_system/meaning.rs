//! The definitions of an SDL text, independent of order and layout: proves that a fix changed nothing else.

use crate::syntax::parse;
use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Directive, EnumValueDefinition, FieldDefinition, InputValueDefinition};

/// Returns the definitions of a text in alphabetical order, with sorted members; `None` if it does not parse.
pub fn meaning(text: &str) -> Option<Vec<String>> {
    let (document, errors) = parse(text.strip_prefix('\u{feff}').unwrap_or(text), "schema");
    let mut all: Vec<String> = document.definitions.into_iter().map(|one| sorted(one).to_string()).collect();
    all.sort_unstable();
    errors.is_none().then_some(all)
}

fn sorted(mut definition: Definition) -> Definition {
    match &mut definition {
        Definition::DirectiveDefinition(of) => inputs(&mut of.make_mut().arguments),
        Definition::ObjectTypeDefinition(of) => fields(&mut of.make_mut().fields),
        Definition::ObjectTypeExtension(of) => fields(&mut of.make_mut().fields),
        Definition::InterfaceTypeDefinition(of) => fields(&mut of.make_mut().fields),
        Definition::InterfaceTypeExtension(of) => fields(&mut of.make_mut().fields),
        Definition::InputObjectTypeDefinition(of) => inputs(&mut of.make_mut().fields),
        Definition::InputObjectTypeExtension(of) => inputs(&mut of.make_mut().fields),
        Definition::EnumTypeDefinition(of) => values(&mut of.make_mut().values),
        Definition::EnumTypeExtension(of) => values(&mut of.make_mut().values),
        _ => {}
    }
    definition
}

fn fields(fields: &mut [Node<FieldDefinition>]) {
    for field in fields.iter_mut().map(Node::make_mut) {
        inputs(&mut field.arguments);
        directives(&mut field.directives.0);
    }
    fields.sort_by(|one, other| one.name.cmp(&other.name));
}

fn inputs(inputs: &mut [Node<InputValueDefinition>]) {
    inputs.iter_mut().for_each(|input| directives(&mut input.make_mut().directives.0));
    inputs.sort_by(|one, other| one.name.cmp(&other.name));
}

fn values(values: &mut [Node<EnumValueDefinition>]) {
    values.iter_mut().for_each(|value| directives(&mut value.make_mut().directives.0));
    values.sort_by(|one, other| one.value.cmp(&other.value));
}

/// Normalises directives: their arguments have no order, but directives do (specification, 2.12).
fn directives(directives: &mut [Node<Directive>]) {
    for directive in directives.iter_mut().map(Node::make_mut) {
        directive.arguments.sort_by(|one, other| one.name.cmp(&other.name));
    }
}
