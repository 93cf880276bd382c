//! Reasons for findings in documents.

use super::{Documents, Place, Reason, Side, line, walk};
use apollo_compiler::ast::{Definition, Document, Field, FragmentDefinition, Selection};
use std::collections::BTreeSet;

mod members;

pub const REASONS: &[Reason] = &[
    Reason {
        text: "the rule of the peer ends with an exception in this file",
        rules: &[],
        side: Side::Ours,
        holds: |documents, place| documents.exceptions.contains(&(place.file.to_owned(), place.rule.to_owned())),
    },
    Reason {
        text: "the selection set is that of a fragment, and is reported in the file of the fragment, once",
        rules: &["require-selections"],
        side: Side::Theirs,
        holds: is_in_fragment,
    },
    Reason {
        text: "a fragment that is defined nowhere may select it",
        rules: &["require-selections"],
        side: Side::Theirs,
        holds: |documents, place| {
            selection_sets_at(documents, place)
                .any(|field| spreads(field).any(|name| fragment(documents, name).is_none()))
        },
    },
    Reason {
        text: "nothing but `__typename` is selected: there is no object to keep",
        rules: &["require-selections"],
        side: Side::Theirs,
        holds: |documents, place| {
            let is_typename = |one: &Selection| matches!(one, Selection::Field(field) if field.name == "__typename");
            selection_sets_at(documents, place).any(|field| field.selection_set.iter().all(is_typename))
        },
    },
    Reason {
        text: "what is too deep is in another file: the peer gives a line of that file, ours the spread that leads there",
        rules: &["selection-set-depth"],
        side: Side::Either,
        holds: is_too_deep_elsewhere,
    },
    Reason {
        text: "several files define the fragment: the peer takes the first of all, ours that of the same file",
        rules: &["selection-set-depth"],
        side: Side::Ours,
        holds: is_too_deep_in_own_fragment,
    },
    Reason {
        text: "the peer asks nothing of an interface without the field, and one identifier of all members of a union",
        rules: &["require-selections"],
        side: Side::Ours,
        holds: members::is_member_without_identifier,
    },
    Reason {
        text: "a conflict is reported at its second place, and the first is beside it",
        rules: &["overlapping-fields-can-be-merged"],
        side: Side::Either,
        holds: is_part_of_conflict,
    },
    Reason {
        text: "a selection on a leaf is reported at the field's name, where the peer has its brace",
        rules: &["scalar-leafs"],
        side: Side::Either,
        holds: is_leaf_with_brace_elsewhere,
    },
    Reason {
        text: "the peer gives a line of another file",
        rules: &["known-fragment-names", "no-duplicate-fields"],
        side: Side::Theirs,
        holds: |documents, place| !documents.written(place).contains(place.named()),
    },
    Reason {
        text: "the peer reports a fragment of another file",
        rules: &["no-unused-fragments"],
        side: Side::Theirs,
        holds: |documents, place| {
            fragment(documents, place.named()).is_some_and(|(file, _)| file != place.file)
                && !fragments(&documents.documents[place.file]).any(|one| one.name == place.named())
        },
    },
    Reason {
        text: "the peer stops after 100 violations of a rule of the specification in a file",
        rules: &["no-unused-fragments"],
        side: Side::Either,
        holds: is_past_100_unused_fragments,
    },
    Reason {
        text: "the name after `on` is the schema's",
        rules: &["naming-convention"],
        side: Side::Theirs,
        holds: is_condition_with_underscore,
    },
];

fn fragments(document: &Document) -> impl Iterator<Item = &FragmentDefinition> {
    document.definitions.iter().filter_map(|one| one.as_fragment_definition().map(|one| &**one))
}

/// Returns the file and the definition of a fragment.
fn fragment<'d>(documents: &'d Documents<'_>, name: &str) -> Option<(&'d str, &'d FragmentDefinition)> {
    let in_file = |(file, document): (&&'d str, &'d Document)| {
        fragments(document).find(|one| one.name == name).map(|one| (*file, one))
    };
    documents.documents.iter().find_map(in_file)
}

/// The most violations of a rule that graphql-js reports for a document.
const MOST_VIOLATIONS: usize = 100;

/// The file has more unused fragments than are reported; the finding names one of the rest, or the peer says that it stops.
fn is_past_100_unused_fragments(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let used = used_fragments(documents);
    let Some(document) = documents.documents.get(place.file) else { return false };
    let mut rest = fragments(document).filter(|one| !used.contains(one.name.as_str())).skip(MOST_VIOLATIONS);
    // The message that it stops has no location, and the plugin reports that as an error of its own.
    if place.message.starts_with("Cannot read properties of undefined") {
        return rest.next().is_some();
    }
    rest.any(|one| one.name == place.named() && place.is_at(line(document, &one.name)))
}

