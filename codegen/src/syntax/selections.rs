//! Selections as they are written, without a schema and without following spreads.

use apollo_compiler::ast::{DirectiveList, Selection};
use apollo_compiler::parser::SourceSpan;

/// Returns all selections of a selection set, at any depth, in the order of the text.
pub fn all(selections: &[Selection]) -> impl Iterator<Item = &Selection> {
    let mut open = vec![selections.iter()];
    std::iter::from_fn(move || {
        while let Some(set) = open.last_mut() {
            if let Some(selection) = set.next() {
                open.push(below(selection).iter());
                return Some(selection);
            }
            open.pop();
        }
        None
    })
}

/// Returns the selection set of a field or inline fragment; it is empty for leaves and spreads.
pub fn below(selection: &Selection) -> &[Selection] {
    match selection {
        Selection::Field(field) => &field.selection_set,
        Selection::InlineFragment(inline) => &inline.selection_set,
        Selection::FragmentSpread(_) => &[],
    }
}

/// Returns the location of a selection.
pub fn location(selection: &Selection) -> Option<SourceSpan> {
    match selection {
        Selection::Field(field) => field.location(),
        Selection::InlineFragment(inline) => inline.location(),
        Selection::FragmentSpread(spread) => spread.location(),
    }
}

/// Returns the directives of a selection.
pub fn directives(selection: &Selection) -> &DirectiveList {
    match selection {
        Selection::Field(field) => &field.directives,
        Selection::InlineFragment(inline) => &inline.directives,
        Selection::FragmentSpread(spread) => &spread.directives,
    }
}
