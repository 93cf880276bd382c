//! The list in the payload of a mutation that says what was wrong with its input.
//!
//! There is no standard for it: Django has `errors { field messages }`, Shopify `userErrors { field message }`, GitLab
//! `errors`, Relay's examples `problems`.

use apollo_compiler::ast::Type;

/// The fields of an error that hold its text.
pub const MESSAGES: [&str; 2] = ["messages", "message"];
/// The fields of an error that name the field of the input.
pub const FIELDS: [&str; 3] = ["field", "path", "property"];

/// Returns true if a field of a payload is such a list, by its name and its type.
pub fn is_error_list(name: &str, ty: &Type) -> bool {
    ty.is_list() && (name.to_lowercase().ends_with("errors") || name == "problems")
}
