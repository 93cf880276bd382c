//! Reads the texts of a project, as selected by its configuration, flags and git.

use super::failure::Failure;
use super::names;
use super::projects::{self, Chosen, ProjectFlags, Split};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::files::{Found, plain, shown, way};
use crate::lint::{Project, Targets};
use crate::load::{self, Setting, Unreadable};
use crate::source::{SourceId, Sources, Span, Text};
use clap::Args;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

/// Flags of commands that need no configuration.
#[derive(Debug, Args)]
pub struct ProjectArguments {
    #[command(flatten)]
    flags: ProjectFlags,
    /// Schema file or glob, overriding the configuration
    #[arg(long, value_name = "GLOB")]
    schema: Vec<String>,
}

impl ProjectArguments {
    /// Returns the selected projects, with the overrides of flags. Without a configuration, paths are documents.
    pub fn projects(&self, paths: Option<&[PathBuf]>) -> Result<Split, Failure> {
        let mut split = match paths {
            Some(paths) => self.flags.of_paths(paths),
            None => {
                let each = match self.flags.each() {
                    // No configuration is needed if the schema is given.
                    Err(_) if !self.schema.is_empty() => Vec::new(),
                    each => each?,
                };
                Split { chosen: each, others: Vec::new() }
            }
        };
        if split.chosen.is_empty() && !self.schema.is_empty() {
            let paths = std::mem::take(&mut split.others);
            let paths = (!paths.is_empty()).then_some(paths);
            split.chosen.push(Ok(Chosen { paths, ..Chosen::default() }));
        }
        if split.chosen.is_empty() && paths.is_some_and(|paths| !paths.is_empty()) && self.flags.found().is_err() {
            let none = projects::none();
            return Err(Failure::Usage(anyhow::anyhow!("{none}, or give --schema and the files")));
        }
        for one in split.chosen.iter_mut().flatten() {
            self.adjust(one);
        }
        Ok(split)
    }

    fn adjust(&self, Chosen { config, paths, .. }: &mut Chosen) {
        if !self.schema.is_empty() {
            let from_here = |pattern: &String| crate::files::from_folder(&config.root, Path::new("."), pattern);
            config.schema = self.schema.iter().map(from_here).collect();
        }
        if config.documents.is_empty() {
            let paths = paths.iter().flatten();
            config.documents = paths.map(|path| pattern(config, path)).collect();
        }
    }
}

/// Returns a document pattern for a path.
fn pattern(config: &Config, path: &Path) -> String {
    let name = from_root(config, path);
    match (path.is_dir(), name.as_str()) {
        (true, "") => format!("**/*.{{{}}}", ENDINGS.join(",")),
        (true, _) => format!("{name}/**/*.{{{}}}", ENDINGS.join(",")),
        (false, _) => name,
    }
}

/// The extensions of GraphQL files.
pub const ENDINGS: [&str; 3] = ["graphql", "gql", "graphqls"];

/// Returns a path relative to the configuration's folder.
pub fn from_root(config: &Config, path: &Path) -> String {
    shown(&way(&config.root, path))
}

/// Returns true for the name of a document.
pub fn is_document(path: &Path) -> bool {
    ENDINGS.iter().any(|ending| path.extension().is_some_and(|extension| extension == *ending))
}

/// The selected part of a project, before anything is read.
#[derive(Debug)]
pub struct Selection<'s> {
    /// Files and folders; `None` selects the whole project.
    pub paths: Option<Vec<PathBuf>>,
    /// Patterns of the Rust files whose documents belong to the project.
    pub rust: &'s [String],
    /// The replacements for files on disk.
    pub stand_in: &'s StandIn,
}

/// Replacements for the files on disk; paths are absolute.
#[derive(Debug, Default)]
pub struct StandIn {
    /// Texts of files.
    pub texts: BTreeMap<PathBuf, Text>,
    /// The files that exist, if not all files on disk.
    pub only: Option<HashSet<PathBuf>>,
    /// A file that belongs to the project even if no setting names it.
    pub added: Option<PathBuf>,
}

/// A project whose texts were read.
pub struct Selected {
    /// Its texts.
    pub project: Project,
    /// The selected part of it.
    pub targets: Targets,
    /// Files that cannot be read.
    pub problems: Vec<Diagnostic>,
    /// The number of named files that are not part of the project.
    pub skipped: usize,
}

