//! `unused-suppression` and `invalid-suppression`: rules about comments that suppress other rules.

use super::prelude::*;

/// An unused suppression comment.
pub const UNUSED_SUPPRESSION: &str = "unused-suppression";
/// A suppression comment that names no rule or has no reason.
pub const INVALID_SUPPRESSION: &str = "invalid-suppression";

pub const UNUSED: Entry = entry::<Suppressions>(Meta {
    recommended: Level::Warn,
    fixable: Fixable::Safe,
    known_as: &["ruff/RUF100", "biome/suppressions-unused"],
    what: "Finds unused suppression comments.",
    why: "The finding was fixed or moved; the comment would hide the next one.",
    bad: "# graphwright-ignore no-deprecated: the old name is shown\nquery Viewer { viewer { name } }",
    good: "# graphwright-ignore no-deprecated: the old name is shown\nquery Viewer { viewer { login } }",
    ..Meta::new(UNUSED_SUPPRESSION, Category::Meta)
});

pub const INVALID: Entry = entry::<Suppressions>(Meta {
    recommended: Level::Warn,
    what: "Finds suppression comments for unknown rules, and those that lack a required reason.",
    why: "A misspelt rule name suppresses nothing.",
    bad: "# graphwright-ignore no-depricated\nquery Viewer { viewer { name } }",
    good: "# graphwright-ignore no-deprecated: the old name is shown\nquery Viewer { viewer { login } }",
    ..Meta::new(INVALID_SUPPRESSION, Category::Meta)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Suppressions {}

impl Rule for Suppressions {}
