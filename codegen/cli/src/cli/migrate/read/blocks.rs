//! The parts that both configuration systems share: blocks, schema and documents, and settings of comments.

use super::Reader;
use super::resolve::{Meaning, Property};
use super::rules::Rules;
use crate::cli::migrate::config::{Block, Data, Files, Literal, Located};
use crate::cli::migrate::note::{About, BadGlob, Part};
use crate::cli::migrate::syntax::{Item, Node, Value};
use crate::lint::rule::Level;
use crate::source::Span;

/// The files that a block applies to and those that it excludes.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The files.
    pub files: Files,
    /// The excluded files.
    pub ignores: Vec<Located<String>>,
}

impl Scope {
    /// Creates all files.
    pub fn all() -> Self {
        Self { files: Files::All, ignores: Vec::new() }
    }

    /// Returns true if the block may apply to GraphQL files: unless all globs end with extensions of other languages.
    pub fn may_have_graphql(&self) -> bool {
        match &self.files {
            Files::All => true,
            Files::Matching(globs) => globs.iter().any(|glob| may_be_graphql(&glob.value)),
        }
    }

    /// Returns true if all globs end with extensions of GraphQL files.
    fn is_for_graphql(&self) -> bool {
        match &self.files {
            Files::All => false,
            Files::Matching(globs) => globs.iter().all(|glob| is_graphql(&glob.value)),
        }
    }
}

/// The extensions of GraphQL files.
pub const EXTENSIONS: [&str; 4] = ["graphql", "gql", "graphqls", "graphqlrc"];

/// Returns the extensions of a glob, without the braces around several.
fn extensions(glob: &str) -> Option<Vec<&str>> {
    let name = glob.rsplit_once('/').map_or(glob, |(_, name)| name);
    let (_, extension) = name.split_once(".{").or_else(|| name.rsplit_once('.'))?;
    Some(extension.trim_end_matches(['}', ')']).trim_start_matches("@(").split([',', '|']).map(str::trim).collect())
}

fn may_be_graphql(glob: &str) -> bool {
    extensions(glob).is_none_or(|all| {
        all.iter().any(|one| EXTENSIONS.contains(one) || one.contains(['*', '?', '[', '(', '{', '!', '+']))
    })
}

fn is_graphql(glob: &str) -> bool {
    extensions(glob).is_some_and(|all| all.iter().all(|one| EXTENSIONS.contains(one)))
}

impl<'m> Reader<'m> {
    /// Adds a block, and notes rules of other plugins that are set for GraphQL files.
    pub fn block(&mut self, at: Span, scope: &Scope, rules: Rules) {
        if scope.is_for_graphql() {
            for rule in rules.others {
                self.note(&rule.at.range(), About::OtherRule(rule.value));
            }
        }
        if !rules.own.is_empty() {
            let Scope { files, ignores } = scope.clone();
            self.config.blocks.push(Block { at, files, ignores, rules: rules.own });
        }
    }

    /// Reads the globs of `files`. All patterns of a nested list must match.
    pub fn globs(&mut self, node: &'m Node, name: &str) -> Vec<Located<String>> {
        let part = Part::Property(name.to_owned());
        let Meaning::Value(Node { value: Value::Array(items), .. }) = self.resolve(node) else {
            return self.strings(node, &part);
        };
        let mut globs = Vec::new();
        for item in items {
            match item {
                Item::Value(node) => match self.resolve(node) {
                    Meaning::Value(Node { value: Value::Array(_), .. }) => {
                        self.note(&node.range, About::Glob { glob: name.to_owned(), why: BadGlob::Conjunction });
                    }
                    _ => globs.extend(self.strings(node, &part)),
                },
                Item::Spread(node) => globs.extend(self.strings(node, &part)),
            }
        }
        globs
    }

    /// Reads `parserOptions`, which may name the schema and the documents.
    pub fn parser_options(&mut self, property: &Property<'m>) {
        let Some(options) = self.table_of(property) else { return };
        for property in options {
            match &*property.key.text {
                "graphQLConfig" => {
                    let Some(inner) = self.table_of(&property) else { continue };
                    for property in inner {
                        self.project_part(&property);
                    }
                }
                _ => self.project_part(&property),
            }
        }
    }

    /// Returns the properties of a property that is a table; adds a note if it cannot be read.
    pub fn table_of(&mut self, property: &Property<'m>) -> Option<Vec<Property<'m>>> {
        let part = Part::Property(property.key.text.clone());
        match &property.meaning {
            Meaning::Value(Node { value: Value::Object(entries), .. }) => Some(self.properties(entries, &part)),
            other => {
                self.unknown(property.node, other, &part);
                None
            }
        }
    }

    fn project_part(&mut self, property: &Property<'m>) {
        let name = property.key.text.clone();
        let part = Part::Property(name.clone());
        match &*name {
            "schema" => {
                let Some(literal) = self.literal(property.node, &part) else { return };
                let schema = self.schema_files(&literal);
                self.config.project.schema.extend(schema);
            }
            "documents" | "operations" => {
                let documents = self.strings(property.node, &part);
                self.config.project.documents.extend(documents);
            }
            "exclude" => {
                let exclude = self.strings(property.node, &part);
                self.config.project.exclude.extend(exclude);
            }
            "projects" => self.note(&property.key.range, About::NoSetting("graphQLConfig.projects".to_owned())),
            // Options of other parsers, and `include` and `extensions`, which only editors use.
            _ => {}
        }
    }

    /// Returns the files and globs of a schema; notes URLs.
    fn schema_files(&mut self, literal: &Literal) -> Vec<Located<String>> {
        match &literal.value {
            Data::String(text) if text.contains("://") => {
                self.note(&literal.at.range(), About::Url(text.clone()));
                Vec::new()
            }
            Data::String(text) => vec![Located { at: literal.at, value: text.clone() }],
            Data::List(items) => items.iter().flat_map(|item| self.schema_files(item)).collect(),
            // A URL with headers.
            Data::Table(properties) => {
                for (url, _) in properties {
                    self.note(&url.at.range(), About::Url(url.value.clone()));
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Reads whether unused suppression comments are reported.
    pub fn unused_directives(&mut self, property: &Property<'m>) {
        let part = Part::Property(property.key.text.clone());
        let Some(literal) = self.literal(property.node, &part) else { return };
        self.config.unused_directives = match literal.value {
            Data::Bool(true) => Some(Level::Warn),
            Data::Bool(false) => Some(Level::Off),
            _ => super::rules::level_of(&literal),
        };
    }

    /// Reads a processor, which extracts documents from other languages.
    pub fn processor(&mut self, property: &Property<'m>, scope: &Scope) {
        let is_ours = match &property.meaning {
            Meaning::Plugin(_) => true,
            Meaning::Value(Node { value: Value::String(name), .. }) => {
                name.rsplit_once('/').is_some_and(|(prefix, _)| self.prefixes.contains(prefix))
            }
            _ => false,
        };
        if is_ours {
            self.uses_plugin = true;
            let globs = match &scope.files {
                Files::All => Vec::new(),
                Files::Matching(globs) => globs.clone(),
            };
            for glob in &globs {
                self.note(&glob.at.range(), About::Embedded(glob.value.clone()));
            }
            if globs.is_empty() {
                self.note(&property.key.range, About::Embedded("processor".to_owned()));
            }
        }
    }
}
