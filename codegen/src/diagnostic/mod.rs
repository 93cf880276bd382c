//! Diagnostics as plain data.
//!
//! Parsing, validation, configuration and lowering all produce [`Diagnostic`]s:
//! plain data with spans. Only [`render`] decides how they are
//! shown to users.

mod code;
pub mod render;
mod suggest;

use crate::source::{Sources, Span};
use apollo_compiler::coordinate::SchemaCoordinate;
pub use code::Code;
use std::collections::HashSet;
#[doc(hidden)]
pub use suggest::{closest, did_you_mean, question};

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Fails the run.
    Error,
    /// Reported, but does not fail the run.
    Warning,
    /// Additional information.
    Info,
}

impl Severity {
    /// `error`, `warning` or `info`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// A change of texts that fixes a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// A description of the change: "remove the second `name`".
    pub title: String,
    /// Whether it may be applied without confirmation.
    pub safety: Safety,
    /// The edits, which are applied together. Boxed, since diagnostics are the error type of many functions.
    pub edits: Box<[Edit]>,
    /// The name that it gives to a definition; two fixes must not define the same name.
    pub defines: Option<Box<DefinedName>>,
}

/// A name that a fix gives to a definition. Operations and fragments may share a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DefinedName {
    /// The name of an operation.
    Operation(String),
    /// The name of a fragment.
    Fragment(String),
}

/// Whether a fix keeps the meaning of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// Operations send and receive the same data as before.
    Safe,
    /// Operations may send or receive different data.
    Unsafe,
}

/// A range of a text and its replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The range.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Fix {
    /// Creates a fix that changes one range.
    pub fn new(safety: Safety, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self { title: title.into(), safety, edits: Box::new([Edit { span, text: text.into() }]), defines: None }
    }

    /// Marks the fix as one that names a definition.
    #[must_use]
    pub fn defining(mut self, name: DefinedName) -> Self {
        self.defines = Some(Box::new(name));
        self
    }
}

/// A labelled span.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// The span.
    pub span: Span,
    /// The label; may be empty.
    pub text: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of finding.
    pub code: Code,
    /// The severity.
    pub severity: Severity,
    /// The message: one short sentence without a full stop.
    pub message: String,
    /// The main span; `None` for a finding about a whole run.
    pub primary: Option<Label>,
    /// Related spans.
    pub secondary: Vec<Label>,
    /// A suggestion.
    pub help: Option<String>,
    /// The reason, if the message does not state it.
    pub note: Option<String>,
    /// A fix.
    pub fix: Option<Fix>,
    /// The parts of the schema that it depends on, nearest first: changing one of them may cause the finding.
    pub about: Vec<SchemaCoordinate>,
}

impl Diagnostic {
    /// Creates an error without a span.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// Creates a warning without a span.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// Creates an informational diagnostic without a span.
    pub fn info(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Info, message)
    }

    /// A diagnostic without a place.
    pub fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            primary: None,
            secondary: Vec::new(),
            help: None,
            note: None,
            fix: None,
            about: Vec::new(),
        }
    }

    /// Sets the main span.
    #[must_use]
    pub fn at(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        self.primary = span.map(|span| Label { span, text: text.into() });
        self
    }

    /// Adds a related span.
    #[must_use]
    pub fn also(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        self.secondary.extend(span.map(|span| Label { span, text: text.into() }));
        self
    }

    /// Adds a part of the schema that it depends on.
    #[must_use]
    pub fn about(mut self, part: impl Into<SchemaCoordinate>) -> Self {
        self.about.push(part.into());
        self
    }

    /// Sets the suggestion.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the fix.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// Sets the note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// Findings together with the texts that their spans refer to.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    /// The texts.
    pub sources: Sources,
    /// The findings, in reading order.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Creates a list of findings.
    pub fn new(sources: Sources, list: Vec<Diagnostic>) -> Self {
        Self { sources, list }
    }

    /// Creates a list with a single finding.
    pub fn single(sources: Sources, diagnostic: Diagnostic) -> Self {
        Self::new(sources, vec![diagnostic])
    }

    /// Adds findings about other texts.
    pub fn append(&mut self, others: Self) {
        let moved = self.sources.append(others.sources);
        self.list.extend(others.list.into_iter().map(|mut one| {
            let edits = one.fix.iter_mut().flat_map(|fix| &mut fix.edits).map(|edit| &mut edit.span);
            let labels = one.primary.iter_mut().chain(&mut one.secondary).map(|label| &mut label.span);
            edits.chain(labels).for_each(|span| *span = moved.span(*span));
            one
        }));
    }

    /// Removes duplicate findings, which arise if two projects share a file.
    pub fn dedup(&mut self) {
        let mut seen = HashSet::new();
        let sources = &self.sources;
        self.list.retain(|one| {
            let place = one.primary.as_ref().map(|label| label.span);
            let place = place.map(|span| (sources.name(span.source).to_owned(), span.range()));
            seen.insert((one.code, one.message.clone(), place))
        });
    }

    /// Returns true if at least one finding is an error.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.list)
    }

    /// Returns the findings to show in full, so that many do not flood the screen: errors first, then
    /// warnings, in their order; and a note about the number of the others, if there are more.
    pub fn foremost(&self) -> (Self, Option<String>) {
        const MOST: usize = 20;
        let left = self.list.len().saturating_sub(MOST);
        if left == 0 {
            return (self.clone(), None);
        }
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|at| self.list[*at].severity);
        order.truncate(MOST);
        order.sort_unstable();
        let list = order.into_iter().map(|at| self.list[at].clone()).collect();
        (Self::new(self.sources.clone(), list), Some(format!("and {left} more")))
    }

    /// Sorts findings by text, then by offset.
    pub fn sort(&mut self) {
        self.list.sort_by(|left, right| {
            let place = |diagnostic: &Diagnostic| diagnostic.primary.as_ref().map(|label| label.span);
            place(left).cmp(&place(right)).then_with(|| left.message.cmp(&right.message))
        });
        self.list.dedup();
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&render::plain(self))
    }
}

impl std::error::Error for Diagnostics {}

/// Returns true if at least one of the findings is an error.
pub fn has_errors(list: &[Diagnostic]) -> bool {
    list.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Returns a count with its noun: `1 file`, `2 files`. The noun must form its plural with `s`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
