//! How an object is decoded in one pass: a slot for each value, whatever the order of keys.
//!
//! A key that only one fragment wants goes to that fragment's own slots. A key that several
//! want is decoded once, into a slot of the shape, and handed on when the object has ended
//! and its type is known. Where the type of a value depends on the type of the object, the
//! value goes to the slot of its group; should it come before the type name, it waits.

use super::collect::What;
use super::scope::{Collected, ScopeBuilder, wrap};
use super::{Hand, Key, Leaf, Members, Payload, Route, Shape, ShapePath, ShapeRef, Slots, Target, Ty};
use indexmap::{IndexMap, IndexSet};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who wants a key, by the groups of types in which somebody does.
#[derive(Default)]
struct Wanted {
    /// The type of the shape's own field.
    own: BTreeMap<usize, Ty>,
    /// The spreads that select it, with the type if it is a leaf.
    spreads: BTreeMap<usize, IndexMap<usize, Option<Ty>>>,
}

/// The slots of a shape that keys go to.
#[derive(Default)]
struct SlotOf {
    /// Of keys that go to one slot in every group.
    everywhere: HashMap<String, usize>,
    /// Of others, by group.
    by_group: HashMap<String, BTreeMap<usize, usize>>,
}

impl SlotOf {
    fn get(&self, key: &str, group: usize) -> Option<usize> {
        self.everywhere.get(key).or_else(|| self.by_group.get(key)?.get(&group)).copied()
    }
}

/// A slot of a fragment, as seen from a shape that spreads it.
pub struct FragmentSlot {
    /// Nested slots to walk through, inside the fragment.
    pub nested: Vec<usize>,
    pub slot: usize,
    /// The fragment whose shape the slot belongs to.
    pub fragment: usize,
    pub ty: Ty,
}

