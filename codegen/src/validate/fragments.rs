//! Rules about fragments (5.5).

use super::{Rules, of_type};
use crate::diagnostic::{Code, Diagnostic};
use crate::query::{Documents, FragmentId, Unresolved};
use crate::source::Span;
use apollo_compiler::ast::{FragmentDefinition, FragmentSpread};
use apollo_compiler::{Name, Node};
use std::collections::{HashMap, HashSet};

impl<'a> Rules<'a> {
    /// `unique-fragment-names`, `no-unused-fragments`, `no-fragment-cycles`.
    pub(super) fn fragments(&mut self, used: &HashSet<FragmentId>) {
        let own: Vec<(FragmentId, &'a Node<FragmentDefinition>)> = self.own_fragments();
        let mut names: HashMap<&Name, &'a Name> = HashMap::new();
        for (_, fragment) in &own {
            match names.get(&fragment.name) {
                Some(first) => self.twice(Code::UNIQUE_FRAGMENT_NAMES, "fragment", first, &fragment.name),
                None => {
                    names.insert(&fragment.name, &fragment.name);
                }
            }
        }
        // A file of nothing but fragments is for others.
        if self.documents.operations(self.file).next().is_some() {
            for (id, fragment) in &own {
                if used.contains(id) || self.is_shared_and_used(*id, used) {
                    continue;
                }
                let message = format!("no operation uses the fragment `{}`", fragment.name);
                let place = self.name(&fragment.name);
                self.found.push(Diagnostic::error(Code::NO_UNUSED_FRAGMENTS, message).at(place, ""));
            }
        }
        let mut done = HashSet::new();
        for (id, _) in own {
            self.cycles(id, &mut done);
        }
    }

    fn own_fragments(&self) -> Vec<(FragmentId, &'a Node<FragmentDefinition>)> {
        let own = self.documents.fragments_of(self.file);
        own.map(|(id, fragment)| (id, &fragment.definition)).collect()
    }

    /// True if an operation uses a fragment of the same name in another file: copies of one file.
    fn is_shared_and_used(&self, id: FragmentId, used: &HashSet<FragmentId>) -> bool {
        let name = &self.documents.fragment(id).definition.name;
        self.documents.is_name_shared(id)
            && used.iter().any(|other| self.documents.fragment(*other).definition.name == *name)
    }

    /// Walks the spreads of a fragment in depth; a spread of a fragment that is on the way is a cycle. It can be longer than the
    /// stack is deep.
    fn cycles(&mut self, id: FragmentId, done: &mut HashSet<FragmentId>) {
        if !done.insert(id) {
            return;
        }
        let documents = self.documents;
        let mut way: Vec<&'a Node<FragmentSpread>> = Vec::new();
        let mut on_way = HashMap::from([(id, 0)]);
        let mut open = vec![(id, spreads_of(documents, id))];
        while let Some((id, spreads)) = open.last_mut() {
            let Some((next, spread)) = spreads.next() else {
                on_way.remove(id);
                open.pop();
                way.pop();
                continue;
            };
            way.push(spread);
            if let Some(start) = on_way.get(&next) {
                self.cycle(&way[*start..]);
            } else if done.insert(next) {
                on_way.insert(next, way.len());
                open.push((next, spreads_of(documents, next)));
                continue;
            }
            way.pop();
        }
    }

    /// Reports a cycle with the spreads that form it.
    fn cycle(&mut self, cycle: &[&'a Node<FragmentSpread>]) {
        let [first, .., last] = cycle else {
            if let [only] = cycle {
                let message = format!("the fragment `{}` spreads itself", only.fragment_name);
                self.found.push(Diagnostic::error(Code::NO_FRAGMENT_CYCLES, message).at(self.spread_place(only), ""));
            }
            return;
        };
        let through = &cycle[..cycle.len() - 1];
        let through: Vec<String> = through.iter().map(|spread| format!("`{}`", spread.fragment_name)).collect();
        let message = format!("the fragment `{}` spreads itself, through {}", last.fragment_name, through.join(", "));
        let mut diagnostic = Diagnostic::error(Code::NO_FRAGMENT_CYCLES, message)
            .at(self.spread_place(first), "")
            .also(self.spread_place(last), "here it comes back");
        for spread in &cycle[1..cycle.len() - 1] {
            diagnostic = diagnostic.also(self.spread_place(spread), "");
        }
        self.found.push(diagnostic);
    }

    /// `known-type-names` and `fragments-on-composite-types` of a type condition; the type, if it
    /// can be selected from.
    pub(super) fn condition(&mut self, condition: &'a Name) -> Option<&'a Name> {
        if !self.known_type(condition) {
            return None;
        }
        if !self.schema.is_composite(condition) {
            let message = format!("a fragment cannot be on `{condition}`, which is not an object, interface or union");
            let place = self.name(condition);
            let diagnostic = Diagnostic::error(Code::FRAGMENTS_ON_COMPOSITE_TYPES, message).at(place, "");
            self.found.push(diagnostic.about(of_type(condition)));
            return None;
        }
        self.ambiguous(condition, None, condition);
        Some(condition)
    }

    /// `known-type-names`
    pub(super) fn known_type(&mut self, name: &Name) -> bool {
        // As in graphql-js, a built-in scalar is a type only of schemas that use it.
        if self.schema.has_type(name) {
            return true;
        }
        let diagnostic = Diagnostic::error(Code::KNOWN_TYPE_NAMES, format!("the schema has no type `{name}`"));
        let diagnostic = diagnostic.at(self.name(name), "").about(of_type(name));
        self.found.push(self.suggest(diagnostic, name, self.schema.all_type_names()));
        false
    }

    /// `known-fragment-names`, `unique-fragment-names` across files, and `possible-fragment-spreads`.
    pub(super) fn spread(&mut self, spread: &'a Node<FragmentSpread>, parent: Option<&'a Name>) {
        let name = &spread.fragment_name;
        match self.documents.resolve(spread) {
            Ok(id) => {
                let condition = &self.documents.fragment(id).definition.type_condition;
                let condition = self.schema.is_composite(condition).then_some(condition);
                self.possible(parent, condition, self.spread_place(spread), Some(name));
            }
            Err(Unresolved::Unknown) => {
                let diagnostic =
                    Diagnostic::error(Code::KNOWN_FRAGMENT_NAMES, format!("there is no fragment `{name}`"));
                let diagnostic = diagnostic.at(self.name(name), "");
                let known = self.documents.fragments().map(|(_, fragment)| fragment.definition.name.as_str());
                self.found.push(self.suggest(diagnostic, name, known));
            }
            Err(Unresolved::Ambiguous(ids)) => {
                let message = format!("several files define a fragment `{name}`, and they differ");
                let mut diagnostic = Diagnostic::error(Code::UNIQUE_FRAGMENT_NAMES, message)
                    .at(self.name(name), "which one is meant?")
                    .help("rename one of them, or say which file is meant with `#import \"…\"`");
                for id in ids {
                    diagnostic =
                        diagnostic.also(self.name(&self.documents.fragment(*id).definition.name), "one is here");
                }
                self.found.push(diagnostic);
            }
        }
    }

    /// `possible-fragment-spreads`: some object must be both.
    pub(super) fn possible(
        &mut self,
        parent: Option<&'a Name>,
        condition: Option<&'a Name>,
        place: Option<Span>,
        fragment: Option<&Name>,
    ) {
        let (Some(parent), Some(condition)) = (parent, condition) else { return };
        let types = &self.schema.types;
        if parent == condition || types.possible(parent).intersects(&types.possible(condition)) {
            return;
        }
        let what = fragment.map_or_else(String::new, |name| format!("the fragment `{name}` is on "));
        let message = match fragment {
            Some(_) => format!("{what}`{condition}`, which a `{parent}` can never be"),
            None => format!("a `{parent}` can never be a `{condition}`"),
        };
        let diagnostic = Diagnostic::error(Code::POSSIBLE_FRAGMENT_SPREADS, message).at(place, "");
        self.found.push(diagnostic.about(of_type(condition)).about(of_type(parent)));
    }

    /// The whole of a spread, from its dots to its name.
    fn spread_place(&self, spread: &Node<FragmentSpread>) -> Option<Span> {
        let (whole, name) = (self.documents.place(spread)?, self.name(&spread.fragment_name)?);
        Some(Span { end: name.end, ..whole })
    }
}

/// The spreads of a fragment, with the fragments that they mean.
fn spreads_of(documents: &Documents, id: FragmentId) -> impl Iterator<Item = (FragmentId, &Node<FragmentSpread>)> {
    documents.fragment(id).spreads.iter().filter_map(|spread| Some((documents.resolve(spread).ok()?, spread)))
}
