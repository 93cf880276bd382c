//! Finds the position of a value in JSON or YAML.

use super::Setting;
use crate::cli::migrate::syntax::{Entry, Key, Node, Value};
use serde_json::{Value as Json, json};

/// The position of a value.
pub enum Spot<'n> {
    /// Replaces the value of a key.
    Replace(&'n Key, &'n Node, Json),
    /// Appends an entry to a table.
    Append(&'n Node, String, Json),
}

/// Finds the position of a setting; missing keys become part of the value.
///
/// # Errors
/// A key on the path has a value that is not a table.
pub fn spot<'n>(root: &'n Node, setting: &Setting) -> anyhow::Result<Spot<'n>> {
    let keys = &setting.keys;
    let nested =
        |keys: &[String]| keys.iter().rev().fold(setting.value.clone(), |value, key| json!({ (key.as_str()): value }));
    let mut node = root;
    for (at, key) in keys.iter().enumerate() {
        let Value::Object(entries) = &node.value else { anyhow::bail!("the parent of `{key}` is not a table") };
        let found = entries.iter().rev().find_map(|entry| match entry {
            Entry::Property(own, node) if own.text == *key => Some((own, node)),
            _ => None,
        });
        match found {
            None => return Ok(Spot::Append(node, key.clone(), nested(&keys[at + 1..]))),
            Some((own, next)) if at + 1 == keys.len() || next.value == Value::Null => {
                return Ok(Spot::Replace(own, next, nested(&keys[at + 1..])));
            }
            Some((_, next)) => node = next,
        }
    }
    anyhow::bail!("missing key")
}

/// Returns true if the keys lead to a value.
pub fn has(root: &Node, keys: &[String]) -> bool {
    let setting = Setting { keys: keys.to_vec(), value: Json::Null };
    matches!(spot(root, &setting), Ok(Spot::Replace(_, node, Json::Null)) if node.value != Value::Null)
}

/// Returns the end of the last entry of a table, and its first key.
pub fn entries(node: &Node) -> Option<(&Key, usize)> {
    let Value::Object(entries) = &node.value else { return None };
    let first = entries.iter().find_map(|entry| match entry {
        Entry::Property(key, _) => Some(key),
        _ => None,
    })?;
    let last = entries.iter().rev().find_map(|entry| match entry {
        Entry::Property(key, node) => Some(node.range.end.max(key.range.end)),
        _ => None,
    })?;
    Some((first, last))
}

/// Returns the indentation before a position, if nothing else precedes it on its line.
pub fn indentation(text: &str, at: usize) -> Option<&str> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[start..at];
    before.chars().all(char::is_whitespace).then_some(before)
}
