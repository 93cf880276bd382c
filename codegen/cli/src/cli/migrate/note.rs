//! What did not become a setting, and why.

use super::syntax::Unread;
use crate::source::{Sources, Span};
use std::fmt;

/// A part of the ESLint configuration, with what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Where it is written.
    pub at: Span,
    /// What it is.
    pub about: About,
}

/// What a note is about.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// A part that only a program knows.
    Unread {
        /// What it belongs to.
        part: Part,
        /// What it is.
        why: Unread,
    },
    /// A name that comes from another file or package.
    Imported {
        /// What it belongs to.
        part: Part,
        /// The name as it is written.
        name: String,
        /// The file or package.
        module: String,
    },
    /// A call of a function that is not known.
    Called {
        /// What it belongs to.
        part: Part,
        /// The function.
        name: String,
    },
    /// A name that is defined nowhere, or too indirectly.
    Undefined {
        /// What it belongs to.
        part: Part,
        /// The name.
        name: String,
    },
    /// A value of another type than ESLint wants.
    Unexpected {
        /// What it belongs to.
        part: Part,
        /// What it should be.
        expected: &'static str,
    },
    /// Statements after which a value may be another one.
    Statement,
    /// A shared configuration.
    SharedConfig(String),
    /// A preset that the plugin does not have.
    UnknownPreset(String),
    /// Rules of ESLint itself or of other plugins, set for GraphQL files.
    OtherRule(String),
    /// A rule of the plugin that does not exist here.
    UnknownRule(String),
    /// An option without a counterpart.
    Option {
        /// The rule.
        rule: String,
        /// The option.
        option: String,
        /// Why there is none.
        why: NoCounterpart,
    },
    /// Options that were refused.
    Refused {
        /// The rule.
        rule: String,
        /// What is wrong with them.
        why: String,
    },
    /// A rule of the specification at another level than `error`.
    AlwaysError(String),
    /// Rules of the specification that ESLint did not run.
    AlsoRuns(Vec<&'static str>),
    /// Options that replace others there, and are added to them here.
    Merged {
        /// The rule.
        rule: String,
        /// The options that stay.
        options: Vec<String>,
    },
    /// A glob that cannot be written in a configuration of ours.
    Glob {
        /// The glob.
        glob: String,
        /// Why not.
        why: BadGlob,
    },
    /// Files that ESLint does not look at: rules of the specification do.
    Ignored(String),
    /// Documents in other languages.
    Embedded(String),
    /// A schema from a URL.
    Url(String),
    /// A part of `parserOptions`, or another part, that has no counterpart.
    NoSetting(String),
    /// A configuration above that counts as well.
    Cascade(String),
    /// A rule of version 3 that means something else since.
    Meaning {
        /// The rule.
        rule: String,
        /// How they differ.
        change: Change,
    },
    /// Files that ESLint may look at, and that are not a part of the project.
    OutsideProject(Vec<String>),
    /// Another name of the plugin, which comments have.
    Renamed(String),
    /// No schema or no documents are named.
    FillIn(&'static str),
}

/// A part of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A configuration in the list.
    Config,
    /// Options or level of a rule.
    Rule(String),
    /// Several rules.
    Rules,
    /// A property of a configuration.
    Property(String),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config => f.write_str("configuration"),
            Self::Rule(name) => write!(f, "rule `{name}`"),
            Self::Rules => f.write_str("rules"),
            Self::Property(name) => write!(f, "`{name}`"),
        }
    }
}

/// How a rule differs from that of version 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// `unique-enum-value-names` is about values that differ by case.
    EnumValues,
    /// `require-selections` is about fragments as well.
    Fragments,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EnumValues => {
                "in version 3 it finds values that are defined twice, here values that differ by case alone; not taken over"
            }
            Self::Fragments => "its name is `require-selections` here, and it also checks what fragments select",
        })
    }
}

/// Why an option has no counterpart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCounterpart {
    /// The option is unknown.
    Unknown,
    /// A selector that the names of a schema cannot say.
    Selector,
    /// A regular expression that cannot be translated.
    Regex,
    /// A value of another type than graphql-eslint takes.
    Value,
    /// Names in documents: the schema has them.
    InDocuments,
}

impl fmt::Display for NoCounterpart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the rule has no such option here",
            Self::Selector => "names and parents of definitions can be selected here, nothing else",
            Self::Regex => "this regular expression has no equivalent: look-around, back references or flags",
            Self::Value => "the value is not one that the option takes",
            Self::InDocuments => {
                "names of arguments are checked in the schema, where they are defined, not in documents"
            }
        })
    }
}

/// Why a glob cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadGlob {
    /// Patterns such as `!(a)`.
    Extended,
    /// A negated pattern.
    Negated,
    /// Patterns that must all match.
    Conjunction,
    /// Files outside of the folder of the configuration that is written.
    Outside,
    /// It is not a glob.
    Invalid,
}

impl fmt::Display for BadGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Extended => "extended patterns such as `!(a)` are not supported; write them as `*` and `{a,b}`",
            Self::Negated => "negated patterns are not supported here",
            Self::Conjunction => "patterns of which all must match are not supported",
            Self::Outside => "it names files outside of the configuration's folder",
            Self::Invalid => "it is not a glob",
        })
    }
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Could not be read.
    NotRead,
    /// Has no counterpart.
    NoCounterpart,
    /// Works differently.
    Differs,
    /// Is for the user to add.
    ToDo,
}