impl<'a> ScopeBuilder<'_, 'a> {
    /// Computes the slots of a shape and points its fields at them.
    pub fn lay_out_slots(&mut self, collected: &Collected<'a>, shape: &mut Shape) {
        let wanted = self.wanted(collected, shape);
        let groups = collected.groups.len();
        let nested = nested(collected);
        let mut slots = Slots { nested: nested.iter().copied().collect(), ..Slots::default() };
        slots.known = wanted.keys().cloned().collect();
        let mut knowing: HashMap<&str, usize> = HashMap::new();
        for fragment in &slots.nested {
            for key in &self.lowerer.root(*fragment).slots.known {
                slots.known.insert(key.clone());
                *knowing.entry(key).or_default() += 1;
            }
        }
        let mut slot_of = SlotOf::default();
        for (key, wanted) in &wanted {
            match self.route(wanted, groups, &nested, &mut slots.own) {
                Some(Route::Slot(slot)) => {
                    slot_of.everywhere.insert(key.clone(), slot);
                    slots.keys.push(Key { key: key.clone(), route: Route::Slot(slot) });
                }
                Some(Route::Nested(nested)) if knowing.get(key.as_str()).is_some_and(|count| *count > 1) => {
                    slots.keys.push(Key { key: key.clone(), route: Route::Nested(nested) });
                }
                Some(Route::ByGroup(targets)) => {
                    let of_groups = targets.iter().enumerate().filter_map(|(group, target)| match target {
                        Target::Slot(slot) => Some((group, *slot)),
                        Target::Nested(_) | Target::Skip => None,
                    });
                    slot_of.by_group.insert(key.clone(), of_groups.collect());
                    slots.keys.push(Key { key: key.clone(), route: Route::ByGroup(targets) });
                }
                Some(Route::Nested(_)) | None => {}
            }
        }
        slots.hands = self.hands(collected, &wanted, &slot_of, &nested, &slots.own);
        point_fields(shape, &slot_of);
        shape.slots = slots;
    }

    fn wanted(&mut self, collected: &Collected<'a>, shape: &Shape) -> IndexMap<String, Wanted> {
        let groups = collected.groups.len();
        let mut wanted: IndexMap<String, Wanted> = IndexMap::new();
        if shape.arms.is_some() {
            let tag = wanted.entry("__typename".to_owned()).or_default();
            tag.own = (0..groups).map(|group| (group, Ty::Leaf(Leaf::TypeName))).collect();
        }
        for field in &shape.members.fields {
            let own = (0..groups).map(|group| (group, field.ty.clone()));
            wanted.entry(field.key.clone()).or_default().own.extend(own);
        }
        for group in 0..groups {
            let of_arm = shape.arms.as_ref().and_then(|arms| arms.payload(group).own_members());
            for field in of_arm.into_iter().flat_map(|members| &members.fields) {
                wanted.entry(field.key.clone()).or_default().own.insert(group, field.ty.clone());
            }
        }
        let types = collected.groups.iter().enumerate();
        let group_of: HashMap<usize, usize> =
            types.flat_map(|(at, group)| group.types.iter().map(move |ty| (*ty, at))).collect();
        for item in &collected.items {
            let (Some(via), Some(key)) = (item.via, item.key()) else { continue };
            let leaf = self.leaf_type(&item.what);
            let seen: BTreeSet<usize> = if item.always {
                (0..groups).collect()
            } else {
                item.types.iter().filter_map(|ty| group_of.get(&ty).copied()).collect()
            };
            if seen.is_empty() {
                continue;
            }
            let wanted = wanted.entry(key.to_owned()).or_default();
            for group in seen {
                let ty = wanted.spreads.entry(group).or_default().entry(via).or_insert_with(|| leaf.clone());
                if *ty != leaf {
                    // It depends on the type, which only the fragment tells apart here.
                    *ty = None;
                }
            }
        }
        wanted
    }

    pub(super) fn leaf_type(&mut self, what: &What<'a>) -> Option<Ty> {
        match what {
            What::Typename => Some(Ty::Leaf(Leaf::TypeName)),
            What::Field { node, .. } if node.name == "__typename" => Some(Ty::Leaf(Leaf::TypeName)),
            What::Field { node, parent, .. } if node.selection_set.is_empty() => {
                let definition = self.lowerer.schema.field(parent, &node.name)?;
                let leaf = self.lowerer.leaf_of_field(node, parent, definition.ty.inner_named_type());
                Some(wrap(&definition.ty, Ty::Leaf(leaf)))
            }
            _ => None,
        }
    }

    /// Where a key goes; makes the slots that it needs.
    fn route(&self, wanted: &Wanted, groups: usize, nested: &IndexSet<usize>, slots: &mut Vec<Ty>) -> Option<Route> {
        let spreads: IndexSet<usize> = wanted.spreads.values().flat_map(|spreads| spreads.keys().copied()).collect();
        if let (true, Some(only), 1) = (wanted.own.is_empty(), spreads.first(), spreads.len()) {
            return nested.get_index_of(only).map(Route::Nested);
        }
        if let Some(ty) = one_leaf(wanted) {
            slots.push(ty);
            return Some(Route::Slot(slots.len() - 1));
        }
        let first = slots.len();
        let mut slot_for = |ty: &Ty| {
            let same = (first..slots.len()).find(|at| slots[*at] == *ty);
            Target::Slot(same.unwrap_or_else(|| {
                slots.push(ty.clone());
                slots.len() - 1
            }))
        };
        let mut targets: BTreeMap<usize, Target> = BTreeMap::new();
        let present: BTreeSet<usize> = wanted.own.keys().chain(wanted.spreads.keys()).copied().collect();
        for group in present {
            let spreads = wanted.spreads.get(&group);
            let target = match (wanted.own.get(&group), spreads.map_or(0, IndexMap::len)) {
                (Some(ty), _) => Some(slot_for(ty)),
                (None, 1) => {
                    let only = spreads.and_then(|spreads| spreads.keys().next());
                    only.and_then(|only| nested.get_index_of(only)).map(Target::Nested)
                }
                (None, _) => spreads.and_then(|spreads| spreads.values().flatten().next()).map(&mut slot_for),
            };
            targets.extend(target.map(|target| (group, target)));
        }
        // A group that does not want the key never has it: it may share the others' route.
        let used: IndexSet<Target> = targets.values().copied().collect();
        match (used.first(), used.len()) {
            (None, _) => None,
            (Some(Target::Slot(slot)), 1) => Some(Route::Slot(*slot)),
            (Some(Target::Nested(nested)), 1) if targets.len() == groups => Some(Route::Nested(*nested)),
            _ => {
                let target = |group| targets.get(&group).copied().unwrap_or(Target::Skip);
                Some(Route::ByGroup((0..groups).map(target).collect()))
            }
        }
    }

    /// What the fragments of each group get from the shape's slots.
    fn hands(
        &mut self,
        collected: &Collected<'a>,
        wanted: &IndexMap<String, Wanted>,
        slot_of: &SlotOf,
        nested: &IndexSet<usize>,
        slots: &[Ty],
    ) -> Vec<Vec<Hand>> {
        let mut of_groups = vec![Vec::new(); collected.groups.len()];
        for (key, wanted) in wanted {
            for (&group, spreads) in &wanted.spreads {
                if let Some(slot) = slot_of.get(key, group) {
                    of_groups[group].push((key, slot, spreads));
                }
            }
        }
        let mut all = Vec::new();
        for (group, keys) in collected.groups.iter().zip(of_groups) {
            let objects = &self.lowerer.schema.types;
            let types: Vec<String> = group.types.iter().map(|ty| objects.object(*ty).to_string()).collect();
            let mut hands = Vec::new();
            for (key, slot, spread) in keys
                .iter()
                .flat_map(|(key, slot, spreads)| spreads.keys().map(move |spread| (key.as_str(), *slot, *spread)))
            {
                let Some(first) = nested.get_index_of(&spread) else { continue };
                let Some(found) = self.lowerer.slot_of(spread, key, &types) else { continue };
                let own = &slots[slot];
                let into =
                    (self.needs_projection(own, &found) || !same_outside(own, &found.ty)).then(|| found.ty.clone());
                let nested = [first].into_iter().chain(found.nested).collect();
                hands.push(Hand { slot, nested, to: found.slot, into });
            }
            all.push(hands);
        }
        all
    }

    /// True if the fragment's value is of another shape, for which a projection is then made.
    fn needs_projection(&mut self, own: &Ty, found: &FragmentSlot) -> bool {
        let (Some(source), Some(target)) = (shape_of(own), shape_of(&found.ty)) else { return false };
        let source = path(source, None);
        let target = path(target, Some(found.fragment));
        if source == target {
            return false;
        }
        self.project(source, target);
        true
    }
}

