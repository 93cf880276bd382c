//! What an ESLint configuration says about GraphQL: plain data, whatever format it was written in.

use super::syntax::Regex;
use crate::lint::rule::Level;
use crate::source::Span;

/// A configuration, in the order in which its parts apply.
#[derive(Debug, Clone, PartialEq)]
pub struct EslintConfig {
    /// The system of configuration.
    pub system: System,
    /// The version of the plugin.
    pub version: Version,
    /// Whether configurations of folders above count as well: in the old system, unless `root` is set.
    pub cascade: Cascade,
    /// Rules with the files that they are for; later ones win.
    pub blocks: Vec<Block>,
    /// Globs of files that ESLint does not look at, as the new system has them.
    pub ignores: Vec<Located<String>>,
    /// Where schema and documents are.
    pub project: GraphqlProject,
    /// The name of the plugin in rules and comments, if it is not the usual one.
    pub renamed: Option<Located<String>>,
    /// The level of comments that suppress nothing.
    pub unused_directives: Option<Level>,
}

/// The two systems of configuration that ESLint has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// `eslint.config.*`
    Flat,
    /// `.eslintrc*`
    Legacy,
}

/// Whether configurations of folders above count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cascade {
    /// They do not.
    Ends,
    /// They do.
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

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// Where it is written.
    pub at: Span,
    /// The value.
    pub value: T,
}

/// Rules for some files.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Where it is written.
    pub at: Span,
    /// The files that it is for; globs are those of the new system.
    pub files: Files,
    /// Globs of files that it is not for.
    pub ignores: Vec<Located<String>>,
    /// Rules of the plugin, each at most once.
    pub rules: Vec<RuleUse>,
}

/// The files of a block.
#[derive(Debug, Clone, PartialEq)]
pub enum Files {
    /// All files that ESLint looks at.
    All,
    /// Those that match one of these globs.
    Matching(Vec<Located<String>>),
}

/// A rule with its setting.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleUse {
    /// Where it is written: the preset, or the rule.
    pub at: Span,
    /// Whether the rule is set by a preset.
    pub origin: Origin,
    /// Its name there, without the prefix of the plugin.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// Its options, if it has any.
    pub options: Option<Literal>,
}

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is written in the configuration.
    Written,
    /// A preset of graphql-eslint has it.
    Preset,
}

/// A value without references.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// Where it is written.
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

/// Where schema and documents are, as `parserOptions` say.
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
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// The properties of a table; none of anything else.
    pub fn properties(&self) -> &[(Located<String>, Literal)] {
        match &self.value {
            Data::Table(properties) => properties,
            _ => &[],
        }
    }

    /// A string, or the strings of a list.
    pub fn strings(&self) -> Vec<Located<String>> {
        match &self.value {
            Data::String(text) => vec![Located { at: self.at, value: text.clone() }],
            Data::List(items) => items.iter().flat_map(Self::strings).collect(),
            _ => Vec::new(),
        }
    }
}
