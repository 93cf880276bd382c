//! Documents without what is wrong in them.
//!
//! In: documents, and where errors are. Out: documents in which the fields that errors are about are
//! `__typename`, and without the other selections, variables and definitions that they are about. The macro generates code from what is left, so that a
//! misspelt field does not take its whole operation with it.

use super::{Documents, File};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::syntax::selections;
use apollo_compiler::Name;
use apollo_compiler::ast::{Definition, Selection};

impl Documents {
    /// The documents without what errors are about.
    #[must_use]
    pub fn without(self, problems: &[Diagnostic]) -> Self {
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
        let spans: Vec<Span> = errors.filter_map(|problem| Some(problem.primary.as_ref()?.span)).collect();
        let places = Places { documents: &self, errors: &spans };
        let files = self.files.iter().map(|file| places.file(file)).collect();
        Self::new(files, self.places)
    }
}

struct Places<'a> {
    documents: &'a Documents,
    errors: &'a [Span],
}

impl Places<'_> {
    fn file(&self, file: &File) -> File {
        let mut file = file.clone();
        file.ast.definitions.retain_mut(|definition| match definition {
            Definition::OperationDefinition(node) => {
                let mut errors = self.inside(self.documents.place(node));
                if errors.is_empty() {
                    return true;
                }
                let operation = node.make_mut();
                operation.variables.retain(|variable| !self.takes(&mut errors, self.documents.place(variable)));
                self.selections(&mut operation.selection_set, &mut errors);
                errors.is_empty() && !operation.selection_set.is_empty()
            }
            Definition::FragmentDefinition(node) => {
                let mut errors = self.inside(self.documents.place(node));
                if errors.is_empty() {
                    return true;
                }
                let fragment = node.make_mut();
                self.selections(&mut fragment.selection_set, &mut errors);
                errors.is_empty() && !fragment.selection_set.is_empty()
            }
            _ => false,
        });
        file
    }

    /// Takes out selections that errors are about, and those errors.
    fn selections(&self, selections: &mut Vec<Selection>, errors: &mut Vec<Span>) {
        selections.retain_mut(|selection| {
            let place = self.documents.places.span(selections::location(selection));
            let mut own = errors.iter().copied().filter(|error| contains(place, *error)).collect::<Vec<_>>();
            if own.is_empty() {
                return true;
            }
            let below = match selection {
                Selection::Field(node) => {
                    let field = node.make_mut();
                    field.arguments.retain(|argument| !self.takes(&mut own, self.documents.place(argument)));
                    if own.is_empty() {
                        errors.retain(|error| !contains(place, *error));
                        return true;
                    }
                    Some(&mut field.selection_set)
                }
                Selection::InlineFragment(node) => Some(&mut node.make_mut().selection_set),
                Selection::FragmentSpread(_) => None,
            };
            let is_left = below.is_some_and(|below| {
                self.selections(below, &mut own);
                own.is_empty() && !below.is_empty()
            });
            errors.retain(|error| !contains(place, *error));
            is_left || stands_in(selection)
        });
    }

    /// True if errors are inside a place; they are then done with.
    fn takes(&self, errors: &mut Vec<Span>, place: Option<Span>) -> bool {
        let before = errors.len();
        errors.retain(|error| !contains(place, *error));
        errors.len() < before
    }

    fn inside(&self, place: Option<Span>) -> Vec<Span> {
        self.errors.iter().copied().filter(|error| contains(place, *error)).collect()
    }
}

/// Makes a field that cannot be one that always can, under the same response key: shapes stay as they
/// are, and code that uses the field gets no error. False where that was tried.
fn stands_in(selection: &mut Selection) -> bool {
    const TYPENAME: Name = apollo_compiler::name!("__typename");
    match selection {
        Selection::Field(node) if node.name != TYPENAME => {
            let field = node.make_mut();
            field.alias = Some(field.alias.take().unwrap_or_else(|| field.name.clone()));
            field.name = TYPENAME;
            field.arguments.clear();
            field.selection_set.clear();
            true
        }
        _ => false,
    }
}

fn contains(place: Option<Span>, error: Span) -> bool {
    place.is_some_and(|place| place.source == error.source && place.start <= error.start && error.end <= place.end)
}
