//! From places of the parser to places in our texts.

use crate::source::{SourceId, Span};
use apollo_compiler::ast::Document;
use apollo_compiler::parser::{FileId, SourceSpan};
use std::collections::HashMap;

/// Which of our texts a file of the parser is.
#[derive(Debug, Default, Clone)]
pub struct Places(HashMap<FileId, SourceId>);

impl Places {
    /// Remembers the text of a parsed document.
    pub fn record(&mut self, document: &Document, source: SourceId) {
        self.0.extend(document.sources.keys().map(|file| (*file, source)));
    }

    /// A place of the parser as a place in our texts; built-in definitions have none.
    pub fn span(&self, location: Option<SourceSpan>) -> Option<Span> {
        let location = location?;
        let source = *self.0.get(&location.file_id())?;
        Some(Span { source, start: location.offset(), end: location.end_offset() })
    }
}
