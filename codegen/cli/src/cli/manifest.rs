//! `graphwright manifest`

use super::failure::Failure;
use super::names::for_people;
use super::projects::ProjectFlags;
use super::report::{Report, counted};
use super::{Exit, generate};
use crate::config::Config;
use crate::ir::{Operation, OperationKind};
use crate::{Compiled, compile, load, output};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};
use similar::TextDiff;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Write a manifest of trusted documents by hash
///
/// A server that loads the manifest executes no other documents ("trusted documents", "persisted operations").
/// Documents and hashes are those of the generated code: `Operation::DOCUMENT` and `Operation::ID`.
/// One manifest contains the documents of all projects.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright manifest --out operations.json
  graphwright manifest --out operations.json --check      # in CI: exit 1 and print a diff if it is stale
  graphwright manifest --format map                       # {\"hash\": \"document\"}")]
pub struct Arguments {
    /// File to write the manifest to [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write nothing; print the changes and exit 1 if there are any
    #[arg(long, requires = "out")]
    check: bool,
    /// Manifest format
    #[arg(long, value_enum, default_value_t = Format::Apollo)]
    format: Format,
    #[command(flatten)]
    projects: ProjectFlags,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Apollo's persisted query manifest, version 1
    Apollo,
    /// An object from hash to document, as Relay writes it
    Map,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    match once(&arguments, report) {
        Ok(exit) => exit,
        Err(failure) => failure.tell(report),
    }
}

fn once(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    let one = |config: &Config| {
        let inputs = load::read(config).map_err(|found| Failure::Configuration(for_people(config, found)))?;
        compile(config, inputs).map_err(|found| generate::refused(for_people(config, found)))
    };
    let compiled: Vec<Compiled> = arguments.projects.all()?.iter().map(one).collect::<Result<_, _>>()?;
    let (text, count) = manifest(&compiled, arguments.format)?;
    let Some(file) = &arguments.out else {
        report.result(&text);
        return Ok(Exit::Clean);
    };
    let present = match std::fs::read_to_string(file) {
        Ok(present) => Some(present),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(anyhow::Error::new(error).context(format!("cannot read {}", file.display())).into()),
    };
    if present.as_ref() == Some(&text) {
        report.info(format!("{} is up to date, {}", file.display(), counted(count, "document")));
        return Ok(Exit::Clean);
    }
    if arguments.check {
        show(file, present.as_deref().unwrap_or_default(), &text);
        report.error(format!(
            "{} is not up to date; run `graphwright manifest --out {}`",
            file.display(),
            file.display()
        ));
        return Ok(Exit::Findings);
    }
    output::write(file, &text).map_err(anyhow::Error::from)?;
    report.info(format!("wrote {} to {}", counted(count, "document"), file.display()));
    Ok(Exit::Clean)
}

/// Returns the manifest and its number of documents, sorted so that a changed operation changes only its own lines.
fn manifest(compiled: &[Compiled], format: Format) -> anyhow::Result<(String, usize)> {
    let documents = compiled.iter().flat_map(|compiled| &compiled.module.documents);
    let mut operations: Vec<&Operation> = documents.flat_map(|document| &document.operations).collect();
    operations.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    operations.dedup_by(|one, other| one.id == other.id);
    let text = match format {
        Format::Apollo => {
            let kind = |kind| match kind {
                OperationKind::Query => "query",
                OperationKind::Mutation => "mutation",
                OperationKind::Subscription => "subscription",
            };
            let one = |one: &&Operation| json!({ "id": one.id, "name": one.name, "type": kind(one.kind), "body": one.document });
            let all: Vec<Value> = operations.iter().map(one).collect();
            let document = json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": all });
            serde_json::to_string_pretty(&document)?
        }
        Format::Map => {
            operations.sort_by(|one, other| one.id.cmp(&other.id));
            let all: Map<String, Value> =
                operations.iter().map(|one| (one.id.clone(), Value::from(one.document.as_str()))).collect();
            serde_json::to_string_pretty(&all)?
        }
    };
    Ok((text + "\n", operations.len()))
}

fn show(file: &Path, present: &str, text: &str) {
    let name = file.display();
    let diff = TextDiff::from_lines(present, text);
    let diff = diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string();
    // A closed pipe is the reader's choice.
    let _ = std::io::stdout().lock().write_all(diff.as_bytes());
}
