//! `graphwright rule`

use super::Exit;
use super::report::Report;
use crate::lint::rule::{Category, Entry, Fixable, Level};
use crate::lint::settings::unknown;
use crate::lint::{pages, presets, rules};
use clap::Args;
use serde_json::json;

/// Explain a lint rule, or list all rules
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright rule
  graphwright rule no-deprecated
  graphwright rule performance                       # the rules of a category
  graphwright rule --schema > lint.schema.json")]
pub struct Arguments {
    /// Rule or category to explain
    name: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print the JSON Schema of [extensions.graphwright.lint] with the options of all rules
    #[arg(long, conflicts_with_all = ["name", "json"])]
    schema: bool,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    if arguments.schema {
        report.result(&pages::settings_schema());
        return Exit::Clean;
    }
    let Some(name) = &arguments.name else {
        let all: Vec<&Entry> = rules::all().iter().collect();
        report.result(&if arguments.json { json(&all) } else { list(&all) });
        return Exit::Clean;
    };
    if let Some(category) = rules::category(name) {
        let entries: Vec<&Entry> = rules::of_category(category).collect();
        report.result(&if arguments.json { json(&entries) } else { table(&entries) });
        return Exit::Clean;
    }
    match rules::find(name) {
        Some(entry) if arguments.json => report.result(&(value(entry).to_string() + "\n")),
        Some(entry) => report.result(&pages::page(entry)),
        None => {
            let known = rules::names().chain(Category::ALL.into_iter().map(Category::name));
            report.error(unknown("rule", name, known).to_string());
            return Exit::Usage;
        }
    }
    Exit::Clean
}

fn table(entries: &[&Entry]) -> String {
    let width = entries.iter().map(|entry| entry.meta.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for entry in entries {
        let level = level(entry.meta.recommended);
        let fix = if entry.meta.fixable == Fixable::No { "   " } else { "fix" };
        let category = entry.meta.category.name();
        text += &format!("{:width$}  {level:5}  {fix}  {category:11}  {}\n", entry.meta.name, entry.meta.what);
    }
    text
}

fn list(all: &[&Entry]) -> String {
    let categories = Category::ALL.map(|category| {
        format!("  {:11}  {:2} rules  {}\n", category.name(), rules::of_category(category).count(), category.about())
    });
    format!(
        "{}\nCategories, which `lint --only` and `lint --level` also accept:\n{}\n\
         Levels are those of the preset `recommended`; presets: {}\n",
        table(all),
        categories.concat(),
        presets::NAMES.join(", ")
    )
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Off => "-",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    }
}

fn json(entries: &[&Entry]) -> String {
    let all: Vec<_> = entries.iter().map(|entry| value(entry)).collect();
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

fn value(entry: &Entry) -> serde_json::Value {
    let meta = &entry.meta;
    json!({
        "name": meta.name,
        "category": meta.category,
        "checks": meta.reads,
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
