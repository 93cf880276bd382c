//! `graphwright migrate eslint`

use super::config::{Cascade, EslintConfig, Files, Located, System, Version};
use super::find::{self, Format};
use super::note::{About, Kind, Note, listed};
use super::read::{self, Read};
use super::translate::{Migrated, Place, globs, translate};
use super::write::{self, Existing, Target};
use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::cli::names;
use crate::cli::report::{Report, counted};
use crate::config as ours;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files;
use crate::output;
use crate::source::{SourceId, Sources, Span};
use anyhow::{Context, anyhow, bail};
use clap::Args;
use similar::TextDiff;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Migrate the settings of graphql-eslint
///
/// Reads `eslint.config.*`, `.eslintrc*` or `eslintConfig` in package.json: the nearest one, or FILE. Writes
/// [extensions.graphwright.lint] of the nearest graphql.config.* or .graphqlrc*, or a new graphql.config.toml beside
/// the ESLint configuration. JavaScript is parsed, not executed; computed settings and settings without a counterpart
/// are listed with their locations.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright migrate eslint --diff                  # show what would be written
  graphwright migrate eslint
  graphwright migrate eslint packages/web/.eslintrc.json --force

With --force, `extends`, `rules` and `overrides` of an existing lint section are replaced; its other settings are kept.")]
pub struct Arguments {
    /// ESLint configuration, or a folder that contains one
    file: Option<PathBuf>,
    /// Configuration to write to
    #[arg(long, short, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Project of the configuration, if it has several
    #[arg(long, short, value_name = "NAME")]
    project: Option<String>,
    /// Write nothing; print the changes and exit 1 if there are any
    #[arg(long, visible_alias = "dry-run")]
    diff: bool,
    /// Replace the rules of an existing lint section
    #[arg(long)]
    force: bool,
}

pub fn run(arguments: &Arguments, report: &Report) -> Exit {
    migrate(arguments, report).unwrap_or_else(|failure| failure.tell(report))
}

fn migrate(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    let path = source_file(arguments.file.as_deref())?;
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut sources = Sources::default();
    let read = read_text(&path, &text, find::version(&files::plain(&folder), find::system(&path)), &mut sources)
        .map_err(|diagnostic| Failure::Configuration(Diagnostics::single(sources.clone(), diagnostic)))?;
    if !read.uses_plugin {
        report.info(listed(&read.notes, &sources).trim_start());
        return Err(anyhow!("{} does not use graphql-eslint; nothing to migrate", path.display()).into());
    }
    let target = target(arguments, &folder)?;
    target.check().map_err(Failure::Configuration)?;
    let place = place(&folder, &target, &read.config.project.schema)?;
    let (migrated, more) = translate(&read.config, &place);
    let mut notes = read.notes;
    notes.extend(more);
    let text = target.text(&migrated)?;
    notes.extend(other_notes(&target, &migrated, &read.config, &folder, read.source));
    notes.extend(outside(&target, &text, &place, &read.config));
    let exit = finish(arguments, report, &target, &text)?;
    report.info(summary(&path, &target, &migrated, &notes, exit));
    if !notes.is_empty() {
        report.info(listed(&notes, &sources).trim_end());
    }
    Ok(exit)
}

/// A parsed file, with the source of its spans.
struct ReadFile {
    config: EslintConfig,
    uses_plugin: bool,
    notes: Vec<Note>,
    source: SourceId,
}

fn read_text(path: &Path, text: &str, version: Version, sources: &mut Sources) -> Result<ReadFile, Diagnostic> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = sources.add(path.display().to_string(), text);
    let module = Format::of(path)
        .read(text)
        .map_err(|error| Diagnostic::error(Code::SYNTAX, error.message).at(Some(Span::new(source, error.range)), ""))?;
    let Read { config, uses_plugin, notes } = read::read(&module, source, find::system(path), version);
    Ok(ReadFile { config, uses_plugin, notes, source })
}

