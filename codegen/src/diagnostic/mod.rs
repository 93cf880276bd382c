//! The one shape of everything that is said about a text.
//!
//! Parsing, validation, configuration and lowering all produce [`Diagnostic`]s:
//! plain data with places in it. How they look to a person is decided by
//! [`render`], and nowhere else.

#[cfg(feature = "lint")]
pub mod formats;
pub mod render;
mod suggest;

use crate::source::{Sources, Span};
use apollo_compiler::coordinate::SchemaCoordinate;
use std::collections::HashSet;
pub use suggest::{closest, did_you_mean, question};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Said, and the work goes on.
    Warning,
    /// Worth knowing.
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

/// A change of texts that mends what a diagnostic is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does: "remove the second `name`".
    pub title: String,
    /// Whether it may be made without asking.
    pub safety: Safety,
    /// The changes, which belong together. Findings are errors of many functions, so they are kept small.
    pub edits: Box<[Edit]>,
    /// The name that a definition gets by it: no two definitions can get the same.
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

/// Whether a fix keeps what documents mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// Operations send and receive the same before and after.
    Safe,
    /// They may not.
    Unsafe,
}

/// A range of a text and what is to be there instead.
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

    /// Sets the same fix, which gives a definition a name.
    #[must_use]
    pub fn defining(mut self, name: DefinedName) -> Self {
        self.defines = Some(Box::new(name));
        self
    }
}

/// A place in a text and what is to be said there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// May be empty: the place is then only marked.
    pub text: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable name for the kind of finding, for example `undefined-field`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The headline: one short sentence without a full stop.
    pub message: String,
    /// The place that the finding is about; a finding about a whole run has none.
    pub primary: Option<Label>,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// Why it is so, when the headline does not say it.
    pub note: Option<String>,
    /// What would mend it.
    pub fix: Option<Fix>,
    /// The parts of the schema that it depends on, the nearest first: if one of them changes, that is why.
    pub about: Vec<SchemaCoordinate>,
}

impl Diagnostic {
    /// Creates an error without a place.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message.into())
    }

    /// Creates a warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message.into())
    }

    /// Something worth knowing, without a place.
    pub fn info(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Info, message.into())
    }

    fn new(code: &'static str, severity: Severity, message: String) -> Self {
        Self {
            code,
            severity,
            message,
            primary: None,
            secondary: Vec::new(),
            help: None,
            note: None,
            fix: None,
            about: Vec::new(),
        }
    }

    /// Points the diagnostic at a place.
    #[must_use]
    pub fn at(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        self.primary = span.map(|span| Label { span, text: text.into() });
        self
    }

    /// Adds a place that explains it.
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

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a fix.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// Says why.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// Findings together with the texts that they point into.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    /// The texts.
    pub sources: Sources,
    /// The findings, in the order in which they should be read.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Findings about texts.
    pub fn new(sources: Sources, list: Vec<Diagnostic>) -> Self {
        Self { sources, list }
    }

    /// Creates a single finding.
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

    /// Takes findings out that are there twice, since two projects have a file.
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

    /// Returns the findings that are shown in full where many would push each other off the screen: errors first, then
    /// warnings, in their order; and what to say about the others, if there are more.
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

    /// Puts findings in the order of their places: by text, then by offset.
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
