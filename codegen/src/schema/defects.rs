//! What is wrong with a schema, as far as an index can tell: cheap enough for every run.

use super::index::{Entry, Index};
use super::scan::{Kind, Member};
use super::stored;
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Sources, Span};
use std::collections::HashMap;
use std::ops::Range;

/// Warnings about what is defined twice, and about types that nothing defines, in all of a schema.
///
/// Loading whole schemas finds more (interfaces that are not implemented right, for example); that
/// is the business of those who publish them. Texts that are no SDL have no warnings: loading tells.
pub fn defects(sources: &Sources, texts: &[SourceId]) -> Vec<Diagnostic> {
    let stored = stored(sources, texts);
    let Some(index) = &stored.index else { return Vec::new() };
    let mut search = Search { index, texts, found: Vec::new() };
    let mut types: HashMap<&str, &Entry> = HashMap::new();
    let mut directives: HashMap<&str, &Entry> = HashMap::new();
    let mut fields: HashMap<(&str, &str), (&Entry, &Member)> = HashMap::new();
    for entry in index.entries() {
        // What was converted has no place that a user could look at.
        if stored.texts.get(entry.text).is_none_or(|text| text.as_ref().is_ok_and(|text| text.converted)) {
            continue;
        }
        search.references(entry);
        let name = index.words(entry, &entry.definition.name);
        let (known, what) = match entry.definition.kind {
            Kind::Schema => continue,
            Kind::Directive => (&mut directives, "directive"),
            _ => (&mut types, "type"),
        };
        if !entry.definition.is_extension {
            let first = *known.entry(name).or_insert(entry);
            if !std::ptr::eq(first, entry) {
                let places = [(first, &first.definition.name), (entry, &entry.definition.name)];
                search.twice(format!("the {what} `{name}` is defined twice"), places);
                continue;
            }
        }
        if what == "directive" {
            continue;
        }
        for member in index.members(entry).unwrap_or_default() {
            let field = index.words(entry, &member.name);
            let first = *fields.entry((name, field)).or_insert((entry, member));
            if !std::ptr::eq(first.1, member) {
                let places = [(first.0, &first.1.name), (entry, &member.name)];
                search.twice(format!("`{name}.{field}` is defined twice"), places);
            }
        }
    }
    search.found
}

struct Search<'a> {
    index: &'a Index,
    texts: &'a [SourceId],
    found: Vec<Diagnostic>,
}

impl Search<'_> {
    fn twice(&mut self, message: String, [first, second]: [(&Entry, &Range<usize>); 2]) {
        let diagnostic = Diagnostic::warning("schema", message).at(self.place(second), "the second one");
        self.found.push(diagnostic.also(self.place(first), "the first one, which counts"));
    }

    fn place(&self, (entry, range): (&Entry, &Range<usize>)) -> Option<Span> {
        self.texts.get(entry.text).map(|text| Span::new(*text, range.clone()))
    }

    /// Types that a definition names and nothing defines.
    fn references(&mut self, entry: &Entry) {
        for name in &entry.definition.names {
            self.reference(entry, name);
        }
        if matches!(entry.definition.kind, Kind::Enum | Kind::Schema) {
            return;
        }
        for member in self.index.members(entry).unwrap_or_default() {
            self.reference(entry, &member.ty);
            for argument in self.index.arguments(entry, member).unwrap_or_default() {
                self.reference(entry, &argument.ty);
            }
        }
    }

    fn reference(&mut self, entry: &Entry, name: &Range<usize>) {
        let ty = self.index.words(entry, name);
        if !self.index.has_type(ty) {
            let message = format!("nothing defines the type `{ty}`");
            self.found.push(Diagnostic::warning("schema", message).at(self.place((entry, name)), ""));
        }
    }
}
