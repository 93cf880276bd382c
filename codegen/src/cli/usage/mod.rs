//! `graphwright usage`

use super::Exit;
use super::failure::Failure;
use super::names::{for_people, for_programs};
use super::project::{self, ProjectArguments, Selection, StandIn};
use super::projects::{self, Chosen};
use super::report::Report;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, has_errors};
use crate::document::{Documents, validate};
use crate::output;
use crate::schema::{Extent, Schema};
use crate::usage::{Usage, usage};
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Tell what the operations use of the schema
///
/// Types, fields, arguments, input fields and enum values with the operations that use them;
/// what is deprecated; what each operation costs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright usage
  graphwright usage --json > usage.json
  graphwright usage --html usage.html        # one page that needs no network")]
pub struct Arguments {
    /// Files or folders; all documents of the configuration unless given
    paths: Vec<PathBuf>,
    #[command(flatten)]
    project: ProjectArguments,
    /// Everything as JSON
    #[arg(long, conflicts_with = "html")]
    json: bool,
    /// Write a page with tables and a map of the schema
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
    for Chosen { config, paths } in chosen {
        let name = projects::label(&config);
        all.push((name, of_project(&config, paths, report)?));
    }
    if arguments.json {
        let text = match all.as_slice() {
            [(_, only)] => serde_json::to_string_pretty(only),
            all => {
                serde_json::to_string_pretty(&all.iter().map(|(name, usage)| (name, usage)).collect::<BTreeMap<_, _>>())
            }
        };
        report.result(&(text.map_err(anyhow::Error::from)? + "\n"));
    } else if let Some(file) = &arguments.html {
        let [(_, only)] = all.as_slice() else {
            return Err(Failure::Usage(anyhow::anyhow!("a page is about one project; choose one with --project")));
        };
        output::write(file, &page(only)?).map_err(anyhow::Error::from)?;
        report.info(format!("wrote {}", file.display()));
    } else {
        for (name, usage) in &all {
            let title = if all.len() > 1 { format!("{name}\n\n") } else { String::new() };
            report.result(&format!("{title}{}", summary(usage)));
        }
    }
    Ok(Exit::Clean)
}

fn of_project(config: &Config, paths: Option<Vec<PathBuf>>, report: &Report) -> Result<Usage, Failure> {
    let stand_in = StandIn::default();
    let project = project::read(config, &Selection { paths, stand_in: &stand_in })?.project;
    let mut sources = project.sources.clone();
    let texts: Vec<_> = project.files.iter().map(|file| file.source).collect();
    let (documents, mut problems) = Documents::parse_all(&sources, &texts, &[]);
    let schema = Schema::load(&mut sources, &project.schema, project.client.clone(), Extent::Whole)
        .map_err(|list| Failure::Configuration(for_people(config, Diagnostics::new(project.sources.clone(), list))))?;
    problems.extend(validate(&schema, &documents, &sources));
    let for_server = documents.for_server(&schema, &sources);
    if has_errors(&problems) {
        report.info(
            "some documents are not valid, and what is wrong in them does not count; `graphwright lint` tells why",
        );
    }
    let sources = for_programs(for_people(config, Diagnostics::new(sources, Vec::new()))).sources;
    Ok(usage(schema.server(), for_server.documents.as_ref().unwrap_or(&documents), &sources))
}

/// The page: everything is in it.
fn page(usage: &Usage) -> anyhow::Result<String> {
    const PAGE: &str = include_str!("page.html");
    // Inside of a script, only its end has a meaning.
    let data = serde_json::to_string(usage)?.replace("</", "<\\/").replace("<!--", "<\\u0021--");
    Ok(PAGE.replacen("/*DATA*/", &data, 1))
}

/// A number that fits into a column.
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
        text += "\ndeprecated, and in use:\n";
        for one in &usage.deprecated {
            let count = one.operations.len();
            text += &format!(
                "  {} in {count} operation{}: {}\n",
                one.coordinate,
                if count == 1 { "" } else { "s" },
                one.reason
            );
        }
    }
    let mut operations: Vec<_> = usage.operations.iter().collect();
    operations.sort_by(|one, other| other.cost.total_cmp(&one.cost).then_with(|| one.name.cmp(&other.name)));
    text += "\n      cost    nodes depth  operation\n";
    for one in operations {
        let assumed = if one.assumed { "~" } else { " " };
        let way = one.dominating.as_ref().map(|way| format!("  ({way})")).unwrap_or_default();
        text += &format!("{assumed}{:>9}{:>9}{:>6}  {}{way}\n", short(one.cost), short(one.nodes), one.depth, one.name);
    }
    text + "\n~: the size of a page that a variable decides was assumed\n"
}