/// Returns the ESLint configuration: the named one, or the nearest one.
fn source_file(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    match named {
        Some(folder) if folder.is_dir() => {
            find::in_folder(folder).ok_or_else(|| anyhow!("{} has no ESLint configuration", folder.display()))
        }
        Some(file) => Ok(file.to_path_buf()),
        None => {
            let here = std::env::current_dir()?;
            let found = find::nearest(&here);
            let found = found.ok_or_else(|| anyhow!("no ESLint configuration in this folder or above it"))?;
            Ok(files::from_here(&found))
        }
    }
}

/// Returns the configuration to write to: the named one, the nearest one, or a new one beside the ESLint configuration.
fn target(arguments: &Arguments, folder: &Path) -> anyhow::Result<Target> {
    let existing = if arguments.force { Existing::Replace } else { Existing::Keep };
    let found = match &arguments.config {
        Some(path) => Some(path.clone()),
        None => ours::find(&files::plain(folder)).map(|path| files::from_here(&path)),
    };
    let path = found.unwrap_or_else(|| folder.join("graphql.config.toml"));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    Ok(Target { path, text, project: arguments.project.clone(), existing })
}

/// Returns the path from the written configuration to the folder of the ESLint configuration.
fn place(folder: &Path, target: &Target, schema: &[Located<String>]) -> anyhow::Result<Place> {
    let root = target.path.parent().unwrap_or(Path::new(""));
    let way = files::way(root, folder);
    if way.components().any(|part| part == std::path::Component::ParentDir) {
        bail!(
            "{} is not in the folder of the ESLint configuration or above it: its patterns cannot match the same files",
            target.path.display()
        );
    }
    let prefix = files::shown(&way);
    let start = files::plain(folder);
    let entries = WalkDir::new(&start)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !files::is_of_tools(&entry.file_name().to_string_lossy()))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file());
    let files = entries.filter_map(|entry| {
        let name = entry.path().strip_prefix(&start).ok()?;
        let extension = name.extension()?.to_str()?;
        matches!(extension, "graphql" | "graphqls" | "gql").then(|| files::shown(&way.join(name)))
    });
    let files: Vec<String> = files.collect();
    let own = target.schema();
    let theirs = schema.iter().map(|glob| globs::in_project(&glob.value, &prefix));
    let patterns: Vec<String> = if own.is_empty() { theirs.collect() } else { own };
    let patterns: Vec<_> = patterns.iter().filter_map(|glob| files::Pattern::new(Path::new(""), glob).ok()).collect();
    let is_schema = |file: &&String| patterns.iter().any(|pattern| pattern.finds(Path::new(file)));
    let schema = files.iter().filter(is_schema).cloned().collect();
    Ok(Place { prefix, files, schema })
}

/// Returns notes about files near the ESLint configuration and about settings that the new configuration lacks.
fn other_notes(
    target: &Target,
    migrated: &Migrated,
    config: &EslintConfig,
    folder: &Path,
    source: SourceId,
) -> Vec<Note> {
    let at = Span::new(source, 0..0);
    let mut notes = Vec::new();
    if config.system == System::Legacy && config.cascade == Cascade::GoesOn {
        let above = files::plain(folder);
        let found = above.parent().and_then(find::nearest).filter(|path| find::system(path) == System::Legacy);
        notes.extend(found.map(|path| Note { at, about: About::Cascade(path.display().to_string()) }));
    }
    if target.needs("schema") && migrated.schema.is_empty() {
        notes.push(Note { at, about: About::FillIn("schema") });
    }
    if target.needs("documents") && migrated.documents.is_empty() {
        notes.push(Note { at, about: About::FillIn("documents") });
    }
    notes
}

