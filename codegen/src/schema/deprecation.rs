//! `@deprecated` (section 3.13.3 of the specification).

use apollo_compiler::ast::{Directive, DirectiveList};

/// The reason where none is given.
pub const DEFAULT_REASON: &str = "No longer supported";

/// Why something with these directives should not be used; nothing if it may be.
pub fn deprecation(directives: &DirectiveList) -> Option<&str> {
    directives.get("deprecated").map(|deprecated| deprecation_reason(deprecated))
}

/// The reason that `@deprecated` gives.
pub fn deprecation_reason(deprecated: &Directive) -> &str {
    let reason = deprecated.specified_argument_by_name("reason").and_then(|value| value.as_str());
    reason.unwrap_or(DEFAULT_REASON)
}
