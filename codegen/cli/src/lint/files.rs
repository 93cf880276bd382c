//! The texts of a project.

use super::rust;
use crate::schema::ClientSide;
use crate::source::{SourceId, Sources, Text};
use crate::syntax::{Outline, outline};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// The texts of a project.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// All texts.
    pub sources: Sources,
    /// The texts of the schema.
    pub schema: Vec<SourceId>,
    /// The client-side extensions of the schema.
    pub client: ClientSide,
    /// Files with operations and fragments.
    pub files: Vec<File>,
}

/// A document: a file, or a literal in a Rust file.
#[derive(Debug, Clone)]
pub struct File {
    /// The text. For a literal, the text around it is replaced by blanks, so that offsets are those of the file.
    pub source: SourceId,
    /// The definitions in it.
    pub outline: Outline,
    /// The whole text of the Rust file.
    pub rust: Option<rust::Around>,
}

impl Project {
    /// Adds a document of a file.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Text>) {
        let text = text.into();
        let outline = outline(&text);
        let source = self.sources.add(path, text);
        self.files.push(File { source, outline, rust: None });
    }

    /// Returns the index of each document. It stays the same when fixes change the text.
    pub fn numbers(&self) -> FxHashMap<SourceId, usize> {
        self.files.iter().enumerate().map(|(at, file)| (file.source, at)).collect()
    }

    /// Returns the whole text of a file.
    pub fn whole_text(&self, path: &str) -> &str {
        let file = self.files.iter().find(|file| self.sources.name(file.source) == path);
        let schema = || self.schema.iter().find(|text| self.sources.name(**text) == path);
        match file {
            Some(file) => file.rust.as_ref().map_or_else(|| self.sources.text(file.source), |around| &around.whole),
            None => schema().map_or("", |text| self.sources.text(*text)),
        }
    }

    /// Adds many files at once; their outlines are made in parallel.
    pub fn add_all(&mut self, texts: Vec<(String, Text)>) {
        let outlines: Vec<Outline> = texts.par_iter().map(|(_, text)| outline(text)).collect();
        for ((path, text), outline) in texts.into_iter().zip(outlines) {
            let source = self.sources.add(path, text);
            self.files.push(File { source, outline, rust: None });
        }
    }

    /// Adds the documents of a Rust file.
    pub fn add_rust(&mut self, path: &str, text: &Text) {
        for literal in rust::documents(text) {
            let outline = outline(&literal.text);
            let source = self.sources.add(path, literal.text);
            let around = rust::Around { whole: text.clone(), range: literal.range, raw: literal.raw };
            self.files.push(File { source, outline, rust: Some(around) });
        }
    }
}
