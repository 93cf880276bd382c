//! The command line: parse arguments, call the library, print, exit.

mod auth;
mod check;
mod diff;
mod failure;
mod fmt;
mod generate;
mod git;
mod init;
mod introspect;
mod lint;
mod manifest;
pub mod migrate;
mod names;
mod project;
mod projects;
mod report;
mod rule;
mod schema_source;
mod staged;
mod style;
mod usage;

use clap::{ColorChoice, Parser, Subcommand};
use std::process::ExitCode;

/// The result of a run. Its number is the exit code of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The command succeeded and found nothing to report.
    Clean = 0,
    /// The command reported findings: invalid operations, or output that is not up to date.
    Findings = 1,
    /// The command line or the configuration is invalid, or a file cannot be used.
    Usage = 2,
    /// A server could not be reached, or did not return a schema.
    Network = 3,
}

impl Exit {
    /// Returns the worse of two results.
    pub fn and(self, other: Self) -> Self {
        if other as u8 > self as u8 { other } else { self }
    }
}

/// Typed Rust from GraphQL operations: fetch a schema, check operations, generate code.
#[derive(Debug, Parser)]
#[command(name = "graphwright", version, max_term_width = 100, propagate_version = true)]
#[command(after_help = "Exit codes: 0 clean, 1 findings, 2 usage or configuration, 3 network.

Examples:
  graphwright init
  graphwright introspect https://api.example.com/graphql --out schema.graphql
  graphwright generate
  graphwright generate --check
  graphwright lint --fix")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Use colours in the output
    #[arg(long, global = true, display_order = 100, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    /// Print errors only
    #[arg(short, long, global = true, display_order = 100)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(generate::Arguments),
    Lint(lint::Arguments),
    Fmt(fmt::Arguments),
    Rule(rule::Arguments),
    Introspect(introspect::Arguments),
    Check(check::Arguments),
    Diff(diff::Arguments),
    Usage(usage::Arguments),
    Manifest(manifest::Arguments),
    Init(init::Arguments),
    Migrate(migrate::Arguments),
    Auth(auth::Arguments),
}

/// Runs the command line of the process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let report = report::Report::new(arguments.color, arguments.quiet);
    let exit = match arguments.command {
        Command::Generate(arguments) => generate::run(arguments, &report),
        Command::Lint(arguments) => lint::run(arguments, &report),
        Command::Fmt(arguments) => fmt::run(arguments, &report),
        Command::Rule(arguments) => rule::run(arguments, &report),
        Command::Introspect(arguments) => introspect::run(arguments, &report),
        Command::Check(arguments) => check::run(arguments, &report),
        Command::Diff(arguments) => diff::run(arguments, &report),
        Command::Usage(arguments) => usage::run(arguments, &report),
        Command::Manifest(arguments) => manifest::run(arguments, &report),
        Command::Init(arguments) => init::run(arguments, &report),
        Command::Migrate(arguments) => migrate::run(arguments, &report),
        Command::Auth(arguments) => auth::run(arguments, &report),
    };
    ExitCode::from(exit as u8)
}
