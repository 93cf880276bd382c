//! Writes settings into the text of a configuration file and keeps everything else.

mod block;
mod flow;
mod insert;
mod toml;

use super::syntax::Node;
use super::translate::{LintSettings, Migrated, RuleTable};
use crate::config::{self, Config};
use crate::diagnostic::Diagnostics;
use crate::lint::settings::{RuleSetting, RuleSettings, Settings};
use anyhow::{Context, bail};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// The treatment of an existing lint section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Refuse to write.
    Keep,
    /// Replace the migrated settings: presets, rules and overrides.
    Replace,
}

/// A configuration file to write to.
#[derive(Debug, Clone)]
pub struct Target {
    /// The file.
    pub path: PathBuf,
    /// Its text, if it exists.
    pub text: Option<String>,
    /// The project to write to.
    pub project: Option<String>,
    /// The treatment of an existing section.
    pub existing: Existing,
}

/// Inserts settings into a text one after the other.
fn put_all(
    text: &str,
    settings: &[Setting],
    sections: Vec<Setting>,
    put: impl Fn(&str, &Setting) -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    settings.iter().chain(&sections).try_fold(text.to_owned(), |text, setting| put(&text, setting))
}

/// The migrated keys of the section.
const MIGRATED: [&str; 3] = ["extends", "rules", "overrides"];

/// Files to write to, for fuzzing.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("graphql.config.toml", "# a\nschema = \"a.graphql\"\n[extensions.graphwright.generate]\noutput = \"src\" # b\n"),
    ("graphql.config.json", "{\n  \"schema\": \"a.graphql\"\n}\n"),
    (".graphqlrc", "schema: a.graphql # a\nextensions:\n  # b\n  graphwright:\n    generate: { output: src }\n"),
];

/// A value at a path of keys.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The keys.
    pub keys: Vec<String>,
    /// The value.
    pub value: Value,
}

impl Target {
    /// Returns the current configuration in the file.
    fn config(&self) -> Option<Config> {
        self.parse(self.text.as_deref()?).ok().map(|(config, _)| config)
    }

    /// The project in a text of the file, with its settings of the linter.
    fn parse(&self, text: &str) -> Result<(Config, Settings), Diagnostics> {
        config::parse_with_lint(&self.path, text, self.project.as_deref())
    }

