//! What did not get its usual name, as notes for people: each once, with the places of all that is concerned.

use super::definition_names::{FragmentName, Named, What};
use super::lower::Lowerer;
use super::names::Assigned;
use crate::diagnostic::{Code, Diagnostic};
use crate::query::{SelectedField, SelectionSet};
use crate::source::Span;
use indexmap::IndexMap;

/// Something that has a distinct name.
#[derive(Debug)]
pub struct Noted {
    /// What it is, for people: "field `userID`".
    pub what: String,
    /// Its names in Rust.
    pub rust: Vec<String>,
    /// Where it is.
    pub span: Option<Span>,
}

/// A usual name, and what could have had it.
type Key = (String, Vec<(String, Vec<String>)>);

/// Notes of a whole run.
#[derive(Debug, Default)]
pub struct Notes {
    /// The places of what each note is about, and how often it is so.
    notes: IndexMap<Key, (Vec<Option<Span>>, usize)>,
}

impl Notes {
    /// Notes what has no usual name in a scope; `noted` says what a candidate is.
    pub fn add(&mut self, assigned: &Assigned, noted: impl Fn(usize) -> (String, Option<Span>)) {
        for collision in &assigned.collisions {
            let things = collision.members.iter().map(|at| {
                let (what, span) = noted(*at);
                Noted { what, rust: assigned.names[*at].clone(), span }
            });
            self.push(&collision.usual, things.collect());
        }
    }

    fn push(&mut self, usual: &str, things: Vec<Noted>) {
        let (mut key, mut spans) = (Vec::new(), Vec::new());
        for thing in things {
            key.push((thing.what, thing.rust));
            spans.push(thing.span);
        }
        self.notes.entry((usual.to_owned(), key)).or_insert((spans, 0)).1 += 1;
    }

    /// The notes, each once.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let diagnostic = |((usual, things), (spans, count)): (Key, (Vec<Option<Span>>, usize))| {
            let whats: Vec<&str> = things.iter().map(|(what, _)| what.as_str()).collect();
            let names: Vec<String> =
                things.iter().map(|(_, rust)| format!("`{}`", rust.first().map_or("", String::as_str))).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let message = match things.as_slice() {
                [_] => format!("{} cannot be `{usual}` in Rust; generated as {}", listed(&whats), listed(&names)),
                [_, _] => {
                    format!("{} would both be `{usual}` in Rust; generated as {}", listed(&whats), listed(&names))
                }
                _ => format!("{} would all be `{usual}` in Rust; generated as {}", listed(&whats), listed(&names)),
            };
            let mut labels =
                things.iter().zip(spans).map(|((_, rust), span)| (span, format!("`{}`", rust.join("`, `"))));
            let mut diagnostic = Diagnostic::info(Code::NAME_COLLISION, message);
            if let Some((span, text)) = labels.next() {
                diagnostic = diagnostic.at(span, text);
            }
            diagnostic = labels.fold(diagnostic, |diagnostic, (span, text)| diagnostic.also(span, text));
            match count {
                0 | 1 => diagnostic,
                _ => diagnostic.note(format!("the same in {count} selection sets")),
            }
        };
        self.notes.into_iter().map(diagnostic).collect()
    }
}

/// `a, b and c`
fn listed(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

impl Lowerer<'_> {
    /// Notes what has no usual name in a definition: an operation, or a fragment, of that file.
    pub(super) fn note_definition(
        &self,
        notes: &mut Notes,
        named: &Named,
        set: SelectionSet<'_>,
        fragments: &[FragmentName],
    ) {
        for renamed in &named.renamed {
            let things = renamed.things.iter().map(|thing| {
                let fields = |way: &[String]| {
                    let all: Vec<SelectedField<'_>> = self.documents.fields(set).collect();
                    way.iter().fold(all, |fields, key| {
                        let same = fields.into_iter().filter(|field| field.key() == key.as_str());
                        same.flat_map(|field| self.below(field)).collect()
                    })
                };
                let place = |way: &[String], key: &str| {
                    let field = fields(way).into_iter().find(|field| field.key() == key)?;
                    self.documents.place(field.field)
                };
                let (what, span) = match &thing.what {
                    What::Key(key) => (format!("field `{key}`"), place(&thing.way, key)),
                    What::Spread(fragment) => {
                        (format!("fragment `...{}`", fragments[fragment.0].graphql), owner(&thing.way, place))
                    }
                    What::Arm(conditions) => {
                        (format!("variant `{}`", conditions.join("` and `")), owner(&thing.way, place))
                    }
                    What::Type => (format!("type of `{}`", thing.way.join(".")), owner(&thing.way, place)),
                };
                Noted { what, rust: vec![thing.rust.clone()], span }
            });
            notes.push(&renamed.usual, things.collect());
        }
    }
}

/// The place of the field that a selection set is of.
fn owner(way: &[String], place: impl Fn(&[String], &str) -> Option<Span>) -> Option<Span> {
    let (last, way) = way.split_last()?;
    place(way, last)
}
