//! `graphwright fmt`

use super::Exit;
use super::failure::Failure;
use super::names::{for_people, path_from_here};
use super::projects::ProjectFlags;
use super::report::{Report, counted};
use super::staged::Staged;
use super::style::Styles;
use crate::diagnostic::Diagnostics;
use crate::files::Files;
use crate::formatter::{self, Style};
use crate::load::{self, Setting};
use crate::output;
use crate::source::Sources;
use anyhow::Context;
use clap::Args;
use rayon::prelude::*;
use similar::TextDiff;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The extensions of formatted files.
const ENDINGS: [&str; 4] = ["graphql", "gql", "graphqls", "sdl"];

/// Format GraphQL documents in Prettier's style
///
/// Comments, blank lines between selections and all tokens are kept. Without paths, the documents of
/// the configuration are formatted. Width and indentation come from Prettier's configuration, then from
/// `.editorconfig`; the defaults are 80 columns and 2 spaces.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright fmt
  graphwright fmt --check                # in CI: exit 1 if a file is not formatted
  graphwright fmt --staged               # before a commit; formatted files are staged again
  graphwright fmt --diff queries/
  graphwright fmt --stdin --stdin-filename queries/user.graphql < user.graphql")]
pub struct Arguments {
    /// Files or folders to format
    paths: Vec<PathBuf>,
    /// Write nothing; list files that would change and exit 1 if any would
    #[arg(long)]
    check: bool,
    /// Write nothing; show the changes and exit 1 if there are any
    #[arg(long)]
    diff: bool,
    /// Wrap lines at this column, overriding all configuration files
    #[arg(long, value_name = "COLUMNS", value_parser = columns)]
    width: Option<usize>,
    /// Format only the files staged in git
    #[arg(long, conflicts_with = "stdin")]
    staged: bool,
    /// Read standard input and write to standard output
    #[arg(long, conflicts_with_all = ["paths", "check", "diff"])]
    stdin: bool,
    #[command(flatten)]
    projects: ProjectFlags,
    /// File name whose settings apply to standard input
    #[arg(long, value_name = "FILE", requires = "stdin")]
    stdin_filename: Option<PathBuf>,
}

fn columns(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|columns| *columns > 0).ok_or_else(|| "expected a number of columns".to_owned())
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    match once(&arguments, report) {
        Ok(exit) => exit,
        Err(failure) => failure.tell(report),
    }
}

fn once(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    let styles = Styles::new(arguments.width);
    let exit = if arguments.stdin {
        standard_input(arguments, &styles, report)?
    } else {
        format_files(arguments, &styles, report)?
    };
    if arguments.width.is_none() {
        styles.warnings().iter().for_each(|warning| report.warning(warning));
    }
    Ok(exit)
}

fn standard_input(arguments: &Arguments, styles: &Styles, report: &Report) -> Result<Exit, Failure> {
    let text = std::io::read_to_string(std::io::stdin()).context("cannot read standard input")?;
    // The settings of the current folder apply to any file in it.
    let file = arguments.stdin_filename.as_deref().unwrap_or(Path::new("standard-input.graphql"));
    let name = arguments.stdin_filename.as_ref().map_or("standard input".to_owned(), |file| file.display().to_string());
    Ok(match formatted(&name, &text, &styles.of(file)?) {
        Ok(new) => {
            report.result(&new);
            Exit::Clean
        }
        Err(diagnostics) => {
            report.diagnostics(&diagnostics);
            Exit::Findings
        }
    })
}

