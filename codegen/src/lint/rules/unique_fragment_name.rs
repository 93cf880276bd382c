//! `unique-fragment-name`

use super::prelude::*;
use super::unique_operation_name::repeated;

pub const ENTRY: Entry = entry::<UniqueFragmentName>(Meta {
    recommended: Level::Error,
    usual: Level::Error,
    known_as: &["graphql-eslint"],
    what: "Finds fragments of the project that have the name of another one.",
    why: "Which of them a spread means depends on the folder it is in, and on the tool that reads it.",
    bad: "## file: a.graphql\nfragment Name on User { name }\nquery A { viewer { ...Name } }\n## file: b.graphql\n\
          fragment Name on User { email }\nquery B { viewer { ...Name } }",
    good: "## file: a.graphql\nfragment Name on User { name }\nquery A { viewer { ...Name } }\n## file: b.graphql\n\
           query B { viewer { ...Name } }",
    ..Meta::new("unique-fragment-name", Category::Correctness)
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
