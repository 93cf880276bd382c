//! `unused-suppression` and `invalid-suppression`: about comments that keep other rules quiet.

use super::prelude::*;

/// A comment that suppresses nothing.
pub const UNUSED_SUPPRESSION: &str = "unused-suppression";
/// A comment that names no rule, or lacks its reason.
pub const INVALID_SUPPRESSION: &str = "invalid-suppression";

pub const UNUSED: Entry = entry::<Suppressions>(Meta {
    recommended: Level::Warn,
    fixable: Fixable::Safe,
    known_as: &["ruff/RUF100", "biome/suppressions-unused"],
    what: "Finds comments that suppress a finding which is not there.",
    why: "The finding was mended, or moved; the comment would hide the next one.",
    bad: "# graphwright-ignore no-deprecated: the old name is shown\nquery Viewer { viewer { name } }",
    good: "# graphwright-ignore no-deprecated: the old name is shown\nquery Viewer { viewer { login } }",
    ..Meta::new(UNUSED_SUPPRESSION, Category::Meta)
});

pub const INVALID: Entry = entry::<Suppressions>(Meta {
    recommended: Level::Warn,
    what: "Finds comments that should suppress a rule which does not exist, or that lack a reason where one is required.",
    why: "A name with a typo suppresses nothing.",
    bad: "# graphwright-ignore no-depricated\nquery Viewer { viewer { name } }",
    good: "# graphwright-ignore no-deprecated: the old name is shown\nquery Viewer { viewer { login } }",
    ..Meta::new(INVALID_SUPPRESSION, Category::Meta)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Suppressions {}

impl Rule for Suppressions {}
