//! The view that rules have of a file, and the place where they report findings.

use super::project::{Index, Uses};
use super::text::TextContext;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::query::{Documents, FileId, Follow, FragmentId, Owner, Selected, SelectedField, SelectionSet};
use crate::schema::Schema;
use crate::source::{Sources, Span, line_start, next_line};
use apollo_compiler::ast::{FragmentSpread, OperationDefinition};
use apollo_compiler::{Name, Node};
use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::ops::Deref;

/// A file while it is linted.
#[derive(Debug)]
pub struct Cx<'a> {
    /// The schema.
    pub schema: &'a Schema,
    /// All documents that this file needs.
    pub documents: &'a Documents,
    /// The file.
    pub file: FileId,
    /// The definitions of the project, and their uses.
    pub project: (&'a Index, &'a Uses),
    /// The text of the file.
    text: TextContext<'a>,
    fragment_keys: RefCell<FxHashMap<FragmentId, IndexSet<Key<'a>>>>,
}

impl<'a> Deref for Cx<'a> {
    type Target = TextContext<'a>;

    fn deref(&self) -> &TextContext<'a> {
        &self.text
    }
}

/// The position of a selection.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The selection set that contains it.
    pub set: SelectionSet<'a>,
    /// Its index in the selection set.
    pub at: usize,
}

impl<'a> Cx<'a> {
    /// Creates the context of a file without findings.
    pub fn new(
        schema: &'a Schema,
        documents: &'a Documents,
        sources: &'a Sources,
        file: FileId,
        project: (&'a Index, &'a Uses),
    ) -> Self {
        Self {
            schema,
            documents,
            file,
            project,
            text: TextContext::new(sources, documents.file(file).source, &documents.places),
            fragment_keys: RefCell::default(),
        }
    }

    /// Returns the findings, in the order of reporting.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.text.finish()
    }

    /// Returns the name of an operation, or its keyword.
    pub fn operation_name(&self, operation: &Node<OperationDefinition>) -> Option<Span> {
        operation.name.as_ref().and_then(|name| self.name(name)).or_else(|| self.head(operation))
    }

    /// Returns the offsets of both braces of a selection set.
    pub fn braces(&self, owner: Owner<'a>) -> Option<(usize, usize)> {
        let span = match owner {
            Owner::Operation(node) => self.node(node),
            Owner::Fragment(node) => self.node(node),
            Owner::Field(node) => self.node(node),
            Owner::Inline(node) => self.node(node),
        }?;
        self.tokens().braces_at_end(span.start, span.end)
    }

    /// Returns the span of the opening brace of a selection set.
    pub fn open_brace(&self, owner: Owner<'a>) -> Option<Span> {
        self.braces(owner).map(|(open, _)| self.span(open..open + 1))
    }

    /// Returns true if a type has a field.
    pub fn has_field(&self, ty: &str, field: &str) -> bool {
        field != "__typename" && self.schema.has_field(ty, field)
    }

    /// Returns a fix that inserts a selection at the beginning of a selection set.
    pub fn insertion(&self, owner: Owner<'a>, selection: &str, safety: Safety) -> Option<Fix> {
        let (open, _) = self.braces(owner)?;
        let first = self.tokens().start_after(open)?;
        let text = self.text();
        let between = &text[open + 1..first];
        let new = match between.rfind('\n') {
            Some(at) => format!("{selection}\n{}", &between[at + 1..]),
            None => format!("{selection} "),
        };
        Some(Fix::new(safety, format!("select `{selection}`"), self.span(first..first), new))
    }

    /// Returns true if a node is written in this file.
    pub fn is_here<T>(&self, node: &Node<T>) -> bool {
        self.node(node).is_some_and(|span| span.source == self.documents.file(self.file).source)
    }

    /// Returns the fields of a selection set and of its fragments.
    pub fn collect(&self, set: SelectionSet<'a>) -> Vec<Collected<'a>> {
        let mut found = Vec::new();
        let mut walk = self.documents.walk(Follow::Once).over(set);
        while let Some(selected) = walk.next() {
            if let Selected::Field(selected) = selected {
                found.push(Collected { selected, through: walk.through() });
            }
        }
        found
    }

    /// Returns the keys of [`Cx::collect`] without duplicates; each fragment is walked once for a file.
    pub fn keys(&self, set: SelectionSet<'a>) -> IndexSet<Key<'a>> {
        let mut open = vec![self.own_keys(set).1];
        let mut entered = FxHashSet::default();
        while let Some(spread) = open.last_mut() {
            let Some(one) = spread.pop() else {
                open.pop();
                continue;
            };
            let id = one.fragment;
            if self.fragment_keys.borrow().contains_key(&id) {
                continue;
            }
            let fragment = &self.documents.fragment(id).definition;
            let (mut keys, below) = self.own_keys(SelectionSet::of_fragment(fragment));
            if entered.insert(id) {
                // Visit it again when the fragments below are known.
                spread.push(one);
                open.push(below);
                continue;
            }
            self.add_keys(&below, &mut keys);
            self.fragment_keys.borrow_mut().insert(id, keys);
        }
        let (mut keys, spread) = self.own_keys(set);
        self.add_keys(&spread, &mut keys);
        keys
    }

    fn add_keys(&self, spreads: &[Spread<'a>], keys: &mut IndexSet<Key<'a>>) {
        let known = self.fragment_keys.borrow();
        for spread in spreads {
            let below = known.get(&spread.fragment).into_iter().flatten();
            keys.extend(below.map(|key| Key { parent: self.narrower(spread.parent, key.parent), ..*key }));
        }
    }

    /// Returns the narrower of the parent type of a selection set and a type condition in it. If neither abstract type
    /// contains the other, returns the condition.
    fn narrower(&self, outer: Option<&'a Name>, inner: Option<&'a Name>) -> Option<&'a Name> {
        let types = &self.schema.types;
        match (outer, inner) {
            (Some(outer), Some(inner)) if types.is_object(outer) || types.always(outer, inner) => Some(outer),
            (outer, inner) => inner.or(outer),
        }
    }

    /// Returns the keys of a selection set itself, and the fragments that it spreads.
    fn own_keys(&self, set: SelectionSet<'a>) -> (IndexSet<Key<'a>>, Vec<Spread<'a>>) {
        let (mut keys, mut spread) = (IndexSet::new(), Vec::new());
        let mut open = vec![set];
        while let Some(set) = open.pop() {
            let parent = set.parent;
            for selected in set.members() {
                match selected {
                    Selected::Field(SelectedField { field, .. }) => {
                        keys.insert(Key { parent, response: field.response_name(), name: &field.name });
                    }
                    Selected::Inline { inline, below } => {
                        let parent = self.narrower(parent, inline.type_condition.as_ref());
                        open.push(SelectionSet { parent, ..below });
                    }
                    Selected::Spread(one) => {
                        let fragment = self.documents.resolve(one);
                        spread.extend(fragment.map(|fragment| Spread { fragment, parent }));
                    }
                }
            }
        }
        (keys, spread)
    }
}

/// A spread in a selection set or its inline fragments.
#[derive(Debug, Clone, Copy)]
struct Spread<'a> {
    fragment: FragmentId,
    /// The parent type of the selection set that contains it.
    parent: Option<&'a Name>,
}