impl Kind {
    /// All kinds, in the order of the report.
    pub const ALL: [Self; 4] = [Self::NotRead, Self::NoCounterpart, Self::Differs, Self::ToDo];

    /// The heading of the report.
    pub fn heading(self) -> &'static str {
        match self {
            Self::NotRead => "not read (set these by hand)",
            Self::NoCounterpart => "without a counterpart",
            Self::Differs => "different here",
            Self::ToDo => "to fill in",
        }
    }
}

impl About {
    /// The kind of the note.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unread { .. }
            | Self::Imported { .. }
            | Self::Called { .. }
            | Self::Undefined { .. }
            | Self::Unexpected { .. }
            | Self::Statement
            | Self::SharedConfig(_)
            | Self::Cascade(_) => Kind::NotRead,
            Self::UnknownPreset(_)
            | Self::OtherRule(_)
            | Self::UnknownRule(_)
            | Self::Option { .. }
            | Self::Refused { .. }
            | Self::Glob { .. }
            | Self::Embedded(_)
            | Self::NoSetting(_) => Kind::NoCounterpart,
            Self::AlwaysError(_)
            | Self::AlsoRuns(_)
            | Self::Merged { .. }
            | Self::Ignored(_)
            | Self::Renamed(_)
            | Self::Meaning { .. } => Kind::Differs,
            Self::Url(_) | Self::FillIn(_) | Self::OutsideProject(_) => Kind::ToDo,
        }
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread { part, why } => write!(f, "{part}: {why} is not evaluated"),
            Self::Imported { part, name, module } => write!(f, "{part}: `{name}` comes from `{module}`"),
            Self::Called { part, name } => write!(f, "{part}: the result of `{name}()` is unknown"),
            Self::Undefined { part, name } => write!(f, "{part}: `{name}` is not a constant of this file"),
            Self::Unexpected { part, expected } => write!(f, "{part}: expected {expected}"),
            Self::Statement => f.write_str("this statement may change the configuration"),
            Self::SharedConfig(name) => write!(f, "shared configuration `{name}`: it may set rules for GraphQL files"),
            Self::UnknownPreset(name) => write!(f, "preset `{name}`: graphql-eslint has no such preset"),
            Self::OtherRule(name) if name == "prettier/prettier" => {
                write!(f, "rule `{name}`: `graphwright fmt --check` does this")
            }
            Self::OtherRule(name) => write!(f, "rule `{name}`: it is not a rule of graphql-eslint"),
            Self::UnknownRule(name) => write!(f, "rule `{name}`: there is no such rule here"),
            Self::Option { rule, option, why } => write!(f, "`{rule}`, option `{option}`: {why}"),
            Self::Refused { rule, why } => write!(f, "`{rule}`: {why}"),
            Self::AlwaysError(rule) => write!(f, "`{rule}`: this rule of the specification is always an error"),
            Self::AlsoRuns(rules) => write!(
                f,
                "rules of the specification that always run (`graphwright rule validity`) and that ESLint did not: {}",
                some(rules)
            ),
            Self::Merged { rule, options } => write!(
                f,
                "`{rule}`: options of an override are added to those before it, so these stay: {}",
                options.join(", ")
            ),
            Self::Glob { glob, why } => write!(f, "`{glob}`: {why}"),
            Self::Ignored(glob) => write!(
                f,
                "`{glob}`: rules of the specification still run on these files; `exclude` takes them out of the project"
            ),
            Self::Embedded(glob) => write!(f, "`{glob}`: documents in JavaScript and TypeScript are not linted"),
            Self::Meaning { rule, change } => write!(f, "`{rule}`: {change}"),
            Self::OutsideProject(files) => {
                write!(f, "`documents` does not contain files that ESLint may lint: {}", some(files))
            }
            Self::Renamed(name) => write!(
                f,
                "`{name}/…`: comments that disable rules have to name them without this prefix, or with `@graphql-eslint/`"
            ),
            Self::Url(_) => f.write_str(
                "the schema is at a URL: `graphwright introspect URL --out schema.graphql` makes a file of it",
            ),
            Self::NoSetting(name) => write!(f, "`{name}`: there is no such setting"),
            Self::Cascade(file) => {
                write!(f, "ESLint merges {file} into this configuration; run the command on it as well")
            }
            Self::FillIn(key) => write!(f, "`{key}` is not in the ESLint configuration: add it to the new one"),
        }
    }
}

/// The first names of a list, and how many more there are.
fn some(names: &[impl AsRef<str>]) -> String {
    const MOST: usize = 5;
    let shown: Vec<&str> = names.iter().take(MOST).map(AsRef::as_ref).collect();
    let more = names.len() - shown.len();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// All notes as text: grouped by kind, each with its place.
pub fn listed(notes: &[Note], sources: &Sources) -> String {
    let mut text = String::new();
    for kind in Kind::ALL {
        let mut group: Vec<&Note> = notes.iter().filter(|note| note.about.kind() == kind).collect();
        if group.is_empty() {
            continue;
        }
        group.sort_by_key(|note| note.at);
        text += &format!("\n{}:\n", kind.heading());
        for note in group {
            text += &format!("  {}: {}\n", sources.place(note.at), note.about);
        }
    }
    text
}
