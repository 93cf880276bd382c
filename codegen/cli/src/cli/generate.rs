//! `graphwright generate`

use super::Exit;
use super::failure::Failure;
use super::names::{for_people, path_from_here};
use super::projects::{self, ProjectFlags};
use super::report::{Report, counted};
use crate::config::{self, Config};
use crate::diagnostic::{Code, Diagnostics, Severity};
use crate::files::plain;
use crate::output::{self, Changes};
use crate::{Compiled, compile_with_defects, load};
use clap::Args;
use graphwright_prebuilt::{Manifest, VERSION};
use notify::{RecursiveMode, Watcher};
use similar::TextDiff;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Check the operations and generate Rust code
///
/// Reads `graphql.config.toml` (or another file name of graphql-config) in this folder or the
/// nearest folder above. Files whose content does not change are not touched.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright generate
  graphwright generate --check               # in CI: exit 1 and print a diff if something is stale
  graphwright generate --schema schema.graphql --documents 'graphql/*.graphql' --output src/api.rs
  graphwright generate --stdout | less")]
pub struct Arguments {
    #[command(flatten)]
    projects: ProjectFlags,
    /// Schema file or glob, overriding the configuration
    ///
    /// The path is relative to the configuration, if one is read. No configuration is read if --schema, --documents
    /// and --output are all given without --config.
    #[arg(long, value_name = "GLOB")]
    schema: Vec<String>,
    /// Document glob, overriding the configuration; relative to it
    #[arg(long, value_name = "GLOB")]
    documents: Vec<String>,
    /// Output folder or `.rs` file, overriding the configuration; relative to it
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Write nothing; print the changes and exit 1 if there are any
    #[arg(long, conflicts_with_all = ["stdout", "watch"])]
    check: bool,
    /// Print the code instead of writing files
    #[arg(long, conflicts_with = "watch")]
    stdout: bool,
    /// Generate again whenever an input changes
    #[arg(long)]
    watch: bool,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    if arguments.watch {
        return watch(&arguments, report);
    }
    match all(&arguments, report) {
        Ok(exit) => exit,
        Err(failure) => failure.tell(report),
    }
}

/// Generates every selected project in turn.
fn all(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    let configs = configurations(arguments)?;
    if is_complete(arguments) && !arguments.projects.names_a_file() {
        for file in arguments.projects.found().unwrap_or_default() {
            report.info(format!("ignored {}, since the flags are complete; --config reads it", file.display()));
        }
    }
    apart(&configs)?;
    let mut worst = Exit::Clean;
    for config in &configs {
        let prefix = projects::prefix(projects::label_among(config, &configs).as_deref());
        let exit = once(arguments, config, &prefix, report);
        worst = worst.and(exit.unwrap_or_else(|failure| failure.tell(report)));
    }
    Ok(worst)
}

/// Checks that no project writes to the output of another one or would remove it as its own stale output.
fn apart(configs: &[Config]) -> anyhow::Result<()> {
    let outputs = configs.iter().filter_map(|config| {
        let output = config.generate.output.as_ref()?;
        Some((plain(&config.resolve(output)), config))
    });
    let mut outputs: Vec<(PathBuf, &Config)> = outputs.collect();
    outputs.sort_by(|(one, _), (other, _)| one.cmp(other));
    for pair in outputs.windows(2) {
        let [(outer, one), (inner, other)] = pair else { continue };
        anyhow::ensure!(
            !inner.starts_with(outer),
            "projects {} and {} have the same output, {}",
            projects::label(one),
            projects::label(other),
            path_from_here(inner).display()
        );
    }
    Ok(())
}

fn once(arguments: &Arguments, config: &Config, prefix: &str, report: &Report) -> Result<Exit, Failure> {
    let started = Instant::now();
    let progress = report.progress("generating");
    let (compiled, files) = generate(config)?;
    progress.finish_and_clear();
    report.diagnostics(&for_people(config, compiled.warnings.clone()));
    if arguments.stdout {
        return print(&files).map(|()| Exit::Clean).map_err(|error| Failure::Usage(error.into()));
    }
    let changes = output::changes(&files, config).map_err(anyhow::Error::from)?;
    if arguments.check {
        return Ok(check(&files, &changes, prefix, report));
    }
    output::apply(&files, &changes, config).map_err(anyhow::Error::from)?;
    report.info(format!("{prefix}{}", summary(&compiled, &files, &changes, started.elapsed())));
    Ok(Exit::Clean)
}

/// Returns true if flags replace the whole configuration.
fn is_complete(arguments: &Arguments) -> bool {
    !arguments.schema.is_empty() && !arguments.documents.is_empty() && (arguments.output.is_some() || arguments.stdout)
}

/// Returns the selected projects, with the overrides of flags.
fn configurations(arguments: &Arguments) -> Result<Vec<Config>, Failure> {
    let flags = &arguments.projects;
    let overrides = !arguments.schema.is_empty() || !arguments.documents.is_empty() || arguments.output.is_some();
    let mut configs = if is_complete(arguments) && !flags.names_a_file() {
        // Complete flags need no file; relative paths in them are relative to this folder.
        vec![Config::default()]
    } else if flags.found().is_err() {
        let none = projects::none();
        return Err(Failure::Usage(anyhow::anyhow!("{none}, or give --schema, --documents and --output")));
    } else if overrides {
        vec![flags.one()?]
    } else {
        flags.all()?
    };
    for config in &mut configs {
        if !arguments.schema.is_empty() {
            config.schema.clone_from(&arguments.schema);
        }
        if !arguments.documents.is_empty() {
            config.documents.clone_from(&arguments.documents);
        }
        if let Some(output) = &arguments.output {
            config.generate.output = Some(output.clone());
        }
        if config.generate.output.is_none() && !arguments.stdout {
            let file = config.file.as_ref().map(|file| file.path.display().to_string()).unwrap_or_default();
            return Err(Failure::Usage(anyhow::anyhow!(
                "{file} does not set `output`; add `output = \"src/api\"` (a folder) or `output = \
                 \"src/api.rs\"` under [extensions.graphwright.generate], or give --output"
            )));
        }
    }
    Ok(configs)
}

