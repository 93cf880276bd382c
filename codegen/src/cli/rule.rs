//! `graphwright rule`

use super::Exit;
use super::report::Report;
use crate::lint::rule::{Entry, Fixable, Level};
use crate::lint::settings::unknown;
use crate::lint::{pages, presets, rules};
use clap::Args;
use serde_json::json;

/// Explain a rule of the linter, or list all of them
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright rule
  graphwright rule no-deprecated
  graphwright rule --schema > lint.schema.json")]
pub struct Arguments {
    /// The rule
    name: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// The JSON Schema of [extensions.graphwright.lint], with the options of all rules
    #[arg(long, conflicts_with_all = ["name", "json"])]
    schema: bool,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    if arguments.schema {
        report.result(&pages::settings_schema());
        return Exit::Clean;
    }
    let Some(name) = &arguments.name else {
        report.result(&if arguments.json { list_json() } else { list() });
        return Exit::Clean;
    };
    match rules::find(name) {
        Some(entry) if arguments.json => report.result(&(value(entry).to_string() + "\n")),
        Some(entry) => report.result(&pages::page(entry)),
        None => {
            report.error(unknown("rule", name, rules::names()));
            return Exit::Usage;
        }
    }
    Exit::Clean
}

fn list() -> String {
    let width = rules::names().map(str::len).max().unwrap_or_default();
    let mut text = String::new();
    for entry in rules::all() {
        let level = level(entry.meta.recommended);
        let fix = if entry.meta.fixable == Fixable::No { "   " } else { "fix" };
        text += &format!("{:width$}  {level:5}  {fix}  {}\n", entry.meta.name, entry.meta.what);
    }
    text + &format!("\nLevels are those of the preset `recommended`; presets: {}\n", presets::NAMES.join(", "))
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Off => "-",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    }
}

fn list_json() -> String {
    let all: Vec<_> = rules::all().iter().map(value).collect();
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

fn value(entry: &Entry) -> serde_json::Value {
    let meta = &entry.meta;
    json!({
        "name": meta.name,
        "category": meta.category,
        "recommended": meta.recommended,
        "usual": meta.usual,
        "fix": meta.fixable,
        "knownAs": meta.known_as,
        "what": meta.what,
        "why": meta.why,
        "url": meta.url(),
        "options": (entry.options)(),
    })
}