/// A reference from inside a definition as a path that holds everywhere.
pub fn path(reference: ShapeRef, fragment: Option<usize>) -> ShapePath {
    match (reference, fragment) {
        (ShapeRef::Fragment(fragment), _) => ShapePath::Fragment(fragment, usize::MAX),
        (ShapeRef::Local(shape), Some(fragment)) => ShapePath::Fragment(fragment, shape),
        (ShapeRef::Local(shape), None) => ShapePath::Here(shape),
    }
}

/// The shape inside the lists and nulls of a type.
pub fn shape_of(ty: &Ty) -> Option<ShapeRef> {
    match ty {
        Ty::Nullable(inner) | Ty::List(inner) => shape_of(inner),
        Ty::Shape(shape) => Some(*shape),
        Ty::Leaf(_) => None,
    }
}

/// True if two types have the same lists, nulls and leaf; shapes may differ.
pub fn same_outside(left: &Ty, right: &Ty) -> bool {
    match (left, right) {
        (Ty::Nullable(left), Ty::Nullable(right)) | (Ty::List(left), Ty::List(right)) => same_outside(left, right),
        (Ty::Leaf(left), Ty::Leaf(right)) => left == right,
        (Ty::Shape(_), Ty::Shape(_)) => true,
        _ => false,
    }
}

fn is_leaf(ty: &Ty) -> bool {
    shape_of(ty).is_none()
}

/// The type, if all who want a key want the same leaf.
fn one_leaf(wanted: &Wanted) -> Option<Ty> {
    let own = wanted.own.values().map(|ty| is_leaf(ty).then_some(ty));
    let spreads = wanted.spreads.values().flat_map(|spreads| spreads.values().map(Option::as_ref));
    let types: Vec<&Ty> = own.chain(spreads).collect::<Option<_>>()?;
    let (first, rest) = types.split_first()?;
    rest.iter().all(|ty| ty == first).then(|| (*first).clone())
}

/// The fragments whose slots the shape holds: all that it spreads and that nothing else holds.
fn nested(collected: &Collected<'_>) -> IndexSet<usize> {
    let spreads = collected.items.iter().filter(|item| item.via.is_none()).filter_map(|item| match item.what {
        What::Spread { fragment } => Some(fragment),
        _ => None,
    });
    spreads.filter(|fragment| !collected.held.contains_key(fragment)).collect()
}

fn point_fields(shape: &mut Shape, slot_of: &SlotOf) {
    let point = |members: &mut Members, group: usize| {
        for field in &mut members.fields {
            field.slot = slot_of.get(&field.key, group).unwrap_or(usize::MAX);
        }
    };
    point(&mut shape.members, 0);
    if let Some(arms) = &mut shape.arms {
        arms.tag = slot_of.get("__typename", 0).unwrap_or(usize::MAX);
        let last = arms.arms.len();
        for (group, arm) in arms.arms.iter_mut().enumerate() {
            if let Payload::Struct { members, .. } = &mut arm.payload {
                point(members, group);
            }
        }
        if let Payload::Struct { members, .. } = &mut arms.other {
            point(members, last);
        }
    }
}
