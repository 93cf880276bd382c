//! Translates one rule: its name, level and options.

use super::RuleTable;
use super::{naming, order, selector, values};
use crate::cli::migrate::config::{Data, Literal, Origin, RuleUse, Version};
use crate::cli::migrate::note::{About, Change, NoCounterpart, Note};
use crate::cli::migrate::syntax::Regex;
use crate::lint::rule::{Entry, Level};
use crate::lint::rules;
use crate::lint::settings::{RuleSetting, setting};
use crate::source::Span;
use serde_json::{Map, Value, json};

/// Rules of version 3 that were renamed since.
const OLD_NAMES: [(&str, &str); 2] = [
    ("no-case-insensitive-enum-values-duplicates", "unique-enum-value-names"),
    ("require-id-when-available", "require-selections"),
];

/// Rules of the specification that also check SDL in graphwright if an option is set.
const ALSO_ON_SCHEMA: [&str; 5] = [
    "known-argument-names",
    "known-directives",
    "known-type-names",
    "provided-required-arguments",
    "unique-directives-per-location",
];

/// Renamed options: rule, ESLint's name, our name.
const OPTIONS: [(&str, &str, &str); 25] = [
    ("description-style", "style", "style"),
    ("input-name", "caseSensitiveInputType", "case_sensitive_input_type"),
    ("input-name", "checkInputType", "check_input_type"),
    ("input-name", "checkMutations", "check_mutations"),
    ("input-name", "checkQueries", "check_queries"),
    ("known-directives", "ignoreClientDirectives", "ignore"),
    ("lone-executable-definition", "ignore", "ignore"),
    ("match-document-filename", "fileExtension", "extension"),
    ("match-document-filename", "fragment", "fragment"),
    ("match-document-filename", "mutation", "mutation"),
    ("match-document-filename", "query", "query"),
    ("match-document-filename", "subscription", "subscription"),
    ("no-root-type", "disallow", "disallow"),
    ("relay-arguments", "includeBoth", "include_both"),
    ("relay-edge-types", "listTypeCanWrapOnlyEdgeType", "list_type_can_wrap_only_edge_type"),
    ("relay-edge-types", "shouldImplementNode", "should_implement_node"),
    ("relay-edge-types", "withEdgeSuffix", "with_edge_suffix"),
    ("require-deprecation-date", "argumentName", "argument"),
    ("require-selections", "fieldName", "fields"),
    ("require-selections", "requireAllFields", "all"),
    ("selection-set-depth", "ignore", "ignore"),
    ("selection-set-depth", "maxDepth", "max"),
    ("strict-id-in-types", "acceptedIdNames", "accepted_id_names"),
    ("strict-id-in-types", "acceptedIdTypes", "accepted_id_types"),
    ("strict-id-in-types", "exceptions", "exceptions"),
];

/// Translates a rule into a table; notes options without a counterpart.
pub fn translate(rule: &RuleUse, version: Version, table: &mut RuleTable, notes: &mut Vec<Note>) {
    if rule.level != Level::Off {
        let change = changed(rule, version);
        let about = |change| About::Meaning { rule: rule.name.clone(), change };
        notes.extend(change.map(|change| Note { at: rule.at, about: about(change) }));
        if change == Some(Change::EnumValues) {
            return;
        }
    }
    let name = OLD_NAMES.iter().find(|(old, _)| *old == rule.name).map_or(&*rule.name, |(_, new)| new);
    let Some(entry) = rules::find(name) else {
        notes.push(Note { at: rule.at, about: About::UnknownRule(rule.name.clone()) });
        return;
    };
    let name = entry.meta.name;
    let mut level = rule.level;
    if !values::may_be_off(name) && level != Level::Error {
        notes.push(Note { at: rule.at, about: About::AlwaysError(name.to_owned()) });
        level = Level::Error;
    }
    let mut target = Target { rule, entry, options: Map::new(), notes };
    if level != Level::Off {
        target.read();
    }
    let Target { mut options, .. } = target;
    if ALSO_ON_SCHEMA.contains(&name) && level != Level::Off && rule.level != Level::Off {
        options.insert("schema".to_owned(), json!(true));
    }
    if options.is_empty() && values::without(name) == level && level != Level::Off {
        // The rule runs at this level by default, unless an earlier setting changes it.
        table.remove(name);
        if values::may_be_off(name) {
            table.insert(name, RuleSetting { level: Some(level), options });
        }
        return;
    }
    let tried = Value::Object(options.clone());
    if let Err(why) = setting(entry, tried) {
        let why = why.strip_prefix(&format!("in the options of {name}: ")).unwrap_or(&why).to_owned();
        notes.push(Note { at: rule.at, about: About::Refused { rule: rule.name.clone(), why } });
        return;
    }
    table.insert(name, RuleSetting { level: Some(level), options });
}

