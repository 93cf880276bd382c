//! Compiles GraphQL operations to typed Rust.
//!
//! The pipeline is a chain of functions from data to data:
//! [`config`] → [`load`] → [`schema`] and [`document`] → [`ir`] → [`render`] → [`output`].
//! [`compile`] runs it up to the [`ir::Module`]; the command line, `build.rs` and the
//! macro are thin callers of it.

pub mod attribute;
#[cfg(feature = "format")]
mod build_script;
#[cfg(feature = "lint")]
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
mod compile;
pub mod config;
mod convention;
pub mod diagnostic;
pub mod document;
pub mod files;
pub mod ir;
#[cfg(feature = "lint")]
pub mod lint;
pub mod load;
mod module_tree;
pub mod output;
pub mod render;
pub mod rust_name;
pub mod schema;
pub mod source;
pub mod syntax;
#[cfg(feature = "lint")]
pub mod usage;

#[cfg(feature = "format")]
pub use build_script::Builder;
pub use compile::{Compiled, compile, compile_reached, compile_rest, compile_whole, compile_with_defects};
