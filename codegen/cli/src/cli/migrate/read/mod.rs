//! Interprets values as an [`EslintConfig`]: resolves references and finds blocks and rules.
//!
//! An expression that cannot be evaluated becomes a note with its span, and its setting is omitted: a rule whose level
//! or options cannot be read is left out.

mod blocks;
mod flat;
mod legacy;
mod options;
mod resolve;
mod rules;

use super::config::{Cascade, Data, EslintConfig, GraphqlProject, Located, System, Version};
use super::note::{About, Note, Part};
use super::syntax::{Module, Node};
use crate::source::{SourceId, Span};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::Range;

/// The npm package of graphql-eslint.
pub const PLUGIN: &str = "@graphql-eslint/eslint-plugin";

/// The default name of the plugin in rules.
const PREFIX: &str = "@graphql-eslint";

/// The maximum number of references to resolve; a large configuration has hundreds.
const MAX_REFERENCES: usize = 50_000;

/// The result of reading.
#[derive(Debug)]
pub struct Read {
    /// The configuration.
    pub config: EslintConfig,
    /// Whether it uses graphql-eslint at all.
    pub uses_plugin: bool,
    /// Settings that could not be read or that have no counterpart.
    pub notes: Vec<Note>,
}

/// Interprets the values of a configuration file.
pub fn read(module: &Module, source: SourceId, system: System, version: Version) -> Read {
    let mut reader = Reader {
        module,
        source,
        version,
        prefixes: BTreeSet::from([PREFIX.to_owned()]),
        uses_plugin: false,
        references: Cell::new(MAX_REFERENCES),
        notes: Vec::new(),
        config: EslintConfig {
            system,
            version,
            cascade: Cascade::Ends,
            blocks: Vec::new(),
            ignores: Vec::new(),
            project: GraphqlProject::default(),
            renamed: None,
            unused_directives: None,
        },
    };
    if let Some(exported) = &module.exported {
        match system {
            System::Flat => reader.flat(exported),
            System::Legacy => reader.legacy_root(exported),
        }
    }
    for range in &module.unread {
        reader.note(range, About::Statement);
    }
    let Reader { config, uses_plugin, mut notes, .. } = reader;
    notes.dedup();
    Read { config, uses_plugin, notes }
}

struct Reader<'m> {
    module: &'m Module,
    source: SourceId,
    version: Version,
    /// The names of the plugin in rules.
    prefixes: BTreeSet<String>,
    uses_plugin: bool,
    /// The remaining number of references: tables that contain others twice would grow without limit.
    references: Cell<usize>,
    notes: Vec<Note>,
    config: EslintConfig,
}

impl<'m> Reader<'m> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.source, range.clone())
    }

    fn note(&mut self, range: &Range<usize>, about: About) {
        let at = self.span(range);
        self.notes.push(Note { at, about });
    }

    fn unexpected(&mut self, node: &Node, part: &Part, expected: &'static str) {
        self.note(&node.range, About::Unexpected { part: part.clone(), expected });
    }

    /// Returns a string or the strings of a list, with references resolved.
    fn strings(&mut self, node: &'m Node, part: &Part) -> Vec<Located<String>> {
        match self.literal(node, part) {
            Some(literal) => {
                let is_text = literal.as_str().is_some() || matches!(literal.value, Data::List(_));
                if !is_text {
                    self.unexpected(node, part, "a string or a list of strings");
                }
                literal.strings()
            }
            None => Vec::new(),
        }
    }
}
