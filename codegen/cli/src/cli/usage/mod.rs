//! `graphwright usage`

use super::Exit;
use super::failure::Failure;
use super::names::{for_people, for_programs};
use super::project::{self, ProjectArguments, Selection, StandIn};
use super::projects::{self, Chosen};
use super::report::{Report, counted};
use crate::diagnostic::{Diagnostics, has_errors};
use crate::lint::parse_all;
use crate::output;
use crate::schema::Schema;
use crate::usage::{Place, Usage, usage};
use crate::validate::validate;
use clap::Args;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

/// Report which parts of the schema the operations use
///
/// Lists types, fields, arguments, input fields and enum values with the operations that use them,
/// deprecated usage, and the cost of each operation.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright usage
  graphwright usage --json > usage.json
  graphwright usage --html usage.html        # one page that needs no network")]
pub struct Arguments {
    /// Files or folders to read [default: all documents of the configuration]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    project: ProjectArguments,
    /// Print everything as JSON
    #[arg(long, conflicts_with = "html")]
    json: bool,
    /// Write an HTML page with tables and a map of the schema
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    match once(&arguments, report) {
        Ok(exit) => exit,
        Err(failure) => failure.tell(report),
    }
}

fn once(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    let paths = (!arguments.paths.is_empty()).then_some(arguments.paths.as_slice());
    let chosen = arguments.project.projects(paths)?.chosen.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut all = Vec::new();
    for one in chosen {
        all.push(OfProject { project: projects::label(&one.config), usage: of_project(one, report)? });
    }
    if arguments.json {
        let text = match all.as_slice() {
            [OfProject { usage, .. }] => serde_json::to_string_pretty(usage),
            all => {
                let by_name: BTreeMap<_, _> = all.iter().map(|one| (&one.project, &one.usage)).collect();
                serde_json::to_string_pretty(&by_name)
            }
        };
        report.result(&(text.map_err(anyhow::Error::from)? + "\n"));
    } else if let Some(file) = &arguments.html {
        output::write(file, &page(&all)?).map_err(anyhow::Error::from)?;
        report.info(format!("wrote {}", file.display()));
    } else {
        for OfProject { project, usage } in &all {
            let title = if all.len() > 1 { format!("{project}\n\n") } else { String::new() };
            report.result(&format!("{title}{}", summary(usage)));
        }
    }
    Ok(Exit::Clean)
}

/// A project on the page.
#[derive(Debug, Serialize)]
struct OfProject {
    /// The label of the project.
    project: String,
    usage: Usage,
}

fn of_project(chosen: Chosen, report: &Report) -> Result<Usage, Failure> {
    let Chosen { config, lint, paths } = &chosen;
    let stand_in = StandIn::default();
    let selection = Selection { paths: paths.clone(), rust: &lint.rust, stand_in: &stand_in };
    let project = project::read(config, &selection)?.project;
    let mut sources = project.sources.clone();
    let texts: Vec<_> = project.files.iter().map(|file| file.source).collect();
    let (documents, mut problems) = parse_all(&sources, &texts, &[]);
    let schema = Schema::load(&mut sources, &project.schema, project.client.clone())
        .map_err(|list| Failure::Configuration(for_people(config, Diagnostics::new(project.sources.clone(), list))))?;
    problems.extend(validate(&schema, &documents, &sources));
    let for_server = documents.for_server(&schema);
    if has_errors(&problems) {
        report.info(
            "some documents are invalid; their invalid parts do not count; `graphwright lint` reports the errors",
        );
    }
    let sources = for_programs(for_people(config, Diagnostics::new(sources, Vec::new()))).sources;
    let usage = usage(schema.server(), for_server.documents.as_ref().unwrap_or(&documents), &sources);
    let errors = schema.syntax_errors();
    if !errors.is_empty() {
        return Err(Failure::Configuration(Diagnostics::new(sources, errors)));
    }
    Ok(usage)
}

/// Returns the self-contained HTML page.
fn page(projects: &[OfProject]) -> anyhow::Result<String> {
    const PAGE: &str = include_str!("page.html");
    // Inside a script element, only its end tag has a meaning.
    let data = serde_json::to_string(projects)?.replace("</", "<\\/").replace("<!--", "<\\u0021--");
    Ok(PAGE.replacen("/*DATA*/", &data, 1))
}

/// Formats a number to fit into a column.
fn short(number: f64) -> String {
    if number < 1e7 { format!("{number:.0}") } else { format!("{number:.1e}") }
}

fn summary(usage: &Usage) -> String {
    let mut text = String::new();
    for (what, total) in &usage.totals {
        let share = 100.0 * total.used as f64 / total.all.max(1) as f64;
        text += &format!("{what:14} {:>6} of {:>6} used ({share:.0} %)\n", total.used, total.all);
    }
    if !usage.deprecated.is_empty() {
        text += "\ndeprecated and in use:\n";
        for one in &usage.deprecated {
            let operations = counted(one.operations.len(), "operation");
            text += &format!("  {} in {operations}: {}\n{}", one.coordinate, one.reason, places(&one.places));
        }
    }
    let mut operations: Vec<_> = usage.operations.iter().collect();
    operations.sort_by(|one, other| {
        let by_name = (&one.name, &one.file).cmp(&(&other.name, &other.file));
        other.cost.total_cmp(&one.cost).then(by_name)
    });
    let mut named: HashMap<&str, usize> = HashMap::new();
    for one in &usage.operations {
        *named.entry(&one.name).or_default() += 1;
    }
    text += "\n      cost    nodes depth  operation\n";
    for one in operations {
        let assumed = if one.assumed { "~" } else { " " };
        let way = one.dominating.as_ref().map(|way| format!("  ({way})")).unwrap_or_default();
        let others = named.get(one.name.as_str()).is_some_and(|count| *count > 1);
        let place = if others { format!("  {}:{}", one.file, one.line) } else { String::new() };
        let name = if one.name.is_empty() { "(anonymous)" } else { &one.name };
        text +=
            &format!("{assumed}{:>9}{:>9}{:>6}  {name}{place}{way}\n", short(one.cost), short(one.nodes), one.depth);
    }
    text + "\n~: assumes the page size, since a variable sets it\n"
}

/// Returns the first locations, one per line.
fn places(places: &[Place]) -> String {
    const MOST: usize = 5;
    let line = |Place { file, line, column, .. }: &Place| format!("    {file}:{line}:{column}\n");
    let mut text: String = places.iter().take(MOST).map(line).collect();
    if places.len() > MOST {
        text += &format!("    and {} more; --json lists them all\n", places.len() - MOST);
    }
    text
}