fn generate(config: &Config) -> Result<(Compiled, BTreeMap<PathBuf, String>), Failure> {
    let inputs = load::read(config).map_err(|found| Failure::Configuration(for_people(config, found)))?;
    let (compiled, files) = compile_with_defects(config, inputs, |compiled| output::files(compiled, config))
        .map_err(|found| refused(for_people(config, found)))?;
    Ok((compiled, files.map_err(anyhow::Error::from)?))
}

/// Classifies diagnostics: those that only the configuration causes are not findings about documents.
pub fn refused(diagnostics: Diagnostics) -> Failure {
    let mut errors = diagnostics.list.iter().filter(|one| one.severity == Severity::Error);
    if errors.all(|one| one.code == Code::CONFIG) {
        Failure::Configuration(diagnostics)
    } else {
        Failure::Findings(diagnostics)
    }
}

fn print(files: &BTreeMap<PathBuf, String>) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    for (path, content) in files {
        if files.len() > 1 {
            writeln!(stdout, "// {}", path.display())?;
        }
        stdout.write_all(content.as_bytes())?;
    }
    Ok(())
}

/// Prints a diff between the files on disk and the output.
fn check(files: &BTreeMap<PathBuf, String>, changes: &Changes, prefix: &str, report: &Report) -> Exit {
    if changes.is_empty() {
        report.info(format!("{prefix}{} up to date", counted(files.len(), "file")));
        return Exit::Clean;
    }
    let mut text = String::new();
    for (path, present) in &changes.written {
        let wanted = files.get(path).map(String::as_str).unwrap_or_default();
        let old = present.as_deref().unwrap_or_default();
        let name = path.display().to_string();
        let before = if present.is_some() { format!("a/{name}") } else { "/dev/null".to_owned() };
        let diff = TextDiff::from_lines(old, wanted);
        text.push_str(&diff.unified_diff().header(&before, &format!("b/{name}")).to_string());
    }
    for path in &changes.removed {
        text.push_str(&format!("{} is no longer generated\n", path.display()));
    }
    // A closed pipe is the reader's choice.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    let stale = changes.written.len() + changes.removed.len();
    let present = changes.written.values().flatten();
    let mut versions = present.filter_map(|code| Manifest::read(code)).map(|(_, version)| version);
    let cause = versions.find(|version| *version != VERSION);
    let cause =
        cause.map_or_else(String::new, |other| format!(" (generated by graphwright {other}; this is {VERSION})"));
    report.error(format!("{prefix}{} not up to date; run `graphwright generate`{cause}", counted(stale, "file")));
    Exit::Findings
}

fn summary(compiled: &Compiled, files: &BTreeMap<PathBuf, String>, changes: &Changes, elapsed: Duration) -> String {
    let operations = compiled.module.documents.iter().map(|document| document.operations.len()).sum();
    let removed = match changes.removed.len() {
        0 => String::new(),
        count => format!(", {count} removed"),
    };
    format!(
        "{} in {}: {} written{removed}, {} unchanged, {:.0?}",
        counted(operations, "operation"),
        counted(files.len(), "file"),
        changes.written.len(),
        files.len() - changes.written.len(),
        elapsed
    )
}

/// Generates, then again whenever a file below the folder of a configuration changes.
fn watch(arguments: &Arguments, report: &Report) -> Exit {
    let (sender, events) = mpsc::channel();
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // The receiver lives as long as the loop below.
        let _ = sender.send(event);
    });
    let mut watcher = match watcher {
        Ok(watcher) => watcher,
        Err(error) => return Failure::Usage(error.into()).tell(report),
    };
    let configs = configurations(arguments).unwrap_or_default();
    let mut roots: Vec<PathBuf> = configs.iter().map(|config| plain(&config.root)).collect();
    roots.sort();
    roots.dedup();
    if roots.is_empty() {
        roots.push(PathBuf::from("."));
    }
    for root in roots {
        if let Err(error) = watcher.watch(&root, RecursiveMode::Recursive) {
            return Failure::Usage(error.into()).tell(report);
        }
    }
    loop {
        if let Err(failure) = all(arguments, report) {
            failure.tell(report);
        }
        report.info("watching for changes; stop with Ctrl-C");
        loop {
            match events.recv() {
                Ok(Ok(event)) if is_input(&event) => break,
                Ok(_) => {}
                Err(_) => return Exit::Clean,
            }
        }
        settle(&events);
    }
}

/// Waits until inputs have not changed for a moment, since editors write in several steps. Read accesses are ignored.
fn settle(events: &mpsc::Receiver<notify::Result<notify::Event>>) {
    const MOMENT: Duration = Duration::from_millis(50);
    let mut until = Instant::now() + MOMENT;
    while let Ok(event) = events.recv_timeout(until.saturating_duration_since(Instant::now())) {
        if event.is_ok_and(|event| is_input(&event)) {
            until = Instant::now() + MOMENT;
        }
    }
}

/// Returns true for a change of a document, a schema or a configuration.
fn is_input(event: &notify::Event) -> bool {
    if event.kind.is_access() {
        return false;
    }
    event.paths.iter().any(|path| {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        matches!(extension, "graphql" | "graphqls" | "gql" | "sdl" | "json") || config::FILE_NAMES.contains(&name)
    })
}