/// Returns the difference between a rule of version 3 and ours, if any.
fn changed(rule: &RuleUse, version: Version) -> Option<Change> {
    match (version, &*rule.name) {
        (Version::Three, "unique-enum-value-names") => Some(Change::EnumValues),
        (_, "require-id-when-available") => Some(Change::Fragments),
        _ => None,
    }
}

/// Removes the options that make rules of the specification check SDL.
pub fn without_schema(table: &mut RuleTable) {
    for name in ALSO_ON_SCHEMA {
        if let Some(setting) = table.get_mut(name) {
            setting.options.remove("schema");
            if setting.options.is_empty() && !values::may_be_off(name) {
                table.remove(name);
            }
        }
    }
}

/// A rule whose options are being translated.
pub struct Target<'a> {
    /// The rule in ESLint.
    pub rule: &'a RuleUse,
    /// The rule in graphwright.
    pub entry: &'static Entry,
    /// The translated options.
    pub options: Map<String, Value>,
    notes: &'a mut Vec<Note>,
}

impl Target<'_> {
    fn read(&mut self) {
        let rule = self.rule;
        let properties = rule.options.as_ref().map(Literal::properties).unwrap_or_default();
        match self.entry.meta.name {
            "alphabetize" => order::alphabetize(self, properties),
            "naming-convention" => naming::naming_convention(self, properties),
            _ => {
                for (key, value) in properties {
                    self.option(key.at, &key.value, value);
                }
            }
        }
    }

    /// Notes an option without a counterpart.
    pub fn missing(&mut self, at: Span, option: &str, why: NoCounterpart) {
        let about = About::Option { rule: self.rule.name.clone(), option: option.to_owned(), why };
        self.notes.push(Note { at, about });
    }

    /// Returns true if the setting is written in the configuration, not inherited from a preset.
    pub fn is_written(&self) -> bool {
        self.rule.origin == Origin::Written
    }

    fn option(&mut self, at: Span, key: &str, value: &Literal) {
        let name = self.entry.meta.name;
        match (name, key) {
            ("require-selections", "fieldName") => {
                let fields: Vec<String> = value.strings().into_iter().map(|field| field.value).collect();
                self.options.insert("fields".to_owned(), json!(fields));
            }
            ("require-description", "ignoredSelectors") | ("no-unused-fields", "ignoredFieldSelectors") => {
                selector::ignore(self, key, value);
            }
            ("require-description", "rootField") => self.set(at, key, "root_fields", value),
            ("require-description", kind) if selector::description_option(kind).is_some() => {
                if let Some(ours) = selector::description_option(kind) {
                    self.set(at, key, ours, value);
                }
            }
            _ => match OPTIONS.iter().find(|(rule, theirs, _)| *rule == name && *theirs == key) {
                Some((_, _, ours)) => self.set(at, key, ours, value),
                None => self.missing(at, key, NoCounterpart::Unknown),
            },
        }
    }

    fn set(&mut self, at: Span, theirs: &str, ours: &str, value: &Literal) {
        match plain(value) {
            Some(value) => drop(self.options.insert(ours.to_owned(), value)),
            None => self.missing(at, theirs, NoCounterpart::Value),
        }
    }
}

/// Converts a value to JSON; regular expressions become strings in Rust's syntax.
pub fn plain(literal: &Literal) -> Option<Value> {
    Some(match &literal.value {
        Data::Null => Value::Null,
        Data::Bool(value) => json!(value),
        Data::Number(number) => whole(*number).map_or_else(|| json!(number), |whole| json!(whole)),
        Data::String(text) => json!(text),
        Data::Regex(regex) => json!(pattern(regex)?),
        Data::List(items) => Value::Array(items.iter().map(plain).collect::<Option<_>>()?),
        Data::Table(properties) => Value::Object(
            properties.iter().map(|(key, value)| Some((key.value.clone(), plain(value)?))).collect::<Option<_>>()?,
        ),
    })
}

#[allow(clippy::cast_possible_truncation, reason = "it has no fraction and is small")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}

/// Converts a JavaScript regular expression to Rust's syntax, which has no look-around and no back references.
pub fn pattern(regex: &Regex) -> Option<String> {
    let mut flags = String::new();
    for flag in regex.flags.chars() {
        match flag {
            'i' | 's' | 'm' => flags.push(flag),
            // These flags concern repeated search and code points, which make no difference for names.
            'g' | 'u' | 'v' | 'd' => {}
            _ => return None,
        }
    }
    let text = if flags.is_empty() { regex.pattern.clone() } else { format!("(?{flags}){}", regex.pattern) };
    regex::Regex::new(&text).is_ok().then_some(text)
}
