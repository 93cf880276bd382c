//! `[extensions.graphwright.lint]`: the active rules with their levels and options.

use super::presets;
use super::rule::{Category, Entry, Level, Rule};
use super::rules;
use crate::files::{NotAGlob, Pattern};
use schemars::JsonSchema;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The whole section.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Presets, each applied over the ones before: `recommended` (the default), `strict`, `style`, `cache`,
    /// `prismatic`, `schema`, `schema-all`, `relay`, `all`, `none`.
    #[schemars(with = "Option<Vec<String>>")]
    pub extends: Option<Presets>,
    /// Levels and options of rules.
    #[schemars(with = "BTreeMap<String, Value>")]
    pub rules: RuleSettings,
    /// Different rules for some files.
    pub overrides: Vec<Override>,
    /// File of known findings, which do not count, as written by `--write-baseline`.
    pub baseline: Option<PathBuf>,
    /// Rust files or globs whose documents in `#[operation("…")]` and `#[operations("…")]` are linted.
    pub rust: Vec<String>,
    /// Whether a comment that suppresses a rule must give a reason.
    pub require_reasons: bool,
}

/// Rules for some files.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Globs, relative to the configuration.
    pub files: Vec<String>,
    /// Levels and options of rules.
    #[schemars(with = "BTreeMap<String, Value>")]
    pub rules: RuleSettings,
}

/// Names of presets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presets(pub Vec<&'static str>);

/// Settings by rule name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleSettings(pub BTreeMap<&'static str, RuleSetting>);

/// The settings of one rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleSetting {
    /// The level, if set.
    pub level: Option<Level>,
    /// The options.
    pub options: Map<String, Value>,
}

impl<'de> Deserialize<'de> for Presets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a preset name or a list of preset names")]
        enum Names {
            One(String),
            Many(Vec<String>),
        }
        let names = match Names::deserialize(deserializer)? {
            Names::One(name) => vec![name],
            Names::Many(names) => names,
        };
        let known = |name: &String| match presets::NAMES.iter().find(|known| *known == name) {
            Some(known) => Ok(*known),
            None => Err(D::Error::custom(unknown("preset", name, presets::NAMES))),
        };
        names.iter().map(known).collect::<Result<_, _>>().map(Self)
    }
}

/// The error for an unknown name.
#[derive(Debug)]
pub struct Unknown {
    /// The error message.
    pub message: String,
    /// A suggestion, or the known names.
    pub help: String,
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

/// Returns the message for an unknown name.
pub fn unknown<'n>(what: &str, name: &str, known: impl IntoIterator<Item = &'n str> + Clone) -> Unknown {
    let help = crate::diagnostic::did_you_mean(name, known.clone()).unwrap_or_else(|| {
        let known: Vec<&str> = known.into_iter().collect();
        if known.len() > 12 {
            "`graphwright rule` lists them".to_owned()
        } else {
            format!("expected one of {}", known.join(", "))
        }
    });
    Unknown { message: format!("unknown {what} `{name}`"), help }
}

impl<'de> Deserialize<'de> for RuleSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = RuleSettings;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("rules with their levels, such as `no-deprecated = \"error\"`")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RuleSettings, A::Error> {
                let mut settings = RuleSettings::default();
                while let Some(entry) = map.next_key_seed(RuleName)? {
                    let setting = map.next_value_seed(SettingOf(entry))?;
                    settings.0.insert(entry.meta.name, setting);
                }
                Ok(settings)
            }
        }
        deserializer.deserialize_map(All)
    }
}

/// A key; errors are reported at its location.
struct RuleName;

impl<'de> DeserializeSeed<'de> for RuleName {
    type Value = &'static Entry;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let name = String::deserialize(deserializer)?;
        rules::find(&name).ok_or_else(|| D::Error::custom(unknown("rule", &name, rules::names())))
    }
}