/// Returns the names of the fragments that operations spread, directly or by way of others.
fn used_fragments<'d>(documents: &'d Documents<'_>) -> BTreeSet<&'d str> {
    let mut used = BTreeSet::new();
    let operations = documents.documents.values().flat_map(|document| &document.definitions);
    let operations = operations.filter_map(|one| one.as_operation_definition());
    let mut open: Vec<&[Selection]> = operations.map(|one| &*one.selection_set).collect();
    while let Some(selections) = open.pop() {
        for selection in selections {
            match selection {
                Selection::Field(field) => open.push(&field.selection_set),
                Selection::InlineFragment(inline) => open.push(&inline.selection_set),
                Selection::FragmentSpread(spread) if used.insert(spread.fragment_name.as_str()) => {
                    open.extend(fragment(documents, &spread.fragment_name).map(|(_, one)| &*one.selection_set));
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    used
}

fn spreads(field: &Field) -> impl Iterator<Item = &str> {
    let spread = |one: &'_ Selection| one.as_fragment_spread().is_some();
    let spreads = field.selection_set.iter().filter(move |one| spread(one));
    spreads.filter_map(|one| one.as_fragment_spread().map(|one| one.fragment_name.as_str()))
}

fn fields(document: &Document) -> Vec<&Field> {
    let mut open: Vec<&[Selection]> = Vec::new();
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => open.push(&operation.selection_set),
            Definition::FragmentDefinition(fragment) => open.push(&fragment.selection_set),
            _ => {}
        }
    }
    fields_below(open)
}

fn fields_below(mut open: Vec<&[Selection]>) -> Vec<&Field> {
    let mut found = Vec::new();
    while let Some(selections) = open.pop() {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    found.push(&**field);
                    open.push(&field.selection_set);
                }
                Selection::InlineFragment(inline) => open.push(&inline.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    found
}

/// Returns the fields that a message about `field.id` may refer to: those whose selection set begins at the location.
fn selection_sets_at<'d>(documents: &'d Documents<'_>, place: &Place<'_>) -> impl Iterator<Item = &'d Field> {
    let owner = place.named().split('.').next().unwrap_or_default().to_owned();
    let document = documents.documents.get(place.file);
    let at = place.line;
    let all =
        document.into_iter().flat_map(|document| fields(document).into_iter().map(move |field| (document, field)));
    let begins_here = move |(document, field): &(&Document, &Field)| {
        let name = field.alias.as_ref().unwrap_or(&field.name);
        // The brace is at or after the last of the arguments; they are at or after the name.
        let start = line(document, name);
        let first = field.selection_set.first().and_then(|one| selection_line(document, one));
        *name == *owner && start.is_some() && start <= at && at <= first
    };
    all.filter(begins_here).map(|(_, field)| field)
}

fn selection_line(document: &Document, selection: &Selection) -> Option<usize> {
    let range = match selection {
        Selection::Field(field) => field.line_column_range(&document.sources),
        Selection::FragmentSpread(spread) => spread.line_column_range(&document.sources),
        Selection::InlineFragment(inline) => inline.line_column_range(&document.sources),
    };
    range.map(|range| range.start.line)
}

/// Returns whether a fragment in the message has a field of that name whose selection set lacks the identifier.
fn is_in_fragment(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let mut names = place.message.split('`').skip(1).step_by(2);
    let Some((owner, identifier)) = names.next().and_then(|field| field.split_once('.')) else { return false };
    let lacks = |field: &&Field| {
        let is_owner = *field.response_name() == *owner && !field.selection_set.is_empty();
        let is_identifier = |one: &Selection| matches!(one, Selection::Field(one) if one.name == identifier);
        is_owner && !field.selection_set.iter().any(is_identifier)
    };
    names
        .filter_map(|name| fragment(documents, name))
        .any(|(_, fragment)| fields_below(vec![&fragment.selection_set]).iter().any(lacks))
}

const DEEPEST: usize = 7;

/// Resolves the name of a spread in a file to a fragment and its file.
type Resolve = for<'d> fn(&'d Documents<'_>, &'d str, &str) -> Option<(&'d str, &'d FragmentDefinition)>;

/// Returns the first of all files, as the peer has it.
fn first_of_all<'d>(documents: &'d Documents<'_>, _: &'d str, name: &str) -> Option<(&'d str, &'d FragmentDefinition)> {
    fragment(documents, name)
}

/// Returns the fragment of the file itself, if it has one.
fn own<'d>(documents: &'d Documents<'_>, file: &'d str, name: &str) -> Option<(&'d str, &'d FragmentDefinition)> {
    let own = fragments(&documents.documents[file]).find(|one| one.name == name);
    own.map(|one| (file, one)).or_else(|| fragment(documents, name))
}

/// A node that is too deep.
struct TooDeep<'d> {
    file: &'d str,
    line: Option<usize>,
    /// The line of the last spread in the operation's own file that leads to it.
    through: Option<usize>,
    /// Whether a name on the way there is that of fragments in several files.
    is_ambiguous: bool,
}

