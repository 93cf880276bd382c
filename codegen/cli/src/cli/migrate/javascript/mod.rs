//! Parses configurations in JavaScript and TypeScript, and JSON with comments, without running them.
//!
//! Produces the constant values in a text, each with its range; other expressions are marked as unreadable. A parser
//! for the whole language would add 41 crates and a minute of compile time to `cargo install`.

mod lexer;
mod module;
mod parser;
mod skip;

use super::syntax::{Module, SyntaxError};
use parser::Parser;

/// Parses a JavaScript or TypeScript module.
///
/// # Errors
/// A literal or bracket is unterminated, or a value is nested too deeply.
pub fn module(text: &str) -> Result<Module, SyntaxError> {
    module::read(&mut Parser::new(text)?)
}

/// Parses JSON with comments and trailing commas.
///
/// # Errors
/// The text is not a single value.
pub fn json(text: &str) -> Result<Module, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let value = parser.value()?;
    parser.end()?;
    Ok(Module { exported: Some(value), ..Module::default() })
}
