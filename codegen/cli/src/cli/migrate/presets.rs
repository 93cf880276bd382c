//! The presets of graphql-eslint, as published in its packages; `cargo xtask migrate-peer` compares them.

use super::config::Version;
use serde_json::{Map, Value};
use std::sync::OnceLock;

const THREE: &str = include_str!("presets/graphql-eslint-3.json");
const FOUR: &str = include_str!("presets/graphql-eslint-4.json");

/// Returns the rules of a preset with their settings: a level, or a list of level and options.
pub fn preset(version: Version, name: &str) -> Option<&'static Map<String, Value>> {
    static PRESETS: OnceLock<[Value; 2]> = OnceLock::new();
    let [three, four] =
        PRESETS.get_or_init(|| [THREE, FOUR].map(|text| serde_json::from_str(text).unwrap_or_default()));
    let presets = match version {
        Version::Three => three,
        Version::Four => four,
    };
    presets.get(name.strip_prefix("flat/").unwrap_or(name))?.as_object()
}
