//! Rules about directives (5.7), and directives that change what an operation is in ways that are not supported.

use super::{Owner, Rules};
use crate::diagnostic::{Code, Diagnostic};
use apollo_compiler::Node;
use apollo_compiler::ast::{Directive, DirectiveLocation};
use apollo_compiler::coordinate::DirectiveCoordinate;

impl<'a> Rules<'a> {
    /// `known-directives`, `unique-directives-per-location`, and the rules about arguments.
    pub(super) fn directives(&mut self, directives: &'a [Node<Directive>], location: DirectiveLocation) {
        for (at, directive) in directives.iter().enumerate() {
            let (name, place) = (&directive.name, self.directive_place(directive));
            if let Some(refused) = refused(name) {
                self.found.push(refused.at(place, ""));
                continue;
            }
            let Some(definition) = self.schema.directive(name) else {
                let message = format!("there is no directive `@{name}`");
                let diagnostic = Diagnostic::error(Code::KNOWN_DIRECTIVES, message).at(place, "");
                let diagnostic = diagnostic.about(DirectiveCoordinate { directive: name.clone() });
                self.found.push(self.suggest(diagnostic, name, self.schema.directive_names()));
                self.stray_arguments(&directive.arguments);
                continue;
            };
            if !definition.locations.contains(&location) {
                let places: Vec<String> = definition.locations.iter().map(ToString::to_string).collect();
                let message = format!("`@{name}` is not allowed on {location}");
                let diagnostic = Diagnostic::error(Code::KNOWN_DIRECTIVES, message).at(place, "");
                let diagnostic = diagnostic.about(DirectiveCoordinate { directive: name.clone() });
                self.found.push(diagnostic.help(format!("it is allowed on {}", places.join(", "))));
            }
            let first = directives[..at].iter().find(|earlier| earlier.name == *name);
            if let (Some(first), false) = (first, definition.repeatable) {
                let message = format!("`@{name}` is allowed here only once");
                let diagnostic =
                    Diagnostic::error(Code::UNIQUE_DIRECTIVES_PER_LOCATION, message).at(place, "the second one");
                let diagnostic = diagnostic.about(DirectiveCoordinate { directive: name.clone() });
                self.found.push(diagnostic.also(self.directive_place(first), "the first one"));
            }
            self.arguments(&directive.arguments, &definition.arguments, &Owner::Directive(name), place);
        }
    }
}

/// Directives that are refused, whether a schema declares them or not.
fn refused(name: &str) -> Option<Diagnostic> {
    let (code, message, help) = match name {
        "defer" => (
            Code::NO_INCREMENTAL_DELIVERY,
            "incremental delivery is not supported",
            "remove the directive; to get this part later, send it as an operation of its own",
        ),
        "stream" | "stream_connection" => (
            Code::NO_INCREMENTAL_DELIVERY,
            "incremental delivery is not supported",
            "remove the directive; to get a list in parts, select it page by page, with `first` and `after` from variables",
        ),
        "arguments" | "uncheckedArguments_DEPRECATED" => (
            Code::NO_FRAGMENT_ARGUMENTS,
            "fragments cannot be given arguments",
            "use a variable of the operation inside the fragment, or write a fragment for each set of values",
        ),
        "argumentDefinitions" => (
            Code::NO_FRAGMENT_ARGUMENTS,
            "fragments cannot define arguments",
            "use variables of the operation inside the fragment; every operation that spreads it defines them",
        ),
        _ => return None,
    };
    Some(Diagnostic::error(code, format!("`@{name}`: {message}")).help(help))
}
