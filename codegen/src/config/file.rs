//! Reads a configuration file, in TOML, YAML or JSON, with errors that point into it.

use super::{Client, Config, ConfigFile, DefinitionSettings, Generate, Introspect, TypeSettings};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, closest};
use crate::source::{SourceId, Sources, Span, offset};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::Range;
use std::path::Path;

/// One or many strings.
#[derive(Clone, Deserialize)]
#[serde(untagged, expecting = "expected a path, a glob, or a list of them")]
pub enum Patterns {
    /// A path or a glob.
    One(String),
    /// Several of them.
    Many(Vec<String>),
}

impl From<Patterns> for Vec<String> {
    fn from(patterns: Patterns) -> Self {
        match patterns {
            Patterns::One(one) => vec![one],
            Patterns::Many(many) => many,
        }
    }
}

/// What reads the section `lint`, which this crate does not know: the settings of the linter, or [`IgnoredAny`].
///
/// It is read where it is written, with the rest of the file, so that its errors have places like all others.
pub trait LintSection: DeserializeOwned + Default + Clone {}

impl<L: DeserializeOwned + Default + Clone> LintSection for L {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "L: LintSection")]
struct File<L> {
    schema: Option<Patterns>,
    documents: Option<Patterns>,
    /// Used by editors: files that belong to the project although no setting lists them.
    #[allow(dead_code, reason = "the key is known; its content is for editors")]
    include: Option<IgnoredAny>,
    exclude: Option<Patterns>,
    #[serde(default)]
    extensions: Extensions<L>,
    #[serde(default)]
    projects: BTreeMap<String, Project<L>>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, bound = "L: LintSection")]
struct Project<L> {
    schema: Option<Patterns>,
    documents: Option<Patterns>,
    /// Used by editors: files that belong to the project although no setting lists them.
    #[allow(dead_code, reason = "the key is known; its content is for editors")]
    include: Option<IgnoredAny>,
    exclude: Option<Patterns>,
    #[serde(default)]
    extensions: Extensions<L>,
}

/// The `extensions` of a project; those of other tools are ignored.
#[derive(Clone, Default)]
struct Extensions<L> {
    graphwright: Section<L>,
}

/// `[extensions.graphwright]`
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, bound = "L: LintSection")]
struct Section<L> {
    client: Option<Client>,
    client_schema: Option<Patterns>,
    generate: Generate,
    introspect: Introspect,
    scalars: BTreeMap<String, String>,
    fields: BTreeMap<String, String>,
    types: BTreeMap<String, TypeSettings>,
    operations: BTreeMap<String, DefinitionSettings>,
    fragments: BTreeMap<String, DefinitionSettings>,
    lint: L,
}

/// The content of a file: defaults, and its projects.
struct Content<L> {
    base: Project<L>,
    projects: BTreeMap<String, Project<L>>,
}

impl<L> From<File<L>> for Content<L> {
    fn from(file: File<L>) -> Self {
        let File { schema, documents, include, exclude, extensions, projects } = file;
        Self { base: Project { schema, documents, include, exclude, extensions }, projects }
    }
}

impl<'de, L: LintSection> Deserialize<'de> for Extensions<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ours<L>(PhantomData<L>);
        impl<'de, L: LintSection> Visitor<'de> for Ours<L> {
            type Value = Extensions<L>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a table with one section for each tool")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Extensions<L>, A::Error> {
                let mut extensions = Extensions::default();
                while let Some(tool) = map.next_key::<String>()? {
                    if tool == "graphwright" {
                        extensions.graphwright = map.next_value()?;
                    } else if closest(&tool, ["graphwright"]).is_empty() {
                        map.next_value::<IgnoredAny>()?;
                    } else {
                        return Err(A::Error::unknown_field(&tool, &["graphwright"]));
                    }
                }
                Ok(extensions)
            }
        }
        deserializer.deserialize_map(Ours(PhantomData))
    }
}