/// Reads a project.
///
/// # Errors
/// There is no schema, or a pattern is invalid.
pub fn read(config: &Config, selection: &Selection<'_>) -> Result<Selected, Failure> {
    let stand_in = selection.stand_in;
    let path_of = |file: &Path| plain(&config.resolve(file));
    let mut project = Project::default();
    let mut problems = Vec::new();
    let own: Own<'_> = stand_in.texts.iter().map(|(path, text)| (way(&config.root, path), text)).collect();
    project.schema = read_schema(config, (Setting::Schema, &config.schema), &own, &mut project.sources, &mut problems);
    let client = match config.client_schema.as_slice() {
        [] => Vec::new(),
        patterns => read_schema(config, (Setting::ClientSchema, patterns), &own, &mut project.sources, &mut problems),
    };
    project.client = config.client_side(&client);
    let mut files: BTreeSet<PathBuf> = match config.documents.is_empty() && !selection.rust.is_empty() {
        true => BTreeSet::new(),
        false => load::files(config, Setting::Documents, &config.documents, &mut project.sources, &mut problems)
            .into_iter()
            .collect(),
    };
    let mut rust: BTreeSet<PathBuf> = match config.files(selection.rust) {
        Ok(files) => {
            let Found { files, unmatched } = files.find();
            let idle = unmatched.iter().map(|(pattern, _)| pattern.written());
            problems.extend(idle.map(|pattern| load::idle_pattern(config, "rust", pattern, &mut project.sources)));
            files.into_iter().collect()
        }
        Err(error) => {
            let place = config.place(&error.pattern, &mut project.sources);
            problems.push(Diagnostic::error(Code::CONFIG, error.to_string()).at(place, ""));
            BTreeSet::new()
        }
    };
    if problems.iter().any(|one| one.severity == Severity::Error) {
        let diagnostics = Diagnostics::new(project.sources, problems);
        return Err(Failure::Configuration(names::for_people(config, diagnostics)));
    }
    // Searching for patterns without matches is slow, so hooks skip it.
    if selection.paths.is_none() {
        problems.extend(load::oddities(config, &mut project.sources));
    }
    let schema: HashSet<String> = project.schema.iter().map(|id| project.sources.name(*id).to_owned()).collect();
    if let Some(only) = &stand_in.only {
        files.retain(|file| only.contains(&path_of(file)));
        rust.retain(|file| only.contains(&path_of(file)));
    }
    let (targets, skipped) = match &selection.paths {
        None => (Targets::All, 0),
        Some(paths) => {
            let is_missing = |path: &&PathBuf| !path.exists() && !stand_in.texts.contains_key(&plain(path));
            if let Some(missing) = paths.iter().find(is_missing) {
                return Err(Failure::Usage(anyhow::anyhow!("cannot read {}: no such file", missing.display())));
            }
            chosen(config, paths, &schema, &files, &mut rust)
        }
    };
    // A file that exists only on standard input is a document unless it belongs to the schema or the Rust sources.
    let added = stand_in.added.as_ref().map(|path| way(&config.root, path));
    files.extend(added.filter(|file| !schema.contains(&shown(file)) && !rust.contains(file)));
    let texts = texts_of(config, files, &own, &mut project.sources, &mut problems);
    project.add_all(texts);
    for (path, text) in texts_of(config, rust, &own, &mut project.sources, &mut problems) {
        project.add_rust(&path, &text);
    }
    Ok(Selected { project, targets, problems, skipped })
}

/// The replaced texts, by paths relative to the configuration's folder.
type Own<'s> = BTreeMap<PathBuf, &'s Text>;

/// Reads files in order; reports those that cannot be read in `problems`.
fn texts_of(
    config: &Config,
    files: impl IntoIterator<Item = PathBuf>,
    own: &Own<'_>,
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(String, Text)> {
    let files: Vec<PathBuf> = files.into_iter().collect();
    let disk: Vec<PathBuf> = files.iter().filter(|file| !own.contains_key(*file)).cloned().collect();
    let mut read: HashMap<String, Text> = read_files(config, &disk, sources, problems).into_iter().collect();
    let text = |file: &PathBuf| {
        let name = shown(file);
        let text = own.get(file).map(|text| (*text).clone()).or_else(|| read.remove(&name))?;
        Some((name, text))
    };
    files.iter().filter_map(text).collect()
}

/// Reads files side by side; those that cannot be read are reported in `problems`.
fn read_files(
    config: &Config,
    files: &[PathBuf],
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(String, Text)> {
    let texts: Vec<_> = files.par_iter().map(|file| load::read_text(&config.root, file)).collect();
    let mut read = Vec::new();
    for (file, text) in files.iter().zip(texts) {
        match text {
            Ok(text) => read.push((shown(file), text.into())),
            Err(unreadable) => {
                let Unreadable { problem, text } = *unreadable;
                // Other programs want a place, although there is no text.
                let (text, place) = text.unwrap_or_default();
                let place = Span::new(sources.add(shown(file), text), place);
                problems.push(problem.at(Some(place), ""));
            }
        }
    }
    read
}

/// Reads the texts of a schema.
fn read_schema(
    config: &Config,
    (setting, patterns): (Setting, &[String]),
    own: &Own<'_>,
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
) -> Vec<SourceId> {
    let files = load::files(config, setting, patterns, sources, problems);
    let texts = texts_of(config, files, own, sources, problems);
    texts.into_iter().map(|(name, text)| sources.add(name, text)).collect()
}

/// Returns what paths select in a project: everything if one of them belongs to the schema.
fn chosen(
    config: &Config,
    paths: &[PathBuf],
    schema: &HashSet<String>,
    files: &BTreeSet<PathBuf>,
    rust: &mut BTreeSet<PathBuf>,
) -> (Targets, usize) {
    let mut names = HashSet::new();
    let mut skipped = 0;
    for path in paths {
        let name = from_root(config, path);
        if schema.contains(&name) {
            return (Targets::All, 0);
        }
        if path.is_dir() {
            let folder = plain(path);
            let inside =
                files.iter().chain(rust.iter()).filter(|file| plain(&config.resolve(file)).starts_with(&folder));
            names.extend(inside.map(|file| shown(file)));
        } else if name.ends_with(".rs") {
            rust.insert(PathBuf::from(&name));
            names.insert(name);
        } else {
            skipped += usize::from(!files.contains(Path::new(&name)));
            names.insert(name);
        }
    }
    (Targets::Changed(names), skipped)
}
