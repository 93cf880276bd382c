//! Compares the findings of a reference with ours: the same rules at the same lines, and no others.

use graphwright_codegen::diagnostic::{Diagnostic, Severity};
use graphwright_codegen::source::{Sources, Span};
use std::collections::BTreeSet;

/// An error, by its rule and its lines: the file of each, and its number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The rule; nothing if the reference does not say it.
    pub rule: Option<String>,
    /// All of its lines.
    pub lines: BTreeSet<(String, usize)>,
}

impl Finding {
    /// Our errors.
    pub fn ours(sources: &Sources, found: &[Diagnostic]) -> Vec<Self> {
        let errors = found.iter().filter(|one| one.severity == Severity::Error);
        let finding = |one: &Diagnostic| {
            let labels = one.primary.iter().chain(&one.secondary);
            let line = |span: Span| (sources.name(span.source).to_owned(), sources.position(span).line);
            let lines = labels.map(|label| line(label.span)).collect();
            Self { rule: Some(our_rule(one.code.name()).to_owned()), lines }
        };
        errors.map(finding).collect()
    }

    /// Returns true if one of our findings is this one. Fields in conflict have many places, of which each side names
    /// some; otherwise we name every line.
    fn is(&self, ours: &Self) -> bool {
        let is_same_rule = self.rule.is_none() || self.rule == ours.rule;
        let is_conflict = ours.rule.as_deref() == Some("overlapping-fields-can-be-merged");
        is_same_rule
            && if is_conflict { !self.lines.is_disjoint(&ours.lines) } else { self.lines.is_subset(&ours.lines) }
    }
}

/// Returns the findings of only one side; empty if they agree.
pub fn differences(expected: &[Finding], ours: &[Finding]) -> Vec<String> {
    let missing = expected.iter().filter(|one| !ours.iter().any(|our| one.is(our)));
    let missing = missing.map(|one| format!("missing: {}", one.shown()));
    let extra = ours.iter().filter(|one| !expected.iter().any(|other| other.is(one)));
    missing.chain(extra.map(|one| format!("unexpected: {}", one.shown()))).collect()
}

impl Finding {
    fn shown(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|(file, line)| format!("{file}:{line}")).collect();
        format!("{} at {}", self.rule.as_deref().unwrap_or("an error"), lines.join(", "))
    }
}

/// Two of our rules are one of the specification's.
fn our_rule(code: &str) -> &str {
    if code == "same-response-shape" { "overlapping-fields-can-be-merged" } else { code }
}

/// Our name of a rule of graphql-js, which may be written `KnownTypeNames` or `known-type-names`.
pub fn rule_of(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.trim_start_matches("x-graphql-js-").chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    match kebab.as_str() {
        "fragments-on-composite-type" => "fragments-on-composite-types",
        "one-field-subscriptions" => "single-field-subscriptions",
        "possible-fragment-spread" => "possible-fragment-spreads",
        "unique-directive-names-per-location" => "unique-directives-per-location",
        "unique-fragment-name" => "unique-fragment-names",
        "unique-operation-name" => "unique-operation-names",
        "value-literals-of-correct-type" => "values-of-correct-type",
        other => other,
    }
    .to_owned()
}
