//! Compiles GraphQL operations to typed Rust.
//!
//! A build script generates code with a [`Builder`]; the procedural macros of graphwright call [`attribute`]. What both take is
//! a [`config::Config`], and what both report are [`diagnostic::Diagnostics`] about texts ([`source::Sources`]).
//!
//! The pipeline is a chain of functions from data to data:
//! `config` → `load` → `schema` and `query` → `validate` → `ir` → `render` → `output`.
//! `compile` runs it up to the `ir::Module`; the command line (graphwright-cli), build scripts and the
//! macros are thin callers of it.

pub mod attribute;
#[cfg(feature = "format")]
mod build_script;
mod compile;
pub mod config;
mod convention;
pub mod diagnostic;
mod files;
mod ir;
mod load;
mod module_tree;
mod output;
mod query;
mod render;
mod rust_name;
mod schema;
pub mod source;
mod syntax;
mod validate;

#[cfg(feature = "format")]
pub use build_script::Builder;

/// The pipeline, for the other crates of this workspace; nothing in here is stable.
///
/// The command line and the tests work with every step on its own, users with none. One module that says so is a clearer
/// border than a dozen public modules with a promise each, and `crate::schema` means the same in both crates.
#[doc(hidden)]
pub mod internal {
    pub use crate::compile::{Compiled, compile, compile_rest, compile_with_defects};
    pub use crate::{attribute, config, diagnostic, source};

    macro_rules! open {
        ($($module:ident),*) => {
            $(pub mod $module {
                pub use crate::$module::*;
            })*
        };
    }
    open!(convention, files, ir, load, output, query, render, rust_name, schema, syntax, validate);
}
