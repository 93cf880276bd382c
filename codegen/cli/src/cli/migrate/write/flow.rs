//! Writes to JSON and keeps everything else in place.

use super::insert::{Spot, entries, indentation, spot};
use super::{Setting, put_all, sections};
use crate::cli::migrate::javascript;
use crate::cli::migrate::translate::LintSettings;
use crate::source::line_start;
use anyhow::anyhow;
use serde_json::Value as Json;

/// Returns a file with some settings and the lint section merged in.
pub fn merged(text: &str, settings: &[Setting], lint: &[String], new: &LintSettings) -> anyhow::Result<String> {
    put_all(text, settings, sections(lint, new, &root(text)?), put)
}

fn root(text: &str) -> anyhow::Result<crate::cli::migrate::syntax::Node> {
    let module = javascript::json(text).map_err(|error| anyhow!(error.message))?;
    module.exported.ok_or_else(|| anyhow!("the file is empty"))
}

fn put(text: &str, setting: &Setting) -> anyhow::Result<String> {
    let root = root(text)?;
    let unit = entries(&root).and_then(|(first, _)| indentation(text, first.range.start)).unwrap_or("  ");
    Ok(match spot(&root, setting)? {
        Spot::Replace(key, node, value) => {
            let base = indentation(text, key.range.start).unwrap_or_default();
            format!("{}{}{}", &text[..node.range.start], pretty(&value, unit, base), &text[node.range.end..])
        }
        Spot::Append(table, key, value) => {
            let key = Json::String(key);
            let (before, after) = match entries(table) {
                Some((_, end)) => text.split_at(end),
                None => text.split_at(table.range.start + 1),
            };
            let own = entries(table).and_then(|(first, _)| indentation(text, first.range.start));
            let line_start = line_start(text, table.range.start);
            let outer: String = text[line_start..].chars().take_while(|next| matches!(next, ' ' | '\t')).collect();
            let base = own.map_or_else(|| format!("{outer}{unit}"), str::to_owned);
            let value = pretty(&value, unit, &base);
            match entries(table) {
                Some(_) => format!("{before},\n{base}{key}: {value}{after}"),
                None => format!("{before}\n{base}{key}: {value}\n{outer}{}", after.trim_start()),
            }
        }
    })
}

/// Formats JSON on several lines, with the indentation of the file.
fn pretty(value: &Json, unit: &str, base: &str) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let lines = text.lines().enumerate().map(|(at, line)| {
        let content = line.trim_start_matches(' ');
        let depth = (line.len() - content.len()) / 2;
        if at == 0 { content.to_owned() } else { format!("{base}{}{content}", unit.repeat(depth)) }
    });
    lines.collect::<Vec<_>>().join("\n")
}
