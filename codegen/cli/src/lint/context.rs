//! The view that rules have of a file, and the place where they report findings.

use super::project::{Index, Uses};
use super::text::TextContext;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::document::{Documents, Fragment, FragmentId};
use crate::schema::Schema;
use crate::source::{Sources, Span, line_start, next_line};
use apollo_compiler::Node;
use apollo_compiler::ast::{Field, FragmentDefinition, FragmentSpread, InlineFragment, OperationDefinition, Selection};
use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::Deref;

/// A file while it is linted.
#[derive(Debug)]
pub struct Cx<'a> {
    /// The schema.
    pub schema: &'a Schema,
    /// All documents that this file needs.
    pub documents: &'a Documents,
    /// Index in [`Documents::files`].
    pub file: usize,
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

/// The node that owns a selection set.
#[derive(Debug, Clone, Copy)]
pub enum Owner<'a> {
    /// An operation.
    Operation(&'a Node<OperationDefinition>),
    /// A fragment.
    Fragment(&'a Node<FragmentDefinition>),
    /// A field.
    Field(&'a Node<Field>),
    /// An inline fragment.
    Inline(&'a Node<InlineFragment>),
}

/// A selection set.
#[derive(Debug, Clone, Copy)]
pub struct Set<'a> {
    /// The owner of the selection set.
    pub owner: Owner<'a>,
    /// The parent type, if it is known.
    pub parent: Option<&'a str>,
    /// The selections.
    pub selections: &'a [Selection],
}

/// The position of a selection.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The selection set that contains it.
    pub set: Set<'a>,
    /// Its index in the selection set.
    pub at: usize,
}

impl<'a> Cx<'a> {
    /// Creates the context of a file without findings.
    pub fn new(
        schema: &'a Schema,
        documents: &'a Documents,
        sources: &'a Sources,
        file: usize,
        project: (&'a Index, &'a Uses),
    ) -> Self {
        Self {
            schema,
            documents,
            file,
            project,
            text: TextContext::new(sources, documents.files[file].source, &documents.places),
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

    /// Returns the fragment that a spread in this file resolves to.
    pub fn fragment(&self, name: &str) -> Option<FragmentId> {
        self.documents.resolve(self.sources, self.file, name).ok()
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

    /// Returns all fragments that a selection set reaches, each with its file.
    pub fn reach(&self, selections: &[Selection]) -> Vec<FragmentId> {
        self.documents.reach(self.sources, self.file, selections)
    }

    /// Returns the fields of a selection set and of its fragments, each with its parent type.
    pub fn collect(&self, parent: Option<&'a str>, selections: &'a [Selection]) -> Vec<Collected<'a>> {
        self.collect_in(self.file, parent, selections)
    }

    /// Returns the fields of a selection set in another file.
    pub fn collect_in(&self, file: usize, parent: Option<&'a str>, selections: &'a [Selection]) -> Vec<Collected<'a>> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        // A chain of fragments can be longer than the stack allows.
        let mut open = vec![(file, parent, None, selections.iter())];
        while let Some((file, parent, through, rest)) = open.last_mut() {
            let (file, parent, through) = (*file, *parent, *through);
            match rest.next() {
                None => {
                    open.pop();
                }
                Some(Selection::Field(field)) => found.push(Collected { field, parent, file, through }),
                Some(Selection::InlineFragment(inline)) => {
                    let parent = inline.type_condition.as_ref().map(|name| name.as_str()).or(parent);
                    open.push((file, parent, through, inline.selection_set.iter()));
                }
                Some(Selection::FragmentSpread(spread)) => {
                    let Ok(id) = self.documents.resolve(self.sources, file, &spread.fragment_name) else { continue };
                    if seen.insert(id) {
                        let fragment = self.documents.fragment(id);
                        let parent = Some(fragment.definition.type_condition.as_str());
                        let selections = fragment.definition.selection_set.iter();
                        open.push((fragment.file, parent, through.or(Some(spread)), selections));
                    }
                }
            }
        }
        found
    }

    /// Returns the keys of [`Cx::collect`] without duplicates; each fragment is walked once for a file.
    pub fn keys(&self, parent: Option<&'a str>, selections: &'a [Selection]) -> IndexSet<Key<'a>> {
        let mut open = vec![self.own_keys(self.file, parent, selections).1];
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
            let Fragment { file, definition } = self.documents.fragment(id);
            let (mut keys, below) = self.own_keys(*file, Some(&definition.type_condition), &definition.selection_set);
            if entered.insert(id) {
                // Visit it again when the fragments below are known.
                spread.push(one);
                open.push(below);
                continue;
            }
            self.add_keys(&below, &mut keys);
            self.fragment_keys.borrow_mut().insert(id, keys);
        }
        let (mut keys, spread) = self.own_keys(self.file, parent, selections);
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
    fn narrower(&self, outer: Option<&'a str>, inner: Option<&'a str>) -> Option<&'a str> {
        let types = &self.schema.types;
        match (outer, inner) {
            (Some(outer), Some(inner)) if types.is_object(outer) || types.always(outer, inner) => Some(outer),
            (outer, inner) => inner.or(outer),
        }
    }

    /// Returns the keys of a selection set itself, and the fragments that it spreads.
    fn own_keys(
        &self,
        file: usize,
        parent: Option<&'a str>,
        selections: &'a [Selection],
    ) -> (IndexSet<Key<'a>>, Vec<Spread<'a>>) {
        let (mut keys, mut spread) = (IndexSet::new(), Vec::new());
        let mut open = vec![(parent, selections)];
        while let Some((parent, selections)) = open.pop() {
            for selection in selections {
                match selection {
                    Selection::Field(field) => {
                        keys.insert(Key { parent, response: field.response_name(), name: &field.name });
                    }
                    Selection::InlineFragment(inline) => {
                        let condition = inline.type_condition.as_ref().map(|name| name.as_str());
                        open.push((self.narrower(parent, condition), &inline.selection_set));
                    }
                    Selection::FragmentSpread(one) => {
                        let fragment = self.documents.resolve(self.sources, file, &one.fragment_name);
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
    parent: Option<&'a str>,
}

/// The identity of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key<'a> {
    /// The parent type.
    pub parent: Option<&'a str>,
    /// The response key.
    pub response: &'a str,
    /// The name of the field.
    pub name: &'a str,
}

/// A field of a selection set, possibly through fragments.
#[derive(Debug, Clone, Copy)]
pub struct Collected<'a> {
    /// The field.
    pub field: &'a Node<Field>,
    /// The parent type.
    pub parent: Option<&'a str>,
    /// The file that contains it.
    pub file: usize,
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