fn format_files(arguments: &Arguments, styles: &Styles, report: &Report) -> Result<Exit, Failure> {
    let mut files = files(arguments)?;
    let staged = if arguments.staged { Some(Staged::read()?) } else { None };
    let writes = !arguments.check && !arguments.diff;
    if let Some(staged) = &staged {
        files.retain(|file| staged.contains(file));
        if writes {
            refuse_edited(&files, staged)?;
        }
    }
    let results: Vec<(PathBuf, anyhow::Result<Formatted>)> = files
        .into_par_iter()
        .map(|file| {
            let result = format_file(&file, styles, staged.as_ref());
            (file, result)
        })
        .collect();
    let (mut exit, mut changed, mut unchanged, mut broken) = (Exit::Clean, Vec::new(), 0, 0);
    // An unreadable configuration is one error for many files.
    let mut errors = BTreeSet::new();
    for (file, result) in results {
        match result {
            Err(error) => {
                if errors.insert(format!("{error:#}")) {
                    report.failure(&error);
                }
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
                if writes {
                    output::write(&file, &new).map_err(anyhow::Error::from)?;
                } else {
                    exit = if exit == Exit::Usage { exit } else { Exit::Findings };
                    show(arguments, &file, &text, &new);
                }
                changed.push(file);
            }
        }
    }
    if let Some(staged) = staged.filter(|_| writes) {
        staged.stage(&changed)?;
    }
    let done = match (writes, arguments.staged) {
        (false, _) => "would change",
        (true, false) => "formatted",
        (true, true) => "formatted and staged",
    };
    let broken = if broken == 0 { String::new() } else { format!(", {broken} skipped because of errors") };
    report.info(format!("{} {done}, {unchanged} unchanged{broken}", counted(changed.len(), "file")));
    Ok(exit)
}

/// Refuses edited files: staging them would also stage the later edits.
fn refuse_edited(files: &[PathBuf], staged: &Staged) -> anyhow::Result<()> {
    let edited: Vec<String> =
        files.iter().filter(|file| staged.is_edited(file)).map(|file| file.display().to_string()).collect();
    anyhow::ensure!(
        edited.is_empty(),
        "these files were edited after they were staged, so nothing was formatted: {}; stage or stash the edits, \
         or use --check, which reads the staged text",
        edited.join(", ")
    );
    Ok(())
}

fn format_file(file: &Path, styles: &Styles, staged: Option<&Staged>) -> anyhow::Result<Formatted> {
    let text = match staged {
        Some(staged) => staged.text(file)?,
        None => std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?,
    };
    let new = formatted(&file.display().to_string(), &text, &styles.of(file)?);
    Ok((text, new))
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

/// A text, and the result of formatting it.
type Formatted = (String, Result<String, Diagnostics>);

/// Returns the text formatted in a style, or its syntax errors.
pub fn formatted(name: &str, text: &str, style: &Style) -> Result<String, Diagnostics> {
    let mut sources = Sources::default();
    let source = sources.add(name, text);
    let errors = crate::query::syntax_of(&sources, source);
    if !errors.is_empty() {
        return Err(Diagnostics::new(sources, errors));
    }
    let new = formatter::format(text, style);
    // Safety net: the output must have the same content as the input.
    match new.filter(|new| formatter::content(text) == formatter::content(new)) {
        Some(new) => Ok(new),
        None => {
            let message = "internal error: formatting would change the content of this text; please report it";
            let diagnostic = crate::diagnostic::Diagnostic::error(crate::diagnostic::Code::SYNTAX, message);
            Err(Diagnostics::single(sources, diagnostic))
        }
    }
}

fn files(arguments: &Arguments) -> Result<Vec<PathBuf>, Failure> {
    if !arguments.paths.is_empty() {
        return named_files(&arguments.paths).map_err(Failure::Usage);
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

/// Returns the named files and the GraphQL files in named folders.
fn named_files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut others = Vec::new();
    for path in paths {
        if path.is_dir() {
            let patterns = ENDINGS.map(|ending| format!("**/*.{ending}"));
            let found = Files::new(path, &patterns, &[])?.find().files;
            files.extend(found.into_iter().map(|file| path.join(file)));
        } else if path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending)) {
            files.push(path.clone());
        } else {
            others.push(path.display().to_string());
        }
    }
    let endings = ENDINGS.map(|ending| format!(".{ending}")).join(", ");
    anyhow::ensure!(
        others.is_empty(),
        "{}: not a GraphQL file; expected a name that ends in {endings}",
        others.join(", ")
    );
    Ok(files)
}
