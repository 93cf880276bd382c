//! Translates an [`EslintConfig`] to settings of graphwright.
//!
//! Blocks for all files become `rules`, unless a block for some files precedes them; every other block becomes an
//! override, in the same order. In both systems, later settings win.

mod always;
pub mod globs;
mod naming;
mod order;
mod rules;
mod selector;
mod values;

use super::config::{Block, EslintConfig, Files, Located, Version};
use super::note::{About, BadGlob, Note};
use crate::files::Pattern;
use crate::lint::presets;
use crate::lint::rule::Level;
use crate::lint::settings::RuleSetting;
use serde_json::Map;
use std::collections::BTreeMap;
use std::path::Path;

/// Rules with their settings, by name.
pub type RuleTable = BTreeMap<&'static str, RuleSetting>;

/// Settings of the linter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LintSettings {
    /// Presets.
    pub extends: Vec<&'static str>,
    /// Rules for all files.
    pub rules: RuleTable,
    /// Rules for some files.
    pub overrides: Vec<Override>,
}

/// Rules for some files.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// Globs.
    pub files: Vec<String>,
    /// Rules.
    pub rules: RuleTable,
}

/// The migrated settings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Migrated {
    /// Schema files and globs.
    pub schema: Vec<String>,
    /// Files and globs of documents.
    pub documents: Vec<String>,
    /// Globs of files that are not documents.
    pub exclude: Vec<String>,
    /// The lint section.
    pub lint: LintSettings,
}

/// The location of files, relative to the written configuration.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The path from the written configuration to the folder of the ESLint configuration; empty if they are the same.
    pub prefix: String,
    /// All GraphQL files below the folder of the ESLint configuration.
    pub files: Vec<String>,
    /// The files of the schema among them.
    pub schema: Vec<String>,
}

impl Place {
    /// Returns false if the globs are known to match no file of the schema.
    fn may_have_schema(&self, globs: &[String]) -> bool {
        let patterns: Vec<Pattern> = globs.iter().filter_map(|glob| Pattern::new(Path::new(""), glob).ok()).collect();
        self.schema.is_empty() || self.schema.iter().any(|file| patterns.iter().any(|one| one.covers(Path::new(file))))
    }

    /// Returns true if a glob matches an existing file.
    fn has(&self, glob: &str) -> bool {
        Pattern::new(Path::new(""), glob)
            .is_ok_and(|pattern| self.files.iter().any(|file| pattern.covers(Path::new(file))))
    }

    /// Returns true if globs match all existing files.
    fn are_all(&self, globs: &[String]) -> bool {
        let patterns: Vec<Pattern> = globs.iter().filter_map(|glob| Pattern::new(Path::new(""), glob).ok()).collect();
        self.files.iter().all(|file| patterns.iter().any(|pattern| pattern.covers(Path::new(file))))
    }
}

/// Translates a configuration.
pub fn translate(config: &EslintConfig, place: &Place) -> (Migrated, Vec<Note>) {
    let mut translation =
        Translation { version: config.version, place, settings: LintSettings::default(), notes: Vec::new() };
    for block in &config.blocks {
        translation.block(block);
    }
    if let Some(level) = config.unused_directives.filter(|level| *level != Level::Off) {
        let setting = RuleSetting { level: Some(level), options: Map::new() };
        translation.settings.rules.insert("unused-suppression", setting);
    }
    translation.ignore(&config.ignores);
    always::note(config, &mut translation.notes);
    if let Some(Located { at, value }) = &config.renamed {
        translation.notes.push(Note { at: *at, about: About::Renamed(value.clone()) });
    }
    let schema = translation.project_globs(&config.project.schema);
    let documents = translation.documents(&config.project.documents);
    let exclude = translation.project_globs(&config.project.exclude);
    let Translation { mut settings, notes, .. } = translation;
    extend(&mut settings);
    (Migrated { schema, documents, exclude, lint: settings }, notes)
}

struct Translation<'a> {
    version: Version,
    place: &'a Place,
    settings: LintSettings,
    notes: Vec<Note>,
}

