//! The items of a scope: every field and spread of its selection sets, with the object types that
//! it applies to and the conditions that it is under. What a fragment selects is the fragment's, and
//! is not collected.

use super::FragmentId;
use super::lower::Lowerer;
use crate::query::{Selected, SelectedField, SelectionSet};
use crate::schema::TypeSet;
use apollo_compiler::ast::{self, FragmentSpread, Value};
use apollo_compiler::{Name, Node};
use indexmap::{IndexMap, IndexSet};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A variable that must be true, or (`.1`) false.
pub type Conditions = BTreeSet<(String, bool)>;

/// One of the selection sets that merge into a scope.
#[derive(Clone)]
pub struct Part<'a> {
    pub set: SelectionSet<'a>,
    pub conditions: Conditions,
}

/// What an item selects.
#[derive(Clone)]
pub enum What<'a> {
    Field(SelectedField<'a>),
    Spread {
        fragment: FragmentId,
    },
    /// The type name that printing adds to a selection set.
    Typename,
}

/// One field or spread, with the circumstances under which it counts.
#[derive(Clone)]
pub struct Item<'a> {
    pub what: What<'a>,
    /// The object types of the schema that satisfy its type conditions, whether or not the value can be one of
    /// them today: types gain interfaces, and unions gain members.
    pub types: TypeSet,
    /// True if it applies to every value, types of future schemas included.
    pub always: bool,
    pub conditions: Conditions,
    /// The type conditions that lead to it, sorted, without those that every value of the scope satisfies.
    pub type_conditions: Vec<Name>,
    /// The name that is set for the field of a spread.
    pub renamed: Option<String>,
}

impl Item<'_> {
    pub fn key(&self) -> Option<&str> {
        match &self.what {
            What::Field(field) => Some(field.key()),
            What::Typename => Some("__typename"),
            What::Spread { .. } => None,
        }
    }
}

/// Walks the selection sets that merge into one scope. `types` are the object types that conditions
/// choose from, `statics` the types that the selection sets are written against; if one of
/// those is an `object`, whatever applies to it applies always.
pub fn collect<'a>(
    lowerer: &mut Lowerer<'a>,
    parts: &[Part<'a>],
    types: &TypeSet,
    statics: IndexSet<Name>,
    object: bool,
) -> Vec<Item<'a>> {
    let mut collector = Collector { statics, object, items: Vec::new(), visited: HashSet::new() };
    for part in parts {
        let conditions = part.conditions.clone();
        let start = Circumstances { types: types.clone(), always: true, conditions, type_conditions: Vec::new() };
        collector.part(lowerer, part, &start);
    }
    collector.items
}

/// The state of the walk that collects items.
struct Collector<'a> {
    statics: IndexSet<Name>,
    object: bool,
    items: Vec<Item<'a>>,
    /// Spreads that have been followed: the same one again, under the same circumstances, adds nothing
    /// (visitedFragments in CollectFields, 6.3.2).
    visited: HashSet<(FragmentId, Circumstances)>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Circumstances {
    types: TypeSet,
    always: bool,
    conditions: Conditions,
    type_conditions: Vec<Name>,
}

impl<'a> Collector<'a> {
    fn part(&mut self, lowerer: &mut Lowerer<'a>, part: &Part<'a>, start: &Circumstances) {
        if lowerer.typename.contains(&part.set.owner.id()) {
            self.push(What::Typename, start);
        }
        self.selections(lowerer, part.set, start);
    }

    fn selections(&mut self, lowerer: &mut Lowerer<'a>, set: SelectionSet<'a>, circumstances: &Circumstances) {
        for selected in set.members() {
            let Some(conditions) = conditions(selected.directives(), &circumstances.conditions) else { continue };
            let mut here = Circumstances { conditions, ..circumstances.clone() };
            match selected {
                Selected::Field(field) => self.push(What::Field(field), &here),
                Selected::Inline { below, .. } => {
                    if below.parent.is_none_or(|condition| self.narrow(lowerer, &mut here, condition)) {
                        self.selections(lowerer, below, &here);
                    }
                }
                Selected::Spread(spread) => self.spread(lowerer, spread, here),
            }
        }
    }

