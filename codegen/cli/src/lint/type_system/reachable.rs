//! The part of a schema that requests can reach.

use super::TypeSystem;
use super::definition::{Element, TypeDefinition};
use apollo_compiler::Node;
use apollo_compiler::ast::{Directive, DirectiveLocation};
use rustc_hash::FxHashSet;

/// The types and directives that requests can use, or that their definitions refer to.
#[derive(Debug, Default)]
pub struct Reachable<'a> {
    /// Types by name.
    pub types: FxHashSet<&'a str>,
    /// Directives by name.
    pub directives: FxHashSet<&'a str>,
}

impl<'a> Reachable<'a> {
    /// Follows the references of the root operation types and of `schema`.
    ///
    /// Reaching an interface also reaches its implementations. Directives with executable locations
    /// are reachable, and so are the types of their arguments.
    pub fn new(system: &TypeSystem<'a>) -> Self {
        let mut this = Self::default();
        let mut open: Vec<&'a str> = system.roots().collect();
        let mut directives: Vec<&'a str> = Vec::new();
        for schema in &system.schemas {
            directives.extend(applied(schema.directives));
        }
        for (name, definitions) in &system.directives {
            if definitions.iter().flat_map(|one| one.locations).any(|location| is_executable(*location)) {
                directives.push(name);
            }
        }
        loop {
            if let Some(name) = directives.pop() {
                if this.directives.insert(name) {
                    let definitions = system.directives.get(name).into_iter().flatten();
                    definitions.for_each(|one| visit(one, &mut open, &mut directives));
                }
            } else if let Some(name) = open.pop() {
                if this.types.insert(name) {
                    let parts = system.types.get(name).map(|ty| ty.parts.as_slice()).unwrap_or_default();
                    parts.iter().for_each(|one| visit(one, &mut open, &mut directives));
                    open.extend(system.implementers.get(name).into_iter().flatten());
                }
            } else {
                return this;
            }
        }
    }
}

/// Adds the types and directives that a definition refers to.
fn visit<'a>(definition: &'a TypeDefinition<'a>, types: &mut Vec<&'a str>, directives: &mut Vec<&'a str>) {
    // Implementing an interface does not make an object reachable, but the interfaces of a reachable object are.
    types.extend(definition.names.iter().map(|name| name.as_str()));
    directives.extend(applied(definition.directives));
    let mut of_element = |element: Element<'a>| {
        types.extend(element.ty.map(|ty| ty.inner_named_type().as_str()));
        directives.extend(applied(element.directives));
    };
    for field in definition.fields {
        of_element(Element::field(definition, field));
        field.arguments.iter().for_each(|argument| of_element(Element::input(definition, Some(field), argument)));
    }
    definition.inputs.iter().for_each(|input| of_element(Element::input(definition, None, input)));
    definition.values.iter().for_each(|value| of_element(Element::value(definition, value)));
}

fn applied(directives: &[Node<Directive>]) -> impl Iterator<Item = &str> {
    directives.iter().map(|directive| directive.name.as_str())
}

fn is_executable(location: DirectiveLocation) -> bool {
    use DirectiveLocation as L;
    matches!(
        location,
        L::Query
            | L::Mutation
            | L::Subscription
            | L::Field
            | L::FragmentDefinition
            | L::FragmentSpread
            | L::InlineFragment
            | L::VariableDefinition
    )
}
