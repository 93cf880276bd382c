//! `graphwright diff`

use super::Exit;
use super::failure::Failure;
use super::report::Report;
use super::schema_source::{self, Asking};
use crate::change::accepted::Accepted;
use crate::change::{Change, ChangeKind, Level, diff};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::formats::{self, About, Format};
use crate::lint::settings::unknown;
use crate::output;
use crate::schema::Schema;
use crate::source::Sources;
use anyhow::Context;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Compare two schemas and list breaking, dangerous and safe changes
///
/// A schema is a file or glob (SDL, or an introspection response as JSON), the URL of a server, or a
/// file of a git revision. To see which of your operations are affected, use `graphwright check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright diff old.graphql new.graphql
  graphwright diff git:HEAD:schema.graphql schema.graphql
  graphwright diff schema.graphql https://api.example.com/graphql -H 'Authorization: Bearer $TOKEN'
  graphwright diff old.graphql new.graphql --all --format markdown
  graphwright diff old.graphql new.graphql --level enum-value-added=breaking --accepted changes.json

Exit codes: 0 no failing changes, 1 breaking changes, 2 usage, 3 network.")]
pub struct Arguments {
    /// The old schema
    old: String,
    /// The new schema
    new: String,
    /// Also list safe changes
    #[arg(long)]
    all: bool,
    /// Output format: human, markdown, compact, json, json-lines, sarif, github, gitlab, junit, checkstyle; `=FILE`
    /// writes to a file
    #[arg(long, value_name = "FORMAT[=FILE]")]
    format: Vec<String>,
    /// Fail on changes of this level or worse
    #[arg(long, value_enum, default_value_t = FailOn::Breaking)]
    fail_on: FailOn,
    /// Set the level of a kind of change: breaking, dangerous, safe
    #[arg(long, value_name = "KIND=LEVEL")]
    level: Vec<String>,
    /// Ignore the accepted changes in a JSON file: `{"accepted": [{"kind": …, "coordinate": …, "reason": …, "until":
    /// …}]}`
    #[arg(long, value_name = "FILE")]
    accepted: Option<PathBuf>,
    /// Send a request header, `Name: value`, to URLs
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    headers: Vec<String>,
    /// Wait at most this many seconds for a response
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Breaking,
    Dangerous,
    Never,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    match once(&arguments, report) {
        Ok(exit) => exit,
        Err(failure) => failure.tell(report),
    }
}

fn once(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    let outputs = outputs(&arguments.format)?;
    let levels = levels(&arguments.level)?;
    let asking = Asking { headers: &arguments.headers, timeout: arguments.timeout };
    let mut sources = Sources::default();
    let old = schema_source::read(&arguments.old, &asking, &mut sources, report)?;
    let new = schema_source::read(&arguments.new, &asking, &mut sources, report)?;
    let (old, new) = Schema::load_both(&mut sources, &old, &new)
        .map_err(|list| Failure::Configuration(Diagnostics::new(sources.clone(), list)))?;
    let mut changes = diff(&old, &new);
    let errors: Vec<_> = [&old, &new].into_iter().flat_map(Schema::syntax_errors).collect();
    if !errors.is_empty() {
        return Err(Failure::Configuration(Diagnostics::new(sources, errors)));
    }
    for change in &mut changes {
        if let Some((_, level)) = levels.iter().find(|(kind, _)| *kind == change.kind) {
            change.level = *level;
        }
    }
    let accepted = match &arguments.accepted {
        Some(file) => read_accepted(file)?.take(&mut changes, crate::lint::today()),
        None => 0,
    };
    changes.sort_by_key(|change| change.level);
    tell(&outputs, &changes, arguments.all, sources, report)?;
    report.info(counts(&changes, accepted));
    let worst = changes.iter().map(|change| change.level).min();
    let fails = match arguments.fail_on {
        FailOn::Breaking => worst == Some(Level::Breaking),
        FailOn::Dangerous => worst.is_some_and(|worst| worst <= Level::Dangerous),
        FailOn::Never => false,
    };
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

/// Reads the accepted changes from a file.
pub fn read_accepted(file: &PathBuf) -> anyhow::Result<Accepted> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let accepted: Accepted = serde_json::from_str(&text)
        .with_context(|| format!("{} is not a valid list of accepted changes", file.display()))?;
    for entry in &accepted.accepted {
        ChangeKind::named(&entry.kind).with_context(|| {
            let names = ChangeKind::ALL.iter().map(|kind| kind.name());
            format!("in {}: {}", file.display(), unknown("kind of change", &entry.kind, names))
        })?;
    }
    Ok(accepted)
}

/// Formats with their files; a format of `None` is Markdown.
pub type Outputs = Vec<(Option<Format>, Option<PathBuf>)>;

