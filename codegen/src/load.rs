//! The only place of the library where files are read: what a configuration names, as texts.

use crate::config::{Config, fixed_part, is_glob, matching_files};
use crate::diagnostic::{Diagnostic, Diagnostics, has_errors};
use crate::document::outline;
use crate::source::{SourceId, Sources};
#[cfg(feature = "lint")]
use crate::source::{Span, Text};
use graphwright_prebuilt::meaning::hash;
use graphwright_prebuilt::{File, Folder, Manifest, candidates, join};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The texts that a run works on.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// All texts.
    pub sources: Sources,
    /// Those that make up the schema.
    pub schema: Vec<SourceId>,
    /// Those that add to it what only the client knows.
    pub client_schema: Vec<SourceId>,
    /// Those that hold operations and fragments.
    pub documents: Vec<SourceId>,
    /// Those of which only the fragments count that `documents` need.
    pub library: Vec<SourceId>,
    /// What the output will say that it came from; paths are relative to the configuration.
    pub manifest: Manifest,
}

/// Which setting names files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// `schema`
    Schema,
    /// `client_schema`
    ClientSchema,
    /// `documents`
    Documents,
}

/// Reads the schema and the documents that a configuration names.
///
/// # Errors
/// Files that are missing, unreadable or not UTF-8 (with the place of the first bad byte),
/// patterns that are not globs or match nothing. All of them are reported.
pub fn read(config: &Config) -> Result<Inputs, Diagnostics> {
    let mut inputs = Inputs::default();
    let mut problems = Vec::new();
    inputs.schema = read_all(config, Setting::Schema, &config.schema, &mut inputs.sources, &mut problems);
    inputs.client_schema = read_client_schema(config, &mut inputs.sources, &mut problems);
    inputs.documents = read_all(config, Setting::Documents, &config.documents, &mut inputs.sources, &mut problems);
    if has_errors(&problems) {
        return Err(Diagnostics::new(inputs.sources, problems));
    }
    inputs.manifest = manifest(config, &inputs);
    Ok(inputs)
}

