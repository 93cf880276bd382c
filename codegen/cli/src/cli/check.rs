//! `graphwright check`

use super::Exit;
use super::diff::{self, Outputs};
use super::failure::Failure;
use super::introspect;
use super::names::{for_people, for_programs};
use super::projects::{self, ProjectFlags};
use super::report::{Report, counted};
use super::schema_source::{self, Asking};
use crate::change::{Change, Effect, Impact, Level, diff as changes_between, impact};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Diagnostics, render};
use crate::formats::{self, Format};
use crate::load::{self, Setting};
use crate::output;
use crate::schema::Schema;
use crate::source::{SourceId, Sources};
use anyhow::Context;
use apollo_compiler::ast::OperationType;
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::path::Path;

/// Report the operations and Rust types that schema changes affect
///
/// Compares the server's schema with the schema file of the configuration. Reports operations that are no
/// longer valid, Rust types that would change, changed behaviour and newly deprecated usage, each with its
/// location. Changes that no operation uses are summarised in one line.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright check                                   # against the URL of the configuration
  graphwright check --update                          # and overwrite the schema file
  graphwright check --against https://staging.example.com/graphql -H 'Authorization: Bearer $TOKEN'
  graphwright check --against git:main:schema.graphql # what this branch's schema changes
  graphwright check --format github --format markdown=summary.md
  graphwright check --all                             # also list every change of the schema

