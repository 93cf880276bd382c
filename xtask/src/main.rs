//! Project automation: `cargo xtask COMMAND`.

mod corpus;
mod quickstart;

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
    /// The main job from end to end, on a local Prismatic server
    Quickstart,
    /// Generate, compile and round-trip every case of a folder
    Corpus {
        /// A folder of cases, of clients, or of `schema.graphql` and `operations/`
        folder: PathBuf,
    },
}

fn main() -> Result<ExitCode> {
    match Arguments::parse().command {
        Command::Quickstart => quickstart::run().map(|()| ExitCode::SUCCESS),
        Command::Corpus { folder } => corpus::run(&folder),
    }
}