/// Reads and parses a configuration file.
///
/// # Errors
/// The file cannot be read, or its text is not a configuration: see [`parse`].
pub fn load(path: &Path, project: Option<&str>) -> Result<Config, Diagnostics> {
    load_with_lint::<IgnoredAny>(path, project).map(|(config, _)| config)
}

/// [`load`], with the section `lint`.
///
/// # Errors
/// See [`load`]; or the section is wrong.
pub fn load_with_lint<L: LintSection>(path: &Path, project: Option<&str>) -> Result<(Config, L), Diagnostics> {
    parse_with_lint(path, &text_of(path)?, project)
}

/// Reads a configuration file with all of its projects by name, each with its section `lint`. A file without projects is
/// one unnamed project.
///
/// # Errors
/// See [`load_with_lint`].
pub fn load_all_with_lint<L: LintSection>(path: &Path) -> Result<Vec<(Config, L)>, Diagnostics> {
    let file = Parsed::new(path, &text_of(path)?)?;
    let names: Vec<String> = file.content.projects.keys().cloned().collect();
    match names.as_slice() {
        [] | [_] => Ok(vec![file.project(None)?]),
        names => names.iter().map(|name| file.project(Some(name))).collect(),
    }
}

fn text_of(path: &Path) -> Result<String, Diagnostics> {
    std::fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read the configuration {}: {error}", path.display());
        Diagnostics::single(Sources::default(), Diagnostic::error(Code::CONFIG, message))
    })
}

/// Parses the text of a configuration file; the extension determines the format.
///
/// # Errors
/// A syntax error, an unknown key (with a suggestion), a value of the wrong type, or a
/// project that the file does not have, each with its position.
pub fn parse(path: &Path, text: &str, project: Option<&str>) -> Result<Config, Diagnostics> {
    parse_with_lint::<IgnoredAny>(path, text, project).map(|(config, _)| config)
}

/// [`parse`], with the section `lint`.
///
/// # Errors
/// See [`parse`]; or the section is wrong.
pub fn parse_with_lint<L: LintSection>(
    path: &Path,
    text: &str,
    project: Option<&str>,
) -> Result<(Config, L), Diagnostics> {
    Parsed::new(path, text)?.project(project)
}

/// A parsed file, from which projects are selected.
struct Parsed<L> {
    file: ConfigFile,
    content: Content<L>,
    sources: Sources,
    source: SourceId,
}

impl<L: LintSection> Parsed<L> {
    fn new(path: &Path, text: &str) -> Result<Self, Diagnostics> {
        let mut sources = Sources::default();
        let source = sources.add(path.display().to_string(), text);
        match read(path, text, source) {
            Ok(content) => {
                let file = ConfigFile { path: path.to_path_buf(), text: sources.text(source).clone() };
                Ok(Self { file, content: content.into(), sources, source })
            }
            Err(diagnostic) => Err(Diagnostics::single(sources, diagnostic)),
        }
    }

    fn project(&self, name: Option<&str>) -> Result<(Config, L), Diagnostics> {
        let selected = select(&self.content, name, self.source);
        let (mut config, lint) =
            selected.map_err(|diagnostic| Diagnostics::single(self.sources.clone(), diagnostic))?;
        config.root = self.file.path.parent().map(Path::to_path_buf).unwrap_or_default();
        config.file = Some(self.file.clone());
        Ok((config, lint))
    }
}

/// Returns the range of a pattern in the text of a configuration: in quotes, or without quotes in YAML. If there are
/// several, returns the first one of the project.
pub fn pattern_in(text: &str, project: Option<&str>, pattern: &str) -> Option<Range<usize>> {
    let is_alone = |at: usize| {
        let before = text[..at].chars().next_back().unwrap_or('\n');
        let after = text[at + pattern.len()..].chars().next().unwrap_or('\n');
        match before {
            '"' | '\'' => before == after,
            _ => before.is_whitespace() && (after.is_whitespace() || after == '#'),
        }
    };
    let start = project.and_then(|name| {
        let projects = text.find("projects")?;
        Some(projects + text[projects..].find(name)?)
    });
    let places = text.match_indices(pattern).map(|(at, _)| at).filter(|at| is_alone(*at));
    let mut places = places.collect::<Vec<_>>().into_iter();
    let first = places.clone().next()?;
    let at = places.find(|at| start.is_some_and(|start| *at > start)).unwrap_or(first);
    Some(at..at + pattern.len())
}

