//! Reads the rules of a block with their levels and options, and those of presets.

use super::Reader;
use super::resolve::Meaning;
use crate::cli::migrate::config::{Data, Literal, Located, Origin, RuleUse};
use crate::cli::migrate::note::{About, Part};
use crate::cli::migrate::presets;
use crate::cli::migrate::syntax::{Entry, Item, Key, Node, Value};
use crate::lint::rule::Level;
use crate::source::Span;

/// The maximum depth of tables of rules that are spread into each other.
const MAX_SPREADS: usize = 32;

/// The rules of a table.
#[derive(Debug, Default)]
pub struct Rules {
    /// The rules of the plugin, without duplicates.
    pub own: Vec<RuleUse>,
    /// The active rules of ESLint and of other plugins.
    pub others: Vec<Located<String>>,
}

impl Rules {
    fn set(&mut self, rule: RuleUse) {
        self.own.retain(|known| known.name != rule.name);
        self.own.push(rule);
    }
}

impl<'m> Reader<'m> {
    /// Returns the rules that a table, or a part of the plugin, sets. A later property replaces an earlier one.
    pub fn rules(&mut self, node: &'m Node, meaning: &Meaning<'m>) -> Rules {
        let mut rules = Rules::default();
        self.add_rules(node, meaning, &mut rules, 0);
        rules
    }

    fn add_rules(&mut self, node: &'m Node, meaning: &Meaning<'m>, rules: &mut Rules, spreads: usize) {
        match meaning {
            Meaning::Plugin(members) => match members.as_slice() {
                [configs, name, part] if configs == "configs" && part == "rules" => {
                    for rule in self.preset(name, self.span(&node.range)) {
                        rules.set(rule);
                    }
                }
                _ => self.unknown(node, meaning, &Part::Rules),
            },
            Meaning::Value(Node { value: Value::Object(entries), .. }) if spreads < MAX_SPREADS => {
                for entry in entries {
                    match entry {
                        Entry::Property(key, node) => self.add_rule(key, node, rules),
                        Entry::Spread(node) => {
                            let meaning = self.resolve(node);
                            self.add_rules(node, &meaning, rules, spreads + 1);
                        }
                        Entry::Unread(range, why) => {
                            self.note(range, About::Unread { part: Part::Rules, why: *why });
                        }
                    }
                }
            }
            Meaning::Value(_) => self.unexpected(node, &Part::Rules, "a table of rules"),
            other => self.unknown(node, other, &Part::Rules),
        }
    }

    /// Returns the rules of a preset; adds a note if the plugin does not have it.
    pub fn preset(&mut self, name: &str, at: Span) -> Vec<RuleUse> {
        self.uses_plugin = true;
        let Some(rules) = presets::preset(self.version, name) else {
            self.note(&at.range(), About::UnknownPreset(name.to_owned()));
            return Vec::new();
        };
        let rule = |(name, setting): (&String, &serde_json::Value)| {
            let (level, options) = match setting {
                serde_json::Value::Array(list) => (list.first(), list.get(1)),
                level => (Some(level), None),
            };
            let level = level.and_then(|level| level_of(&data_of(level, at)))?;
            let options = options.map(|options| data_of(options, at));
            Some(RuleUse { at, origin: Origin::Preset, name: name.clone(), level, options })
        };
        rules.iter().filter_map(rule).collect()
    }

    fn add_rule(&mut self, key: &Key, node: &'m Node, rules: &mut Rules) {
        let own = key.text.rsplit_once('/').filter(|(prefix, _)| self.prefixes.contains(*prefix));
        let at = self.span(&key.range);
        let Some((_, name)) = own else {
            let is_off = self.level_alone(node) == Some(Level::Off);
            if !is_off {
                rules.others.push(Located { at, value: key.text.clone() });
            }
            return;
        };
        self.uses_plugin = true;
        // An unreadable setting replaces the earlier setting of the rule.
        rules.own.retain(|known| known.name != name);
        let part = Part::Rule(name.to_owned());
        let Some((level, options)) = self.setting(node, &part) else { return };
        rules.set(RuleUse { at, origin: Origin::Written, name: name.to_owned(), level, options });
    }

    /// Returns the level of a rule of another plugin, without notes.
    fn level_alone(&self, node: &'m Node) -> Option<Level> {
        let Meaning::Value(found) = self.resolve(node) else { return None };
        let level = match &found.value {
            Value::Array(items) => match items.first()? {
                Item::Value(level) => &level.value,
                Item::Spread(_) => return None,
            },
            level => level,
        };
        let data = match level {
            Value::String(text) => Data::String(text.clone()),
            Value::Number(number) => Data::Number(*number),
            _ => return None,
        };
        level_of(&Literal { at: self.span(&node.range), value: data })
    }

    fn setting(&mut self, node: &'m Node, part: &Part) -> Option<(Level, Option<Literal>)> {
        let literal = self.literal(node, part)?;
        let (level, options) = match &literal.value {
            Data::List(items) => (items.first().and_then(level_of), items.get(1).cloned()),
            _ => (level_of(&literal), None),
        };
        if level.is_none() {
            self.unexpected(
                node,
                part,
                "a level (\"off\", \"warn\", \"error\", 0, 1 or 2), or a list of a level and options",
            );
        }
        Some((level?, options))
    }
}

/// Returns the level of a setting.
pub fn level_of(literal: &Literal) -> Option<Level> {
    match &literal.value {
        Data::String(name) => match &**name {
            "off" => Some(Level::Off),
            "warn" => Some(Level::Warn),
            "error" => Some(Level::Error),
            _ => None,
        },
        Data::Number(number) => [(0.0, Level::Off), (1.0, Level::Warn), (2.0, Level::Error)]
            .into_iter()
            .find(|(known, _)| known == number)
            .map(|(_, level)| level),
        _ => None,
    }
}

/// Converts the data of a preset, with the span of the preset's name.
fn data_of(value: &serde_json::Value, at: Span) -> Literal {
    use serde_json::Value as Json;
    let value = match value {
        Json::Null => Data::Null,
        Json::Bool(value) => Data::Bool(*value),
        Json::Number(number) => Data::Number(number.as_f64().unwrap_or_default()),
        Json::String(text) => Data::String(text.clone()),
        Json::Array(items) => Data::List(items.iter().map(|item| data_of(item, at)).collect()),
        Json::Object(table) => Data::Table(
            table.iter().map(|(key, value)| (Located { at, value: key.clone() }, data_of(value, at))).collect(),
        ),
    };
    Literal { at, value }
}
