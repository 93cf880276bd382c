//! `unique-fragment-name`

use super::prelude::*;
use super::unique_operation_name::repeated;

pub const ENTRY: Entry = entry::<UniqueFragmentName>(Meta {
    recommended: Level::Error,
    usual: Level::Error,
    known_as: &["graphql-eslint"],
    what: "Finds fragments of the project that have the name of another one.",
    why: "Which of them a spread means depends on the folder it is in, and on the tool that reads it.",
    ..meta!("unique-fragment-name", Category::Correctness, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct UniqueFragmentName {}

impl Rule for UniqueFragmentName {
    fn project(&self, index: &Index, _: &Uses, found: &mut Vec<Diagnostic>) {
        for same in index.repeated(false) {
            repeated(ENTRY.meta.name, "fragment", &same, found);
        }
    }
}
