//! What the arms of an abstract selection are named by: the type conditions that are written.
//!
//! The types of an arm satisfy the same written conditions. Of these, the narrowest name it: those that no other of
//! them implies, because it is the same type or declares to implement the other. Which object types the schema has
//! today does not matter, so a new one renames nothing.

use super::collect::Item;
use super::scope::Group;
use crate::rust_name::{Piece, pascal, spelled, type_name};
use crate::schema::Schema;
use std::collections::BTreeSet;

/// The conditions that name a group of types: the narrowest of those that lead to what it selects.
pub fn of_group(schema: &Schema, items: &[Item<'_>], group: &Group) -> Vec<String> {
    of_items(schema, items, group.active.iter())
}

/// The narrowest of the conditions that lead to some items.
pub fn of_items<'i>(schema: &Schema, items: &[Item<'_>], which: impl Iterator<Item = &'i usize>) -> Vec<String> {
    let all: BTreeSet<&str> =
        which.flat_map(|at| items[*at].type_conditions.iter().map(|condition| condition.as_str())).collect();
    let is_implied = |wide: &str| all.iter().any(|narrow| *narrow != wide && schema.types.always(narrow, wide));
    // A value is of one object type: it implies every other condition that such a value satisfies.
    if let Some(object) = all.iter().find(|name| schema.is_object(name)) {
        return vec![(*object).to_owned()];
    }
    all.iter().filter(|name| !is_implied(name)).map(|name| (*name).to_owned()).collect()
}

/// The usual name of an arm.
pub fn usual(conditions: &[String]) -> String {
    match conditions {
        [only] => type_name(only),
        _ => usual_part(conditions),
    }
}

/// The part that an arm has in the usual names of the types below it.
pub fn usual_part(conditions: &[String]) -> String {
    conditions.iter().map(|name| pascal(name)).collect::<Vec<_>>().join("And")
}

/// The distinct name of an arm.
pub fn distinct(conditions: &[String]) -> String {
    spelled(&pieces(conditions))
}

/// The conditions as pieces of a distinct name.
pub fn pieces(conditions: &[String]) -> Vec<Piece<'_>> {
    let names = conditions.iter().flat_map(|name| [Piece::Word("and"), Piece::Name(name)]);
    names.skip(1).collect()
}
