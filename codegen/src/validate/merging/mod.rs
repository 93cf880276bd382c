//! Fields of one response key must be one field (5.3.2, Field Selection Merging).
//!
//! Pairs of fields are not compared: there are too many of them. The fields of a selection set are grouped by response
//! key, and two questions are asked of each group, and then of what is selected below all of its fields together (the
//! idea is Simon Adameit's, for Sangria):
//!
//! - Do all of them have types of one shape (SameResponseShape)?
//! - Are those that one object can have the same field, with the same arguments (FieldsInSetCanMerge)? Fields of an
//!   abstract type belong to every object type; those of different object types never meet.
//!
//! Whatever holds for a set of fields holds for a part of it. So a definition that others spread is judged with them, and
//! no set is judged twice.

mod collect;
mod report;

use super::Rules;
use crate::query::{FragmentId, SelectedField, SelectionSet, spreads_in};
use crate::syntax::NodeId;
use apollo_compiler::Node;
use apollo_compiler::ast::{Field, FieldDefinition, Type};
use collect::Start;
use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::HashSet;

/// The most fields that are looked at for one definition. Documents whose fields exclude each other at many levels have
/// more combinations than anybody can look at; what people write has some thousands.
const MOST_FIELDS: usize = 1_000_000;

/// A field, and what it is written against.
struct Selected<'a> {
    field: SelectedField<'a>,
    /// The object type that it is selected from; none if it is an abstract one, or not known.
    object: Option<&'a str>,
    definition: Option<&'a Node<FieldDefinition>>,
    /// Name and arguments: fields with the same number call the same.
    call: usize,
    /// The shape of its type; none if that is not known.
    shape: Option<usize>,
}

impl<'a> Selected<'a> {
    fn node(&self) -> &'a Node<Field> {
        self.field.field
    }

    fn ty(&self) -> Option<&'a Type> {
        self.definition.map(|definition| &definition.ty)
    }
}

/// A field as a part of a set.
#[derive(Clone, Copy)]
struct Member {
    /// In [`Merging::fields`].
    field: usize,
    /// The member of the set above that it is selected below, in [`Merging::members`].
    below: Option<usize>,
}

/// What is asked of a set of fields.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Question {
    /// Whether types have one shape.
    Shapes,
    /// Whether fields that one object can have are the same.
    Fields,
}

/// What is known while the definitions of a file are judged.
#[derive(Default)]
struct Merging<'a> {
    fields: Vec<Selected<'a>>,
    numbers: FxHashMap<NodeId, usize>,
    calls: IndexSet<String>,
    shapes: IndexSet<String>,
    /// Fragments that are part of what was judged.
    covered: HashSet<FragmentId>,
    /// The members of all sets of one definition. Those of one set follow each other in the order of the text.
    members: Vec<Member>,
    /// Fields whose selection sets were judged together.
    judged: FxHashSet<(Question, Vec<usize>)>,
    open: Vec<(Question, Vec<usize>)>,
    /// How many fields were looked at for one definition.
    looked_at: usize,
    reported: HashSet<(usize, String)>,
}

impl<'a> Rules<'a> {
    /// `overlapping-fields-can-be-merged`, `same-response-shape`.
    pub(super) fn merging(&mut self) {
        let mut merging = Merging::default();
        for operation in self.documents.operations(self.file) {
            let place = self.operation_place(operation);
            merging.definition(self, SelectionSet::of_operation(self.schema, operation), place);
        }
        // Fragments that others spread come last, and are then known mostly.
        let spread: HashSet<&str> = spreads_in(&self.documents.file(self.file).ast).collect();
        let fragments = self.documents.fragments_of(self.file).map(|(id, fragment)| (id, &fragment.definition));
        let (inner, outer): (Vec<_>, Vec<_>) =
            fragments.partition(|(_, fragment)| spread.contains(fragment.name.as_str()));
        for (id, fragment) in outer.into_iter().chain(inner) {
            if merging.covered.insert(id) {
                let place = self.name(&fragment.name);
                merging.definition(self, SelectionSet::of_fragment(fragment), place);
            }
        }
    }
}

impl<'a> Merging<'a> {
    /// Judges a selection set, and those below it.
    fn definition(&mut self, rules: &mut Rules<'a>, set: SelectionSet<'a>, place: Option<crate::source::Span>) {
        self.members.clear();
        self.looked_at = 0;
        let members = self.collect(rules, [Start { set, below: None }]);
        self.open.push((Question::Shapes, members.clone()));
        self.open.push((Question::Fields, members));
        while let Some((question, members)) = self.open.pop() {
            if self.looked_at > MOST_FIELDS {
                self.open.clear();
                return report::too_many(rules, place);
            }
            for group in self.by_key(&members).into_values() {
                match question {
                    Question::Shapes => self.have_one_shape(rules, &group),
                    Question::Fields => self.are_one_field(rules, &group),
                }
            }
        }
    }

