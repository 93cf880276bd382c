//! Applies edits to texts: line endings stay those of the lines around, and comments are counted.

use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::lint::suppress::comments;
use crate::source::{Sources, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// How often each comment is in a text.
pub type Comments = BTreeMap<String, isize>;

/// A text after edits that do not overlap.
#[derive(Debug)]
pub struct Edited {
    /// The new text.
    pub text: String,
    /// Where each edit ended, and by how much it moved what follows.
    moves: Vec<(usize, isize)>,
    /// For each edit, where what it inserted ends.
    ends: Vec<usize>,
}

impl Edited {
    /// Applies edits.
    pub fn new(text: &str, mut edits: Vec<&Edit>) -> Self {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let mut new = String::with_capacity(text.len());
        let (mut from, mut moves, mut ends) = (0, Vec::new(), Vec::new());
        for edit in edits {
            let inserted = with_line_ends(&edit.text, line_end(text, &edit.span.range()));
            new.push_str(&text[from..edit.span.start]);
            new.push_str(&inserted);
            from = edit.span.end;
            let length = |bytes: usize| isize::try_from(bytes).unwrap_or_default();
            ends.push(new.len());
            moves.push((from, length(inserted.len()) - length(edit.span.range().len())));
        }
        new.push_str(&text[from..]);
        Self { text: new, moves, ends }
    }

    /// Where an offset of the old text is in the new one.
    pub fn moved(&self, offset: usize) -> usize {
        let by: isize = self.moves.iter().filter(|(end, _)| *end <= offset).map(|(_, by)| by).sum();
        offset.saturating_add_signed(by)
    }

    /// Where an offset of the new text was in the old one: that of an edit if it is in what one inserted.
    pub fn was(&self, offset: usize) -> usize {
        let before = self.ends.partition_point(|end| *end <= offset);
        let by: isize = self.moves.iter().take(before).map(|(_, by)| by).sum();
        let was = offset.saturating_add_signed(-by);
        self.moves.get(before).map_or(was, |(end, _)| was.min(*end))
    }
}

/// The line ending of the line that a range is in; that of the line before if there is none after it.
fn line_end<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    let after = text[range.end..].find(['\n', '\r']).map(|at| range.end + at);
    let before = text[..range.start].rfind(['\n', '\r']);
    let Some(at) = after.or(before) else { return "\n" };
    // Of a pair, the second one may be what was found.
    let start = if text[..at].ends_with('\r') && text[at..].starts_with('\n') { at - 1 } else { at };
    let length = if text[start..].starts_with("\r\n") { 2 } else { 1 };
    &text[start..start + length]
}

fn with_line_ends(text: &str, end: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', end)
}

/// The comments of a text.
pub fn comments_of(text: &str) -> Comments {
    let mut found = Comments::new();
    if text.contains('#') {
        for place in comments(text) {
            *found.entry(text[place].trim_end().to_owned()).or_default() += 1;
        }
    }
    found
}

/// Returns true if a fix keeps all comments but the one that its finding is about.
pub fn keeps_comments(sources: &Sources, finding: &Diagnostic, fix: &Fix) -> bool {
    let mut changed = Comments::new();
    for edit in &fix.edits {
        add(&mut changed, &comments_of_edit(sources, edit));
    }
    // Settings go with what they are about.
    changed.retain(|comment, _| !is_settings(comment));
    let about = finding.primary.as_ref().map(|label| sources.text(label.span.source)[label.span.range()].trim_end());
    changed.iter().all(|(comment, count)| *count >= if about == Some(comment) { -1 } else { 0 })
}

fn is_settings(comment: &str) -> bool {
    comment.trim_start_matches('#').trim_start().starts_with("@graphwright")
}

/// The comments that an edit adds, and with a negative count those that it takes away.
pub fn comments_of_edit(sources: &Sources, edit: &Edit) -> Comments {
    let text = sources.text(edit.span.source);
    let mut changed = comments_of(&edit.text);
    for place in touched(text, edit.span) {
        *changed.entry(text[place].trim_end().to_owned()).or_default() -= 1;
    }
    changed
}

/// The comments that an edit takes away. It begins outside of comments and texts, as tokens do.
fn touched(text: &str, span: Span) -> Vec<Range<usize>> {
    if !text[span.range()].contains('#') {
        return Vec::new();
    }
    // The last one may go on after the range.
    let end = text[span.end..].find(['\n', '\r']).map_or(text.len(), |at| span.end + at);
    let found = comments(&text[span.start..end]).into_iter();
    let found = found.map(|place| place.start + span.start..place.end + span.start);
    found.filter(|place| place.start < span.end).collect()
}

/// Adds what others count.
pub fn add(comments: &mut Comments, others: &Comments) {
    for (comment, count) in others {
        *comments.entry(comment.clone()).or_default() += count;
    }
    comments.retain(|_, count| *count != 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inserted_lines_end_as_those_around_them() {
        let insert = |text: &str, at: usize| {
            let mut sources = Sources::default();
            let span = Span::new(sources.add("a", text), at..at);
            Edited::new(text, vec![&Edit { span, text: "x\ny".to_owned() }]).text
        };
        assert_eq!(insert("a\r\nb\n", 1), "ax\r\ny\r\nb\n");
        assert_eq!(insert("a\r\nb\n", 3), "a\r\nx\nyb\n");
        assert_eq!(insert("a\r\nb", 4), "a\r\nbx\r\ny");
        assert_eq!(insert("a\rb", 1), "ax\ry\rb");
        assert_eq!(insert("ab", 1), "ax\nyb");
    }
}
