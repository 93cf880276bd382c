//! `unique-operation-name`

use super::prelude::*;
use std::collections::BTreeSet;

pub const ENTRY: Entry = entry::<UniqueOperationName>(Meta {
    recommended: Level::Error,
    usual: Level::Error,
    known_as: &["graphql-eslint"],
    what: "Finds operations of the project that have the name of another one.",
    why: "Caches, persisted operations, mocks and statistics go by the name; two operations of one name are taken for \
          each other there.",
    ..meta!("unique-operation-name", Category::Correctness, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct UniqueOperationName {}

impl Rule for UniqueOperationName {
    fn project(&self, index: &Index, _: &Uses, found: &mut Vec<Diagnostic>) {
        for same in index.repeated(true) {
            repeated(ENTRY.meta.name, "operation", &same, found);
        }
    }
}

/// Every definition of a name, with the place of another one; those of one file are the specification's business.
pub fn repeated(rule: &'static str, what: &str, same: &[&ProjectDefinition], found: &mut Vec<Diagnostic>) {
    for one in same {
        let Some(other) = same.iter().find(|other| other.file != one.file) else { continue };
        let name = one.name.as_deref().unwrap_or_default();
        let others: BTreeSet<usize> = same.iter().map(|other| other.file).filter(|file| *file != one.file).collect();
        let others = others.len();
        let message = if others == 1 {
            format!("another file has an {what} `{name}`, too").replace("an fragment", "a fragment")
        } else {
            format!("{others} other files have {what}s `{name}`, too").replace("an fragment", "a fragment")
        };
        found.push(finding(rule, one.place, message).also(Some(other.place), "one is here"));
    }
}