/// Returns a note about files that blocks match and the project does not contain.
fn outside(target: &Target, text: &str, place: &Place, config: &EslintConfig) -> Option<Note> {
    let project = ours::parse(&target.path, text, target.project.as_deref()).ok()?;
    let at = config.blocks.first()?.at;
    if project.documents.is_empty() {
        return None;
    }
    let patterns = |globs: &[String]| -> Vec<files::Pattern> {
        globs.iter().filter_map(|glob| files::Pattern::new(Path::new(""), glob).ok()).collect()
    };
    let inside = patterns(&[project.schema, project.documents].concat());
    let is_in = |patterns: &[files::Pattern], file: &str| patterns.iter().any(|one| one.covers(Path::new(file)));
    let linted: Vec<Option<Vec<files::Pattern>>> = (config.blocks.iter())
        .map(|block| match &block.files {
            Files::All => None,
            Files::Matching(globs) => {
                let globs = globs.iter().filter_map(|glob| globs::files(&glob.value, &place.prefix).ok());
                Some(patterns(&globs.collect::<Vec<_>>()))
            }
        })
        .collect();
    let ignored = config.ignores.iter().filter_map(|glob| globs::ignored(&glob.value, &place.prefix).ok());
    let ignored = patterns(&ignored.flatten().collect::<Vec<_>>());
    let is_linted = |file: &str| linted.iter().any(|globs| globs.as_ref().is_none_or(|globs| is_in(globs, file)));
    let mut files: Vec<String> = (place.files.iter())
        .filter(|file| is_linted(file) && !is_in(&inside, file) && !is_in(&ignored, file))
        .cloned()
        .collect();
    files.sort();
    (!files.is_empty()).then_some(Note { at, about: About::OutsideProject(files) })
}

fn finish(arguments: &Arguments, report: &Report, target: &Target, text: &str) -> anyhow::Result<Exit> {
    let before = target.text.as_deref().unwrap_or_default();
    if !arguments.diff {
        output::write(&target.path, text).with_context(|| format!("cannot write {}", target.path.display()))?;
        return Ok(Exit::Clean);
    }
    if before == text {
        return Ok(Exit::Clean);
    }
    let name = files::shown(&target.path);
    let diff = TextDiff::from_lines(before, text);
    let header = (format!("a/{name}"), format!("b/{name}"));
    report.result(&diff.unified_diff().header(&header.0, &header.1).to_string());
    Ok(Exit::Findings)
}

fn summary(path: &Path, target: &Target, migrated: &Migrated, notes: &[Note], exit: Exit) -> String {
    let verb = if exit == Exit::Findings { "would write" } else { "wrote" };
    let counts = Kind::ALL.map(|kind| (kind, notes.iter().filter(|note| note.about.kind() == kind).count()));
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{count} {}", kind.heading()))
        .collect();
    let lint = &migrated.lint;
    let listed = if counts.is_empty() { String::new() } else { format!("; {}", counts.join(", ")) };
    format!(
        "{verb} {} from {}: {} and {}{listed}",
        names::path_from_here(&target.path).display(),
        path.display(),
        counted(lint.rules.len(), "rule"),
        counted(lint.overrides.len(), "override"),
    )
}

#[doc(hidden)]
/// Reads and translates a text as every format; must not panic.
///
/// # Errors
/// The resulting settings are invalid.
pub fn hostile(name: &str, text: &str) -> Result<(), String> {
    let mut sources = Sources::default();
    let Ok(read) = read_text(Path::new(name), text, Version::Four, &mut sources) else { return Ok(()) };
    let files = ["src/a.graphql", "schema.graphql"].map(str::to_owned);
    let place = Place { prefix: String::new(), files: files.to_vec(), schema: Vec::new() };
    let (migrated, notes) = translate(&read.config, &place);
    listed(&[read.notes, notes].concat(), &sources);
    for (file, before) in write::EXAMPLES {
        let target = Target {
            path: PathBuf::from(file),
            text: Some((*before).to_owned()),
            project: None,
            existing: Existing::Replace,
        };
        target.text(&migrated).map_err(|error| format!("{file}: {error:#}"))?;
    }
    Ok(())
}
