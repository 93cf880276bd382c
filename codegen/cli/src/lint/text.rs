//! A text being linted: its tokens, spans, and the findings so far.

use super::context::{comments_above, without_line};
use crate::diagnostic::{Code, Diagnostic, Fix, Safety, Severity};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::Places;
use crate::syntax::tokens::Tokens;
use apollo_compiler::{Name, Node};
use std::cell::{Cell, OnceCell, RefCell};

/// A text, document or schema: the part of a context that all rules share.
#[derive(Debug)]
pub struct TextContext<'a> {
    /// The texts of the project.
    pub sources: &'a Sources,
    source: SourceId,
    places: &'a Places,
    tokens: OnceCell<Tokens>,
    /// The name and severity of the current rule.
    rule: Cell<(Code, Severity)>,
    found: RefCell<Vec<Diagnostic>>,
}

impl<'a> TextContext<'a> {
    /// Creates a text without findings; `places` maps nodes of its syntax tree to spans.
    pub fn new(sources: &'a Sources, source: SourceId, places: &'a Places) -> Self {
        Self {
            sources,
            source,
            places,
            tokens: OnceCell::new(),
            rule: Cell::new((Code::INTERNAL, Severity::Error)),
            found: RefCell::default(),
        }
    }

    /// Attributes the findings that follow to a rule.
    pub fn enter(&self, rule: &'static str, severity: Severity) {
        self.rule.set((Code::new(rule), severity));
    }

    /// Returns the findings, in the order of reporting.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.found.into_inner()
    }

    /// Reports a finding of the current rule.
    pub fn say(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }

    /// Creates a finding of the current rule.
    pub fn finding(&self, span: Option<Span>, message: impl Into<String>) -> Diagnostic {
        let (code, severity) = self.rule.get();
        Diagnostic::new(code, severity, message).at(span, "")
    }

    /// Returns the text of the file.
    pub fn text(&self) -> &'a str {
        self.sources.text(self.source)
    }

    /// Returns the name of the file.
    pub fn path(&self) -> &'a str {
        self.sources.name(self.source)
    }

    /// Returns a range of the file as a span.
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    /// Returns the tokens of the file.
    pub fn tokens(&self) -> &Tokens {
        self.tokens.get_or_init(|| Tokens::new(self.text()))
    }

    /// Returns the span of a name.
    pub fn name(&self, name: &Name) -> Option<Span> {
        self.places.span(name.location())
    }

    /// Returns the span of a node, up to its last token.
    pub fn node<T: ?Sized>(&self, node: &Node<T>) -> Option<Span> {
        let span = self.places.span(node.location())?;
        Some(Span { end: self.tokens().end_before(span.end).max(span.start), ..span })
    }

    /// Returns the first token of a node.
    pub fn head<T>(&self, node: &Node<T>) -> Option<Span> {
        let span = self.places.span(node.location())?;
        let end = self.tokens().end_of(span.start)?;
        Some(Span { end, ..span })
    }

    /// Returns a fix that removes a span, and its line if nothing else is on it.
    pub fn removal(&self, span: Option<Span>, title: impl Into<String>, safety: Safety) -> Option<Fix> {
        let span = span?;
        // Comments with settings for the removed node must not apply to the next one.
        let above = comments_above(self.text(), span.start);
        if self.text()[above..span.start].contains("@graphwright") {
            return None;
        }
        Some(Fix::new(safety, title, self.span(without_line(self.text(), span.range())), ""))
    }

    /// Returns a fix that replaces a span.
    pub fn replacement(
        &self,
        span: Option<Span>,
        new: impl Into<String>,
        title: impl Into<String>,
        safety: Safety,
    ) -> Option<Fix> {
        span.map(|span| Fix::new(safety, title, span, new))
    }
}
