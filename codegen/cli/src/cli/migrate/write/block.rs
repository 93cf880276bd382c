//! Writes to YAML in block style and keeps its comments.

use super::insert::{Spot, entries, indentation, spot};
use super::{Setting, put_all, sections};
use crate::cli::migrate::syntax::Node;
use crate::cli::migrate::translate::LintSettings;
use crate::cli::migrate::yaml;
use anyhow::{anyhow, bail};
use serde_json::{Value as Json, json};

/// Returns a file with some settings and the lint section merged in.
pub fn merged(text: &str, settings: &[Setting], lint: &[String], new: &LintSettings) -> anyhow::Result<String> {
    put_all(text, settings, sections(lint, new, &root(text)?), put)
}

fn root(text: &str) -> anyhow::Result<Node> {
    let module = yaml::read(text).map_err(|error| anyhow!(error.message))?;
    module.exported.ok_or_else(|| anyhow!("the file is empty"))
}

fn put(text: &str, setting: &Setting) -> anyhow::Result<String> {
    let root = root(text)?;
    Ok(match spot(&root, setting)? {
        Spot::Replace(key, node, value) => {
            let Some(base) = indentation(text, key.range.start) else { bail!("`{}` is not on its own line", key.text) };
            let lines = yaml::lines(text, &(key.range.start..node.range.end.max(key.range.end)));
            let entry = block(&json!({ (key.text.as_str()): value }), base)?;
            format!("{}{entry}{}", &text[..lines.start], &text[lines.end..])
        }
        Spot::Append(table, key, value) => {
            let is_flow = text[table.range.start..].starts_with('{');
            let Some((first, end)) = entries(table).filter(|_| !is_flow) else {
                bail!("the table for `{key}` is on one line")
            };
            let Some(base) = indentation(text, first.range.start) else {
                bail!("`{}` is not on its own line", first.text)
            };
            let lines = yaml::lines(text, &(first.range.start..end));
            let before = &text[..lines.end];
            let newline = if before.ends_with('\n') { "" } else { "\n" };
            let entry = block(&json!({ (key.as_str()): value }), base)?;
            format!("{before}{newline}{entry}{}", &text[lines.end..])
        }
    })
}

/// Formats a value in block style, with all lines indented.
fn block(value: &Json, base: &str) -> anyhow::Result<String> {
    let text = serde_norway::to_string(value)?;
    Ok(text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{base}{line}\n") }).collect())
}
