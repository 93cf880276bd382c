//! Reads the files that a configuration names. No other module of the library reads files.

use crate::config::{self, Config};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, has_errors};
use crate::files::{Files, Found, Pattern, shown};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::foreign::{self, Foreign};
use crate::syntax::outline;
use graphwright_prebuilt::meaning::hash;
use graphwright_prebuilt::{File, Folder, Manifest, candidates, join};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The texts of a run.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// All texts.
    pub sources: Sources,
    /// The texts of the schema.
    pub schema: Vec<SourceId>,
    /// The texts of the client-side schema.
    pub client_schema: Vec<SourceId>,
    /// The texts with operations and fragments.
    pub documents: Vec<SourceId>,
    /// Texts of which only the fragments that `documents` need are used.
    pub library: Vec<SourceId>,
    /// The inputs that the output records; paths are relative to the configuration.
    pub manifest: Manifest,
    /// Warnings about the patterns.
    pub warnings: Vec<Diagnostic>,
}

/// The settings that name files.
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
    problems.extend(oddities(config, &mut inputs.sources));
    inputs.warnings = problems;
    inputs.manifest = manifest(config, &inputs);
    Ok(inputs)
}

/// Returns the hashes of all inputs of an output.
fn manifest(config: &Config, inputs: &Inputs) -> Manifest {
    let texts = inputs.schema.iter().chain(&inputs.client_schema).chain(&inputs.documents);
    let mut files: Vec<File> = texts
        .map(|id| (inputs.sources.name(*id).to_owned(), inputs.sources.text(*id)))
        .map(|(path, text)| File { hash: hash(&path, text), path })
        .collect();
    if let Some(file) = &config.file {
        let path = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push(File { hash: hash(&path, &file.text), path });
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let patterns = [&config.schema, &config.client_schema, &config.documents].map(|one| config.files(one));
    let patterns = patterns.iter().flatten().flat_map(Files::patterns);
    let folders: BTreeSet<&Path> = patterns.filter_map(Pattern::folder).collect();
    let known: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let folders = folders.into_iter().filter_map(|path| {
        let candidates = candidates(&config.resolve(path)).ok()?;
        let path = if path.as_os_str().is_empty() { ".".to_owned() } else { shown(path) };
        let paths = candidates.iter().map(|name| join(&path, name));
        Some(Folder { unused: paths.filter(|path| !known.contains(path.as_str())).collect(), path })
    });
    let folders = folders.collect();
    Manifest { files, folders }
}

/// Reads the files of a setting.
pub fn read_all(
    config: &Config,
    setting: Setting,
    patterns: &[String],
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
) -> Vec<SourceId> {
    let files = files(config, setting, patterns, sources, problems);
    files
        .iter()
        .filter_map(|file| match read_text(&config.root, file) {
            Ok(text) => Some(sources.add(shown(file), text)),
            Err(unreadable) => {
                let Unreadable { problem, text } = *unreadable;
                let place = text.map(|(text, place)| Span::new(sources.add(shown(file), text), place));
                problems.push(problem.at(place, ""));
                None
            }
        })
        .collect()
}

/// Reads the client-side schema, which is optional.
pub fn read_client_schema(config: &Config, sources: &mut Sources, problems: &mut Vec<Diagnostic>) -> Vec<SourceId> {
    match config.client_schema.as_slice() {
        [] => Vec::new(),
        patterns => read_all(config, Setting::ClientSchema, patterns, sources, problems),
    }
}

/// Returns the files of a setting.
pub fn files(
    config: &Config,
    setting: Setting,
    patterns: &[String],
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
) -> Vec<PathBuf> {
    let key = setting.key();
    if patterns.is_empty() {
        problems.push(
            Diagnostic::error(Code::CONFIG, format!("the configuration does not set `{key}`"))
                .help(format!("add, for example, {}", setting.example())),
        );
        return Vec::new();
    }
    if let Some(url) = patterns.iter().find(|pattern| pattern.starts_with("http://") || pattern.starts_with("https://"))
    {
        problems.push(
            Diagnostic::error(Code::CONFIG, format!("`{key}` is a URL, but generating never uses the network"))
                .help(format!("run `graphwright introspect {url} --out schema.graphql` and set that file")),
        );
        return Vec::new();
    }
    let chosen = match config.files(patterns) {
        Ok(files) => files,
        Err(error) => {
            let place = config.place(&error.pattern, sources);
            problems.push(Diagnostic::error(Code::CONFIG, error.to_string()).at(place, ""));
            return Vec::new();
        }
    };
    let Found { mut files, unmatched } = chosen.find();
    without_others(config, setting, &mut files);
    let mut about_patterns = missing(config, setting, &chosen, &mut files);
    let foreign = without_foreign(setting, &chosen, &mut files);
    for (pattern, near_miss) in unmatched {
        let message = format!("no file matches `{}` of `{key}`", pattern.written());
        let problem = match files.is_empty() {
            true => Diagnostic::error(Code::CONFIG, message),
            false => Diagnostic::warning(Code::UNMATCHED_PATTERN, message),
        };
        let help = near_miss.unwrap_or_else(|| ANCHOR.to_owned());
        about_patterns.push((pattern.written().to_owned(), problem.help(help)));
    }
    if let Some((pattern, file, count)) = foreign {
        let message = match count {
            1 => format!("`{pattern}` matches {}, which is ignored since it is not GraphQL", shown(&file)),
            _ => {
                format!(
                    "`{pattern}` matches {count} files that are ignored since they are not GraphQL: {}, …",
                    shown(&file)
                )
            }
        };
        about_patterns.push((pattern, Diagnostic::warning(Code::UNMATCHED_PATTERN, message)));
    }
    if files.is_empty() && about_patterns.is_empty() {
        problems.push(Diagnostic::error(Code::CONFIG, format!("no file matches `{key}`: {}", patterns.join(", "))));
    }
    problems
        .extend(about_patterns.into_iter().map(|(pattern, problem)| problem.at(config.place(&pattern, sources), "")));
    files
}

/// Removes paths that do not exist, and returns each with its pattern and the error.
fn missing(config: &Config, setting: Setting, chosen: &Files, files: &mut Vec<PathBuf>) -> Vec<(String, Diagnostic)> {
    let paths = chosen.patterns().iter().filter(|pattern| pattern.folder().is_none());
    let gone = paths.filter(|pattern| !config.resolve(pattern.beginning()).exists());
    gone.map(|pattern| {
        files.retain(|file| file != pattern.beginning());
        let problem = Diagnostic::error(Code::UNREADABLE, format!("cannot read {}: no such file", pattern.written()));
        let written = pattern.written();
        let help = chosen.near_miss(pattern, None).unwrap_or_else(|| match setting {
            Setting::Schema => format!("{ANCHOR}; `graphwright introspect URL --out {written}` fetches a schema"),
            _ => ANCHOR.to_owned(),
        });
        (pattern.written().to_owned(), problem.help(help))
    })
    .collect()
}

/// Removes files that no pattern can be meant to match: a glob without extensions means GraphQL files. For a glob that
/// also matches files of a programming language, returns the pattern, such a file, and their number.
fn without_foreign(setting: Setting, chosen: &Files, files: &mut Vec<PathBuf>) -> Option<(String, PathBuf, usize)> {
    let mut foreign: Vec<(&Pattern, PathBuf)> = Vec::new();
    files.retain(|file| {
        let ending = file.extension().unwrap_or_default().to_string_lossy();
        if setting.endings().contains(&&*ending) {
            return true;
        }
        let Some(pattern) = chosen.patterns().iter().find(|one| one.names_an_ending() && one.finds(file)) else {
            return false;
        };
        let is_code = pattern.folder().is_some() && PROGRAMMING.contains(&&*ending);
        if is_code {
            foreign.push((pattern, file.clone()));
        }
        !is_code
    });
    let count = foreign.len();
    foreign.into_iter().next().map(|(pattern, file)| (pattern.written().to_owned(), file, count))
}

/// The extensions of files in which other tools search documents.
const PROGRAMMING: [&str; 10] = ["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "vue", "svelte", "rs"];

/// The suggestion if there is no similar name.
const ANCHOR: &str = "paths are relative to the folder of the configuration";

/// Returns warnings about a configuration: ignored ones beside it, and unused patterns of `exclude`.
pub fn oddities(config: &Config, sources: &mut Sources) -> Vec<Diagnostic> {
    let mut odd = Vec::new();
    if let Some(file) = &config.file {
        let other = config::passed_over(&file.path);
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        odd.extend(other.iter().map(|other| {
            let message = format!("ignored {}, since {} takes precedence", name(other), name(&file.path));
            Diagnostic::warning(Code::CONFIG, message).help("remove one of them")
        }));
    }
    let patterns = config.exclude.iter().filter_map(|pattern| Pattern::new(&config.root, pattern).ok());
    let idle = patterns.filter(|pattern| !pattern.is_about_something(&config.root));
    odd.extend(idle.map(|pattern| idle_pattern(config, "exclude", pattern.written(), sources)));
    odd
}

/// Returns the warning about a filter pattern that matches no file.
pub fn idle_pattern(config: &Config, setting: &str, pattern: &str, sources: &mut Sources) -> Diagnostic {
    let place = config.place(pattern, sources);
    let alone = Files::new(&config.root, &[pattern.to_owned()], &[]).ok();
    let near = alone.and_then(|files| files.near_miss(files.patterns().first()?, None));
    let mut problem =
        Diagnostic::warning(Code::UNMATCHED_PATTERN, format!("no file matches `{pattern}` of `{setting}`"));
    problem.help = Some(near.unwrap_or_else(|| ANCHOR.to_owned()));
    problem.at(place, "")
}

/// Removes the files of other settings, which a glob may also match: the schema is not a document, and the
/// client-side schema is not part of the server's.
fn without_others(config: &Config, setting: Setting, files: &mut Vec<PathBuf>) {
    let others: &[&Vec<String>] = match setting {
        Setting::Documents => &[&config.schema, &config.client_schema],
        Setting::Schema => &[&config.client_schema],
        Setting::ClientSchema => &[],
    };
    // Invalid patterns are reported where they are read.
    for other in others.iter().filter_map(|patterns| config.files(patterns).ok()) {
        files.retain(|file| !other.contains(file));
    }
}

/// Returns the documents of the configuration that define fragments which other documents spread but do
/// not define. Adds files that cannot be read to `problems`.
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

    /// Returns the extensions that a glob without extensions matches.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Schema | Self::ClientSchema => &["graphql", "graphqls", "gql", "sdl", "json"],
            Self::Documents => &["graphql", "graphqls", "gql"],
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

/// The reason why a file cannot be used.
pub struct Unreadable {
    /// What is wrong with it, without a place.
    pub problem: Diagnostic,
    /// The text, and the range that shows the error.
    pub text: Option<(String, Range<usize>)>,
}

/// The text of a file, which is named from a folder.
///
/// # Errors
/// It cannot be read, or its text is not GraphQL.
pub fn read_text(root: &Path, file: &Path) -> Result<String, Box<Unreadable>> {
    let without_text =
        |message: String| Box::new(Unreadable { problem: Diagnostic::error(Code::UNREADABLE, message), text: None });
    let path = root.join(file);
    if path.is_dir() {
        return Err(without_text(format!(
            "{} is a folder, not a file; name its files with a glob such as `{}/*.graphql`",
            file.display(),
            file.display()
        )));
    }
    let bytes =
        std::fs::read(&path).map_err(|error| without_text(format!("cannot read {}: {error}", file.display())))?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(without_text(format!("{} is encoded in UTF-16; save it in UTF-8", file.display())));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        without_text(format!("{}:{line}: invalid UTF-8 at byte {at}", file.display()))
    })?;
    match foreign::recognize(&text) {
        None => Ok(text),
        Some(Foreign { place, message, help }) => {
            let problem = Diagnostic::error(Code::UNREADABLE, message).help(help);
            Err(Box::new(Unreadable { problem, text: Some((text, place)) }))
        }
    }
}
