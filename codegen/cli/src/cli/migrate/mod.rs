//! `graphwright migrate`: settings of other linters, as settings of ours.
//!
//! In: an ESLint configuration. Out: the linter's section of a configuration of ours, and a list of what did not become
//! a part of it. The way leads in one direction: [`find`] (which file, which format) -> [`syntax`] (values as written) ->
//! [`read`] ([`config::EslintConfig`]: what it says about GraphQL) -> [`translate`] (settings of ours) -> [`mod@write`].

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

/// Take over the settings of another linter
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
