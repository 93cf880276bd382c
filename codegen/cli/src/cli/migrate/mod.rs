//! `graphwright migrate`: migrates the settings of other linters.
//!
//! The input is an ESLint configuration. The output is the lint section of a graphwright configuration, and a list of
//! settings that could not be migrated. The steps are: [`find`] (file and format) -> [`syntax`] (values as written) ->
//! [`read`] ([`config::EslintConfig`]: the GraphQL settings) -> [`translate`] (graphwright's settings) ->
//! [`mod@write`].

pub mod config;
mod eslint;
pub mod find;
mod javascript;
pub mod note;
mod presets;
pub mod read;
pub mod syntax;
pub mod translate;
pub mod write;
mod yaml;

use super::Exit;
use super::report::Report;
use clap::{Args, Subcommand};

pub use eslint::hostile;
pub use presets::preset;

/// Migrate the settings of another linter
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    linter: Linter,
}

#[derive(Debug, Subcommand)]
enum Linter {
    Eslint(eslint::Arguments),
}

/// Runs the command.
pub(super) fn run(arguments: Arguments, report: &Report) -> Exit {
    match arguments.linter {
        Linter::Eslint(arguments) => eslint::run(&arguments, report),
    }
}
