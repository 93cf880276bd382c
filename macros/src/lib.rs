//! The attribute macros of [`graphwright`](https://docs.rs/graphwright): a door to
//! `graphwright_codegen::attribute`, which has no compiler around it.

use graphwright_codegen::attribute::{self, Surroundings};
use graphwright_codegen::source::Position;
use proc_macro::TokenStream;
use proc_macro2::Span;
use std::path::PathBuf;

/// Generates code for GraphQL operations into a module.
///
/// ```ignore
/// #[graphwright::operations("graphql/customers.graphql")]
/// pub mod customers {}
/// ```
///
/// Documents are paths, globs and folders, relative to the crate's `Cargo.toml`, or the text of a
/// document. Without any, they are those of the `graphql.config.toml` of the crate or of a folder
/// above; the same file gives the schema and all other settings. What the module holds already stays.
///
/// Settings may be given behind the documents, and override the file: `schema = "schema.graphql"`,
/// `config = "…"`, `project = "…"`, `scalars = { DateTime = "jiff::Timestamp" }`, and all of
/// `[extensions.graphwright.generate]`, such as `derives = ["Eq"]`.
///
/// The crate is compiled again when one of the files changes. A new file in a folder is seen with the
/// next change of another one.
#[proc_macro_attribute]
pub fn operations(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::operations(arguments.into(), item.into(), &surroundings()).into()
}

/// Makes a struct the operation whose text is given.
///
/// ```ignore
/// #[graphwright::operation("query Viewer { viewer { login } }")]
/// pub struct Viewer;
/// ```
///
/// The struct gets the operation's variables as fields. The types of its data are in a module beside
/// it: `viewer::Data`. Settings are as for [`operations`](macro@operations).
#[proc_macro_attribute]
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
    (position.line > 0 && position.column > 0).then(|| (span.file(), position))
}