/// Returns the selections that are one level too deep in the operation in the message.
fn too_deep<'d>(documents: &'d Documents<'_>, place: &Place<'d>, resolve: Resolve) -> Vec<TooDeep<'d>> {
    let Some((own_file, document)) = documents.documents.get_key_value(place.file) else { return Vec::new() };
    let operations = document.definitions.iter().filter_map(|one| one.as_operation_definition());
    let named = operations.filter(|one| one.name.as_ref().is_none_or(|name| name == place.named()));
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    let mut open: Vec<_> = named.map(|one| (*own_file, &one.selection_set, 0_usize, None, false)).collect();
    while let Some((file, selections, depth, through, is_ambiguous)) = open.pop() {
        let document = &documents.documents[file];
        for selection in selections {
            let line = selection_line(document, selection);
            if depth > DEEPEST {
                found.push(TooDeep { file, line, through, is_ambiguous });
                continue;
            }
            match selection {
                Selection::Field(field) => open.push((file, &field.selection_set, depth + 1, through, is_ambiguous)),
                Selection::InlineFragment(inline) => {
                    open.push((file, &inline.selection_set, depth, through, is_ambiguous));
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.fragment_name;
                    let Some((other, fragment)) = resolve(documents, file, name) else { continue };
                    let through = if file == place.file { line } else { through };
                    let is_ambiguous = is_ambiguous || is_repeated(documents, name);
                    if seen.insert((other, fragment.name.as_str(), depth, through, is_ambiguous)) {
                        open.push((other, &fragment.selection_set, depth, through, is_ambiguous));
                    }
                }
            }
        }
    }
    found
}

/// Returns true if several files define a fragment of the name.
fn is_repeated(documents: &Documents<'_>, name: &str) -> bool {
    documents.documents.values().filter(|document| fragments(document).any(|one| one.name == name)).count() > 1
}

/// Returns a node that is one too deep in another file, and the spread of this file that leads there.
fn is_too_deep_elsewhere(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let all = too_deep(documents, place, first_of_all);
    all.iter().any(|one| one.file != place.file && (place.is_at(one.line) || place.is_at(one.through)))
}

/// Returns a node that is one too deep by way of the file's own fragment, of several of its name.
fn is_too_deep_in_own_fragment(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let all = too_deep(documents, place, own);
    all.iter().any(|one| one.is_ambiguous && one.file == place.file && place.is_at(one.line))
}

/// At the line there is a field of the response key that the message names, and elsewhere one that is written otherwise or
/// has another type.
fn is_part_of_conflict(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let key = place.named();
    let (mut here, mut all) = (Vec::new(), Vec::new());
    for (file, document) in &documents.documents {
        walk(&documents.schema, document, |parent, selections, _| {
            for field in selections.iter().filter_map(Selection::as_field).filter(|one| *one.response_name() == *key) {
                let definition = parent.and_then(|parent| documents.schema.type_field(parent, &field.name).ok());
                let described = (field.to_string(), definition.map(|definition| definition.ty.to_string()));
                if *file == place.file && place.is_at(line(document, field.response_name())) {
                    here.push(described.clone());
                }
                all.push(described);
            }
        });
    }
    here.iter().any(|one| all.iter().any(|other| one != other))
}

/// Returns whether a field of a leaf type has a selection set whose brace is not on the line of its name.
fn is_leaf_with_brace_elsewhere(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let Some(document) = documents.documents.get(place.file) else { return false };
    let mut holds = false;
    walk(&documents.schema, document, |parent, selections, _| {
        for field in selections.iter().filter_map(Selection::as_field) {
            let definition = parent.and_then(|parent| documents.schema.type_field(parent, &field.name).ok());
            let ty = definition.and_then(|definition| documents.schema.types.get(definition.ty.inner_named_type()));
            let is_leaf = ty.is_some_and(|ty| ty.is_scalar() || ty.is_enum());
            let (Some(first), Some(name)) = (field.selection_set.first(), line(document, &field.name)) else {
                continue;
            };
            let first = selection_line(document, first).unwrap_or(name);
            let brace = (name..=first).rev().find(|at| {
                let text = documents.texts.documents[place.file].lines().nth(at - 1).unwrap_or_default();
                text.contains('{')
            });
            let is_it = place.is_at(Some(name)) || place.is_at(brace);
            holds |= is_leaf && is_it && brace.is_some_and(|brace| brace != name);
        }
    });
    holds
}

/// Returns a type condition of the line begins with an underscore, and nothing that is defined there.
fn is_condition_with_underscore(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let Some(document) = documents.documents.get(place.file) else { return false };
    let is_condition = fragments(document)
        .any(|one| one.type_condition.starts_with('_') && place.is_at(line(document, &one.type_condition)));
    let is_defined = fragments(document).any(|one| one.name.starts_with('_') && place.is_at(line(document, &one.name)));
    is_condition && !is_defined
}
