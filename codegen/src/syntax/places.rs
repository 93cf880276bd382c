//! Maps locations of the parser to spans.

use crate::source::{SourceId, Span};
use apollo_compiler::ast::Document;
use apollo_compiler::parser::{FileId, SourceSpan};
use std::collections::HashMap;

/// The sources of the parser's files.
#[derive(Debug, Default, Clone)]
pub struct Places(HashMap<FileId, SourceId>);

impl Places {
    /// Records the source of a parsed document.
    pub fn record(&mut self, document: &Document, source: SourceId) {
        self.0.extend(document.sources.keys().map(|file| (*file, source)));
    }

    /// Returns the span of a parser location; `None` for built-in definitions.
    pub fn span(&self, location: Option<SourceSpan>) -> Option<Span> {
        let location = location?;
        let source = *self.0.get(&location.file_id())?;
        Some(Span { source, start: location.offset(), end: location.end_offset() })
    }
}
