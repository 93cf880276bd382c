//! Definitions that a schema has twice, differently: which of the two the server means is unknown.

use super::index::{Entry, Index};
use super::store;
use crate::syntax::scan::{Kind, Member};
use apollo_compiler::ast::{Definition, FieldDefinition, InputValueDefinition};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// A field, an input field, or a whole type that is defined twice, differently.
#[derive(Debug)]
pub struct Ambiguous {
    /// The field; `None` if the type is meant.
    pub field: Option<String>,
    /// Text and range of the first name, and of the second.
    pub places: [(usize, Range<usize>); 2],
}

/// Everything that is ambiguous about a type.
pub fn ambiguous(index: &Index, name: &str) -> Vec<Ambiguous> {
    let entries = index.of_type(name).into_iter().map(|at| &index.entries()[at]);
    let entries = entries.filter(|entry| entry.definition.kind != Kind::Enum);
    let members =
        entries.flat_map(|entry| index.members(entry).unwrap_or_default().iter().map(move |member| (entry, member)));
    let mut found = ambiguous_fields(index, members);
    found.extend(ambiguous_type(index, name));
    found
}

fn ambiguous_fields<'i>(index: &Index, members: impl Iterator<Item = (&'i Entry, &'i Member)>) -> Vec<Ambiguous> {
    let mut first: FxHashMap<&str, (&Entry, &Member)> = FxHashMap::default();
    let mut found = Vec::new();
    for (entry, member) in members {
        let field = index.words(entry, &member.name);
        let earlier = *first.entry(field).or_insert((entry, member));
        let is_second = !std::ptr::eq(earlier.1, member);
        if is_second && differ(index, entry.definition.kind, earlier, (entry, member)) {
            let places = [(earlier.0.text, earlier.1.name.clone()), (entry.text, member.name.clone())];
            found.push(Ambiguous { field: Some(field.to_owned()), places });
        }
    }
    found
}

fn ambiguous_type(index: &Index, name: &str) -> Vec<Ambiguous> {
    let others = index.again(name).into_iter().filter(|(first, second)| differ_as_types(index, first, second));
    let ambiguous = others.map(|(first, second)| Ambiguous {
        field: None,
        places: [first, second].map(|entry| (entry.text, entry.definition.name.clone())),
    });
    ambiguous.collect()
}

/// True unless two members of one name have the same type and the same arguments.
fn differ(index: &Index, kind: Kind, first: (&Entry, &Member), second: (&Entry, &Member)) -> bool {
    let keyword = if kind == Kind::InputObject { "input" } else { "type" };
    let words = |(entry, member): (&Entry, &Member)| index.words(entry, &member.signature).to_owned();
    let parsed = store::parse(&format!("{keyword} X {{ {}\n{}\n }}", words(first), words(second))).document;
    match parsed.definitions.first() {
        Some(Definition::ObjectTypeDefinition(object)) => match object.fields.as_slice() {
            [first, second] => !same_field(first, second),
            _ => true,
        },
        Some(Definition::InputObjectTypeDefinition(input)) => match input.fields.as_slice() {
            [first, second] => !same_value(first, second),
            _ => true,
        },
        _ => true,
    }
}

fn same_field(first: &FieldDefinition, second: &FieldDefinition) -> bool {
    first.ty == second.ty
        && first.arguments.len() == second.arguments.len()
        && first.arguments.iter().all(|one| second.arguments.iter().any(|other| same_value(one, other)))
}

fn same_value(first: &InputValueDefinition, second: &InputValueDefinition) -> bool {
    first.name == second.name && first.ty == second.ty && first.default_value == second.default_value
}

/// True unless two definitions of one type define the same.
fn differ_as_types(index: &Index, first: &Entry, second: &Entry) -> bool {
    let kind = first.definition.kind;
    let names = |entry: &Entry| {
        let names = entry.definition.names.iter().map(|name| index.words(entry, name).to_owned());
        names.collect::<FxHashSet<String>>()
    };
    let (Some(ours), Some(theirs)) = (index.members(first), index.members(second)) else { return true };
    let same = |one: &Member, other: &Member| {
        index.words(first, &one.name) == index.words(second, &other.name)
            && (kind == Kind::Enum || !differ(index, kind, (first, one), (second, other)))
    };
    kind != second.definition.kind
        || names(first) != names(second)
        || ours.len() != theirs.len()
        || !ours.iter().all(|one| theirs.iter().any(|other| same(one, other)))
}