impl Translation<'_> {
    fn block(&mut self, block: &Block) {
        let mut table = RuleTable::new();
        for rule in &block.rules {
            rules::translate(rule, self.version, &mut table, &mut self.notes);
        }
        let globs = match &block.files {
            Files::All => None,
            Files::Matching(globs) => {
                let converted = self.globs(globs);
                if converted.is_empty() {
                    return;
                }
                let is_everything = converted.iter().all(|glob| globs::is_everywhere(glob, &self.place.prefix));
                (!is_everything || !self.place.are_all(&converted)).then_some(converted)
            }
        };
        if globs.as_ref().is_some_and(|globs| !self.place.may_have_schema(globs)) {
            rules::without_schema(&mut table);
        }
        let before = self.settings.clone();
        match globs {
            None if self.settings.overrides.is_empty() && self.place.prefix.is_empty() => {
                for (name, mut setting) in table.clone() {
                    let options = values::options_before(&before, name, &[]);
                    values::set_defaults(name, &mut setting, &options);
                    values::replace(&mut self.settings.rules, name, setting);
                }
            }
            globs => {
                let files = globs.unwrap_or_else(|| vec![globs::everything(&self.place.prefix)]);
                self.put(block, files, table.clone(), &before);
            }
        }
        self.leave_out(block, &table, &before);
    }

    /// Adds an override; earlier options that it does not set are reset to their defaults.
    fn put(&mut self, block: &Block, files: Vec<String>, mut table: RuleTable, before: &LintSettings) {
        if table.is_empty() {
            return;
        }
        for (name, setting) in &mut table {
            let options = values::options_before(before, name, &files);
            values::set_defaults(name, setting, &options);
            if values::is_level_alone(&setting.options) {
                continue;
            }
            let stay = values::reset(name, &mut setting.options, options);
            if !stay.is_empty() {
                let about = About::Merged { rule: (*name).to_owned(), options: stay };
                self.notes.push(Note { at: block.at, about });
            }
        }
        self.settings.overrides.push(Override { files, rules: table });
    }

    /// Restores the earlier settings for the files that a block excludes.
    fn leave_out(&mut self, block: &Block, table: &RuleTable, before: &LintSettings) {
        let globs = self.ignored(&block.ignores);
        if globs.is_empty() || table.is_empty() {
            return;
        }
        let restored = table.iter().map(|(name, setting)| {
            let mut old = before
                .rules
                .get(name)
                .cloned()
                .unwrap_or(RuleSetting { level: Some(values::without(name)), options: Map::new() });
            if old.level != Some(Level::Off) {
                values::reset(name, &mut old.options, setting.options.keys().cloned().collect());
            }
            (*name, old)
        });
        let rules = restored.collect();
        self.settings.overrides.push(Override { files: globs, rules });
    }

    /// Turns off all rules for files that ESLint ignores.
    fn ignore(&mut self, ignores: &[Located<String>]) {
        let globs = self.ignored(ignores);
        let all = self.settings.rules.keys().chain(self.settings.overrides.iter().flat_map(|one| one.rules.keys()));
        let off = |name: &&'static str| (*name, RuleSetting { level: Some(Level::Off), options: Map::new() });
        let rules: RuleTable = all.filter(|name| values::may_be_off(name)).map(off).collect();
        if !globs.is_empty() && !rules.is_empty() {
            self.settings.overrides.push(Override { files: globs, rules });
        }
        for ignored in ignores {
            let is_used = globs::ignored(&ignored.value, &self.place.prefix)
                .is_ok_and(|globs| globs.iter().any(|glob| self.place.has(glob)));
            if is_used {
                self.notes.push(Note { at: ignored.at, about: About::Ignored(ignored.value.clone()) });
            }
        }
    }

    fn bad_glob(&mut self, glob: &Located<String>, why: BadGlob) {
        self.notes.push(Note { at: glob.at, about: About::Glob { glob: glob.value.clone(), why } });
    }

    fn globs(&mut self, globs: &[Located<String>]) -> Vec<String> {
        let mut converted = Vec::new();
        for glob in globs {
            match globs::files(&glob.value, &self.place.prefix) {
                Ok(own) => converted.push(own),
                Err(why) => self.bad_glob(glob, why),
            }
        }
        converted
    }

    /// Returns the globs of excluded files; those that match no GraphQL file change nothing.
    fn ignored(&mut self, globs: &[Located<String>]) -> Vec<String> {
        let mut converted = Vec::new();
        for glob in globs {
            match globs::ignored(&glob.value, &self.place.prefix) {
                Ok(own) => converted.extend(own.into_iter().find(|glob| self.place.has(glob))),
                Err(why) => self.bad_glob(glob, why),
            }
        }
        converted
    }

    fn project_globs(&mut self, globs: &[Located<String>]) -> Vec<String> {
        globs.iter().map(|glob| globs::in_project(&glob.value, &self.place.prefix)).collect()
    }

    /// Returns the globs of documents, without the extensions of other languages.
    fn documents(&mut self, globs: &[Located<String>]) -> Vec<String> {
        let mut kept = Vec::new();
        for glob in globs {
            let (own, has_others) = globs::graphql_part(&glob.value);
            if has_others {
                self.notes.push(Note { at: glob.at, about: About::Embedded(glob.value.clone()) });
            }
            kept.extend(own.map(|own| globs::in_project(&own, &self.place.prefix)));
        }
        kept
    }
}

/// Replaces rules by the preset that contains them; without a preset, only the listed rules are on.
fn extend(settings: &mut LintSettings) {
    for names in [&["schema-all", "schema"][..], &["relay"]] {
        let is_whole = |name: &&&str| {
            presets::preset(name).0.iter().all(|(rule, setting)| settings.rules.get(rule) == Some(setting))
        };
        if let Some(name) = names.iter().find(is_whole) {
            settings.extends.push(name);
        }
    }
    for name in settings.extends.clone() {
        for rule in presets::preset(name).0.keys() {
            settings.rules.remove(rule);
        }
    }
    if settings.extends.is_empty() {
        settings.extends.push("none");
    }
}