fn read<L: LintSection>(path: &Path, text: &str, source: SourceId) -> Result<File<L>, Diagnostic> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension {
        "toml" => toml::from_str(text).map_err(|error| problem(error.message(), error.span(), source)),
        "json" => serde_json::from_str(text).map_err(|error| {
            let at = offset(text, error.line(), error.column());
            let message = error.to_string();
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
            problem(message, Some(at..at), source)
        }),
        _ => serde_norway::from_str(text).map_err(|error| {
            let at = error.location().map(|location| location.index());
            problem(&error.to_string(), at.map(|at| at..at), source)
        }),
    }
}

/// Converts a parser's message to a diagnostic; an unknown key gets a suggestion.
fn problem(message: &str, range: Option<std::ops::Range<usize>>, source: SourceId) -> Diagnostic {
    let span = range.map(|range| Span::new(source, range));
    if let Some((unknown, known)) = unknown_key(message) {
        let diagnostic = Diagnostic::error(Code::UNKNOWN_KEY, format!("unknown key `{unknown}`")).at(span, "");
        return match closest(unknown, known.iter().copied()).first() {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("expected one of {}", known.join(", "))),
        };
    }
    let message = message.trim();
    // Messages about unknown names of rules and presets contain a suggestion.
    match message
        .split_once("; ")
        .filter(|_| message.starts_with("unknown rule ") || message.starts_with("unknown preset "))
    {
        Some((message, help)) => Diagnostic::error(Code::UNKNOWN_KEY, message).at(span, "").help(help),
        None => Diagnostic::error(Code::CONFIG, message).at(span, ""),
    }
}

/// Extracts the unknown key and the accepted ones from a serde error message.
pub fn unknown_key(message: &str) -> Option<(&str, Vec<&str>)> {
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown = names.next().filter(|_| message.contains("unknown field"))?;
    Some((unknown, names.collect()))
}

/// Returns the selected project, based on the defaults of the file.
fn select<L: LintSection>(
    file: &Content<L>,
    project: Option<&str>,
    source: SourceId,
) -> Result<(Config, L), Diagnostic> {
    let projects = &file.projects;
    let names: Vec<&str> = projects.keys().map(String::as_str).collect();
    let chosen = match project {
        Some(name) => Some(projects.get_key_value(name).ok_or_else(|| {
            let help = match names.is_empty() {
                true => "the configuration has no projects".to_owned(),
                false => format!("expected one of {}", names.join(", ")),
            };
            Diagnostic::error(Code::CONFIG, format!("the configuration has no project `{name}`"))
                .at(Some(Span::new(source, 0..0)), "")
                .help(help)
        })?),
        None if names.len() == 1 => projects.first_key_value(),
        None if names.is_empty() => None,
        None => Some(projects.get_key_value("default").ok_or_else(|| {
            Diagnostic::error(Code::CONFIG, "the configuration has several projects")
                .at(Some(Span::new(source, 0..0)), "")
                .help(format!("choose one with `--project`: {}", names.join(", ")))
        })?),
    };
    let name = chosen.map(|(name, _)| name.clone());
    let Project { schema, documents, exclude, extensions, .. } =
        chosen.map_or(&file.base, |(_, project)| project).clone();
    let section = extensions.graphwright;
    let config = Config {
        project: name,
        schema: patterns(schema),
        documents: patterns(documents),
        exclude: patterns(exclude),
        client: section.client,
        client_schema: patterns(section.client_schema),
        generate: section.generate,
        introspect: section.introspect,
        scalars: section.scalars,
        fields: section.fields,
        types: section.types,
        operations: section.operations,
        fragments: section.fragments,
        ..Config::default()
    };
    Ok((config, section.lint))
}

fn patterns(patterns: Option<Patterns>) -> Vec<String> {
    patterns.map(Vec::from).unwrap_or_default()
}
