//! Changes that somebody has looked at: a file that keeps them from failing a run.

use super::Change;
use serde::{Deserialize, Serialize};

/// The file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// In any order.
    pub accepted: Vec<Entry>,
}

/// One change, or all of a kind below a coordinate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The kind.
    pub kind: String,
    /// The coordinate; `User.*` stands for everything in a type.
    pub coordinate: String,
    /// Why it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The last day on which it is, as 2026-12-31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl Accepted {
    /// Takes accepted changes out of a list; how many there were.
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
