//! The attribute macros of [`graphwright`](https://docs.rs/graphwright): doors to the compiler, or to
//! what it has written.

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
/// document. Without any, they are those of the `graphql.config.toml` of the crate or of a folder
/// above; the same file gives the schema and all other settings. What the module holds already stays.
///
/// Settings may be given behind the documents, and override the file: `schema = "schema.graphql"`,
/// `config = "…"`, `project = "…"`, `scalars = { DateTime = "jiff::Timestamp" }`, and all of
/// `[extensions.graphwright.generate]`, such as `derives = ["Eq"]`.
///
/// `output = "src/api"` says where `graphwright generate` writes the same code. With the feature `prebuilt`
/// instead of `macros`, that code is used, and nothing of the generator is compiled; if an input has
/// changed since, it is an error.
///
/// The crate is compiled again when one of the files changes. A new file in a folder is seen with the
/// next change of another one.
#[proc_macro_attribute]
pub fn operations(arguments: TokenStream, item: TokenStream) -> TokenStream {
    door::operations(arguments, item)
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
    door::operation(arguments, item)
}