/// Everything that an output depends on.
fn manifest(config: &Config, inputs: &Inputs) -> Manifest {
    let texts = inputs.schema.iter().chain(&inputs.client_schema).chain(&inputs.documents);
    let mut files: Vec<File> = texts
        .map(|id| (inputs.sources.name(*id).to_owned(), inputs.sources.text(*id)))
        .map(|(path, text)| File { hash: hash(&path, text), path })
        .collect();
    // It was read a moment ago; whoever deletes it now finds out with the next run.
    let text = config.file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
    if let (Some(file), Some(text)) = (config.file.as_ref().and_then(|file| file.file_name()), text) {
        let path = file.to_string_lossy().into_owned();
        files.push(File { hash: hash(&path, &text), path });
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let patterns = config.schema.iter().chain(&config.client_schema).chain(&config.documents);
    let globs = patterns.filter(|pattern| !pattern.starts_with('!') && is_glob(pattern));
    let folders: BTreeSet<PathBuf> = globs.map(|pattern| fixed_part(pattern)).collect();
    let known: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let folders = folders.into_iter().filter_map(|path| {
        let candidates = candidates(&config.resolve(&path)).ok()?;
        let path = if path.as_os_str().is_empty() { ".".to_owned() } else { name(&path) };
        let paths = candidates.iter().map(|name| join(&path, name));
        Some(Folder { unused: paths.filter(|path| !known.contains(path.as_str())).collect(), path })
    });
    let folders = folders.collect();
    Manifest { files, folders }
}

/// Reads the files that some patterns name, for one setting.
pub fn read_all(
    config: &Config,
    setting: Setting,
    patterns: &[String],
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
) -> Vec<SourceId> {
    let files = files(config, setting, patterns, problems);
    files
        .iter()
        .filter_map(|file| match read_text(&config.root, file) {
            Ok(text) => Some(sources.add(name(file), text)),
            Err(message) => {
                problems.push(Diagnostic::error("unreadable", message));
                None
            }
        })
        .collect()
}

/// Reads what only the client knows; a configuration need not have anything of the kind.
pub fn read_client_schema(config: &Config, sources: &mut Sources, problems: &mut Vec<Diagnostic>) -> Vec<SourceId> {
    match config.client_schema.as_slice() {
        [] => Vec::new(),
        patterns => read_all(config, Setting::ClientSchema, patterns, sources, problems),
    }
}

/// Reads files side by side; those that cannot be read are told in `problems`.
#[cfg(feature = "lint")]
pub fn read_files(
    config: &Config,
    files: &[PathBuf],
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(String, Text)> {
    use rayon::prelude::*;
    let texts: Vec<_> = files.par_iter().map(|file| read_text(&config.root, file)).collect();
    let mut read = Vec::new();
    for (file, text) in files.iter().zip(texts) {
        match text {
            Ok(text) => read.push((name(file), text.into())),
            Err(message) => {
                // Other programs want a place, although there is no text.
                let place = Span::new(sources.add(name(file), ""), 0..0);
                problems.push(Diagnostic::error("unreadable", message).at(Some(place), ""));
            }
        }
    }
    read
}

/// The files that some patterns name, for one setting.
pub fn files(config: &Config, setting: Setting, patterns: &[String], problems: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let key = setting.key();
    if patterns.is_empty() {
        problems.push(
            Diagnostic::error("config", format!("the configuration does not say `{key}`"))
                .help(format!("add, for example, {}", setting.example())),
        );
        return Vec::new();
    }
    if let Some(url) = patterns.iter().find(|pattern| pattern.starts_with("http://") || pattern.starts_with("https://"))
    {
        problems.push(
            Diagnostic::error("config", format!("`{key}` is a URL: generating never uses the network"))
                .help(format!("run `graphwright introspect {url} --out schema.graphql` and name that file")),
        );
        return Vec::new();
    }
    // `!pattern` in the list is another way to say `exclude`.
    let (not, patterns): (Vec<String>, Vec<String>) = patterns.iter().cloned().partition(|one| one.starts_with('!'));
    let not = not.iter().map(|pattern| pattern.trim_start_matches('!').to_owned());
    let exclude: Vec<String> = config.exclude.iter().cloned().chain(not).collect();
    let files = match matching_files(&config.root, &patterns, &exclude) {
        Ok(files) => files,
        Err((pattern, reason)) => {
            problems.push(Diagnostic::error("config", format!("`{pattern}` is not a glob: {reason}")));
            return Vec::new();
        }
    };
    let files = without_client_schema(config, setting, files);
    if files.is_empty() {
        let but = if exclude.is_empty() { String::new() } else { format!(" but not {}", exclude.join(", ")) };
        let message = format!("no file matches `{key}`: {}{but}", patterns.join(", "));
        let place = if config.root.as_os_str().is_empty() { ".".into() } else { config.root.display().to_string() };
        problems.push(Diagnostic::error("config", message).help(format!("patterns are relative to {place}")));
    }
    files
}

/// Files without those of `client_schema`, which a glob for something else may match too.
fn without_client_schema(config: &Config, setting: Setting, mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    if setting != Setting::ClientSchema && !config.client_schema.is_empty() {
        // What is wrong with these patterns is reported where they are read.
        let client = matching_files(&config.root, &config.client_schema, &config.exclude).unwrap_or_default();
        files.retain(|file| !client.contains(file));
    }
    files
}

/// Those of the configuration's documents that define fragments which other documents spread and do
/// not define. What cannot be read is added to `problems`.
pub fn library(
    config: &Config,
    sources: &mut Sources,
    documents: &[SourceId],
    problems: &mut Vec<Diagnostic>,
) -> Vec<SourceId> {
    let mut open: Vec<String> = Vec::new();
    let mut defined: BTreeSet<String> = BTreeSet::new();
    for id in documents {
        let text = sources.text(*id);
        let names = outline(text);
        open.extend(names.spreads(text));
        defined.extend(names.fragments(text));
    }
    open.retain(|name| !defined.contains(name));
    if open.is_empty() {
        return Vec::new();
    }
    let own: BTreeSet<String> = documents.iter().map(|id| sources.name(*id).to_owned()).collect();
    let all = read_all(config, Setting::Documents, &config.documents, sources, problems);
    let others: Vec<(SourceId, BTreeSet<String>, BTreeSet<String>)> = (all.into_iter())
        .filter(|id| !own.contains(sources.name(*id)))
        .map(|id| {
            let text = sources.text(id);
            let names = outline(text);
            (id, names.fragments(text), names.spreads(text))
        })
        .collect();
    let mut library = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !defined.insert(name.clone()) {
            continue;
        }
        for (id, _, spreads) in others.iter().filter(|(_, fragments, _)| fragments.contains(&name)) {
            if library.insert(*id) {
                open.extend(spreads.iter().cloned());
            }
        }
    }
    library.into_iter().collect()
}

impl Setting {
    fn key(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::ClientSchema => "client_schema",
            Self::Documents => "documents",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Schema => "`schema = \"schema.graphql\"`",
            Self::ClientSchema => "`client_schema = \"client.graphql\"`",
            Self::Documents => "`documents = \"graphql/**/*.graphql\"`",
        }
    }
}

/// The same on every system, since it becomes part of the output.
fn name(file: &Path) -> String {
    file.to_string_lossy().replace('\\', "/")
}

fn read_text(root: &Path, file: &Path) -> Result<String, String> {
    let path = root.join(file);
    if path.is_dir() {
        return Err(format!(
            "{} is a folder, not a file; name its files with a glob such as `{}/*.graphql`",
            file.display(),
            file.display()
        ));
    }
    let bytes = std::fs::read(&path).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("{}:{line}: the file is not UTF-8 from byte {at} on", file.display())
    })
}
