//! Settings that could not be migrated, and the reasons.

use super::syntax::Unread;
use crate::source::{Sources, Span};
use std::fmt;

/// A note about a part of the ESLint configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The span of the part.
    pub at: Span,
    /// The subject of the note.
    pub about: About,
}

/// The subject of a note.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// A part that is computed at run time.
    Unread {
        /// The part that contains it.
        part: Part,
        /// The kind of expression.
        why: Unread,
    },
    /// A name that comes from another file or package.
    Imported {
        /// The part that contains it.
        part: Part,
        /// The name as it is written.
        name: String,
        /// The file or package.
        module: String,
    },
    /// A call of an unknown function.
    Called {
        /// The part that contains it.
        part: Part,
        /// The function.
        name: String,
    },
    /// A name that is undefined, or defined too indirectly.
    Undefined {
        /// The part that contains it.
        part: Part,
        /// The name.
        name: String,
    },
    /// A value of a type that ESLint does not accept.
    Unexpected {
        /// The part that contains it.
        part: Part,
        /// The expected type.
        expected: &'static str,
    },
    /// Statements that may change a value.
    Statement,
    /// A shared configuration.
    SharedConfig(String),
    /// A preset that the plugin does not have.
    UnknownPreset(String),
    /// Rules of ESLint itself or of other plugins, set for GraphQL files.
    OtherRule(String),
    /// A rule of the plugin that graphwright does not have.
    UnknownRule(String),
    /// An option without a counterpart.
    Option {
        /// The rule.
        rule: String,
        /// The option.
        option: String,
        /// The reason.
        why: NoCounterpart,
    },
    /// Options that graphwright's rule rejects.
    Refused {
        /// The rule.
        rule: String,
        /// The error.
        why: String,
    },
    /// A rule of the specification at another level than `error`.
    AlwaysError(String),
    /// Rules of the specification that ESLint did not run.
    AlsoRuns(Vec<&'static str>),
    /// Options that replace inherited ones in ESLint and are added to them in graphwright.
    Merged {
        /// The rule.
        rule: String,
        /// The inherited options.
        options: Vec<String>,
    },
    /// A glob that a graphwright configuration cannot express.
    Glob {
        /// The glob.
        glob: String,
        /// The reason.
        why: BadGlob,
    },
    /// Files that ESLint ignores, but that the rules of the specification check.
    Ignored(String),
    /// Documents in other languages.
    Embedded(String),
    /// A schema from a URL.
    Url(String),
    /// A part of `parserOptions`, or another part, that has no counterpart.
    NoSetting(String),
    /// A parent configuration that also applies.
    Cascade(String),
    /// A rule of version 3 whose meaning has changed.
    Meaning {
        /// The rule.
        rule: String,
        /// The difference.
        change: Change,
    },
    /// Files that ESLint may lint, but that are not part of the project.
    OutsideProject(Vec<String>),
    /// A renamed plugin, whose name appears in comments.
    Renamed(String),
    /// A missing schema or document setting.
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

/// The difference between a rule and its version 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// `unique-enum-value-names` checks values that differ only by case.
    EnumValues,
    /// `require-selections` also checks fragments.
    Fragments,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EnumValues => {
                "in version 3 it reports values that are defined twice, here values that differ only by case; not migrated"
            }
            Self::Fragments => "it is named `require-selections` here and also checks fragments",
        })
    }
}

/// The reason why an option has no counterpart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCounterpart {
    /// The option is unknown.
    Unknown,
    /// A selector that schema names cannot express.
    Selector,
    /// A regular expression that cannot be translated.
    Regex,
    /// A value of a type that graphql-eslint does not accept.
    Value,
    /// Names in documents that are checked in the schema instead.
    InDocuments,
}

impl fmt::Display for NoCounterpart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "graphwright's rule has no such option",
            Self::Selector => "only names and parents of definitions can be selected",
            Self::Regex => "this regular expression uses unsupported look-around, back references or flags",
            Self::Value => "the option does not accept this value",
            Self::InDocuments => "argument names are checked in the schema, where they are defined, not in documents",
        })
    }
}

/// The reason why a glob cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadGlob {
    /// Patterns such as `!(a)`.
    Extended,
    /// A negated pattern.
    Negated,
    /// Patterns that must all match.
    Conjunction,
    /// Files outside the folder of the written configuration.
    Outside,
    /// An invalid glob.
    Invalid,
}

impl fmt::Display for BadGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Extended => "extended patterns such as `!(a)` are not supported; write them as `*` and `{a,b}`",
            Self::Negated => "negated patterns are not supported here",
            Self::Conjunction => "patterns that must all match are not supported",
            Self::Outside => "it matches files outside the configuration's folder",
            Self::Invalid => "invalid glob",
        })
    }
}

/// The kind of a note, most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A setting that could not be read.
    NotRead,
    /// A setting without a counterpart.
    NoCounterpart,
    /// A setting that works differently.
    Differs,
    /// A setting for the user to add.
    ToDo,
}

impl Kind {
    /// All kinds, in the order of the report.
    pub const ALL: [Self; 4] = [Self::NotRead, Self::NoCounterpart, Self::Differs, Self::ToDo];

    /// Returns the heading in the report.
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
    /// Returns the kind of the note.
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
            Self::OtherRule(name) => write!(f, "rule `{name}`: not a rule of graphql-eslint"),
            Self::UnknownRule(name) => write!(f, "rule `{name}`: graphwright has no such rule"),
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
                "`{glob}`: rules of the specification still run on these files; `exclude` removes them from the project"
            ),
            Self::Embedded(glob) => write!(f, "`{glob}`: documents in JavaScript and TypeScript are not linted"),
            Self::Meaning { rule, change } => write!(f, "`{rule}`: {change}"),
            Self::OutsideProject(files) => {
                write!(f, "`documents` does not contain files that ESLint may lint: {}", some(files))
            }
            Self::Renamed(name) => write!(
                f,
                "`{name}/…`: comments that disable rules must name them without this prefix, or with `@graphql-eslint/`"
            ),
            Self::Url(_) => f.write_str(
                "the schema is at a URL: `graphwright introspect URL --out schema.graphql` saves it to a file",
            ),
            Self::NoSetting(name) => write!(f, "`{name}`: graphwright has no such setting"),
            Self::Cascade(file) => {
                write!(f, "ESLint merges {file} into this configuration; run the command on it as well")
            }
            Self::FillIn(key) => write!(f, "`{key}` is not in the ESLint configuration: add it to the new one"),
        }
    }
}

/// Returns the first names of a list, and how many more there are.
fn some(names: &[impl AsRef<str>]) -> String {
    const MOST: usize = 5;
    let shown: Vec<&str> = names.iter().take(MOST).map(AsRef::as_ref).collect();
    let more = names.len() - shown.len();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// Returns all notes as text, grouped by kind, each with its location.
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
