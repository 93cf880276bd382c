//! `require-selections` on abstract types: the requirements of the two linters for the members.

use super::{fragment, selection_line};
use crate::lint_peer::reasons::{Documents, Place, walk};
use apollo_compiler::ast::{Field, Selection};
use apollo_compiler::schema::ExtendedType;

const IDENTIFIER: &str = "id";

/// A field with the type conditions that it is selected under.
struct Selected<'d> {
    conditions: Vec<&'d str>,
    field: &'d Field,
}

/// The selection set at the place is of an abstract type of which the peer asks nothing, or has an identifier somewhere; and
/// a member of it is selected from without one.
pub fn is_member_without_identifier(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let Some(document) = documents.documents.get(place.file) else { return false };
    let mut holds = false;
    walk(&documents.schema, document, |parent, selections, start| {
        let first = selections.first().and_then(|one| selection_line(document, one));
        // The brace is at or after the name, and at or before the first selection.
        let is_here = start.is_some() && start <= place.line && place.line <= first;
        if let Some(parent) = parent.filter(|parent| is_here && *parent == place.named()) {
            let mut selected = Vec::new();
            collect(documents, selections, &[], &mut selected);
            holds |= is_passed_by_peer(documents, parent, selections, &selected)
                && members(documents, parent).any(|member| lacks_identifier(documents, member, &selected));
        }
    });
    holds
}

fn collect<'d>(
    documents: &'d Documents<'_>,
    selections: &'d [Selection],
    path: &[(&'d str, bool)],
    selected: &mut Vec<Selected<'d>>,
) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let conditions = path.iter().filter(|(_, is_condition)| *is_condition).map(|(name, _)| *name).collect();
                selected.push(Selected { conditions, field });
            }
            Selection::InlineFragment(inline) => {
                let condition = inline.type_condition.as_ref().map(|name| (name.as_str(), true));
                let path: Vec<_> = path.iter().copied().chain(condition).collect();
                collect(documents, &inline.selection_set, &path, selected);
            }
            Selection::FragmentSpread(spread) => {
                let name = (spread.fragment_name.as_str(), false);
                let Some((_, fragment)) = fragment(documents, name.0).filter(|_| !path.contains(&name)) else {
                    continue;
                };
                let path: Vec<_> =
                    path.iter().copied().chain([name, (fragment.type_condition.as_str(), true)]).collect();
                collect(documents, &fragment.selection_set, &path, selected);
            }
        }
    }
}

fn members<'d>(documents: &'d Documents<'_>, parent: &'d str) -> impl Iterator<Item = &'d str> {
    let objects = documents.schema.types.iter().filter(|(_, ty)| ty.is_object()).map(|(name, _)| name.as_str());
    objects.filter(move |name| documents.schema.is_subtype(parent, name))
}

/// Returns the peer skips an interface without the field, a union of which no member is named, and a union with an
/// identifier anywhere.
fn is_passed_by_peer(
    documents: &Documents<'_>,
    parent: &str,
    selections: &[Selection],
    selected: &[Selected<'_>],
) -> bool {
    match documents.schema.types.get(parent) {
        Some(ExtendedType::Interface(of)) => !of.fields.contains_key(IDENTIFIER),
        Some(ExtendedType::Union(of)) => {
            let condition = |one: &Selection| match one {
                Selection::InlineFragment(inline) => inline.type_condition.clone(),
                Selection::FragmentSpread(spread) => {
                    fragment(documents, &spread.fragment_name).map(|(_, fragment)| fragment.type_condition.clone())
                }
                Selection::Field(_) => None,
            };
            let is_member = |one: &Selection| condition(one).is_some_and(|name| of.members.contains(&*name));
            !selections.iter().any(is_member) || selected.iter().any(|one| one.field.name == IDENTIFIER)
        }
        _ => false,
    }
}

/// Returns a type that has an identifier is selected from, by its name or that of an interface with the field, and not
/// the identifier.
fn lacks_identifier(documents: &Documents<'_>, member: &str, selected: &[Selected<'_>]) -> bool {
    let has_identifier = |ty: &str| documents.schema.type_field(ty, IDENTIFIER).is_ok();
    let applies =
        |one: &Selected<'_>| one.conditions.iter().all(|ty| *ty == member || documents.schema.is_subtype(ty, member));
    let fields: Vec<_> = selected.iter().filter(|one| applies(one)).collect();
    let is_asked =
        fields.iter().any(|one| one.field.name != "__typename" && one.conditions.iter().any(|ty| has_identifier(ty)));
    let is_identified = |one: &&Selected<'_>| one.field.name == IDENTIFIER || *one.field.response_name() == *IDENTIFIER;
    has_identifier(member) && is_asked && !fields.iter().any(is_identified)
}
