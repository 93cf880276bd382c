//! Rules about directives (5.7).

use super::{Rules, suggest};
use crate::diagnostic::Diagnostic;
use apollo_compiler::Node;
use apollo_compiler::ast::{Directive, DirectiveLocation};

impl<'a> Rules<'a> {
    /// `known-directives`, `unique-directives-per-location`, and the rules about arguments.
    pub(super) fn directives(&mut self, directives: &'a [Node<Directive>], location: DirectiveLocation) {
        let known = &self.schema.definitions().directive_definitions;
        for (at, directive) in directives.iter().enumerate() {
            let (name, place) = (&directive.name, self.directive_place(directive));
            let Some(definition) = known.get(name) else {
                let message = format!("there is no directive `@{name}`");
                let diagnostic = Diagnostic::error("known-directives", message).at(place, "");
                self.found.push(suggest(diagnostic, name, known.keys().map(|name| name.as_str())));
                self.stray_arguments(&directive.arguments);
                continue;
            };
            if !definition.locations.contains(&location) {
                let places: Vec<String> = definition.locations.iter().map(ToString::to_string).collect();
                let message = format!("`@{name}` cannot stand on {location}");
                let diagnostic = Diagnostic::error("known-directives", message).at(place, "");
                self.found.push(diagnostic.help(format!("it can stand on {}", places.join(", "))));
            }
            let first = directives[..at].iter().find(|earlier| earlier.name == *name);
            if let (Some(first), false) = (first, definition.repeatable) {
                let message = format!("`@{name}` can stand here only once");
                let diagnostic =
                    Diagnostic::error("unique-directives-per-location", message).at(place, "the second one");
                self.found.push(diagnostic.also(self.directive_place(first), "the first one"));
            }
            self.arguments(&directive.arguments, &definition.arguments, &format!("`@{name}`"), place);
        }
    }
}
