//! What several types read from one object: the keys that each of them takes.
//!
//! A struct, the fragments that it holds and the enum of what depends on its type are read from the same object. If
//! several of them take a key, each writes a part of its value.

use super::{Fragment, Shape};
use std::collections::BTreeSet;

/// Returns the response keys that a type and the fragments that it holds read from an object. The fragments must be known.
pub fn keys(shape: &Shape, fragments: &[Fragment]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for group in shape.groups() {
        let members = shape.members_of(group);
        keys.extend(members.fields.into_iter().map(|field| field.key));
        keys.extend(members.spreads.iter().flat_map(|spread| fragments[spread.fragment.0].keys.iter().cloned()));
    }
    if shape.arms.is_some() {
        keys.insert("__typename".to_owned());
    }
    keys
}

/// Returns true if a key may be written by several of the types of an object.
pub fn repeats(shape: &Shape, fragments: &[Fragment]) -> bool {
    shape.groups().any(|group| {
        let members = shape.members_of(group);
        let mut seen = BTreeSet::new();
        let own = members.fields.iter().map(|field| field.key.as_str());
        let of_arms = shape.arms.iter().map(|_| "__typename");
        let spread = members.spreads.iter().map(|spread| &fragments[spread.fragment.0]);
        let repeat = spread.clone().any(|fragment| fragment.repeats);
        let of_fragments = spread.flat_map(|fragment| fragment.keys.iter().map(String::as_str));
        repeat || own.chain(of_arms).chain(of_fragments).any(|key| !seen.insert(key))
    })
}
