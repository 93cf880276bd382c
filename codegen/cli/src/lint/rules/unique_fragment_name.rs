//! `unique-fragment-name`

use super::prelude::*;
use super::unique_operation_name::repeated;

pub const ENTRY: Entry = entry::<UniqueFragmentName>(Meta {
    recommended: Level::Error,
    usual: Level::Error,
    known_as: &["graphql-eslint"],
    what: "Finds fragments of the project that share a name.",
    why: "Tools differ in which of them a spread resolves to; it may depend on the folder.",
    ..meta!("unique-fragment-name", Category::Correctness, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct UniqueFragmentName {}

impl Rule for UniqueFragmentName {
    fn project(&self, index: &Index, _: &Uses, found: &mut Vec<Diagnostic>) {
        for same in index.repeated_fragments() {
            repeated(ENTRY.meta.name, "fragment", &same, found);
        }
    }
}