/// A value; its options are checked immediately.
struct SettingOf(&'static Entry);

impl<'de> DeserializeSeed<'de> for SettingOf {
    type Value = RuleSetting;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<RuleSetting, D::Error> {
        setting(self.0, Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Parses the setting of a rule: a level, or a table with options and optionally a level.
///
/// # Errors
/// A message that describes the invalid setting.
pub fn setting(entry: &Entry, value: Value) -> Result<RuleSetting, String> {
    let setting = match value {
        level @ Value::String(_) => RuleSetting { level: Some(level_of(level)?), options: Map::new() },
        Value::Object(mut options) => {
            let level = options.remove("level").map(level_of).transpose()?;
            RuleSetting { level, options }
        }
        _ => {
            return Err(format!(
                "invalid setting for `{}`; expected a level (\"error\", \"warn\", \"info\", \"off\") or a table with options",
                entry.meta.name
            ));
        }
    };
    let is_fixed = entry.meta.category == Category::Validity && !rules::MAY_BE_ALLOWED.contains(&entry.meta.name);
    if is_fixed && setting.level.is_some_and(|level| level != Level::Error) {
        return Err(format!("`{}` is a rule of the specification, whose level is always error", entry.meta.name));
    }
    (entry.build)(Value::Object(setting.options.clone()))
        .map_err(|error| format!("in the options of {}: {error}", entry.meta.name))?;
    Ok(setting)
}

fn level_of(value: Value) -> Result<Level, String> {
    let shown = value.to_string();
    serde_json::from_value(value)
        .map_err(|_| format!("unknown level {shown}; expected \"error\", \"warn\", \"info\" or \"off\""))
}

/// The rules that run on some files.
#[derive(Debug)]
pub struct Profile {
    /// The active rules, in the order of all rules.
    pub active: Vec<Active>,
}

/// An active rule.
#[derive(Debug)]
pub struct Active {
    /// The entry of the rule.
    pub entry: &'static Entry,
    /// The level of its findings.
    pub level: Level,
    /// The rule with its options.
    pub rule: Box<dyn Rule>,
    /// The options that are set.
    pub options: Map<String, Value>,
}

impl Profile {
    /// Returns true if a rule looks at SDL files of the schema.
    pub fn has_schema_rules(&self) -> bool {
        self.active.iter().any(|active| active.rule.on_schema().is_some())
    }

    /// Returns the level of a rule; off if it does not run.
    pub fn level(&self, rule: &str) -> Level {
        self.active.iter().find(|active| active.entry.meta.name == rule).map_or(Level::Off, |active| active.level)
    }
}

/// The profiles of files.
#[derive(Debug)]
pub struct Profiles {
    overrides: Vec<Vec<Pattern>>,
    settings: Settings,
    chosen: Choice,
}

/// The flags about rules, which override all configurations.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Run only these rules, whatever is configured.
    pub only: Vec<&'static str>,
    /// Levels of rules.
    pub levels: Vec<(&'static str, Level)>,
}

impl Profiles {
    /// Creates the profiles of settings whose patterns are relative to no particular folder.
    ///
    /// # Errors
    /// A glob is invalid.
    pub fn new(settings: &Settings, chosen: Choice) -> Result<Self, NotAGlob> {
        Self::in_folder(Path::new(""), settings, chosen)
    }

    /// Creates the profiles of the settings of a configuration in a folder.
    ///
    /// # Errors
    /// A glob is invalid.
    pub fn in_folder(root: &Path, settings: &Settings, chosen: Choice) -> Result<Self, NotAGlob> {
        let patterns = |one: &Override| one.files.iter().map(|pattern| Pattern::new(root, pattern)).collect();
        let overrides = settings.overrides.iter().map(patterns).collect::<Result<_, _>>()?;
        Ok(Self { overrides, settings: settings.clone(), chosen })
    }

    /// Returns which overrides apply to a file. Files with equal keys have the same profile.
    pub fn key(&self, path: &str) -> Vec<bool> {
        let path = Path::new(path);
        self.overrides.iter().map(|patterns| patterns.iter().any(|pattern| pattern.covers(path))).collect()
    }

    /// Returns the patterns of overrides that match none of the files.
    pub fn idle<'n>(&self, files: impl Iterator<Item = &'n str> + Clone) -> Vec<&str> {
        let is_idle = |pattern: &&Pattern| !files.clone().any(|file| pattern.covers(Path::new(file)));
        self.overrides.iter().flatten().filter(is_idle).map(Pattern::written).collect()
    }

    /// Returns the profile for a key.
    pub fn profile(&self, key: &[bool]) -> Profile {
        let mut all: BTreeMap<&'static str, RuleSetting> = BTreeMap::new();
        let default = Presets(vec!["recommended"]);
        for preset in &self.settings.extends.as_ref().unwrap_or(&default).0 {
            merge(&mut all, &presets::preset(preset));
        }
        merge(&mut all, &self.settings.rules);
        for (one, _) in self.settings.overrides.iter().zip(key).filter(|(_, holds)| **holds) {
            merge(&mut all, &one.rules);
        }
        let chosen = RuleSettings(
            (self.chosen.levels.iter())
                .map(|(name, level)| (*name, RuleSetting { level: Some(*level), options: Map::new() }))
                .collect(),
        );
        merge(&mut all, &chosen);
        let active = rules::all().iter().filter_map(|entry| {
            let setting = all.get(entry.meta.name);
            let mut level = match (setting, entry.meta.category) {
                (Some(setting), _) => setting.level.unwrap_or(entry.meta.usual),
                (None, Category::Validity) => entry.meta.usual,
                (None, _) => Level::Off,
            };
            if !self.chosen.only.is_empty() {
                let is_chosen = self.chosen.only.contains(&entry.meta.name);
                level = match level {
                    Level::Off if is_chosen => entry.meta.usual,
                    _ if is_chosen => level,
                    _ => Level::Off,
                };
            }
            let options = setting.map(|setting| setting.options.clone()).unwrap_or_default();
            // Options of presets and configurations were checked before.
            let rule = (level != Level::Off).then(|| (entry.build)(Value::Object(options.clone())).ok()).flatten()?;
            Some(Active { entry, level, rule, options })
        });
        Profile { active: active.collect() }
    }
}

fn merge(all: &mut BTreeMap<&'static str, RuleSetting>, more: &RuleSettings) {
    for (name, setting) in &more.0 {
        let known = all.entry(name).or_default();
        known.level = setting.level.or(known.level);
        known.options.extend(setting.options.clone());
    }
}

/// The effective settings, for `--show-settings`.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// The level.
    pub level: Level,
    /// The options that are set.
    pub options: Map<String, Value>,
}
