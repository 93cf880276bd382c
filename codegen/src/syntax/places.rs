//! Maps locations of the parser to spans.

use crate::source::{SourceId, Span};
use apollo_compiler::ast::Document;
use apollo_compiler::parser::{FileId, SourceSpan};
use std::collections::HashMap;

/// The sources of the parser's files.
#[derive(Debug, Default, Clone)]
pub struct Places(HashMap<FileId, Origin>);

impl Places {
    /// Records the source of a parsed document.
    pub fn record(&mut self, document: &Document, source: SourceId) {
        self.record_excerpt(document, Origin { source, pieces: Vec::new() });
    }

    pub(crate) fn record_excerpt(&mut self, document: &Document, origin: Origin) {
        self.0.extend(document.sources.keys().map(|file| (*file, origin.clone())));
    }

    /// Returns the span of a parser location; `None` for built-in definitions.
    pub fn span(&self, location: Option<SourceSpan>) -> Option<Span> {
        let location = location?;
        let origin = self.0.get(&location.file_id())?;
        let start = origin.offset(location.offset());
        Some(Span { source: origin.source, start, end: start + (location.end_offset() - location.offset()) })
    }
}

/// The origin of the pieces of an excerpt.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The text.
    pub source: SourceId,
    /// The offset of each piece in the excerpt and in the text; empty if the excerpt is the whole text.
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