    /// Checks the existing file.
    ///
    /// # Errors
    /// It is not a configuration, or has several projects of which none is selected.
    pub fn check(&self) -> Result<(), Diagnostics> {
        match self.text.as_deref().map(|text| text.strip_prefix('\u{feff}').unwrap_or(text)) {
            Some(text) if !text.trim().is_empty() => self.parse(text).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Returns the schema that the project names.
    pub fn schema(&self) -> Vec<String> {
        self.config().unwrap_or_default().schema
    }

    /// Returns true if a key of the project is missing.
    pub fn needs(&self, key: &str) -> bool {
        let config = self.config().unwrap_or_default();
        match key {
            "schema" => config.schema.is_empty(),
            _ => config.documents.is_empty(),
        }
    }

    /// Returns the text of the file with the settings.
    ///
    /// # Errors
    /// The file is not a configuration, has an existing section that must be kept, or has a layout that settings cannot
    /// be added to.
    pub fn text(&self, migrated: &Migrated) -> anyhow::Result<String> {
        let before = self.text.as_deref().unwrap_or_default();
        let (mark, text) = match before.strip_prefix('\u{feff}') {
            Some(text) => ("\u{feff}", text),
            None => ("", before),
        };
        let new = if text.trim().is_empty() { self.new_text(migrated)? } else { self.merged(text, migrated)? };
        self.prove(&new, migrated)?;
        let ends_in_crlf = text.contains("\r\n");
        let new = if ends_in_crlf { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new };
        Ok(format!("{mark}{new}"))
    }

    fn merged(&self, text: &str, migrated: &Migrated) -> anyhow::Result<String> {
        let (config, present) = self.parse(text).map_err(anyhow::Error::from)?;
        let mut at: Vec<String> = Vec::new();
        if let Some(project) = &config.project {
            at.extend(["projects".to_owned(), project.clone()]);
        }
        let keys = |names: &[&str]| -> Vec<String> {
            at.iter().cloned().chain(names.iter().map(|name| (*name).to_owned())).collect()
        };
        let lint = keys(&["extensions", "graphwright", "lint"]);
        if self.existing == Existing::Keep && (present.extends.is_some() || has_rules(&present)) {
            bail!(
                "{} already has lint settings; --force replaces its `extends`, `rules` and `overrides`",
                self.path.display()
            );
        }
        let mut settings = Vec::new();
        for (name, globs, own) in [
            ("schema", &migrated.schema, &config.schema),
            ("documents", &migrated.documents, &config.documents),
            ("exclude", &migrated.exclude, &config.exclude),
        ] {
            if own.is_empty() && !globs.is_empty() {
                settings.push(Setting { keys: keys(&[name]), value: patterns(globs) });
            }
        }
        match self.extension() {
            "toml" => toml::merged(text, &settings, &lint, &migrated.lint),
            "json" => flow::merged(text, &settings, &lint, &migrated.lint),
            _ if text.trim_start().starts_with('{') => flow::merged(text, &settings, &lint, &migrated.lint),
            _ => block::merged(text, &settings, &lint, &migrated.lint),
        }
    }

    fn extension(&self) -> &str {
        self.path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
    }

    fn new_text(&self, migrated: &Migrated) -> anyhow::Result<String> {
        let mut table = Map::new();
        for (name, globs) in
            [("schema", &migrated.schema), ("documents", &migrated.documents), ("exclude", &migrated.exclude)]
        {
            if !globs.is_empty() {
                table.insert(name.to_owned(), patterns(globs));
            }
        }
        let lint = lint_value(&migrated.lint);
        Ok(match self.extension() {
            "toml" => toml::new(migrated)?,
            "json" => {
                table.insert("extensions".to_owned(), json!({ "graphwright": { "lint": lint } }));
                serde_json::to_string_pretty(&table)? + "\n"
            }
            _ => {
                table.insert("extensions".to_owned(), json!({ "graphwright": { "lint": lint } }));
                serde_norway::to_string(&table)?
            }
        })
    }

    /// Parses the text again and checks that it contains exactly the settings to write.
    fn prove(&self, text: &str, migrated: &Migrated) -> anyhow::Result<()> {
        let (_, lint) = self.parse(text).map_err(anyhow::Error::from).with_context(|| {
            format!("cannot add settings to {}; set by hand:\n{}", self.path.display(), shown(migrated))
        })?;
        let rules = |table: &RuleTable| RuleSettings(table.clone());
        let is_same = lint.extends.as_ref().is_some_and(|presets| presets.0 == migrated.lint.extends)
            && lint.rules == rules(&migrated.lint.rules)
            && lint.overrides.len() == migrated.lint.overrides.len()
            && (lint.overrides.iter().zip(&migrated.lint.overrides))
                .all(|(one, other)| one.files == other.files && one.rules == rules(&other.rules));
        if !is_same {
            bail!("cannot add settings to {}; set by hand:\n{}", self.path.display(), shown(migrated));
        }
        Ok(())
    }
}

fn has_rules(lint: &Settings) -> bool {
    !lint.rules.0.is_empty() || !lint.overrides.is_empty()
}

fn shown(migrated: &Migrated) -> String {
    toml::new(migrated).unwrap_or_default()
}

/// Returns one pattern as a string, several as a list.
fn patterns(globs: &[String]) -> Value {
    match globs {
        [one] => json!(one),
        several => json!(several),
    }
}

/// Returns the section as settings: as a whole, or each of its migrated keys if the section exists.
fn sections(keys: &[String], lint: &LintSettings, root: &Node) -> Vec<Setting> {
    let mut table = lint_value(lint);
    if !insert::has(root, keys) {
        return vec![Setting { keys: keys.to_vec(), value: Value::Object(table) }];
    }
    let setting = |name: &str| {
        let keys: Vec<String> = keys.iter().cloned().chain([name.to_owned()]).collect();
        // An existing key without a replacement becomes empty.
        let empty = if name == "rules" { json!({}) } else { json!([]) };
        let value = table.remove(name).or_else(|| insert::has(root, &keys).then_some(empty))?;
        Some(Setting { keys, value })
    };
    MIGRATED.into_iter().filter_map(setting).collect()
}

/// Returns the section as JSON.
fn lint_value(lint: &LintSettings) -> Map<String, Value> {
    let mut table = Map::new();
    table.insert("extends".to_owned(), json!(lint.extends));
    if !lint.rules.is_empty() {
        table.insert("rules".to_owned(), rules_value(&lint.rules));
    }
    if !lint.overrides.is_empty() {
        let one = |one: &super::translate::Override| json!({ "files": one.files, "rules": rules_value(&one.rules) });
        table.insert("overrides".to_owned(), lint.overrides.iter().map(one).collect());
    }
    table
}

fn rules_value(rules: &RuleTable) -> Value {
    Value::Object(rules.iter().map(|(name, setting)| ((*name).to_owned(), setting_value(setting))).collect())
}

/// Returns a level alone as a string, options as a table with the level.
fn setting_value(setting: &RuleSetting) -> Value {
    match (&setting.level, setting.options.is_empty()) {
        (Some(level), true) => json!(level),
        (level, _) => {
            let mut table = setting.options.clone();
            table.extend(level.map(|level| ("level".to_owned(), json!(level))));
            Value::Object(table)
        }
    }
}
