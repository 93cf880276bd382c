//! `graphwright check`

use super::Exit;
use super::diff::{self, Outputs};
use super::failure::Failure;
use super::introspect;
use super::names::{for_people, for_programs};
use super::projects::{self, ProjectFlags};
use super::report::Report;
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

/// Fetch the schema, and tell which operations and types its changes affect
///
/// The schema of the server is compared with the file of the configuration. Told are operations that
/// are not valid any more, Rust types that would be others, other answers, and what is deprecated
/// now, each at its place. What nobody uses is one line.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright check                                   # against the URL of the configuration
  graphwright check --update                          # and write the schema file anew
  graphwright check --against https://staging.example.com/graphql -H 'Authorization: Bearer $TOKEN'
  graphwright check --against git:main:schema.graphql # what this branch's schema changes
  graphwright check --format github --format markdown=summary.md
  graphwright check --all                             # list every change of the schema, too

Exit codes: 0 nothing affected, 1 operations affected (see --fail-on), 2 usage, 3 network.")]
pub struct Arguments {
    /// The other schema: a URL or a file, which is how it will be, or git:REVISION:PATH, which is how it was; the URL of [extensions.graphwright.introspect] unless given
    #[arg(long, value_name = "SCHEMA")]
    against: Option<String>,
    /// Write the schema file anew, if there is just one
    #[arg(long)]
    update: bool,
    /// List every change of the schema, too
    #[arg(long)]
    all: bool,
    /// human, markdown, compact, json, json-lines, sarif, github, gitlab, junit, checkstyle; into a file with `=FILE`
    #[arg(long, value_name = "FORMAT[=FILE]")]
    format: Vec<String>,
    /// What fails
    #[arg(long, value_enum, default_value_t = FailOn::Types)]
    fail_on: FailOn,
    /// A request header, `Name: value`; instead of those of the configuration
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    headers: Vec<String>,
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    #[command(flatten)]
    projects: ProjectFlags,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum FailOn {
    /// Operations that are not valid any more
    Breaks,
    /// Those, and Rust types that are others
    Types,
    /// Those, and other answers
    Behaves,
    /// Those, and what is deprecated now
    Deprecated,
    /// Any change of the schema that breaks some client
    Breaking,
    /// Nothing
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
    /// What it is called among several.
    label: Option<String>,
    impact: Impact,
    changes: Vec<Change>,
    /// Files are named for people.
    sources: Sources,
}

/// Every project that is meant, and one report about all.
fn all(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    let outputs = diff::outputs(&arguments.format)?;
    if arguments.update && arguments.against.as_deref().is_some_and(|name| name.starts_with("git:")) {
        return Err(Failure::Usage(anyhow::anyhow!(
            "--update writes a schema that is newer; a revision of git is older"
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
            report.info(format!("{prefix}the schema: {}{more}", diff::counts(&one.changes, 0)));
        }
        if one.impact.has_broken_before {
            report.info(format!(
                "{prefix}some documents were not valid against the schema before: nothing is told about those"
            ));
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
        // A revision is how it was: the question is what the file changes.
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
            return Err(Failure::Usage(anyhow::anyhow!("the schema is not valid, and was not written")));
        }
        update(config, &old, &sources, &new_text, report)?;
    }
    let sources = for_people(config, Diagnostics::new(sources, Vec::new())).sources;
    Ok(Compared { label, impact, changes, sources })
}

/// Whether what was found fails.
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

/// The texts of the schema to compare with.
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
    let url = config.introspect.url.clone().context(
        "say what to compare with: `url` under [extensions.graphwright.introspect] in the configuration, or --against",
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
    let words = [
        (Effect::Breaks, "break"),
        (Effect::Types, "have other types"),
        (Effect::Behaves, "may get other answers"),
        (Effect::Deprecated, "use what is deprecated now"),
    ];
    let parts = words.iter().filter_map(|(effect, word)| {
        let count = names(impact, *effect).len();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let parts: Vec<String> = parts.collect();
    match parts.is_empty() {
        true if impact.effects.is_empty() => format!("none of {} operations is affected", impact.operations),
        true => format!("{} findings in fragments that no operation uses", impact.effects.len()),
        false => format!("of {} operations, {}", impact.operations, parts.join(", ")),
    }
}

fn markdown(Compared { label, impact, changes, sources }: &Compared) -> String {
    let sources = for_programs(Diagnostics::new(sources.clone(), Vec::new())).sources;
    let of = label.as_ref().map_or_else(String::new, |label| format!(" of {label}"));
    let counts = diff::counts(changes, 0);
    let mut text = format!("## GraphQL{of}: {}\n\nThe schema: {counts}.\n", summary(impact));
    for (effect, title) in [
        (Effect::Breaks, "Not valid any more"),
        (Effect::Types, "Other types in Rust"),
        (Effect::Behaves, "Other answers"),
        (Effect::Deprecated, "Deprecated now"),
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

/// Writes the schema file anew, in the form that it has.
fn update(config: &Config, old: &[SourceId], sources: &Sources, new: &str, report: &Report) -> Result<(), Failure> {
    let [only] = old else {
        return Err(Failure::Usage(anyhow::anyhow!(
            "--update writes one schema file, and the configuration has {}",
            old.len()
        )));
    };
    let path = config.resolve(Path::new(sources.name(*only)));
    if sources.text(*only).trim_start().starts_with('{') && !new.trim_start().starts_with('{') {
        return Err(Failure::Usage(anyhow::anyhow!(
            "{} holds JSON: write it with `graphwright introspect --format json --out {}`",
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
