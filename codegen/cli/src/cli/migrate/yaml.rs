//! Parses configurations in YAML, with the range of every value.

use super::syntax::{Entry, Item, Key, MAX_DEPTH, Module, Node, SyntaxError, Unread, Value};
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::ops::Range;

/// A list or a table that is still open.
enum Open {
    List(usize, Vec<Item>),
    Table(usize, Vec<Entry>, Option<Key>),
}

impl Open {
    fn start(&self) -> usize {
        match self {
            Self::List(start, _) | Self::Table(start, ..) => *start,
        }
    }
}

/// Returns the end of a list or table: its bracket, or the end of its last value. Without brackets, the parser skips
/// comments up to the next token.
fn end_of(done: &Open, text: &str, end: usize) -> usize {
    if text[done.start()..].starts_with(['[', '{']) {
        return end;
    }
    let last = match done {
        Open::List(_, items) => items.last().map(|item| match item {
            Item::Value(node) | Item::Spread(node) => node.range.end,
        }),
        Open::Table(_, entries, _) => entries.last().map(|entry| match entry {
            Entry::Property(key, node) => node.range.end.max(key.range.end),
            Entry::Spread(node) => node.range.end,
            Entry::Unread(range, _) => range.end,
        }),
    };
    last.unwrap_or(end)
}

/// Reads the first document of a text.
///
/// # Errors
/// The text is not YAML, or its values are nested too deeply.
pub fn read(text: &str) -> Result<Module, SyntaxError> {
    let offsets = Offsets::new(text);
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let at = offsets.byte(error.marker().index());
            SyntaxError { range: at..at, message: error.info().to_owned() }
        })?;
        let range = offsets.byte(span.start.index())..offsets.byte(span.end.index());
        let node = match event {
            Event::SequenceStart(..) => {
                open.push(Open::List(range.start, Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Table(range.start, Vec::new(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|done| {
                let (start, end) = (done.start(), end_of(&done, text, range.end));
                let value = match done {
                    Open::List(_, items) => Value::Array(items),
                    Open::Table(_, entries, _) => Value::Object(entries),
                };
                Node { range: start..end.max(start), value }
            }),
            Event::Scalar(text, style, _, tag) => {
                let value = match (style, tag) {
                    (_, Some(tag)) if !tag.is_yaml_core_schema() => Value::Unread(Unread::Yaml),
                    (ScalarStyle::Plain, None) => plain(&text),
                    _ => Value::String(text.into_owned()),
                };
                Some(Node { range, value })
            }
            Event::Alias(_) => Some(Node { range, value: Value::Unread(Unread::Yaml) }),
            Event::DocumentEnd => break,
            _ => None,
        };
        if open.len() > MAX_DEPTH {
            let message = format!("values are nested more than {MAX_DEPTH} levels deep");
            return Err(SyntaxError {
                range: offsets.byte(span.start.index())..offsets.byte(span.end.index()),
                message,
            });
        }
        let Some(node) = node else { continue };
        match open.last_mut() {
            None => return Ok(Module { exported: Some(node), ..Module::default() }),
            Some(Open::List(_, items)) => items.push(Item::Value(node)),
            Some(Open::Table(_, entries, key)) => match key.take() {
                Some(own) if own.text == "<<" => entries.push(Entry::Spread(node)),
                Some(own) => entries.push(Entry::Property(own, node)),
                None => *key = Some(Key { text: key_text(&node.value, &text[node.range.clone()]), range: node.range }),
            },
        }
    }
    Ok(Module::default())
}

/// Returns the name of a property as ESLint sees it: always a string.
fn key_text(value: &Value, written: &str) -> String {
    match value {
        Value::String(text) => text.clone(),
        _ => written.to_owned(),
    }
}

/// Parses a plain scalar by the core schema.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => {
            let is_number = text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'));
            match text.parse().ok().filter(|_| is_number) {
                Some(number) => Value::Number(number),
                None => Value::String(text.to_owned()),
            }
        }
    }
}

/// The byte offsets of characters, since the parser counts characters.
struct Offsets {
    bytes: Vec<usize>,
    end: usize,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { bytes, end: text.len() }
    }

    fn byte(&self, index: usize) -> usize {
        if self.bytes.is_empty() { index.min(self.end) } else { self.bytes.get(index).copied().unwrap_or(self.end) }
    }
}

/// Returns the lines of a value: from the beginning of its key to the beginning of the next line.
pub fn lines(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[..range.end].trim_end().len();
    let end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    start..end
}
