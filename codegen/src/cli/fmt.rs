//! `graphwright fmt`

use super::Exit;
use super::failure::Failure;
use super::names::{for_people, path_from_here};
use super::projects::ProjectFlags;
use super::report::Report;
use crate::config::Files;
use crate::diagnostic::Diagnostics;
use crate::load::{self, Setting};
use crate::source::Sources;
use crate::{formatter, output};
use anyhow::Context;
use clap::Args;
use rayon::prelude::*;
use similar::TextDiff;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Put documents into one style
///
/// Comments, blank lines between selections, and every token stay. Without paths, the documents of
/// the configuration are formatted.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright fmt
  graphwright fmt --check                # in CI: exit 1 if a file is not formatted
  graphwright fmt --diff queries/
  graphwright fmt --stdin < query.graphql")]
pub struct Arguments {
    /// Files or folders
    paths: Vec<PathBuf>,
    /// Write nothing; name the files that would change, and exit 1 if there are any
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change, and exit 1 if anything would
    #[arg(long)]
    diff: bool,
    /// From standard input to standard output
    #[arg(long, conflicts_with_all = ["paths", "check", "diff"])]
    stdin: bool,
    #[command(flatten)]
    projects: ProjectFlags,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    match once(&arguments, report) {
        Ok(exit) => exit,
        Err(failure) => failure.tell(report),
    }
}

fn once(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    if arguments.stdin {
        let text = std::io::read_to_string(std::io::stdin()).context("cannot read standard input")?;
        return Ok(match formatted("standard input", &text) {
            Ok(new) => {
                report.result(&new);
                Exit::Clean
            }
            Err(diagnostics) => {
                report.diagnostics(&diagnostics);
                Exit::Findings
            }
        });
    }
    let files = files(arguments)?;
    let results: Vec<(PathBuf, anyhow::Result<Formatted>)> = files
        .into_par_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()));
            let result = text.map(|text| {
                let new = formatted(&file.display().to_string(), &text);
                (text, new)
            });
            (file, result)
        })
        .collect();
    let (mut exit, mut changed, mut unchanged, mut broken) = (Exit::Clean, 0, 0, 0);
    for (file, result) in results {
        match result {
            Err(error) => {
                report.failure(&error);
                broken += 1;
                exit = Exit::Usage;
            }
            Ok((_, Err(diagnostics))) => {
                report.diagnostics(&diagnostics);
                broken += 1;
                exit = if exit == Exit::Usage { exit } else { Exit::Findings };
            }
            Ok((text, Ok(new))) if text == new => unchanged += 1,
            Ok((text, Ok(new))) => {
                changed += 1;
                if arguments.check || arguments.diff {
                    exit = if exit == Exit::Usage { exit } else { Exit::Findings };
                    show(arguments, &file, &text, &new);
                } else {
                    output::write(&file, &new).map_err(anyhow::Error::from)?;
                }
            }
        }
    }
    let counted = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    let done = if arguments.check || arguments.diff { "would change" } else { "formatted" };
    let broken = if broken == 0 { String::new() } else { format!(", {broken} left as they are") };
    report.info(format!("{} {done}, {unchanged} unchanged{broken}", counted(changed)));
    Ok(exit)
}

fn show(arguments: &Arguments, file: &Path, text: &str, new: &str) {
    let name = file.display();
    let shown = if arguments.diff {
        TextDiff::from_lines(text, new).unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string()
    } else {
        format!("{name}\n")
    };
    // A closed pipe is the reader's choice.
    let _ = std::io::stdout().lock().write_all(shown.as_bytes());
}

/// A text, and what becomes of it.
type Formatted = (String, Result<String, Diagnostics>);

/// The text in the one style, or its syntax errors.
fn formatted(name: &str, text: &str) -> Result<String, Diagnostics> {
    let mut sources = Sources::default();
    let source = sources.add(name, text);
    let errors = crate::document::syntax_of(&sources, source);
    if !errors.is_empty() {
        return Err(Diagnostics::new(sources, errors));
    }
    let new = formatter::format(text);
    // Whatever the printer does, nothing may get lost.
    match new.filter(|new| formatter::content(text) == formatter::content(new)) {
        Some(new) => Ok(new),
        None => {
            let message = "the text cannot be formatted; please report it";
            let diagnostic = crate::diagnostic::Diagnostic::error("syntax", message);
            Err(Diagnostics::single(sources, diagnostic))
        }
    }
}

fn files(arguments: &Arguments) -> Result<Vec<PathBuf>, Failure> {
    if !arguments.paths.is_empty() {
        let mut files = Vec::new();
        for path in &arguments.paths {
            if path.is_dir() {
                let patterns = ["graphql", "gql", "graphqls"].map(|ending| format!("**/*.{ending}"));
                let found = Files::new(path, &patterns, &[]).map_err(anyhow::Error::from)?.find().files;
                files.extend(found.into_iter().map(|file| path.join(file)));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                return Err(Failure::Usage(anyhow::anyhow!(
                    "{} is Rust; only GraphQL files are formatted",
                    path.display()
                )));
            } else {
                files.push(path.clone());
            }
        }
        return Ok(files);
    }
    let mut files = BTreeSet::new();
    for config in arguments.projects.all()? {
        let (mut sources, mut problems) = (Sources::default(), Vec::new());
        let found = load::files(&config, Setting::Documents, &config.documents, &mut sources, &mut problems);
        let problems = for_people(&config, Diagnostics::new(sources, problems));
        if problems.has_errors() {
            return Err(Failure::Configuration(problems));
        }
        files.extend(found.iter().map(|file| path_from_here(&config.resolve(file))));
    }
    Ok(files.into_iter().collect())
}