    fn spread(&mut self, lowerer: &mut Lowerer<'a>, spread: &Node<FragmentSpread>, mut here: Circumstances) {
        let Ok(id) = lowerer.documents.resolve(spread) else { return };
        let condition = &lowerer.documents.fragment(id).definition.type_condition;
        if !self.narrow(lowerer, &mut here, condition) {
            return;
        }
        let fragment = lowerer.fragment(id);
        if !self.visited.insert((fragment, here.clone())) {
            return;
        }
        self.push(What::Spread { fragment }, &here);
        if let Some(item) = self.items.last_mut() {
            item.renamed = lowerer.overrides.of(spread).and_then(|settings| settings.rename.clone());
        }
    }

    /// Narrows to a type condition; false if nothing is left of the types.
    fn narrow(&self, lowerer: &Lowerer<'a>, here: &mut Circumstances, condition: &Name) -> bool {
        // Whatever the value is, it satisfies the condition: also a type that only a later schema puts here.
        if self.implies(lowerer, condition) {
            return true;
        }
        if !self.object
            && let Err(at) = here.type_conditions.binary_search(condition)
        {
            here.type_conditions.insert(at, condition.clone());
        }
        here.types = here.types.intersection(&lowerer.schema.types.possible(condition));
        here.always = here.always && self.object && !here.types.is_empty();
        !here.types.is_empty()
    }

    /// True if every value of the scope is of a type, now and in future versions of the schema.
    fn implies(&self, lowerer: &Lowerer<'a>, condition: &Name) -> bool {
        self.statics.iter().any(|ty| lowerer.schema.types.always(ty, condition))
    }

    fn push(&mut self, what: What<'a>, here: &Circumstances) {
        self.items.push(Item {
            what,
            types: here.types.clone(),
            always: here.always,
            conditions: here.conditions.clone(),
            type_conditions: here.type_conditions.clone(),
            renamed: None,
        });
    }
}

/// The conditions of `@skip` and `@include` on top of others; nothing if they are never met.
fn conditions(directives: &ast::DirectiveList, outer: &Conditions) -> Option<Conditions> {
    let mut conditions = outer.clone();
    for (name, negated) in [("include", false), ("skip", true)] {
        let Some(directive) = directives.get(name) else { continue };
        match directive.specified_argument_by_name("if").map(|value| &**value) {
            Some(Value::Boolean(value)) if *value == negated => return None,
            Some(Value::Variable(variable)) => {
                conditions.insert((variable.to_string(), negated));
            }
            _ => {}
        }
    }
    Some(conditions)
}

/// Spreads that another spread of the scope already holds: `...A ...B` where `A` spreads `B`. Each with that one.
pub fn held_spreads(lowerer: &Lowerer<'_>, items: &[Item<'_>]) -> IndexMap<FragmentId, FragmentId> {
    let mut own: IndexMap<FragmentId, Vec<&Item<'_>>> = IndexMap::new();
    for item in items {
        if let What::Spread { fragment } = item.what {
            own.entry(fragment).or_default().push(item);
        }
    }
    let mut held = IndexMap::new();
    if own.len() < 2 {
        return held;
    }
    // By fragment, the holders that have led to it.
    let mut reached: HashMap<FragmentId, Vec<&Item<'_>>> = HashMap::new();
    for (&holder, items) in &own {
        // What is spread twice is there for several reasons.
        let [item] = items.as_slice() else { continue };
        let mut found = HashSet::new();
        let mut open = vec![holder];
        while let Some(at) = open.pop() {
            for spread in lowerer.root(at).members.spreads.iter().filter(|spread| !spread.conditional) {
                let next = spread.fragment;
                let earlier = reached.entry(next).or_default();
                // Whatever is found from there, an earlier holder has it.
                if found.contains(&next) || earlier.iter().any(|earlier| covers(earlier, item)) {
                    continue;
                }
                earlier.push(item);
                found.insert(next);
                open.push(next);
                if let Some([other]) = own.get(&next).map(Vec::as_slice)
                    && covers(item, other)
                {
                    held.entry(next).or_insert(holder);
                }
            }
        }
    }
    held
}

/// True if one item is there whenever the other one is.
fn covers(wide: &Item<'_>, narrow: &Item<'_>) -> bool {
    wide.conditions.is_subset(&narrow.conditions)
        && (wide.always || (!narrow.always && narrow.types.is_subset(&wide.types)))
}
