//! The list of user errors in the payload of a mutation.
//!
//! There is no standard for it: Django has `errors { field messages }`, Shopify `userErrors { field message }`, GitLab
//! `errors`, Relay's examples `problems`.

use apollo_compiler::ast::Type;

/// The fields of an error that contain its message.
pub const MESSAGES: [&str; 2] = ["messages", "message"];
/// The fields of an error that name the input field.
pub const FIELDS: [&str; 3] = ["field", "path", "property"];

/// Returns true if a field of a payload is a list of user errors, by its name and type.
pub fn is_error_list(name: &str, ty: &Type) -> bool {
    ty.is_list() && (name.to_lowercase().ends_with("errors") || name == "problems")
}