/// Parses the values of `--format`.
pub fn outputs(formats: &[String]) -> anyhow::Result<Outputs> {
    let one = |text: &String| {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text.as_str(), None),
        };
        let format = match name {
            "markdown" => None,
            name => Some(name.parse::<Format>().map_err(anyhow::Error::msg)?),
        };
        Ok((format, file))
    };
    let mut outputs: Outputs = formats.iter().map(one).collect::<anyhow::Result<_>>()?;
    if outputs.is_empty() {
        outputs.push((Some(Format::Human), None));
    }
    Ok(outputs)
}

fn levels(list: &[String]) -> anyhow::Result<Vec<(ChangeKind, Level)>> {
    let one = |text: &String| {
        let (name, level) =
            text.split_once('=').with_context(|| format!("invalid level `{text}`; expected KIND=LEVEL"))?;
        let names = ChangeKind::ALL.iter().map(|kind| kind.name());
        let kind = ChangeKind::named(name).with_context(|| unknown("kind of change", name, names))?;
        let level = match level {
            "breaking" => Level::Breaking,
            "dangerous" => Level::Dangerous,
            "safe" => Level::Safe,
            other => anyhow::bail!("unknown level `{other}`; expected breaking, dangerous or safe"),
        };
        Ok((kind, level))
    };
    list.iter().map(one).collect()
}

/// Reports changes in every requested format.
pub fn tell(outputs: &Outputs, changes: &[Change], all: bool, sources: Sources, report: &Report) -> anyhow::Result<()> {
    let listed: Vec<&Change> = changes.iter().filter(|change| all || change.level != Level::Safe).collect();
    let list: Vec<Diagnostic> = listed.iter().map(|change| change.diagnostic()).collect();
    let diagnostics = Diagnostics::new(sources, list);
    for (format, file) in outputs {
        let text = match format {
            None => markdown(changes, &listed),
            Some(Format::Human) => human(&listed),
            Some(Format::Json) => serde_json::to_string_pretty(&json(&listed, &diagnostics.sources))? + "\n",
            Some(Format::JsonLines) => {
                json(&listed, &diagnostics.sources).iter().map(|change| format!("{change}\n")).collect()
            }
            Some(format) => formats::text(*format, &diagnostics, &describe),
        };
        match file {
            Some(file) => output::write(file, &anstream::adapter::strip_str(&text).to_string())?,
            None => report.result(&text),
        }
    }
    Ok(())
}

/// Returns every change with its old and new definition.
fn json(changes: &[&Change], sources: &Sources) -> Vec<Value> {
    let one = |change: &&Change| {
        let place = change.place.map(|span| {
            let start = sources.position(span);
            json!({ "file": sources.name(span.source), "line": start.line, "column": start.column })
        });
        json!({
            "kind": change.kind.name(),
            "level": change.level.to_string(),
            "coordinate": change.subject.to_string(),
            "before": change.before,
            "after": change.after,
            "message": change.message,
            "why": change.kind.why(),
            "place": place,
        })
    };
    changes.iter().map(one).collect()
}

fn describe(code: &str) -> Option<About> {
    let kind = ChangeKind::named(code)?;
    Some(About {
        what: kind.name().replace('-', " "),
        why: kind.why().to_owned(),
        url: crate::lint::rule::RULE_PAGES.to_owned(),
    })
}

/// Returns one line for each change; the reason appears once for each kind.
fn human(changes: &[&Change]) -> String {
    let mut text = String::new();
    let mut last = None;
    for change in changes {
        let colour = match change.level {
            Level::Breaking => "31",
            Level::Dangerous => "33",
            Level::Safe => "32",
        };
        text += &format!("\u{1b}[1;{colour}m{:9}\u{1b}[0m  {}\n", change.level.to_string(), change.message);
        if last != Some(change.kind) && change.level != Level::Safe {
            text += &format!("           {}: {}\n", change.kind.name(), change.kind.why());
        }
        last = Some(change.kind);
    }
    text
}

fn markdown(changes: &[Change], listed: &[&Change]) -> String {
    let mut text = format!("## Schema: {}\n", counts(changes, 0));
    for level in [Level::Breaking, Level::Dangerous, Level::Safe] {
        let of: Vec<&&Change> = listed.iter().filter(|change| change.level == level).collect();
        if of.is_empty() {
            continue;
        }
        let word = level.to_string();
        text += &format!("\n### {}{} ({})\n\n", word[..1].to_uppercase(), &word[1..], of.len());
        for change in of {
            let why = if change.kind.why().is_empty() { String::new() } else { format!(" - {}", change.kind.why()) };
            text += &format!("- {}{why}\n", change.message);
        }
    }
    text
}

/// Returns the number of changes of each level.
pub fn counts(changes: &[Change], accepted: usize) -> String {
    let of = |level| changes.iter().filter(|change| change.level == level).count();
    let (breaking, dangerous, safe) = (of(Level::Breaking), of(Level::Dangerous), of(Level::Safe));
    let accepted = if accepted == 0 { String::new() } else { format!(", {accepted} accepted") };
    if changes.is_empty() {
        return format!("no changes{accepted}");
    }
    format!("{breaking} breaking, {dangerous} dangerous, {safe} safe{accepted}")
}
