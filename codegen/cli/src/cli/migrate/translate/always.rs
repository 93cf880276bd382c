//! Rules of the specification, which always run in graphwright.

use crate::cli::migrate::config::{EslintConfig, Version};
use crate::cli::migrate::note::{About, Note};
use crate::cli::migrate::presets;
use crate::lint::rule::{Category, Level};
use crate::lint::rules;
use std::collections::BTreeSet;

/// Notes the rules of the specification that graphql-eslint has and that no block turns on.
pub fn note(config: &EslintConfig, notes: &mut Vec<Note>) {
    let Some(first) = config.blocks.first() else { return };
    let uses = config.blocks.iter().flat_map(|block| &block.rules).filter(|rule| rule.level != Level::Off);
    let on: BTreeSet<&str> = uses.filter_map(|rule| rules::find(&rule.name)).map(|entry| entry.meta.name).collect();
    let theirs = presets::preset(Version::Four, "operations-all").into_iter().flat_map(|preset| preset.keys());
    let also: Vec<&'static str> = theirs
        .filter_map(|name| rules::find(name))
        .filter(|entry| entry.meta.category == Category::Validity && !on.contains(entry.meta.name))
        .map(|entry| entry.meta.name)
        .collect();
    if !also.is_empty() {
        notes.push(Note { at: first.at, about: About::AlsoRuns(also) });
    }
}