    fn by_key(&self, members: &[usize]) -> IndexMap<&'a str, Vec<usize>> {
        let mut groups: IndexMap<&'a str, Vec<usize>> = IndexMap::new();
        for member in members {
            groups.entry(self.selected(*member).node().response_name().as_str()).or_default().push(*member);
        }
        groups
    }

    fn selected(&self, member: usize) -> &Selected<'a> {
        &self.fields[self.members[member].field]
    }

    /// SameResponseShape of the fields of one response key.
    fn have_one_shape(&mut self, rules: &mut Rules<'a>, group: &[usize]) {
        let mut shapes: IndexMap<usize, Vec<usize>> = IndexMap::new();
        // What has no known type is compared with nothing; another rule reports that.
        let mut others = Vec::new();
        for &member in group {
            let Some(shape) = self.selected(member).shape else {
                others.push(member);
                continue;
            };
            let different = shapes.iter().filter(|(other, _)| **other != shape).map(|(_, members)| members);
            self.report_shapes(rules, different, member);
            shapes.entry(shape).or_default().push(member);
        }
        match shapes.first_mut() {
            Some((_, first)) => first.append(&mut others),
            None => self.ask_below(rules, Question::Shapes, &others),
        }
        for members in shapes.values() {
            self.ask_below(rules, Question::Shapes, members);
        }
    }

    /// FieldsInSetCanMerge of the fields of one response key.
    fn are_one_field(&mut self, rules: &mut Rules<'a>, group: &[usize]) {
        let mut abstracts = Vec::new();
        let mut objects: IndexMap<&'a str, Vec<usize>> = IndexMap::new();
        for &member in group {
            match self.selected(member).object {
                Some(object) => objects.entry(object).or_default().push(member),
                None => abstracts.push(member),
            }
        }
        if objects.len() < 2 {
            return self.meet(rules, group);
        }
        if abstracts.is_empty() {
            return objects.values().for_each(|members| self.meet(rules, members));
        }
        // The fields of abstract types are in every part. If all that is below is the same anyway, parts do not matter.
        if self.are_same(rules, group) {
            return;
        }
        for members in objects.values_mut() {
            self.looked_at += abstracts.len();
            members.extend(&abstracts);
            members.sort_unstable();
            self.meet(rules, members);
        }
    }

    /// Fields of one response key that one object can have.
    fn meet(&mut self, rules: &mut Rules<'a>, members: &[usize]) {
        let mut calls: IndexMap<usize, Vec<usize>> = IndexMap::new();
        for &member in members {
            let call = self.selected(member).call;
            let different = calls.iter().filter(|(other, _)| **other != call).map(|(_, members)| members);
            self.report_fields(rules, different, member);
            calls.entry(call).or_default().push(member);
        }
        for members in calls.values() {
            self.ask_below(rules, Question::Fields, members);
        }
    }

    /// Asks about what is selected below some fields, as one set.
    fn ask_below(&mut self, rules: &Rules<'a>, question: Question, members: &[usize]) {
        let fields = self.with_selections(members);
        if !fields.is_empty() && self.judged.insert((question, fields)) {
            let below = self.collect_below(rules, members);
            self.open.push((question, below));
        }
    }

    /// True if fields of one response key are the same field with the same arguments, and likewise below,
    /// even if they exclude each other.
    fn are_same(&mut self, rules: &Rules<'a>, group: &[usize]) -> bool {
        let before = self.members.len();
        let mut known = FxHashSet::default();
        let mut open = vec![group.to_vec()];
        let mut are_same = true;
        while let Some(members) = open.pop() {
            let mut calls = members.iter().map(|member| self.selected(*member).call);
            let first = calls.next();
            if calls.any(|call| Some(call) != first) || self.looked_at > MOST_FIELDS {
                are_same = false;
                break;
            }
            if known.insert(self.with_selections(&members)) {
                let below = self.collect_below(rules, &members);
                open.extend(self.by_key(&below).into_values());
            }
        }
        self.members.truncate(before);
        are_same
    }

    /// The fields of members that have selection sets, in an order that distinguishes sets.
    fn with_selections(&self, members: &[usize]) -> Vec<usize> {
        let composite = members.iter().filter(|member| !self.selected(**member).node().selection_set.is_empty());
        let mut fields: Vec<usize> = composite.map(|member| self.members[*member].field).collect();
        fields.sort_unstable();
        fields
    }
}
