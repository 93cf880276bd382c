//! Project automation: `cargo xtask COMMAND`.

mod bench;
mod checks;
mod contract;
mod corpus;
mod fixes;
mod fmt_peer;
mod fuzz;
mod hooks;
mod interop;
mod migrate_peer;
mod names;
mod parity;
mod quickstart;
mod rule_docs;
mod sizes;
mod torture;

use anyhow::Result;
use clap::{Parser, Subcommand};
use graphwright_tests::Plan;
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
    /// Changes of schemas against the test cases of graphql-js and graphql-inspector
    DiffParity {
        /// The folder with the cases
        folder: PathBuf,
    },
    /// The hooks with the real pre-commit and lefthook, and what code hosts read (needs Python and npm), in repositories made for it
    Hooks,
    /// The pages of the rules and the schema of their settings, from what the rules say of themselves
    RuleDocs {
        /// Write nothing; fail if a page is not up to date
        #[arg(long)]
        check: bool,
    },
    /// Rules of the linter against the test cases of graphql-eslint and graphql-js
    LintParity {
        /// The folder with the cases
        folder: PathBuf,
    },
    /// The linter beside graphql-eslint on real projects, finding by finding (needs npm)
    LintPeer {
        /// The folder with the clients
        folder: PathBuf,
        /// Only these
        clients: Vec<String>,
    },
    /// `migrate eslint` beside ESLint with graphql-eslint (needs npm): the same rules, levels and findings
    MigratePeer {
        /// Only configurations whose names contain this
        only: Option<String>,
        /// Clients whose documents are linted besides the own project
        #[arg(long)]
        client: Vec<PathBuf>,
        /// Print what `migrate` reports
        #[arg(long)]
        notes: bool,
    },
    /// The formatter beside Prettier (needs npm), text by text in several styles
    FmtPeer {
        /// Folders with files of GraphQL, or of JSON with GraphQL in strings
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        /// How often to compare with comments and lines at random places
        #[arg(long, default_value_t = 1)]
        rounds: u64,
    },
    /// `lint --fix` on random documents that are hard to fix: meaning, comments, line endings, and a second run
    Fixes {
        /// How many documents
        #[arg(long, default_value_t = 2000)]
        documents: usize,
        /// The seed of the first project
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
    /// The main job from end to end, on a local Prismatic server
    Quickstart,
    /// All tests
    Test,
    /// Formatting, lints, documentation, dependencies, tests, and the quick start
    Ci,
    /// The local server against its OpenAPI description, with schemathesis
    Contract {
        /// Requests for each endpoint and phase
        #[arg(long, default_value_t = 100)]
        examples: u32,
    },
    /// The client against servers that others wrote, from PyPI and npm
    Interop {
        /// Which ones
        #[arg(default_values_t = ["strawberry".to_owned(), "yoga".to_owned()])]
        servers: Vec<String>,
    },
    /// Mutations behind Varnish, Yoga and broken connections: each runs exactly once (needs Varnish and npm)
    Torture,
    /// Measure against other tools
    Bench {
        #[command(subcommand)]
        bench: Bench,
    },
    /// Feed a parser with random texts (needs cargo-fuzz)
    Fuzz {
        /// What to feed
        #[arg(value_parser = fuzz::TARGETS)]
        target: String,
        /// For how long
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Generate, compile and round-trip operations that nobody wrote
    Invent {
        /// Only print the schema and the documents of the seed
        #[arg(long)]
        print: bool,
        /// Where to begin
        #[arg(long, default_value_t = 0)]
        seed: u64,
        /// How many valid operations
        #[arg(long, default_value_t = 500)]
        operations: usize,
        /// Random responses to each
        #[arg(long, default_value_t = 20)]
        responses: u64,
        /// Random safe changes of each schema, with responses of the changed server
        #[arg(long, default_value_t = 0)]
        evolve: u64,
    },
    /// Add things to schemas and documents, and compare what the names of generated code mean
    Names {
        /// A folder of clients, instead of invented schemas
        folder: Option<PathBuf>,
        /// Where to begin
        #[arg(long, default_value_t = 0)]
        seed: u64,
        /// How many invented schemas
        #[arg(long, default_value_t = 100)]
        schemas: u64,
        /// Additions to each schema, or client
        #[arg(long, default_value_t = 60)]
        rounds: usize,
    },
    /// Generate, compile and round-trip every case of a folder
    Corpus {
        /// A folder of cases, of clients, or of `schema.graphql` and `operations/`
        folder: PathBuf,
        /// Random responses to each operation of a client; 0 to compare verdicts only
        #[arg(long, default_value_t = 200)]
        responses: u64,
        /// Random safe changes of each schema, with responses of the changed server to each operation
        #[arg(long, default_value_t = 0)]
        evolve: u64,
        /// Seed of the first change; the next ones follow
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Compiling generated code, against the same types with serde's derives
    Derives {
        /// How many operations
        #[arg(long, default_value_t = 100)]
        operations: usize,
        /// How often each is compiled
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// Compiling crates with the macros on GitHub's schema (needs npm), against graphql_client, cynic, and
    /// types by hand
    Compile {
        /// How many modules a crate has
        #[arg(long, value_delimiter = ',', default_values_t = [1, 20, 50])]
        modules: Vec<usize>,
        /// How often each is compiled
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// `generate` as a process on GitHub's schema (needs npm), against graphql_client's
    Generate {
        /// How often each is run
        #[arg(long, default_value_t = 20)]
        rounds: u32,
    },
    /// `graphwright lint` as a process on GitHub's schema (needs npm, and the given cases), against graphql-eslint
    Lint {
        /// How many documents, once each
        #[arg(long, value_delimiter = ',', default_value = "1,357,1249,2459")]
        counts: Vec<usize>,
        /// The most documents that graphql-eslint gets: with 2,459 it takes minutes
        #[arg(long, default_value_t = 357)]
        peer_most: usize,
        /// How often ours is run
        #[arg(long, default_value_t = 10)]
        rounds: u32,
    },
    /// CPU time of `graphwright lint --fix --unsafe-fixes` with all rules over that of `graphwright lint`, for each client
    Fixes {
        /// The folder with the clients
        folder: PathBuf,
        /// How often each is run
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// `graphwright diff` as a process on two versions of GitHub's schema (needs npm), against graphql-inspector
    Diff {
        /// The version of @octokit/graphql-schema as it was
        #[arg(long, default_value = "14.39.1")]
        old: String,
        /// The version as it is
        #[arg(long, default_value = "15.25.0")]
        new: String,
        /// How often ours is run
        #[arg(long, default_value_t = 10)]
        rounds: u32,
    },
    /// How `lint` and `generate` grow with documents, and whether the largest stay within the limits
    Sizes {
        /// Only families of documents whose names contain this
        only: Option<String>,
        /// Measure this program, an older one perhaps, instead of what is built here
        #[arg(long)]
        program: Option<PathBuf>,
        /// How often each is run
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// What a call costs, over reqwest alone
    Runtime {
        /// How many calls
        #[arg(long, default_value_t = 20_000)]
        calls: u32,
    },
    /// Decoding of responses of 1 MB: by hand, graphwright, graphql_client, cynic, `serde_json::Value`
    Decode {
        /// How often each response is decoded by each
        #[arg(long, default_value_t = 200)]
        rounds: u32,
    },
}

fn main() -> Result<ExitCode> {
    match Arguments::parse().command {
        Command::Quickstart => quickstart::run().map(|()| ExitCode::SUCCESS),
        Command::Test => checks::test().map(|()| ExitCode::SUCCESS),
        Command::Ci => checks::ci().map(|()| ExitCode::SUCCESS),
        Command::Contract { examples } => contract::run(examples).map(|()| ExitCode::SUCCESS),
        Command::Interop { servers } => interop::run(&servers).map(|()| ExitCode::SUCCESS),
        Command::Torture => torture::run().map(|()| ExitCode::SUCCESS),
        Command::Bench { bench: Bench::Derives { operations, rounds } } => {
            bench::derives(operations, rounds).map(|()| ExitCode::SUCCESS)
        }
        Command::Bench { bench: Bench::Compile { modules, rounds } } => {
            bench::compile(&modules, rounds).map(|()| ExitCode::SUCCESS)
        }
        Command::Bench { bench: Bench::Generate { rounds } } => bench::generate(rounds).map(|()| ExitCode::SUCCESS),
        Command::Bench { bench: Bench::Lint { counts, peer_most, rounds } } => {
            bench::lint(&counts, peer_most, rounds).map(|()| ExitCode::SUCCESS)
        }
        Command::Bench { bench: Bench::Fixes { folder, rounds } } => bench::fixes(&folder, rounds),
        Command::Bench { bench: Bench::Diff { old, new, rounds } } => {
            bench::diff(&old, &new, rounds).map(|()| ExitCode::SUCCESS)
        }
        Command::Bench { bench: Bench::Sizes { only, program, rounds } } => {
            sizes::run(only.as_deref(), program.as_deref(), rounds).map(|()| ExitCode::SUCCESS)
        }
        Command::Bench { bench: Bench::Runtime { calls } } => bench::runtime(calls).map(|()| ExitCode::SUCCESS),
        Command::Bench { bench: Bench::Decode { rounds } } => bench::decode(rounds).map(|()| ExitCode::SUCCESS),
        Command::Fuzz { target, seconds } => fuzz::run(&target, seconds).map(|()| ExitCode::SUCCESS),
        Command::Invent { print: true, seed, .. } => {
            corpus::print_invented(seed);
            Ok(ExitCode::SUCCESS)
        }
        Command::Invent { seed, operations, responses, evolve, .. } => {
            corpus::invent(seed, operations, Plan { responses, evolutions: evolve, seed: 0 })
        }
        Command::DiffParity { folder } => parity::diff(&folder),
        Command::Fixes { documents, seed } => fixes::run(documents, seed),
        Command::Hooks => hooks::run().map(|()| ExitCode::SUCCESS),
        Command::RuleDocs { check } => rule_docs::run(check).map(|()| ExitCode::SUCCESS),
        Command::LintParity { folder } => parity::run(&folder),
        Command::LintPeer { folder, clients } => parity::peer(&folder, &clients),
        Command::MigratePeer { only, client, notes } => {
            let shown = if notes { migrate_peer::Notes::Shown } else { migrate_peer::Notes::Hidden };
            migrate_peer::run(only.as_deref(), &client, shown)
        }
        Command::FmtPeer { folders, rounds } => fmt_peer::run(&folders, rounds),
        Command::Names { folder, seed, schemas, rounds } => names::run(folder.as_deref(), seed, schemas, rounds),
        Command::Corpus { folder, responses, evolve, seed } => {
            corpus::run(&folder, Plan { responses, evolutions: evolve, seed })
        }
    }
}
