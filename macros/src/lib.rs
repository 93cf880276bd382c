//! The attribute macros of [`graphwright`](https://docs.rs/graphwright). They call the generator, or use
//! its earlier output.

#[cfg(feature = "compiler")]
mod compiler;
#[cfg(not(feature = "compiler"))]
mod prebuilt;

#[cfg(feature = "compiler")]
use compiler as door;
#[cfg(not(feature = "compiler"))]
use prebuilt as door;
use proc_macro::TokenStream;

/// Generates code for GraphQL operations into a module.
///
/// ```ignore
/// #[graphwright::operations("graphql/customers.graphql")]
/// pub mod customers {}
/// ```
///
/// Documents are paths, globs and folders, relative to the crate's `Cargo.toml`, or the text of a
/// document. Without documents, those of the `graphql.config.toml` of the crate or of a folder
/// above are used. The same file sets the schema and all other settings. Existing items of the module are kept.
///
/// Settings after the documents override the file: `schema = "schema.graphql"`,
/// `config = "…"`, `project = "…"`, `scalars = { DateTime = "jiff::Timestamp" }`, and all of
/// `[extensions.graphwright.generate]`, such as `derives = ["Eq"]`.
///
/// `output = "src/api"` names the output of `graphwright generate` with the same code. With the feature `prebuilt`
/// instead of `macros`, that code is used, and the generator is not compiled. If an input has
/// changed, the attribute reports an error.
///
/// The crate is recompiled when one of the files changes. A new file in a folder is only noticed when
/// another file changes.
#[proc_macro_attribute]
pub fn operations(arguments: TokenStream, item: TokenStream) -> TokenStream {
    door::operations(arguments, item)
}

/// Turns a struct into an operation, given its text.
///
/// ```ignore
/// #[graphwright::operation("query Viewer { viewer { login } }")]
/// pub struct Viewer;
/// ```
///
/// The struct gets the operation's variables as fields. The types of its data are in a module beside
/// it: `viewer::Data`. The settings are those of [`operations`](macro@operations).
#[proc_macro_attribute]
pub fn operation(arguments: TokenStream, item: TokenStream) -> TokenStream {
    door::operation(arguments, item)
}
