//! Defects of a schema that its index shows: cheap enough to look for in every run.

use super::index::{Entry, Index};
use super::stored;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::scan::Kind;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::ops::Range;

/// Warnings about what is defined twice, and about types that nothing defines, in all of a schema.
///
/// Loading whole schemas finds more (interfaces that are not implemented right, for example); that
/// is the business of those who publish them. Texts that are not SDL have no warnings: loading reports them.
pub fn defects(sources: &Sources, texts: &[SourceId]) -> Vec<Diagnostic> {
    let stored = stored(sources, texts, texts.len());
    let Some(index) = stored.index() else { return Vec::new() };
    let mut search = Search { index, texts, found: Vec::new() };
    let mut types: FxHashMap<&str, &Entry> = FxHashMap::default();
    let mut directives: FxHashMap<&str, &Entry> = FxHashMap::default();
    // Of types that are extended: what was defined before the extension.
    let mut extended: FxHashMap<&str, Fields<'_>> = FxHashMap::default();
    let mut fields = Fields::default();
    for entry in index.entries() {
        // What was converted has no place that a user could look at.
        if stored.texts.get(entry.text).is_none_or(|text| text.as_ref().is_ok_and(|text| text.converted)) {
            continue;
        }
        search.names(entry);
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
            search.members(entry, name, &mut Fields::default());
        } else if index.of_type(name).len() > 1 {
            search.members(entry, name, extended.entry(name).or_default());
        } else {
            fields.clear();
            search.members(entry, name, &mut fields);
        }
    }
    search.found
}

struct Search<'a> {
    index: &'a Index,
    texts: &'a [SourceId],
    found: Vec<Diagnostic>,
}

/// Where the members of a type are defined.
type Fields<'a> = FxHashMap<&'a str, (&'a Entry, Range<usize>)>;

impl<'a> Search<'a> {
    fn twice(&mut self, message: String, [first, second]: [(&Entry, &Range<usize>); 2]) {
        let diagnostic = Diagnostic::warning(Code::SCHEMA, message).at(self.place(second), "the second one");
        self.found.push(diagnostic.also(self.place(first), "the first one, which counts"));
    }

    fn place(&self, (entry, range): (&Entry, &Range<usize>)) -> Option<Span> {
        self.texts.get(entry.text).map(|text| Span::new(*text, range.clone()))
    }

    /// Types that a definition lists and nothing defines.
    fn names(&mut self, entry: &Entry) {
        for name in &entry.definition.names {
            self.reference(entry, name);
        }
    }

    /// Members that are defined twice, and their types that nothing defines.
    fn members(&mut self, entry: &'a Entry, name: &str, fields: &mut Fields<'a>) {
        let index = self.index;
        let kind = entry.definition.kind;
        for member in index.each_member(entry) {
            let field = index.words(entry, &member.name);
            match fields.entry(field) {
                Occupied(first) => {
                    let (first, range) = first.get();
                    let places = [(*first, range), (entry, &member.name)];
                    self.twice(format!("`{name}.{field}` is defined twice"), places);
                }
                Vacant(place) => {
                    place.insert((entry, member.name.clone()));
                }
            }
            if kind == Kind::Enum {
                continue;
            }
            self.reference(entry, &member.ty);
            for argument in index.arguments(entry, &member).flatten() {
                self.reference(entry, &argument.ty);
            }
        }
    }

    fn reference(&mut self, entry: &Entry, name: &Range<usize>) {
        let ty = self.index.words(entry, name);
        if !self.index.has_type(ty) {
            let message = format!("nothing defines the type `{ty}`");
            self.found.push(Diagnostic::warning(Code::SCHEMA, message).at(self.place((entry, name)), ""));
        }
    }
}