Exit codes: 0 nothing affected, 1 operations affected (see --fail-on), 2 usage, 3 network.")]
pub struct Arguments {
    /// Schema to compare with: a URL or file (the new schema), or git:REVISION:PATH (the old one) [default: `url` of
    /// [extensions.graphwright.introspect]]
    #[arg(long, value_name = "SCHEMA")]
    against: Option<String>,
    /// Overwrite the schema file (only if exactly one is configured)
    #[arg(long)]
    update: bool,
    /// Also list every change of the schema
    #[arg(long)]
    all: bool,
    /// Output format: human, markdown, compact, json, json-lines, sarif, github, gitlab, junit, checkstyle; `=FILE`
    /// writes to a file
    #[arg(long, value_name = "FORMAT[=FILE]")]
    format: Vec<String>,
    /// Fail on changes of this kind or worse
    #[arg(long, value_enum, default_value_t = FailOn::Types)]
    fail_on: FailOn,
    /// Send a request header, `Name: value`, instead of the configured ones
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    headers: Vec<String>,
    /// Wait at most this many seconds for a response
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    #[command(flatten)]
    projects: ProjectFlags,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum FailOn {
    /// Invalid operations
    Breaks,
    /// Invalid operations or changed Rust types
    Types,
    /// The above, or changed behaviour
    Behaves,
    /// The above, or newly deprecated usage
    Deprecated,
    /// Any breaking change of the schema, used or not
    Breaking,
    /// Never fail
    Never,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    match all(&arguments, report) {
        Ok(exit) => exit,
        Err(failure) => failure.tell(report),
    }
}

/// A project with its two schemas.
struct Compared {
    /// The label of the project, if there are several.
    label: Option<String>,
    impact: Impact,
    changes: Vec<Change>,
    /// Sources whose file names are relative to the working directory.
    sources: Sources,
}

/// Checks every selected project and writes one report for all of them.
fn all(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    let outputs = diff::outputs(&arguments.format)?;
    if arguments.update && arguments.against.as_deref().is_some_and(|name| name.starts_with("git:")) {
        return Err(Failure::Usage(anyhow::anyhow!(
            "--update writes the newer schema, but --against names an older one: a git revision"
        )));
    }
    let configs = arguments.projects.all()?;
    let mut exit = Exit::Clean;
    let mut compared = Vec::new();
    for config in &configs {
        match once(arguments, config, projects::label_among(config, &configs), report) {
            Ok(one) => {
                exit = exit.and(judged(arguments.fail_on, &one));
                compared.push(one);
            }
            Err(failure) => exit = exit.and(failure.tell(report)),
        }
    }
    tell(&outputs, &compared, report)?;
    let is_for_people = outputs.iter().all(|(format, file)| file.is_some() || *format == Some(Format::Human));
    for one in &compared {
        let prefix = projects::prefix(one.label.as_deref());
        if arguments.all && is_for_people {
            diff::tell(&vec![(Some(Format::Human), None)], &one.changes, true, one.sources.clone(), report)?;
        } else if arguments.all {
            one.changes.iter().for_each(|change| report.info(format!("{prefix}{}: {}", change.level, change.message)));
        }
        report.info(format!("{prefix}{}", summary(&one.impact)));
        if !one.changes.is_empty() {
            let more = if arguments.all { "" } else { "; --all lists them" };
            report.info(format!("{prefix}schema changes: {}{more}", diff::counts(&one.changes, 0)));
        }
        if one.impact.has_broken_before {
            report.info(format!("{prefix}skipped documents that are invalid against the old schema"));
        }
    }
    Ok(exit)
}

fn once(arguments: &Arguments, config: &Config, label: Option<String>, report: &Report) -> Result<Compared, Failure> {
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let old = load::read_all(config, Setting::Schema, &config.schema, &mut sources, &mut problems);
    let client = load::read_client_schema(config, &mut sources, &mut problems);
    let client = config.client_side(&client);
    let texts = load::read_all(config, Setting::Documents, &config.documents, &mut sources, &mut problems);
    let found = for_people(config, Diagnostics::new(sources.clone(), problems));
    if found.has_errors() {
        return Err(Failure::Configuration(found));
    }
    report.diagnostics(&found);
    let new = other(arguments, config, &mut sources, report)?;
    let new_text = new.iter().map(|id| sources.text(*id).to_string()).collect::<Vec<_>>().join("\n");
    let mut before = schema_source::load(&mut sources, &old, client.clone())?;
    let mut after = schema_source::load(&mut sources, &new, client)?;
    if arguments.against.as_deref().is_some_and(|name| name.starts_with("git:")) {
        // A git revision is the old schema; the configured file is the new one.
        std::mem::swap(&mut before, &mut after);
    }
    let mut changes = changes_between(before.server(), after.server());
    changes.sort_by_key(|change| change.level);
    let impact = impact(config, &sources, &texts, (&before, &after), &changes);
    let errors: Vec<_> = [&before, &after].into_iter().flat_map(Schema::syntax_errors).collect();
    if !errors.is_empty() {
        return Err(Failure::Configuration(Diagnostics::new(sources, errors)));
    }
    if arguments.update {
        let violations = |schema: &Schema| {
            schema.violations().map_err(|list| Failure::Configuration(Diagnostics::new(sources.clone(), list)))
        };
        let (known, found) = (violations(&before)?, violations(&after)?);
        let is_worse = found.len() > known.len();
        if is_worse || after.root(OperationType::Query).is_none() {
            let shown = found.into_iter().take(5).collect();
            report.diagnostics(&for_people(config, Diagnostics::new(sources, shown)));
            return Err(Failure::Usage(anyhow::anyhow!("the new schema is invalid and was not written")));
        }
        update(config, &old, &sources, &new_text, report)?;
    }
    let sources = for_people(config, Diagnostics::new(sources, Vec::new())).sources;
    Ok(Compared { label, impact, changes, sources })
}

/// Returns the exit code for a result.
fn judged(fail_on: FailOn, Compared { impact, changes, .. }: &Compared) -> Exit {
    let breaking = changes.iter().any(|change| change.level == Level::Breaking);
    let limit = match fail_on {
        FailOn::Never => return Exit::Clean,
        FailOn::Breaking if breaking => return Exit::Findings,
        FailOn::Breaks | FailOn::Breaking => Effect::Breaks,
        FailOn::Types => Effect::Types,
        FailOn::Behaves => Effect::Behaves,
        FailOn::Deprecated => Effect::Deprecated,
    };
    let fails = impact.effects.iter().any(|(effect, _)| *effect <= limit);
    if fails { Exit::Findings } else { Exit::Clean }
}

/// Reads the schema to compare with.
fn other(
    arguments: &Arguments,
    config: &Config,
    sources: &mut Sources,
    report: &Report,
) -> Result<Vec<SourceId>, Failure> {
    if let Some(name) = &arguments.against {
        let asking = Asking { headers: &arguments.headers, timeout: arguments.timeout };
        return schema_source::read(name, &asking, sources, report);
    }
    let url =
        config.introspect.url.clone().context(
            "no schema to compare with; set `url` under [extensions.graphwright.introspect] or give --against",
        )?;
    let mut headers = introspect::headers(&arguments.headers).map_err(Failure::Usage)?;
    if headers.is_empty() {
        headers = introspect::configured(config).map_err(Failure::Usage)?;
    }
    let (sdl, _) = introspect::sdl_of(&url, headers, arguments.timeout, report)?;
    Ok(vec![sources.add(url, sdl)])
}

fn tell(outputs: &Outputs, compared: &[Compared], report: &Report) -> anyhow::Result<()> {
    let mut diagnostics = Diagnostics::default();
    for one in compared {
        let list = one.impact.effects.iter().map(|(_, diagnostic)| diagnostic.clone()).collect();
        diagnostics.append(Diagnostics::new(one.sources.clone(), list));
    }
    for (format, file) in outputs {
        let text = match format {
            None => compared.iter().map(markdown).collect::<Vec<_>>().join("\n"),
            Some(Format::Human) if diagnostics.list.is_empty() => String::new(),
            Some(Format::Human) => format!("{}\n\n", render::styled(&diagnostics)),
            Some(Format::Compact) => formats::text(Format::Compact, &diagnostics, &|_| None),
            Some(format) => formats::text(*format, &for_programs(diagnostics.clone()), &|_| None),
        };
        match file {
            Some(file) => output::write(file, &anstream::adapter::strip_str(&text).to_string())?,
            None => report.result(&text),
        }
    }
    Ok(())
}

fn names(impact: &Impact, effect: Effect) -> BTreeSet<String> {
    impact.affected.get(&effect).cloned().unwrap_or_default()
}

fn summary(impact: &Impact) -> String {
    let phrases = [
        (Effect::Breaks, "errors in"),
        (Effect::Types, "Rust types change in"),
        (Effect::Behaves, "behaviour may change in"),
        (Effect::Deprecated, "newly deprecated usage in"),
    ];
    let parts = phrases.iter().filter_map(|(effect, phrase)| {
        let count = names(impact, *effect).len();
        (count > 0).then(|| format!("{phrase} {count}"))
    });
    let parts: Vec<String> = parts.collect();
    let operations = counted(impact.operations, "operation");
    match parts.is_empty() {
        true if impact.effects.is_empty() => format!("no effect on {operations}"),
        true => format!("{} in fragments that no operation uses", counted(impact.effects.len(), "finding")),
        false => format!("{} of {operations}", parts.join(", ")),
    }
}

fn markdown(Compared { label, impact, changes, sources }: &Compared) -> String {
    let sources = for_programs(Diagnostics::new(sources.clone(), Vec::new())).sources;
    let of = label.as_ref().map_or_else(String::new, |label| format!(" of {label}"));
    let counts = diff::counts(changes, 0);
    let mut text = format!("## GraphQL{of}: {}\n\nSchema changes: {counts}.\n", summary(impact));
    for (effect, title) in [
        (Effect::Breaks, "No longer valid"),
        (Effect::Types, "Changed Rust types"),
        (Effect::Behaves, "Changed behaviour"),
        (Effect::Deprecated, "Newly deprecated"),
    ] {
        let of: Vec<&Diagnostic> =
            impact.effects.iter().filter(|(one, _)| *one == effect).map(|(_, diagnostic)| diagnostic).collect();
        if of.is_empty() {
            continue;
        }
        let shown: Vec<String> = names(impact, effect).iter().map(|name| format!("`{name}`")).collect();
        text += &format!("\n### {title}\n\nOperations: {}\n\n", shown.join(", "));
        for one in of {
            let place =
                one.primary.as_ref().map(|label| format!("`{}`: ", sources.place(label.span))).unwrap_or_default();
            let note = one.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            text += &format!("- {place}{}{note}\n", one.message);
        }
    }
    text
}

/// Overwrites the schema file, in its current format.
fn update(config: &Config, old: &[SourceId], sources: &Sources, new: &str, report: &Report) -> Result<(), Failure> {
    let [only] = old else {
        return Err(Failure::Usage(anyhow::anyhow!(
            "--update requires exactly one schema file; the configuration has {}",
            old.len()
        )));
    };
    let path = config.resolve(Path::new(sources.name(*only)));
    if sources.text(*only).trim_start().starts_with('{') && !new.trim_start().starts_with('{') {
        return Err(Failure::Usage(anyhow::anyhow!(
            "{} contains JSON; write it with `graphwright introspect --format json --out {}`",
            path.display(),
            path.display()
        )));
    }
    let is_json = new.trim_start().starts_with('{');
    let new = if is_json { new.to_owned() } else { introspect::in_style(new.to_owned(), &path)? };
    if **sources.text(*only) == *new {
        report.info(format!("{} is up to date", path.display()));
        return Ok(());
    }
    output::write(&path, &new).map_err(anyhow::Error::from)?;
    report.info(format!("wrote {}", path.display()));
    Ok(())
}