/// The identity of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key<'a> {
    /// The parent type.
    pub parent: Option<&'a Name>,
    /// The response key.
    pub response: &'a str,
    /// The name of the field.
    pub name: &'a str,
}

/// A field of a selection set, possibly through fragments.
#[derive(Debug, Clone, Copy)]
pub struct Collected<'a> {
    /// The field.
    pub selected: SelectedField<'a>,
    /// The spread through which the selection set contains it, if any.
    pub through: Option<&'a Node<FragmentSpread>>,
}

/// Returns the start of the comments on their own lines directly above an offset.
pub fn comments_above(text: &str, offset: usize) -> usize {
    let mut start = line_start(text, offset);
    if !text[start..offset].trim().is_empty() {
        return offset;
    }
    while start > 0 {
        let line = line_start(text, start - 1);
        if !text[line..start].trim_start().starts_with('#') {
            break;
        }
        start = line;
    }
    start
}

/// Returns a range extended by the comma after it, and by its whole line if the line contains nothing else.
pub fn without_line(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let end = range.end;
    let rest = &text[end..];
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t', ',']).len();
    let line = line_start(text, range.start);
    let is_first = text[line..range.start].trim().is_empty();
    let after = &rest[blanks..];
    if is_first && (after.is_empty() || after.starts_with(['\n', '\r'])) {
        return line..next_line(text, end);
    }
    if rest.starts_with([' ', ',', '\t']) && !after.is_empty() && !after.starts_with(['\n', '\r']) {
        return range.start..end + blanks;
    }
    // The last item of a line: remove the separator before it.
    let before = text[..range.start].trim_end_matches([' ', '\t', ',']).len().max(line);
    before..end
}

/// Returns the edits of several fixes of one rule as one fix.
pub fn edits(title: impl Into<String>, safety: Safety, edits: Vec<Edit>) -> Option<Fix> {
    (!edits.is_empty()).then(|| Fix { title: title.into(), safety, edits: edits.into(), defines: None })
}
