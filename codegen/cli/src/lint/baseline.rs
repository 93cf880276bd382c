//! The baseline: a file of known findings, so that an old code base can start to use the linter.
//!
//! An entry is a rule in a definition of a file, with a message and a count. It has no line number, so that edits
//! elsewhere do not affect it. Entries whose finding was fixed are reported, so that the finding cannot come back.

use super::File;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Sources};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The known findings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Sorted by file, rule, definition and message.
    pub known: Vec<Known>,
}

/// One or more findings that have no difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The file.
    pub file: String,
    /// The project, if a configuration has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The rule.
    pub rule: String,
    /// The operation or fragment, if it is in one with a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// The message of the finding.
    pub message: String,
    /// The number of findings.
    pub count: usize,
}

type Key = (String, String, Option<String>, String);

impl Baseline {
    /// Creates a baseline from findings.
    pub fn of(list: &[Diagnostic], sources: &Sources, files: &[File]) -> Self {
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        for one in list {
            if let Some(key) = key(one, sources, files) {
                *counts.entry(key).or_default() += 1;
            }
        }
        let known = counts.into_iter().map(|((file, rule, definition, message), count)| Known {
            file,
            project: None,
            rule,
            definition,
            message,
            count,
        });
        Self { known: known.collect() }
    }

    /// Removes known findings from a list, and adds a warning for each entry without a finding.
    pub fn take(&self, list: &mut Vec<Diagnostic>, sources: &Sources, files: &[File], is_whole: bool) -> usize {
        let one = |known: &Known| {
            let key = (known.file.clone(), known.rule.clone(), known.definition.clone(), known.message.clone());
            (key, known.count)
        };
        let mut left: BTreeMap<Key, usize> = BTreeMap::new();
        for (key, count) in self.known.iter().map(one) {
            *left.entry(key).or_default() += count;
        }
        let before = list.len();
        list.retain(|one| {
            let Some(count) = key(one, sources, files).and_then(|key| left.get_mut(&key)) else { return true };
            let is_known = *count > 0;
            *count = count.saturating_sub(1);
            !is_known
        });
        let taken = before - list.len();
        if is_whole {
            list.extend(left.iter().filter(|(_, count)| **count > 0).map(|((file, rule, ..), _)| stale(file, rule)));
        }
        taken
    }
}

impl Known {
    /// Returns the warning about an entry without a finding.
    pub fn stale(&self) -> Diagnostic {
        stale(&self.file, &self.rule)
    }
}

fn stale(file: &str, rule: &str) -> Diagnostic {
    let message = format!("the baseline contains a finding of `{rule}` in {file} that no longer occurs");
    let stale = Diagnostic::warning(Code::new("stale-baseline"), message);
    stale.help("update it with `graphwright lint --write-baseline`")
}

fn key(one: &Diagnostic, sources: &Sources, files: &[File]) -> Option<Key> {
    let span = one.primary.as_ref()?.span;
    let definition = definition_at(files, sources, span.source, span.start);
    Some((sources.name(span.source).to_owned(), one.code.name().to_owned(), definition, one.message.clone()))
}

/// Returns the name of the definition around a place.
pub fn definition_at(files: &[File], sources: &Sources, source: SourceId, offset: usize) -> Option<String> {
    let file = files.iter().find(|file| file.source == source)?;
    let around = file.outline.definitions.iter().find(|one| one.range.contains(&offset))?;
    around.name.clone().map(|name| sources.text(source)[name].to_owned())
}
