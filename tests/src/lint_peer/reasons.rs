//! The reasons for findings of only one linter: each has a predicate that reads the texts.

use super::Finding;
use super::corpus::Texts;
use anyhow::Result;
use apollo_compiler::ast::{Definition, Document, OperationType, Selection};
use apollo_compiler::parser::Parser;
use apollo_compiler::{Name, Schema};
use std::collections::{BTreeMap, BTreeSet};

mod operations;
mod schema;

/// A reason for findings of some rules.
#[derive(Clone, Copy)]
pub struct Reason {
    /// The reason, as it is printed.
    pub text: &'static str,
    /// The rules whose findings it can explain; empty for all.
    rules: &'static [&'static str],
    side: Side,
    holds: fn(&Documents<'_>, &Place<'_>) -> bool,
}

impl std::fmt::Debug for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text)
    }
}

/// The linter that has the finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Ours,
    Theirs,
    Either,
}

/// A finding and its location.
#[derive(Debug)]
struct Place<'a> {
    file: &'a str,
    line: Option<usize>,
    rule: &'a str,
    message: &'a str,
}

impl Place<'_> {
    /// Returns true for the line of the place, and false if it has none.
    fn is_at(&self, line: Option<usize>) -> bool {
        line.is_some() && self.line == line
    }

    /// Returns the first thing that the message names.
    fn named(&self) -> &str {
        self.message.split(['"', '`', '\'']).nth(1).unwrap_or_default()
    }
}

/// The texts of a comparison, parsed.
pub struct Documents<'a> {
    texts: &'a Texts,
    documents: BTreeMap<&'a str, Document>,
    schema_files: BTreeMap<&'a str, Document>,
    schema: Schema,
    /// Files and rules that end with an exception in the peer.
    exceptions: &'a BTreeSet<(String, String)>,
}

impl<'a> Documents<'a> {
    /// Parses the texts.
    pub fn new(texts: &'a Texts, exceptions: &'a BTreeSet<(String, String)>) -> Result<Self> {
        let parse = |(path, text): (&'a String, &'a String)| {
            let document = Parser::new().parse_ast(text.clone(), path).unwrap_or_else(|found| found.partial);
            (path.as_str(), document)
        };
        let mut builder = Schema::builder().adopt_orphan_extensions();
        for (path, text) in &texts.schema {
            builder = builder.parse(text.clone(), path);
        }
        Ok(Self {
            texts,
            documents: texts.documents.iter().map(parse).collect(),
            schema_files: texts.schema.iter().map(parse).collect(),
            schema: builder.build().unwrap_or_else(|found| found.partial),
            exceptions,
        })
    }

    /// Returns the first reason that holds for a finding.
    pub fn reason(&self, is_ours: bool, (file, line, rule): &Finding, message: &str) -> Option<&'static str> {
        let side = if is_ours { Side::Ours } else { Side::Theirs };
        let place = Place { file, line: *line, rule, message };
        let all = operations::REASONS.iter().chain(schema::REASONS);
        let mut fitting = all.filter(|reason| {
            (reason.rules.is_empty() || reason.rules.contains(&place.rule))
                && (reason.side == Side::Either || reason.side == side)
        });
        fitting.find(|reason| (reason.holds)(self, &place)).map(|reason| reason.text)
    }

    /// Returns true if a fragment is defined in a line.
    pub fn is_fragment(&self, file: &str, line: usize) -> bool {
        let text = self.texts.documents.get(file).and_then(|text| text.lines().nth(line.checked_sub(1)?));
        text.is_some_and(|text| text.trim_start().starts_with("fragment "))
    }

    fn written(&self, place: &Place<'_>) -> &'a str {
        let text = self.texts.documents.get(place.file).or_else(|| self.texts.schema.get(place.file));
        text.and_then(|text| text.lines().nth(place.line?.checked_sub(1)?)).unwrap_or_default()
    }
}

/// Returns the line of a name.
fn line(document: &Document, name: &Name) -> Option<usize> {
    name.line_column_range(&document.sources).map(|range| range.start.line)
}

/// Returns the root operation types of a schema.
fn roots(schema: &Schema) -> Vec<&str> {
    let all = [OperationType::Query, OperationType::Mutation, OperationType::Subscription];
    all.into_iter().filter_map(|operation| schema.root_operation(operation)).map(|name| name.as_str()).collect()
}

/// The selections of all definitions of a document, with the type that each is selected from, if it is known.
fn walk<'a>(
    schema: &'a Schema,
    document: &'a Document,
    mut visit: impl FnMut(Option<&'a str>, &'a [Selection], Option<usize>),
) {
    let mut open: Vec<(Option<&'a str>, &'a [Selection], Option<usize>)> = Vec::new();
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                let root = schema.root_operation(operation.operation_type).map(|name| name.as_str());
                let line = operation.line_column_range(&document.sources).map(|range| range.start.line);
                open.push((root, &operation.selection_set, line));
            }
            Definition::FragmentDefinition(fragment) => {
                open.push((Some(&fragment.type_condition), &fragment.selection_set, line(document, &fragment.name)));
            }
            _ => {}
        }
    }
    while let Some((parent, selections, start)) = open.pop() {
        visit(parent, selections, start);
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let definition = parent.and_then(|parent| schema.type_field(parent, &field.name).ok());
                    let ty = definition.map(|definition| definition.ty.inner_named_type().as_str());
                    open.push((ty, &field.selection_set, line(document, &field.name)));
                }
                Selection::InlineFragment(inline) => {
                    let ty = inline.type_condition.as_ref().map(|name| name.as_str()).or(parent);
                    let start = inline.line_column_range(&document.sources).map(|range| range.start.line);
                    open.push((ty, &inline.selection_set, start));
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }
}
