//! Attaches comments to syntax nodes and prints them there.
//!
//! As in Prettier, a comment on a line of its own is attached to the node after it, and one at the end of a line to the
//! node before it, among the children of the innermost node that encloses it.

use super::printer::Doc;
use std::ops::Range;

/// A syntax node: its range and its children. The first one is the whole text.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) range: Range<usize>,
    pub(super) children: Vec<usize>,
}

/// The comments of a node.
#[derive(Debug, Default, Clone)]
struct Attached {
    before: Vec<Range<usize>>,
    after: Vec<Range<usize>>,
    /// The comments inside a node without children.
    inside: Vec<Range<usize>>,
}

/// Replaces the nodes of a document by their content and comments, and marks groups with newlines as broken.
pub(super) fn with_comments<'t>(text: &'t str, doc: Doc<'t>, nodes: &[Node], comments: &[Range<usize>]) -> Doc<'t> {
    let mut attached = vec![Attached::default(); nodes.len()];
    for comment in comments {
        let (enclosing, preceding, following) = neighbours(nodes, comment);
        match (begins_line(text, comment.start), preceding, following) {
            (true, _, Some(node)) | (false, None, Some(node)) => attached[node].before.push(comment.clone()),
            (_, Some(node), _) => attached[node].after.push(comment.clone()),
            (_, None, None) => attached[enclosing].inside.push(comment.clone()),
        }
    }
    Settler { text, nodes, attached }.settle(doc).0
}

/// Returns the innermost node around a comment, and its children before and after.
fn neighbours(nodes: &[Node], comment: &Range<usize>) -> (usize, Option<usize>, Option<usize>) {
    let mut enclosing = 0;
    loop {
        let children = &nodes[enclosing].children;
        let at = children.partition_point(|child| nodes[*child].range.end <= comment.start);
        match children.get(at) {
            Some(child) if nodes[*child].range.start <= comment.start => enclosing = *child,
            following => return (enclosing, at.checked_sub(1).map(|at| children[at]), following.copied()),
        }
    }
}

struct Settler<'t, 'n> {
    text: &'t str,
    nodes: &'n [Node],
    attached: Vec<Attached>,
}

impl<'t> Settler<'t, '_> {
    /// Returns the document without nodes, and whether it certainly contains a newline.
    fn settle(&mut self, doc: Doc<'t>) -> (Doc<'t>, bool) {
        match doc {
            Doc::HardLine | Doc::Break => (doc, true),
            Doc::Verbatim(text) => (doc, text.contains('\n')),
            Doc::Text(_) | Doc::Comment(_) | Doc::Line | Doc::SoftLine | Doc::IfBroken { .. } => (doc, false),
            Doc::All(parts) => {
                let mut is_broken = false;
                let parts = parts.into_iter().map(|part| {
                    let (part, breaks) = self.settle(part);
                    is_broken |= breaks;
                    part
                });
                (Doc::All(parts.collect()), is_broken)
            }
            Doc::Indent(inner) => {
                let (inner, is_broken) = self.settle(*inner);
                (Doc::Indent(Box::new(inner)), is_broken)
            }
            Doc::AtLineEnd(inner) => {
                let (inner, is_broken) = self.settle(*inner);
                (Doc::AtLineEnd(Box::new(inner)), is_broken)
            }
            Doc::Group { inner, .. } => {
                let (inner, is_broken) = self.settle(*inner);
                (Doc::Group { inner: Box::new(inner), is_broken }, is_broken)
            }
            Doc::Node(id, inner) => self.node(id, *inner),
        }
    }

    fn node(&mut self, id: usize, inner: Doc<'t>) -> (Doc<'t>, bool) {
        let Attached { before, after, inside } = std::mem::take(&mut self.attached[id]);
        let is_ignored = |comment: &Range<usize>| self.text[comment.clone()][1..].trim() == "prettier-ignore";
        let inner = match before.iter().chain(&after).chain(&inside).any(is_ignored) {
            true => Doc::Verbatim(&self.text[self.nodes[id].range.clone()]),
            false => inner,
        };
        let (inner, is_broken) = self.settle(inner);
        if before.is_empty() && after.is_empty() && inside.is_empty() {
            return (inner, is_broken);
        }
        let mut parts = Vec::new();
        for comment in before {
            parts.extend([self.comment(&comment), Doc::HardLine]);
            if is_line_empty_after(self.text, comment.end) {
                parts.push(Doc::HardLine);
            }
        }
        parts.push(if inside.is_empty() { inner } else { self.around(inner, &inside) });
        for (at, comment) in after.iter().enumerate() {
            let behind = if at > 0 || begins_line(self.text, comment.start) {
                let blank = if is_line_empty_before(self.text, comment.start) { Doc::HardLine } else { Doc::nothing() };
                vec![Doc::HardLine, blank, self.comment(comment)]
            } else {
                vec![Doc::Text(" "), self.comment(comment)]
            };
            parts.extend([Doc::AtLineEnd(Box::new(Doc::All(behind))), Doc::Break]);
        }
        (Doc::All(parts), true)
    }

    /// Returns comments between empty brackets, or in a text without anything else.
    fn around(&self, inner: Doc<'t>, comments: &[Range<usize>]) -> Doc<'t> {
        let mut lines = Vec::new();
        for (at, comment) in comments.iter().enumerate() {
            if at > 0 {
                lines.push(Doc::HardLine);
                if is_line_empty_before(self.text, comment.start) {
                    lines.push(Doc::HardLine);
                }
            }
            lines.push(self.comment(comment));
        }
        match inner {
            Doc::Group { inner, .. } => Doc::Group { inner: Box::new(self.around(*inner, comments)), is_broken: true },
            Doc::All(mut brackets) if brackets.len() > 1 => {
                lines.insert(0, Doc::HardLine);
                brackets.insert(1, Doc::indent(lines));
                Doc::All(brackets)
            }
            inner => {
                lines.push(Doc::HardLine);
                lines.push(inner);
                Doc::All(lines)
            }
        }
    }

    fn comment(&self, range: &Range<usize>) -> Doc<'t> {
        Doc::Comment(self.text[range.clone()].trim_end())
    }
}

/// Returns true if only white space precedes an offset on its line, and it is not the first line.
fn begins_line(text: &str, at: usize) -> bool {
    text[..at].trim_end_matches([' ', '\t']).ends_with('\n')
}

/// Returns true if the line before that of an offset, which begins its line, is empty.
fn is_line_empty_before(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '\t']);
    before.strip_suffix('\n').is_some_and(|before| begins_line(before, before.len()))
}

/// Returns true if the line after that of an offset is empty, with only commas in between.
pub(super) fn is_next_line_empty(text: &str, at: usize) -> bool {
    let rest = text[at..].trim_start_matches([' ', '\t', ',', ';']);
    is_line_empty_after(rest, 0)
}

fn is_line_empty_after(text: &str, at: usize) -> bool {
    let rest = text[at..].trim_start_matches([' ', '\t']);
    let rest = rest.strip_prefix('\n').unwrap_or(rest);
    rest.trim_start_matches([' ', '\t']).starts_with('\n')
}
