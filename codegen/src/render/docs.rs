//! Descriptions as documentation comments.

use super::markdown;
use proc_macro2::TokenStream;
use quote::quote;

/// Returns a text of the project itself as `#[doc]` lines; names in it may be arbitrary.
pub fn docs(text: &str) -> TokenStream {
    commented(markdown::lines(text))
}

/// Returns a description as `#[doc]` lines, or another text if there is none: every public item is documented, since
/// crates may forbid missing documentation.
pub fn docs_or(description: Option<&str>, otherwise: &str) -> TokenStream {
    let lines = description.map(markdown::lines).filter(|lines| !lines.is_empty());
    commented(lines.unwrap_or_else(|| markdown::lines(otherwise)))
}

fn commented(lines: Vec<String>) -> TokenStream {
    let lines = lines.into_iter().map(|line| if line.is_empty() { line } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// Returns the deprecation as an attribute. Documentation renders the reason as Markdown, the compiler as plain text.
pub fn deprecated(reason: Option<&str>) -> TokenStream {
    match reason.map(markdown::line) {
        Some(reason) => quote!(#[deprecated(note = #reason)]),
        None => TokenStream::new(),
    }
}
