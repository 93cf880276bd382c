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
mod wording;

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
    /// Compare schema changes with the test cases of graphql-js and graphql-inspector
    DiffParity {
        /// Folder with the cases
        folder: PathBuf,
    },
    /// Run the hooks with the real pre-commit and lefthook and check the reports for code hosts (needs Python and npm)
    Hooks,
    /// Generate the rule pages and the schema of their settings from the rules' metadata
    RuleDocs {
        /// Write nothing; fail if a page is not up to date
        #[arg(long)]
        check: bool,
    },
    /// Compare lint rules with the test cases of graphql-eslint and graphql-js
    LintParity {
        /// Folder with the cases
        folder: PathBuf,
    },
    /// Compare the linter with graphql-eslint on real projects, finding by finding (needs npm)
    LintPeer {
        /// Folder with the clients
        folder: PathBuf,
        /// Compare only these clients
        clients: Vec<String>,
    },
    /// Compare `migrate eslint` with ESLint and graphql-eslint (needs npm): rules, levels and findings
    MigratePeer {
        /// Compare only configurations whose names contain this
        only: Option<String>,
        /// Clients whose documents are linted in addition to the own project
        #[arg(long)]
        client: Vec<PathBuf>,
        /// Print what `migrate` reports
        #[arg(long)]
        notes: bool,
    },
    /// Compare the formatter with Prettier (needs npm), text by text in several styles
    FmtPeer {
        /// Folders with GraphQL files, or JSON files with GraphQL in strings
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        /// Number of comparisons with comments and lines at random places
        #[arg(long, default_value_t = 1)]
        rounds: u64,
    },
    /// Run `lint --fix` on random documents that are hard to fix: meaning, comments, line endings, and a second run
    Fixes {
        /// Number of documents
        #[arg(long, default_value_t = 2000)]
        documents: usize,
        /// Seed of the first project
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
    /// Run the main job from end to end on a local Prismatic server
    Quickstart,
    /// Run all tests
    Test,
    /// Check wording, formatting, lints, documentation, dependencies, tests, and the quick start
    Ci,
    /// Report wordings in comments, messages and documentation that are to be replaced
    Wording,
    /// Test the local server against its OpenAPI description, with schemathesis
    Contract {
        /// Number of requests for each endpoint and phase
        #[arg(long, default_value_t = 100)]
        examples: u32,
    },
    /// Test the client with third-party servers from PyPI and npm
    Interop {
        /// Servers to test
        #[arg(default_values_t = ["strawberry".to_owned(), "yoga".to_owned()])]
        servers: Vec<String>,
    },
    /// Send mutations through Varnish, Yoga and broken connections: each runs exactly once (needs Varnish and npm)
    Torture,
    /// Run benchmarks against other tools
    Bench {
        #[command(subcommand)]
        bench: Bench,
    },
    /// Fuzz a parser with random texts (needs cargo-fuzz)
    Fuzz {
        /// Target to fuzz
        #[arg(value_parser = fuzz::TARGETS)]
        target: String,
        /// Duration in seconds
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Compare the runtime's reader of JSON with serde_json, and run JSONTestSuite (needs npm)
    Json {
        /// Number of random texts
        #[arg(long, default_value_t = 2_000_000)]
        executions: u64,
        /// Seed of the first text
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
    /// Generate, compile and round-trip random operations
    Invent {
        /// Only print the schema and the documents of the seed
        #[arg(long)]
        print: bool,
        /// First seed
        #[arg(long, default_value_t = 0)]
        seed: u64,
        /// Number of valid operations
        #[arg(long, default_value_t = 500)]
        operations: usize,
        /// Number of random responses to each operation
        #[arg(long, default_value_t = 20)]
        responses: u64,
        /// Number of random safe changes of each schema, with responses of the changed server
        #[arg(long, default_value_t = 0)]
        evolve: u64,
    },
    /// Add random items to schemas and documents, and compare the meaning of names in generated code
    Names {
        /// Folder of clients, instead of random schemas
        folder: Option<PathBuf>,
        /// First seed
        #[arg(long, default_value_t = 0)]
        seed: u64,
        /// Number of random schemas
        #[arg(long, default_value_t = 100)]
        schemas: u64,
        /// Number of additions to each schema or client
        #[arg(long, default_value_t = 60)]
        rounds: usize,
    },
    /// Generate, compile and round-trip every case of a folder
    Corpus {
        /// Folder of cases, of clients, or of `schema.graphql` and `operations/`
        folder: PathBuf,
        /// Number of random responses to each operation of a client; 0 to compare verdicts only
        #[arg(long, default_value_t = 200)]
        responses: u64,
        /// Number of random safe changes of each schema, with responses of the changed server to each operation
        #[arg(long, default_value_t = 0)]
        evolve: u64,
        /// Seed of the first change; later ones follow
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Compile generated code, compared with the same types with serde's derives
    Derives {
        /// Number of operations
        #[arg(long, default_value_t = 100)]
        operations: usize,
        /// Number of compilations of each
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// Compile crates with the macros on GitHub's schema (needs npm), compared with graphql_client, cynic, and
    /// handwritten types
    Compile {
        /// Number of modules in a crate
        #[arg(long, value_delimiter = ',', default_values_t = [1, 20, 50])]
        modules: Vec<usize>,
        /// Number of compilations of each
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// Run `generate` as a process on GitHub's schema (needs npm), compared with graphql_client
    Generate {
        /// Number of runs of each
        #[arg(long, default_value_t = 20)]
        rounds: u32,
    },
    /// Run `graphwright lint` as a process on GitHub's schema (needs npm and the given cases), compared with
    /// graphql-eslint
    Lint {
        /// Numbers of documents
        #[arg(long, value_delimiter = ',', default_value = "1,357,1249,2459")]
        counts: Vec<usize>,
        /// Maximum number of documents for graphql-eslint: with 2,459 it takes minutes
        #[arg(long, default_value_t = 357)]
        peer_most: usize,
        /// Number of runs of graphwright
        #[arg(long, default_value_t = 10)]
        rounds: u32,
    },
    /// Compare the CPU time of `graphwright lint --fix --unsafe-fixes` with that of `graphwright lint`, with all rules
    Fixes {
        /// Folder with the clients
        folder: PathBuf,
        /// Number of runs of each
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// Run `graphwright diff` as a process on two versions of GitHub's schema (needs npm), compared with
    /// graphql-inspector
    Diff {
        /// Old version of @octokit/graphql-schema
        #[arg(long, default_value = "14.39.1")]
        old: String,
        /// New version of @octokit/graphql-schema
        #[arg(long, default_value = "15.25.0")]
        new: String,
        /// Number of runs of graphwright
        #[arg(long, default_value_t = 10)]
        rounds: u32,
    },
    /// Measure how `lint` and `generate` scale with documents, and check the limits for the largest
    Sizes {
        /// Measure only families of documents whose names contain this
        only: Option<String>,
        /// Measure this program, possibly an older one, instead of the current build
        #[arg(long)]
        program: Option<PathBuf>,
        /// Number of runs of each
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// Measure the cost of a call over reqwest alone
    Runtime {
        /// Number of calls
        #[arg(long, default_value_t = 20_000)]
        calls: u32,
    },
    /// Decode responses of 1 MB by hand and with graphwright, graphql_client, cynic, `serde_json::Value`
    Decode {
        /// Number of decodings of each response
        #[arg(long, default_value_t = 200)]
        rounds: u32,
    },
}

fn main() -> Result<ExitCode> {
    match Arguments::parse().command {
        Command::Quickstart => quickstart::run().map(|()| ExitCode::SUCCESS),
        Command::Test => checks::test().map(|()| ExitCode::SUCCESS),
        Command::Ci => checks::ci().map(|()| ExitCode::SUCCESS),
        Command::Wording => wording::run().map(|()| ExitCode::SUCCESS),
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
        Command::Json { executions, seed } => {
            println!("JSONTestSuite: {} cases", graphwright_tests::json_peer::suite()?);
            let seen = graphwright_tests::json_peer::compare(seed, executions)?;
            println!("{} texts were read alike, {} refused alike", seen.read, seen.refused);
            Ok(ExitCode::SUCCESS)
        }
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
