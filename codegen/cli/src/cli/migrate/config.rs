//! The GraphQL settings of an ESLint configuration, independent of its format.

use super::syntax::Regex;
use crate::lint::rule::Level;
use crate::source::Span;

/// A configuration. Its parts are in the order in which they apply.
#[derive(Debug, Clone, PartialEq)]
pub struct EslintConfig {
    /// The configuration system.
    pub system: System,
    /// The version of the plugin.
    pub version: Version,
    /// Whether configurations of parent folders also apply: in the old system, unless `root` is set.
    pub cascade: Cascade,
    /// Rules with the files that they apply to; later ones win.
    pub blocks: Vec<Block>,
    /// Globs of files that ESLint ignores, in the syntax of the new system.
    pub ignores: Vec<Located<String>>,
    /// The schema and the documents.
    pub project: GraphqlProject,
    /// The name of the plugin in rules and comments, if it was renamed.
    pub renamed: Option<Located<String>>,
    /// The level of unused suppression comments.
    pub unused_directives: Option<Level>,
}

/// The two configuration systems of ESLint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// `eslint.config.*`
    Flat,
    /// `.eslintrc*`
    Legacy,
}

/// Whether configurations of parent folders also apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cascade {
    /// They do not apply.
    Ends,
    /// They apply.
    GoesOn,
}

/// The versions of graphql-eslint whose presets differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Version 3 and earlier.
    Three,
    /// Version 4 and later.
    Four,
}

/// A value with its span.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// The span of the value.
    pub at: Span,
    /// The value.
    pub value: T,
}

/// Rules for some files.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The span of the block.
    pub at: Span,
    /// The files that the rules apply to, as globs of the new system.
    pub files: Files,
    /// Globs of excluded files.
    pub ignores: Vec<Located<String>>,
    /// Rules of the plugin, each at most once.
    pub rules: Vec<RuleUse>,
}

/// The files of a block.
#[derive(Debug, Clone, PartialEq)]
pub enum Files {
    /// All files that ESLint lints.
    All,
    /// Files that match one of these globs.
    Matching(Vec<Located<String>>),
}

/// A rule with its setting.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleUse {
    /// The span of the preset or the rule.
    pub at: Span,
    /// Whether a preset sets the rule.
    pub origin: Origin,
    /// The name of the rule in ESLint, without the prefix of the plugin.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// Its options, if it has any.
    pub options: Option<Literal>,
}

/// The origin of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The configuration itself.
    Written,
    /// A preset of graphql-eslint.
    Preset,
}

/// A value without references.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// The span of the value.
    pub at: Span,
    /// The value.
    pub value: Data,
}

/// The data of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    String(String),
    /// A regular expression.
    Regex(Regex),
    /// A list.
    List(Vec<Literal>),
    /// A table.
    Table(Vec<(Located<String>, Literal)>),
}

/// The schema and the documents, from `parserOptions`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GraphqlProject {
    /// Schema files, globs or URLs.
    pub schema: Vec<Located<String>>,
    /// Files or globs of documents.
    pub documents: Vec<Located<String>>,
    /// Globs of files that are not documents.
    pub exclude: Vec<Located<String>>,
}

impl Literal {
    /// Returns the text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the properties of a table; empty for other values.
    pub fn properties(&self) -> &[(Located<String>, Literal)] {
        match &self.value {
            Data::Table(properties) => properties,
            _ => &[],
        }
    }

    /// Returns a string, or the strings of a list.
    pub fn strings(&self) -> Vec<Located<String>> {
        match &self.value {
            Data::String(text) => vec![Located { at: self.at, value: text.clone() }],
            Data::List(items) => items.iter().flat_map(Self::strings).collect(),
            _ => Vec::new(),
        }
    }
}
