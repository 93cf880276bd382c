//! Writes to TOML and keeps its comments.

use super::{MIGRATED, Setting, patterns, setting_value};
use crate::cli::migrate::translate::{LintSettings, Migrated, RuleTable};
use anyhow::{Context, bail};
use serde_json::Value as Json;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Key, Table, Value};

/// The maximum line length of an inline table.
const WIDTH: usize = 100;

/// Returns a new file.
pub fn new(migrated: &Migrated) -> anyhow::Result<String> {
    let mut text =
        String::from("# Read by graphwright, and by editors with GraphQL support. Paths are relative to this file.\n");
    for (name, globs) in [("schema", &migrated.schema), ("documents", &migrated.documents)] {
        if globs.is_empty() {
            text += &format!("# {name} = \"…\"\n");
        } else {
            text += &format!("{name} = {}\n", value(&patterns(globs)));
        }
    }
    if !migrated.exclude.is_empty() {
        text += &format!("exclude = {}\n", value(&patterns(&migrated.exclude)));
    }
    // If the document had only comments, they would move after the added table.
    let lint = ["extensions", "graphwright", "lint"].map(str::to_owned);
    Ok(format!("{text}\n{}", merged("", &[], &lint, &migrated.lint)?.trim_start()))
}

/// Returns a file with some settings and the lint section merged in.
pub fn merged(text: &str, settings: &[Setting], lint: &[String], new: &LintSettings) -> anyhow::Result<String> {
    let mut document: DocumentMut = text.parse().context("not TOML")?;
    for Setting { keys, value: json } in settings {
        let Some((last, keys)) = keys.split_last() else { continue };
        table(document.as_table_mut(), keys)?.insert(last, Item::Value(value(json)));
    }
    let section = table(document.as_table_mut(), lint)?;
    for key in MIGRATED {
        section.remove(key);
    }
    section.set_implicit(false);
    section.insert("extends", Item::Value(Value::Array(new.extends.iter().copied().collect())));
    if !new.rules.is_empty() {
        section.insert("rules", Item::Table(rules(&new.rules)));
    }
    if !new.overrides.is_empty() {
        let mut overrides = ArrayOfTables::new();
        for one in &new.overrides {
            let mut table = Table::new();
            table.insert("files", Item::Value(Value::Array(one.files.iter().map(String::as_str).collect())));
            table.insert("rules", Item::Table(rules(&one.rules)));
            overrides.push(table);
        }
        section.insert("overrides", Item::ArrayOfTables(overrides));
    }
    Ok(document.to_string())
}

/// Returns the table at some keys, created if missing; inline tables become regular tables.
fn table<'d>(mut at: &'d mut Table, keys: &[String]) -> anyhow::Result<&'d mut Table> {
    for key in keys {
        let item = at.entry(key).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        if item.is_inline_table() {
            let table = std::mem::take(item).into_table().map_err(|_| anyhow::anyhow!("`{key}` is not a table"))?;
            *item = Item::Table(table);
        }
        let Some(table) = item.as_table_mut() else { bail!("`{key}` is not a table") };
        // Dotted keys become tables.
        table.set_dotted(false);
        at = table;
    }
    Ok(at)
}

fn rules(rules: &RuleTable) -> Table {
    let mut table = Table::new();
    for (name, setting) in rules {
        table.insert(name, item(name, &setting_value(setting)));
    }
    table
}

/// Returns a value on one line if it is short enough, else as a table.
fn item(key: &str, json: &Json) -> Item {
    let inline = value(json);
    let Json::Object(entries) = json else { return Item::Value(inline) };
    if key.len() + inline.to_string().len() + 3 <= WIDTH {
        return Item::Value(inline);
    }
    let mut table = Table::new();
    for (key, json) in level_first(entries) {
        table.insert(key, item(key, json));
    }
    Item::Table(table)
}

fn level_first(entries: &serde_json::Map<String, Json>) -> impl Iterator<Item = (&String, &Json)> {
    let is_level = |(key, _): &(&String, &Json)| *key == "level";
    entries.iter().filter(move |entry| is_level(entry)).chain(entries.iter().filter(move |entry| !is_level(entry)))
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(""),
        Json::Bool(value) => Value::from(*value),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::from(number),
            None => Value::from(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::Array(items.iter().map(value).collect::<Array>()),
        Json::Object(entries) => {
            let mut table = InlineTable::new();
            for (key, json) in level_first(entries) {
                table.insert_formatted(&Key::new(key), value(json));
            }
            Value::InlineTable(table)
        }
    }
}
