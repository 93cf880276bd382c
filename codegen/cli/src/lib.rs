//! The `graphwright` command: what people run, above the pipeline of graphwright-codegen.
//!
//! [`cli`] has one file for each command. [`lint`], [`change`] and [`usage`] are what commands do beyond generating code:
//! functions from texts and schemas to data, which read and write no files. The library is for the command and for the tests
//! of its workspace; nothing in it is stable.

pub mod change;
pub mod cli;
pub mod formats;
pub mod formatter;
pub mod lint;
pub mod usage;

// The modules of the pipeline have the same paths here as there.
use graphwright_codegen::internal::{
    Compiled, compile, compile_with_defects, config, convention, diagnostic, files, ir, load, output, query, rust_name,
    schema, source, syntax, validate,
};

pub use cli::main;
