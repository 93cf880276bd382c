//! Which spelling each name of a scope gets, so that a name depends on what it names and never on its neighbours' order.
//!
//! What has a usual name of its own gets that. Where several things share one, or where it is a name of ours, all of
//! them get their distinct spelling, which is the usual name of nothing (see [`crate::rust_name`]). So adding something
//! to a scope can make a name disappear, and cannot make it mean something else.

use std::collections::{HashMap, HashSet};

/// Something that needs a name in a scope, or several names that change together: a struct and its module.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Its names by the usual rule.
    usual: Vec<String>,
    /// Its names by configuration, or by what it is: these never change.
    fixed: Option<Vec<String>>,
}

impl Candidate {
    /// Something with one name.
    pub fn new(usual: String) -> Self {
        Self { usual: vec![usual], fixed: None }
    }

    /// Something with several names.
    pub fn with_names(usual: Vec<String>) -> Self {
        Self { usual, fixed: None }
    }

    /// The names that the user wants instead, if any.
    #[must_use]
    pub fn renamed(self, fixed: Option<Vec<String>>) -> Self {
        Self { fixed, ..self }
    }
}

/// The names of a scope.
#[derive(Debug)]
pub struct Assigned {
    /// For each candidate, its names.
    pub names: Vec<Vec<String>>,
    /// What did not get its usual name.
    pub collisions: Vec<Collision>,
    /// Names that two things must have: a setting takes a name of ours, or that of another setting.
    pub clashes: Vec<String>,
}

/// Candidates that share a usual name, or one that has a name of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// The usual name.
    pub usual: String,
    /// The candidates, by index.
    pub members: Vec<usize>,
}

impl Assigned {
    /// The names of a scope in which everything has one.
    pub fn single(&self) -> impl Iterator<Item = &String> {
        self.names.iter().flatten()
    }
}

/// Names the candidates of a scope. `reserved` are the names that are ours in it, `distinct` gives the distinct
/// spellings of a candidate, by index.
pub fn assign(reserved: &[&str], candidates: &[Candidate], distinct: impl Fn(usize) -> Vec<String>) -> Assigned {
    let mut clashes = Vec::new();
    let mut fixed: HashSet<&str> = reserved.iter().copied().collect();
    for name in candidates.iter().filter_map(|candidate| candidate.fixed.as_ref()).flatten() {
        if !fixed.insert(name) {
            clashes.push(name.clone());
        }
    }
    let mut sharing: HashMap<&str, usize> = HashMap::new();
    let open = candidates.iter().filter(|candidate| candidate.fixed.is_none());
    for name in open.flat_map(|candidate| &candidate.usual) {
        *sharing.entry(name).or_default() += 1;
    }
    let is_free = |name: &String| sharing.get(name.as_str()) == Some(&1) && !fixed.contains(name.as_str());
    let mut names = Vec::new();
    let mut collisions: Vec<Collision> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        if let Some(fixed) = &candidate.fixed {
            names.push(fixed.clone());
            continue;
        }
        let Some(usual) = candidate.usual.iter().find(|name| !is_free(name)) else {
            names.push(candidate.usual.clone());
            continue;
        };
        names.push(distinct(at));
        match collisions.iter_mut().find(|collision| collision.usual == *usual) {
            Some(collision) => collision.members.push(at),
            None => collisions.push(Collision { usual: usual.clone(), members: vec![at] }),
        }
    }
    if !collisions.is_empty() {
        // Nothing but a setting can want a distinct spelling, and a hash in it can be that of another one.
        let mut all: HashSet<&str> = reserved.iter().copied().collect();
        let doubled = names.iter().flatten().filter(|name| !all.insert(name.as_str())).cloned();
        clashes.extend(doubled.collect::<Vec<_>>());
        clashes.sort();
        clashes.dedup();
    }
    Assigned { names, collisions, clashes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust_name::{marked, type_name};

    fn values(reserved: &[&str], graphql: &[&str]) -> Vec<String> {
        let candidates: Vec<Candidate> = graphql.iter().map(|name| Candidate::new(type_name(name))).collect();
        assign(reserved, &candidates, |at| vec![marked(graphql[at])]).single().cloned().collect()
    }

    #[test]
    fn all_who_share_a_name_give_it_up() {
        assert_eq!(values(&[], &["FOO", "BAR"]), ["Foo", "Bar"]);
        assert_eq!(values(&[], &["foo", "FOO", "BAR"]), ["foo_", "FOO_", "Bar"]);
        assert_eq!(values(&[], &["FOO_", "FOO", "Foo"]), ["FOO__", "FOO_", "Foo_"]);
    }

    #[test]
    fn names_of_ours_never_yield() {
        assert_eq!(values(&["Unknown"], &["UNKNOWN", "A"]), ["UNKNOWN_", "A"]);
    }

    #[test]
    fn a_setting_takes_a_name_and_two_settings_clash() {
        let renamed = |usual: &str, to: Option<&str>| {
            Candidate::new(usual.to_owned()).renamed(to.map(|name| vec![name.to_owned()]))
        };
        let distinct = |at: usize| vec![format!("distinct{at}_")];
        let assigned = assign(&[], &[renamed("a", None), renamed("b", Some("a"))], distinct);
        assert_eq!(assigned.names, [["distinct0_"], ["a"]]);
        assert!(assigned.clashes.is_empty());
        let assigned =
            assign(&["on"], &[renamed("b", Some("a")), renamed("c", Some("a")), renamed("d", Some("on"))], distinct);
        assert_eq!(assigned.clashes, ["a", "on"]);
    }
}
