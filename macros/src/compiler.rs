//! Connects the attributes with `graphwright_codegen::attribute`, which does not depend on the compiler.

use graphwright_codegen::attribute::{self, Surroundings};
use graphwright_codegen::source::Position;
use proc_macro::TokenStream;
use proc_macro2::Span;
use std::path::PathBuf;

pub fn operations(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::operations(arguments.into(), item.into(), &surroundings()).into()
}

pub fn operation(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::operation(arguments.into(), item.into(), &surroundings()).into()
}

fn surroundings() -> Surroundings {
    let crate_root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    Surroundings { crate_root, locate }
}

fn locate(span: Span) -> Option<(String, Position)> {
    let span = span.unwrap();
    let position = Position { line: span.line(), column: span.column() };
    let file = span.file();
    // Language servers do not provide locations.
    (!file.is_empty() && position.line > 0 && position.column > 0).then_some((file, position))
}
