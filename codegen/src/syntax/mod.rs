//! GraphQL texts, independent of a schema.
//!
//! Provides the tokens and definitions of a text, the tree that apollo-parser makes of it, normalised error messages,
//! and printing.

pub(crate) mod foreign;
mod node_id;
mod outline;
mod places;
mod prepare;
pub mod print;
pub mod scan;
pub mod selections;
pub mod tokens;

use crate::diagnostic::{Code, Diagnostic, counted};
use apollo_compiler::ast::Document;
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::DiagnosticList;

pub use node_id::NodeId;
pub use outline::{Defined, DefinedKind, Outline, outline};
pub use places::Places;
pub(crate) use prepare::prepare;
use prepare::without_commas;

/// Parses a text, with its commas or else without them: the parser rejects some valid ones.
pub fn parse(text: &str, name: &str) -> (Document, Option<DiagnosticList>) {
    let once = |text: &str| match Parser::new().parse_ast(text, name) {
        Ok(document) => (document, None),
        Err(found) => (found.partial, Some(found.errors)),
    };
    let (document, errors) = once(text);
    match errors.as_ref().and_then(|_| without_commas(text)) {
        Some(blanked) => once(&blanked),
        None => (document, errors),
    }
}

/// Returns the first syntax errors of a text, since later ones are usually consequences.
pub fn syntax_errors(errors: &DiagnosticList, places: &Places) -> Vec<Diagnostic> {
    const MOST: usize = 5;
    let first = errors.iter().take(MOST).map(|error| {
        Diagnostic::error(Code::SYNTAX, message_of(&error.error.to_string()))
            .at(places.span(error.error.location()), "")
    });
    let mut list: Vec<Diagnostic> = first.collect();
    if errors.len() > MOST
        && let Some(last) = list.last_mut()
    {
        last.note = Some(format!("{} not shown", counted(errors.len() - MOST, "more syntax error")));
    }
    list
}

/// Normalises an apollo-compiler message: no prefix, no trailing full stop.
pub fn message_of(message: &str) -> String {
    const TOKENS: [(&str, &str); 9] = [
        ("R_CURLY", "`}`"),
        ("L_CURLY", "`{`"),
        ("R_PAREN", "`)`"),
        ("L_PAREN", "`(`"),
        ("R_BRACK", "`]`"),
        ("L_BRACK", "`[`"),
        ("COLON", "`:`"),
        ("got EOF", "found the end of the file"),
        (" in this document", ""),
    ];
    let message = message.strip_prefix("syntax error: ").unwrap_or(message).trim_end_matches('.');
    TOKENS.iter().fold(message.to_owned(), |message, (kind, token)| message.replace(kind, token))
}

/// Returns true for the text of a document; false for a path or a glob.
pub fn is_text(literal: &str) -> bool {
    let text = literal.trim_start();
    text.starts_with(['{', '#']) || (text.contains('{') && text.contains(char::is_whitespace))
}
