//! `unique-operation-name`

use super::prelude::*;
use std::collections::BTreeSet;

pub const ENTRY: Entry = entry::<UniqueOperationName>(Meta {
    recommended: Level::Error,
    usual: Level::Error,
    known_as: &["graphql-eslint"],
    what: "Finds operations of the project that share a name.",
    why: "Caches, persisted operations, mocks and statistics identify operations by name, and would confuse \
          two operations of the same name.",
    ..meta!("unique-operation-name", Category::Correctness, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct UniqueOperationName {}

impl Rule for UniqueOperationName {
    fn project(&self, index: &Index, _: &Uses, found: &mut Vec<Diagnostic>) {
        for same in index.repeated_operations() {
            repeated(ENTRY.meta.name, "operation", &same, found);
        }
    }
}

/// Reports every definition of a repeated name, with the span of another one. The specification's rules check single
/// files.
pub fn repeated(rule: &'static str, what: &str, same: &[&ProjectDefinition], found: &mut Vec<Diagnostic>) {
    for one in same {
        let Some(other) = same.iter().find(|other| other.file != one.file) else { continue };
        let name = one.name.as_deref().unwrap_or_default();
        let others: BTreeSet<usize> = same.iter().map(|other| other.file).filter(|file| *file != one.file).collect();
        let others = others.len();
        let message = if others == 1 {
            format!("another file also defines an {what} `{name}`").replace("an fragment", "a fragment")
        } else {
            format!("{others} other files also define an {what} `{name}`").replace("an fragment", "a fragment")
        };
        found.push(finding(rule, one.place, message).also(Some(other.place), "also defined here"));
    }
}
