//! Project automation: `cargo xtask COMMAND`.

mod corpus;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Project automation
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Generate, compile and round-trip every case of a folder
    Corpus {
        /// A folder of cases, of clients, or of `schema.graphql` and `operations/`
        folder: PathBuf,
    },
}

fn main() -> Result<ExitCode> {
    match Arguments::parse().command {
        Command::Corpus { folder } => corpus::run(&folder),
    }
}
