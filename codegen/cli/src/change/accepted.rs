//! Accepted changes: a file of changes that do not fail a run.

use super::Change;
use serde::{Deserialize, Serialize};

/// The file of accepted changes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The entries, in any order.
    pub accepted: Vec<Entry>,
}

/// An accepted change, or all changes of a kind below a coordinate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The kind.
    pub kind: String,
    /// The coordinate; `User.*` matches everything in a type.
    pub coordinate: String,
    /// The reason why it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The last day on which it is accepted, as 2026-12-31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl Accepted {
    /// Removes accepted changes from a list and returns their number.
    pub fn take(&self, changes: &mut Vec<Change>, today: i64) -> usize {
        let before = changes.len();
        changes.retain(|change| !self.accepted.iter().any(|entry| entry.covers(change, today)));
        before - changes.len()
    }
}

impl Entry {
    fn covers(&self, change: &Change, today: i64) -> bool {
        let below = self.coordinate.strip_suffix(".*");
        let is_below = below.is_some_and(|ty| change.subject.ty().is_some_and(|name| name == ty));
        let is_past = self.until.as_deref().and_then(crate::lint::day).is_some_and(|day| day < today);
        self.kind == change.kind.name() && (is_below || self.coordinate == change.subject.to_string()) && !is_past
    }
}
