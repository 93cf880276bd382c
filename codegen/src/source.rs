//! Input texts, and spans in them.
//!
//! [`Sources`] stores file names and contents, and hands out [`SourceId`]s and [`Span`]s that are
//! valid as long as it exists. Every diagnostic refers to one of these texts.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The identity of a text in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

/// A range of bytes in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: usize,
    /// Offset past the last byte (exclusive).
    pub end: usize,
}

/// A line and a column, both counted from 1; columns count Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

/// A shared text, without copies, since schemas are large.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(Arc<String>);

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Arc::new(text))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// A text with the name that users know it by.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    text: Text,
    start: Position,
    /// The offsets of the beginnings of all lines, computed when a position is first requested: reports have thousands
    /// of positions in texts of megabytes.
    lines: OnceLock<Arc<[usize]>>,
}

/// All texts of one run.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// Adds a text. Diagnostics print `name` before the line number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Text>) -> SourceId {
        self.add_at(name, text, Position { line: 1, column: 1 })
    }

    /// Adds a text that is part of another one, where it begins at `start`.
    pub fn add_at(&mut self, name: impl Into<String>, text: impl Into<Text>, start: Position) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).expect("fewer than 2^32 sources"));
        self.list.push(Source { name: name.into(), text: text.into(), start, lines: OnceLock::new() });
        id
    }

    /// Returns the name given to [`Sources::add`].
    pub fn name(&self, id: SourceId) -> &str {
        &self.source(id).name
    }

    /// Returns the text given to [`Sources::add`].
    pub fn text(&self, id: SourceId) -> &Text {
        &self.source(id).text
    }

    /// Replaces a text by one of the same length for display: the Rust file that contains a document.
    pub fn set_text(&mut self, id: SourceId, text: Text) {
        if let Some(source) = self.list.get_mut(id.0 as usize).filter(|source| source.text.len() == text.len()) {
            source.text = text;
            source.lines = OnceLock::new();
        }
    }

    /// Renames texts.
    pub fn rename(&mut self, name: impl Fn(&str) -> String) {
        for source in &mut self.list {
            source.name = name(&source.name);
        }
    }

    /// Adds the texts of others, and returns the mapping for their spans.
    pub fn append(&mut self, mut others: Self) -> Moved {
        let by = u32::try_from(self.list.len()).expect("fewer than 2^32 sources");
        self.list.append(&mut others.list);
        Moved(by)
    }

    /// Returns the position of the beginning of a span.
    pub fn position(&self, span: Span) -> Position {
        let source = self.source(span.source);
        let (text, start) = (&source.text, source.start);
        let offset = floor(text, span.start);
        let lines = source.lines.get_or_init(|| line_starts(text));
        let line = lines.partition_point(|line| *line <= offset);
        let line_start = line.checked_sub(1).and_then(|line| lines.get(line)).copied().unwrap_or_default();
        let column = column(&text[line_start..offset]);
        Position { line: line + start.line - 1, column: if line == 1 { column + start.column - 1 } else { column } }
    }

    /// Returns the position of the beginning of a text: line 1, unless it is part of another one.
    pub fn start(&self, id: SourceId) -> Position {
        self.source(id).start
    }

    /// Returns `name:line:column` of the beginning of a span.
    pub fn place(&self, span: Span) -> String {
        let Position { line, column } = self.position(span);
        format!("{}:{line}:{column}", self.name(span.source))
    }

    fn source(&self, id: SourceId) -> &Source {
        self.list.get(id.0 as usize).expect("a source id is used with the sources that made it")
    }
}

/// The new identities of texts that were added to other [`Sources`].
#[derive(Debug, Clone, Copy)]
pub struct Moved(u32);

impl Moved {
    /// Returns the corresponding span in the other sources.
    pub fn span(self, span: Span) -> Span {
        Span { source: SourceId(span.source.0 + self.0), ..span }
    }
}

impl Span {
    /// Creates the span of a byte range in a text.
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        Self { source, start: range.start, end: range.end }
    }

    /// Returns the bytes of the span.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Returns the position of a byte offset. An offset inside a character counts as its beginning. Reads the text up to
/// the offset; for many positions in one text, [`Sources::position`] takes the time of a binary search for each.
#[doc(hidden)]
pub fn position(text: &str, offset: usize) -> Position {
    let offset = floor(text, offset);
    Position { line: lines_before(text, offset) + 1, column: column(&text[line_start(text, offset)..offset]) }
}

/// Returns the column after the first part of a line.
fn column(before: &str) -> usize {
    before.trim_start_matches('\u{feff}').chars().count() + 1
}

/// Returns the beginning of the character at an offset, or the end of the text.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn line_starts(text: &str) -> Arc<[usize]> {
    let ends = text.bytes().enumerate().filter(|(at, byte)| ends_line(text, *at, *byte));
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}

/// Returns the byte offset of a line and column counted from 1; clamped to the text.
#[doc(hidden)]
pub fn offset(text: &str, line: usize, column: usize) -> usize {
    let start = (1..line).fold(0, |start, _| next_line(text, start));
    let end = line_end(text, start);
    text[start..end].char_indices().nth(column.saturating_sub(1)).map_or(end, |(at, _)| start + at)
}

// Lines end with a line feed, a carriage return, or both (section 2.1.2 of the specification, Line Terminators).

/// Returns the number of line ends before an offset.
#[doc(hidden)]
pub fn lines_before(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).enumerate().filter(|(at, byte)| ends_line(text, *at, *byte)).count()
}

/// Returns true for the last byte of a line end.
fn ends_line(text: &str, at: usize, byte: u8) -> bool {
    byte == b'\n' || byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n')
}

/// Returns the offset at which the line of an offset begins.
#[doc(hidden)]
pub fn line_start(text: &str, offset: usize) -> usize {
    let before = &text[..offset];
    // An offset between the two characters of a line end belongs to the old line.
    let before = if text[offset..].starts_with('\n') { before.strip_suffix('\r').unwrap_or(before) } else { before };
    before.rfind(['\n', '\r']).map_or(0, |at| at + 1)
}

/// Returns the offset at which the content of the line of an offset ends.
#[doc(hidden)]
pub fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find(['\n', '\r']).map_or(text.len(), |at| offset + at)
}

/// Returns the offset at which the next line begins; the end of the text if there is none.
#[doc(hidden)]
pub fn next_line(text: &str, offset: usize) -> usize {
    let end = line_end(text, offset);
    let rest = &text[end..];
    end + if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) }
}
