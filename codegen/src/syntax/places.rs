//! From places of the parser to places in our texts.

use crate::source::{SourceId, Span};
use apollo_compiler::ast::Document;
use apollo_compiler::parser::{FileId, SourceSpan};
use std::collections::HashMap;

/// Which of our texts a file of the parser is.
#[derive(Debug, Default, Clone)]
pub struct Places(HashMap<FileId, Origin>);

impl Places {
    /// Remembers the text of a parsed document.
    pub fn record(&mut self, document: &Document, source: SourceId) {
        self.record_excerpt(document, Origin { source, pieces: Vec::new() });
    }

    pub(crate) fn record_excerpt(&mut self, document: &Document, origin: Origin) {
        self.0.extend(document.sources.keys().map(|file| (*file, origin.clone())));
    }

    /// Returns a place of the parser as a place in our texts; built-in definitions have none.
    pub fn span(&self, location: Option<SourceSpan>) -> Option<Span> {
        let location = location?;
        let origin = self.0.get(&location.file_id())?;
        let start = origin.offset(location.offset());
        Some(Span { source: origin.source, start, end: start + (location.end_offset() - location.offset()) })
    }
}

/// Where the pieces of an excerpt came from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The text.
    pub source: SourceId,
    /// Where each piece begins in the excerpt, and in the text; empty if the excerpt is the text.
    pub pieces: Vec<(usize, usize)>,
}

impl Origin {
    /// Returns the offset in the text of an offset in the excerpt.
    pub fn offset(&self, offset: usize) -> usize {
        match self.pieces[..self.pieces.partition_point(|(start, _)| *start <= offset)].last() {
            Some((start, origin)) => offset - start + origin,
            None => offset,
        }
    }
}
