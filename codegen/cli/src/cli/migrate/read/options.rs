//! Converts values to data: lists and tables without references.

use super::Reader;
use super::resolve::Meaning;
use crate::cli::migrate::config::{Data, Literal, Located};
use crate::cli::migrate::note::{About, Part};
use crate::cli::migrate::syntax::{Call, CallKind, Entry, Item, MAX_DEPTH, Node, Regex, Value};

impl<'m> Reader<'m> {
    /// Returns a value as data; `None`, with a note, if a part of it cannot be read.
    pub fn literal(&mut self, node: &'m Node, part: &Part) -> Option<Literal> {
        self.data(node, part, 0)
    }

    fn data(&mut self, node: &'m Node, part: &Part, depth: usize) -> Option<Literal> {
        let at = self.span(&node.range);
        let meaning = self.resolve(node);
        let found = match &meaning {
            Meaning::Value(found) if depth < MAX_DEPTH => *found,
            Meaning::Call(call) => {
                if let Some(regex) = regex_of(call) {
                    return Some(Literal { at, value: Data::Regex(regex) });
                }
                self.unknown(node, &meaning, part);
                return None;
            }
            _ => {
                self.not_data(node, &meaning, part);
                return None;
            }
        };
        let value = match &found.value {
            Value::Null => Data::Null,
            Value::Bool(value) => Data::Bool(*value),
            Value::Number(value) => Data::Number(*value),
            Value::String(text) => Data::String(text.clone()),
            Value::Regex(regex) => Data::Regex(regex.clone()),
            Value::Array(items) => Data::List(self.list(items, part, depth + 1)?),
            Value::Object(entries) => Data::Table(self.table(entries, part, depth + 1)?),
            Value::Path(_) | Value::Call(_) | Value::Unread(_) => return None,
        };
        Some(Literal { at, value })
    }

    /// Notes a value that is not data.
    fn not_data(&mut self, node: &Node, meaning: &Meaning<'_>, part: &Part) {
        match meaning {
            Meaning::Foreign => {
                let name = match &node.value {
                    Value::Path(path) => path.to_string(),
                    _ => String::new(),
                };
                self.note(&node.range, About::Undefined { part: part.clone(), name });
            }
            other => self.unknown(node, other, part),
        }
    }

    fn list(&mut self, items: &'m [Item], part: &Part, depth: usize) -> Option<Vec<Literal>> {
        let mut list = Some(Vec::new());
        for item in items {
            let more = match item {
                Item::Value(node) => self.data(node, part, depth).map(|literal| vec![literal]),
                Item::Spread(node) => self.data(node, part, depth).and_then(|literal| match literal.value {
                    Data::List(items) => Some(items),
                    _ => None,
                }),
            };
            list = list.zip(more).map(|(mut list, more): (Vec<Literal>, _)| {
                list.extend(more);
                list
            });
        }
        list
    }

    fn table(&mut self, entries: &'m [Entry], part: &Part, depth: usize) -> Option<Vec<(Located<String>, Literal)>> {
        let mut table: Vec<(Located<String>, Literal)> = Vec::new();
        let mut is_whole = true;
        for entry in entries {
            let more = match entry {
                Entry::Property(key, node) => self
                    .data(node, part, depth)
                    .map(|literal| vec![(Located { at: self.span(&key.range), value: key.text.clone() }, literal)]),
                Entry::Spread(node) => self.data(node, part, depth).and_then(|literal| match literal.value {
                    Data::Table(properties) => Some(properties),
                    _ => None,
                }),
                Entry::Unread(range, why) => {
                    self.note(range, About::Unread { part: part.clone(), why: *why });
                    None
                }
            };
            is_whole &= more.is_some();
            for (key, literal) in more.into_iter().flatten() {
                table.retain(|(known, _)| known.value != key.value);
                table.push((key, literal));
            }
        }
        is_whole.then_some(table)
    }
}

/// `new RegExp("pattern", "flags")`, `RegExp("pattern")`
fn regex_of(call: &Call) -> Option<Regex> {
    let is_regex =
        call.callee.to_string() == "RegExp" && matches!(call.kind, CallKind::Constructor | CallKind::Function);
    let text = |item: &Item| match item {
        Item::Value(Node { value: Value::String(text), .. }) => Some(text.clone()),
        _ => None,
    };
    match call.arguments.as_slice() {
        [pattern] if is_regex => Some(Regex { pattern: text(pattern)?, flags: String::new() }),
        [pattern, flags] if is_regex => Some(Regex { pattern: text(pattern)?, flags: text(flags)? }),
        _ => None,
    }
}
