//! Applies edits to texts, keeping the line endings of adjacent lines, and counts comments.

use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::lint::suppress::comments;
use crate::source::{Sources, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// The number of occurrences of each comment.
pub type Comments = BTreeMap<String, isize>;

/// A text after edits that do not overlap.
#[derive(Debug)]
pub struct Edited {
    /// The new text.
    pub text: String,
    /// The end of each edit, and by how much it shifts the text after it.
    moves: Vec<(usize, isize)>,
    /// The end of the inserted text of each edit.
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

    /// Returns the new offset of an old one.
    pub fn moved(&self, offset: usize) -> usize {
        let by: isize = self.moves.iter().filter(|(end, _)| *end <= offset).map(|(_, by)| by).sum();
        offset.saturating_add_signed(by)
    }

    /// Returns the old offset of a new one; in inserted text, the offset of the edit.
    pub fn was(&self, offset: usize) -> usize {
        let before = self.ends.partition_point(|end| *end <= offset);
        let by: isize = self.moves.iter().take(before).map(|(_, by)| by).sum();
        let was = offset.saturating_add_signed(-by);
        self.moves.get(before).map_or(was, |(end, _)| was.min(*end))
    }
}

/// Returns the line ending of the line that contains a range, or of the line before if it has none.
fn line_end<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    let after = text[range.end..].find(['\n', '\r']).map(|at| range.end + at);
    let before = text[..range.start].rfind(['\n', '\r']);
    let Some(at) = after.or(before) else { return "\n" };
    // The found character may be the second one of a pair.
    let start = if text[..at].ends_with('\r') && text[at..].starts_with('\n') { at - 1 } else { at };
    let length = if text[start..].starts_with("\r\n") { 2 } else { 1 };
    &text[start..start + length]
}

fn with_line_ends(text: &str, end: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', end)
}

/// Returns the comments of a text.
pub fn comments_of(text: &str) -> Comments {
    let mut found = Comments::new();
    if text.contains('#') {
        for place in comments(text) {
            *found.entry(text[place].trim_end().to_owned()).or_default() += 1;
        }
    }
    found
}

/// Returns true if a fix keeps all comments except the one that its finding is about.
pub fn keeps_comments(sources: &Sources, finding: &Diagnostic, fix: &Fix) -> bool {
    let mut changed = Comments::new();
    for edit in &fix.edits {
        add(&mut changed, &comments_of_edit(sources, edit));
    }
    // Settings are removed together with their node.
    changed.retain(|comment, _| !is_settings(comment));
    let about = finding.primary.as_ref().map(|label| sources.text(label.span.source)[label.span.range()].trim_end());
    changed.iter().all(|(comment, count)| *count >= if about == Some(comment) { -1 } else { 0 })
}

fn is_settings(comment: &str) -> bool {
    comment.trim_start_matches('#').trim_start().starts_with("@graphwright")
}

/// Returns the comments that an edit adds, and with a negative count those that it removes.
pub fn comments_of_edit(sources: &Sources, edit: &Edit) -> Comments {
    let text = sources.text(edit.span.source);
    let mut changed = comments_of(&edit.text);
    for place in touched(text, edit.span) {
        *changed.entry(text[place].trim_end().to_owned()).or_default() -= 1;
    }
    changed
}

/// Returns the comments that an edit removes. It begins outside comments and strings, as tokens do.
fn touched(text: &str, span: Span) -> Vec<Range<usize>> {
    if !text[span.range()].contains('#') {
        return Vec::new();
    }
    // The last comment may extend past the range.
    let end = text[span.end..].find(['\n', '\r']).map_or(text.len(), |at| span.end + at);
    let found = comments(&text[span.start..end]).into_iter();
    let found = found.map(|place| place.start + span.start..place.end + span.start);
    found.filter(|place| place.start < span.end).collect()
}

/// Adds the counts of others.
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
