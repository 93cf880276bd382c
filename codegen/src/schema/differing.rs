//! The parts of two schemas that differ, for those who compare them: what has the same text in both is left out of both.
//!
//! Of a type that differs, only the members that differ are kept, so that two versions of a large schema are compared for the
//! price of a scan and of what has changed.

use super::index::{Entry, Index};
use super::reach::{Excerpt, Reached};
use crate::syntax::scan::{Kind, Member};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// The part of each of two schemas that the other has differently; `None` if it cannot be told without a parser.
pub fn differing(old: &Index, new: &Index) -> Option<(Reached, Reached)> {
    // Root types that are said on one side, and go by their names on the other, need all types.
    let says_roots = |index: &Index| !index.of_schema().is_empty();
    if says_roots(old) != says_roots(new) {
        return None;
    }
    let mut names: BTreeSet<&str> = old.names().chain(new.names()).collect();
    names.retain(|name| texts_of(old, name) != texts_of(new, name));
    Some((part(old, new, &names)?, part(new, old, &names)?))
}

/// The texts of a type's definitions, without what is around them.
fn texts_of<'i>(index: &'i Index, name: &str) -> Vec<&'i str> {
    let entries = index.of_type(name).into_iter().map(|at| &index.entries()[at]);
    entries.map(|entry| index.words(entry, &entry.definition.range).trim()).collect()
}

fn part(own: &Index, other: &Index, names: &BTreeSet<&str>) -> Option<Reached> {
    let mut excerpts: Vec<Excerpt> = own.texts.iter().map(|_| Excerpt::default()).collect();
    // Directives and root types are few.
    for entry in own.entries().iter().filter(|entry| matches!(entry.definition.kind, Kind::Schema | Kind::Directive)) {
        whole(own, entry, &mut excerpts);
    }
    for name in names {
        let known = members_of(other, name)?;
        let entries: Vec<&Entry> = own.of_type(name).into_iter().map(|at| &own.entries()[at]).collect();
        let mut kept = Vec::new();
        for entry in &entries {
            let is_new = |member: &&Member| {
                let text = known.get(own.words(entry, &member.name));
                text.is_none_or(|text| *text != own.words(entry, &member.range).trim())
            };
            kept.push(own.members(entry)?.iter().filter(is_new).collect::<Vec<_>>());
        }
        let others: FxHashSet<&str> = members_of(own, name)?.into_keys().collect();
        // Braces with nothing in them are not SDL: one member that both have, the same in both, stands for them.
        let shared = known.keys().filter(|member| others.contains(**member)).min().copied();
        for (entry, members) in entries.into_iter().zip(kept) {
            match (&entry.definition.body, shared) {
                (Some(body), Some(shared)) => {
                    let excerpt = &mut excerpts[entry.text];
                    let range = &entry.definition.range;
                    excerpt.push(own.words(entry, &(range.start..body.start)), range.start);
                    let is_shared = |member: &&Member| own.words(entry, &member.name) == shared;
                    let stand_in = own.members(entry)?.iter().find(is_shared);
                    let stand_in = stand_in.filter(|one| !members.iter().any(|kept| std::ptr::eq(*kept, *one)));
                    if members.is_empty() && stand_in.is_none() {
                        return None;
                    }
                    for member in members.into_iter().chain(stand_in) {
                        excerpt.push(own.words(entry, &member.range), member.range.start);
                    }
                    excerpt.push("}", body.end);
                }
                _ => whole(own, entry, &mut excerpts),
            }
        }
    }
    Some(Reached { excerpts, ambiguous: Vec::new() })
}

fn whole(index: &Index, entry: &Entry, excerpts: &mut [Excerpt]) {
    let range = &entry.definition.range;
    excerpts[entry.text].push(index.words(entry, range), range.start);
}

/// The members of a type, in all of its definitions, with their texts.
fn members_of<'i>(index: &'i Index, name: &str) -> Option<FxHashMap<&'i str, &'i str>> {
    let mut found = FxHashMap::default();
    for entry in index.of_type(name).into_iter().map(|at| &index.entries()[at]) {
        for member in index.members(entry)? {
            found.insert(index.words(entry, &member.name), index.words(entry, &member.range).trim());
        }
    }
    Some(found)
}
