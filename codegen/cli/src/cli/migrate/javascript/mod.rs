//! Configurations in JavaScript and TypeScript, read without being run; JSON with comments is a part of that.
//!
//! In: a text. Out: the values in it that a program is not needed for, each with its place. A parser for the whole language
//! adds 41 crates and a minute of compiling to `cargo install`; what is asked of it here are the literals, and a mark
//! at everything else.

mod lexer;
mod module;
mod parser;
mod skip;

use super::syntax::{Module, SyntaxError};
use parser::Parser;

/// Reads a module of JavaScript or TypeScript.
///
/// # Errors
/// A literal or a bracket that does not end, or a value that is nested too deeply.
pub fn module(text: &str) -> Result<Module, SyntaxError> {
    module::read(&mut Parser::new(text)?)
}

/// Reads JSON, in which comments and trailing commas are allowed.
///
/// # Errors
/// The text is not one value.
pub fn json(text: &str) -> Result<Module, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let value = parser.value()?;
    parser.end()?;
    Ok(Module { exported: Some(value), ..Module::default() })
}
