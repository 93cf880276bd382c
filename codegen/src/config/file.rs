//! Reads a configuration file, in TOML, YAML or JSON, with errors that point into it.

use super::{Client, Config, DefinitionSettings, Generate, Introspect, TypeSettings};
use crate::diagnostic::{Diagnostic, Diagnostics, closest};
use crate::source::{SourceId, Sources, Span, offset};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::path::Path;

/// One or many strings.
#[derive(Deserialize)]
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Option<Patterns>,
    documents: Option<Patterns>,
    /// For editors: files that belong to the project although nothing lists them.
    #[allow(dead_code, reason = "the key is known; its content is for editors")]
    include: Option<IgnoredAny>,
    exclude: Option<Patterns>,
    #[serde(default)]
    extensions: Extensions,
    #[serde(default)]
    projects: BTreeMap<String, Project>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Project {
    schema: Option<Patterns>,
    documents: Option<Patterns>,
    /// For editors: files that belong to the project although nothing lists them.
    #[allow(dead_code, reason = "the key is known; its content is for editors")]
    include: Option<IgnoredAny>,
    exclude: Option<Patterns>,
    #[serde(default)]
    extensions: Extensions,
}

/// The `extensions` of a project: ours, and those of other tools, which are none of our business.
#[derive(Default)]
struct Extensions {
    graphwright: Section,
}

/// `[extensions.graphwright]`
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Section {
    client: Option<Client>,
    client_schema: Option<Patterns>,
    generate: Generate,
    introspect: Introspect,
    scalars: BTreeMap<String, String>,
    fields: BTreeMap<String, String>,
    types: BTreeMap<String, TypeSettings>,
    operations: BTreeMap<String, DefinitionSettings>,
    fragments: BTreeMap<String, DefinitionSettings>,
    #[cfg(feature = "lint")]
    lint: crate::lint::settings::Settings,
    /// Read by the linter.
    #[cfg(not(feature = "lint"))]
    #[allow(dead_code, reason = "the key is known; its content is the linter's")]
    lint: Option<IgnoredAny>,
}

impl<'de> Deserialize<'de> for Extensions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ours;
        impl<'de> Visitor<'de> for Ours {
            type Value = Extensions;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a table with one section for each tool")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Extensions, A::Error> {
                let mut extensions = Extensions::default();
                while let Some(tool) = map.next_key::<String>()? {
                    if tool == "graphwright" {
                        extensions.graphwright = map.next_value()?;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(extensions)
            }
        }
        deserializer.deserialize_map(Ours)
    }
}

/// Reads and parses a configuration file.
///
/// # Errors
/// The file cannot be read, or its text is not a configuration: see [`parse`].
pub fn load(path: &Path, project: Option<&str>) -> Result<Config, Diagnostics> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read the configuration {}: {error}", path.display());
        Diagnostics::single(Sources::default(), Diagnostic::error("config", message))
    })?;
    parse(path, &text, project)
}

/// The names of the projects of a configuration file, if it has several and none is the default.
///
/// # Errors
/// See [`load`].
pub fn projects(path: &Path) -> Result<Vec<String>, Diagnostics> {
    match load(path, None) {
        Ok(_) => Ok(Vec::new()),
        Err(diagnostics) => {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            let source = Sources::default().add("", text.as_str());
            match read(path, &text, source) {
                Ok(file) if file.projects.len() > 1 && !file.projects.contains_key("default") => {
                    Ok(file.projects.into_keys().collect())
                }
                _ => Err(diagnostics),
            }
        }
    }
}

/// Parses the text of a configuration file; the extension of its name decides the format.
///
/// # Errors
/// A syntax error, an unknown key (with a suggestion), a value of the wrong type, or a
/// project that the file does not have, each with its position.
pub fn parse(path: &Path, text: &str, project: Option<&str>) -> Result<Config, Diagnostics> {
    let mut sources = Sources::default();
    let source = sources.add(path.display().to_string(), text);
    let config = read(path, text, source).and_then(|file| select(file, project, source));
    let mut config = config.map_err(|diagnostic| Diagnostics::single(sources, diagnostic))?;
    config.root = path.parent().map(Path::to_path_buf).unwrap_or_default();
    config.file = Some(path.to_path_buf());
    Ok(config)
}

fn read(path: &Path, text: &str, source: SourceId) -> Result<File, Diagnostic> {
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

/// Turns the words of a parser into a diagnostic; an unknown key gets a suggestion.
fn problem(message: &str, range: Option<std::ops::Range<usize>>, source: SourceId) -> Diagnostic {
    let span = range.map(|range| Span::new(source, range));
    if let Some((unknown, known)) = unknown_key(message) {
        let diagnostic = Diagnostic::error("unknown-key", format!("unknown key `{unknown}`")).at(span, "");
        return match closest(unknown, known.iter().copied()).first() {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("the keys here are {}", known.join(", "))),
        };
    }
    let message = message.trim();
    // Names of rules and presets come with their own suggestions.
    match message.split_once("; ").filter(|_| message.starts_with("there is no ")) {
        Some((message, help)) => Diagnostic::error("unknown-key", message).at(span, "").help(help),
        None => Diagnostic::error("config", message).at(span, ""),
    }
}

/// The key that is none, and those that are, in the words of serde.
pub fn unknown_key(message: &str) -> Option<(&str, Vec<&str>)> {
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown = names.next().filter(|_| message.contains("unknown field"))?;
    Some((unknown, names.collect()))
}

/// The project that is meant, on top of what the file says for all.
fn select(file: File, project: Option<&str>, source: SourceId) -> Result<Config, Diagnostic> {
    let base = Project {
        schema: file.schema,
        documents: file.documents,
        include: None,
        exclude: file.exclude,
        extensions: file.extensions,
    };
    let mut projects = file.projects;
    let names: Vec<String> = projects.keys().cloned().collect();
    let chosen = match project {
        Some(name) => Some(projects.remove(name).ok_or_else(|| {
            let known = if names.is_empty() { "it has none".to_owned() } else { names.join(", ") };
            Diagnostic::error("config", format!("the configuration has no project `{name}`"))
                .at(Some(Span::new(source, 0..0)), "")
                .help(format!("its projects: {known}"))
        })?),
        None if names.len() == 1 => projects.pop_first().map(|(_, project)| project),
        None if names.is_empty() => None,
        None => Some(projects.remove("default").ok_or_else(|| {
            Diagnostic::error("config", "the configuration has several projects")
                .at(Some(Span::new(source, 0..0)), "")
                .help(format!("choose one with `--project`: {}", names.join(", ")))
        })?),
    };
    let chosen = chosen.unwrap_or(base);
    let section = chosen.extensions.graphwright;
    Ok(Config {
        schema: patterns(chosen.schema),
        documents: patterns(chosen.documents),
        exclude: patterns(chosen.exclude),
        client: section.client,
        client_schema: patterns(section.client_schema),
        generate: section.generate,
        introspect: section.introspect,
        scalars: section.scalars,
        fields: section.fields,
        types: section.types,
        operations: section.operations,
        fragments: section.fragments,
        #[cfg(feature = "lint")]
        lint: section.lint,
        ..Config::default()
    })
}

fn patterns(patterns: Option<Patterns>) -> Vec<String> {
    patterns.map(Vec::from).unwrap_or_default()
}
