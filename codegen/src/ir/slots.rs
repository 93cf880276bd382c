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

/// Who wants a key, for each group of types.
#[derive(Default)]
struct Wanted {
    /// The type of the shape's own field.
    own: Vec<Option<Ty>>,
    /// The spreads that select it, with the type if it is a leaf.
    spreads: Vec<IndexMap<usize, Option<Ty>>>,
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
        let mut slots = Slots { nested: nested(collected), ..Slots::default() };
        slots.known = wanted.keys().cloned().collect();
        for fragment in &slots.nested {
            slots.known.extend(self.lowerer.root(*fragment).slots.known.iter().cloned());
        }
        let mut slot_of: IndexMap<(String, usize), usize> = IndexMap::new();
        for (key, wanted) in &wanted {
            let targets = self.targets(wanted, &mut slots);
            for (group, target) in targets.iter().enumerate() {
                if let Target::Slot(slot) = target {
                    slot_of.insert((key.clone(), group), *slot);
                }
            }
            let one = targets.first().copied().filter(|first| targets.iter().all(|target| target == first));
            match one {
                Some(Target::Slot(slot)) => slots.keys.push(Key { key: key.clone(), route: Route::Slot(slot) }),
                Some(Target::Nested(nested)) => {
                    let known = |fragment: &&usize| self.lowerer.root(**fragment).slots.known.contains(key);
                    if slots.nested.iter().filter(known).count() > 1 {
                        slots.keys.push(Key { key: key.clone(), route: Route::Nested(nested) });
                    }
                }
                Some(Target::Skip) => {}
                None => slots.keys.push(Key { key: key.clone(), route: Route::ByGroup(targets) }),
            }
        }
        for group in 0..collected.groups.len() {
            let hands = self.hands(collected, &wanted, &slot_of, &slots, group);
            slots.hands.push(hands);
        }
        point_fields(shape, &slot_of);
        shape.slots = slots;
    }

    fn wanted(&mut self, collected: &Collected<'a>, shape: &Shape) -> IndexMap<String, Wanted> {
        let groups = collected.groups.len();
        let mut wanted: IndexMap<String, Wanted> = IndexMap::new();
        let entry = || Wanted { own: vec![None; groups], spreads: vec![IndexMap::new(); groups] };
        if shape.arms.is_some() {
            let tag = wanted.entry("__typename".to_owned()).or_insert_with(entry);
            tag.own = vec![Some(Ty::Leaf(Leaf::TypeName)); groups];
        }
        for group in 0..groups {
            let of_arm = shape.arms.as_ref().map(|arms| arms.payload(group).members()).unwrap_or_default();
            for field in shape.members.fields.iter().chain(&of_arm.fields) {
                wanted.entry(field.key.clone()).or_insert_with(entry).own[group] = Some(field.ty.clone());
            }
        }
        for item in &collected.items {
            let (Some(via), Some(key)) = (item.via, item.key()) else { continue };
            let leaf = self.leaf_type(&item.what);
            for (at, group) in collected.groups.iter().enumerate() {
                if item.always || group.types.iter().any(|ty| item.types.contains(*ty)) {
                    let wanted = wanted.entry(key.to_owned()).or_insert_with(entry);
                    let ty = wanted.spreads[at].entry(via).or_insert_with(|| leaf.clone());
                    if *ty != leaf {
                        // It depends on the type, which only the fragment tells apart here.
                        *ty = None;
                    }
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

    /// Where a key goes in each group; makes the slots that it needs.
    fn targets(&self, wanted: &Wanted, slots: &mut Slots) -> Vec<Target> {
        let has_own = wanted.own.iter().any(Option::is_some);
        let spreads: IndexSet<usize> = wanted.spreads.iter().flat_map(|spreads| spreads.keys().copied()).collect();
        let groups = wanted.own.len();
        if let (false, Some(only), 1) = (has_own, spreads.first(), spreads.len()) {
            let nested = position(&slots.nested, *only);
            return vec![nested.map_or(Target::Skip, Target::Nested); groups];
        }
        if let Some(ty) = self.one_leaf(wanted) {
            slots.own.push(ty);
            return vec![Target::Slot(slots.own.len() - 1); groups];
        }
        let first = slots.own.len();
        let slot_for = |ty: &Ty, slots: &mut Slots| {
            let same = (first..slots.own.len()).find(|at| slots.own[*at] == *ty);
            Target::Slot(same.unwrap_or_else(|| {
                slots.own.push(ty.clone());
                slots.own.len() - 1
            }))
        };
        let mut targets = Vec::new();
        for group in 0..groups {
            let target = match (&wanted.own[group], wanted.spreads[group].len()) {
                (Some(ty), _) => slot_for(ty, slots),
                (None, 0) => Target::Skip,
                (None, 1) => {
                    let only = wanted.spreads[group].keys().next().copied();
                    only.and_then(|only| position(&slots.nested, only)).map_or(Target::Skip, Target::Nested)
                }
                (None, _) => match wanted.spreads[group].values().flatten().next() {
                    Some(ty) => slot_for(ty, slots),
                    None => Target::Skip,
                },
            };
            targets.push(target);
        }
        // A group that does not want the key never has it: it may share the others' route.
        let used: IndexSet<Target> = targets.iter().copied().filter(|target| *target != Target::Skip).collect();
        match (used.first(), used.len()) {
            (Some(only @ Target::Slot(_)), 1) => vec![*only; groups],
            _ => targets,
        }
    }

    /// The type, if all who want the key want the same leaf.
    fn one_leaf(&self, wanted: &Wanted) -> Option<Ty> {
        let own = wanted.own.iter().flatten().map(|ty| is_leaf(ty).then_some(ty));
        let spreads = wanted.spreads.iter().flat_map(|spreads| spreads.values().map(Option::as_ref));
        let types: Vec<&Ty> = own.chain(spreads).collect::<Option<_>>()?;
        let (first, rest) = types.split_first()?;
        rest.iter().all(|ty| ty == first).then(|| (*first).clone())
    }

    /// What the fragments of a group get from the shape's slots.
    fn hands(
        &mut self,
        collected: &Collected<'a>,
        wanted: &IndexMap<String, Wanted>,
        slot_of: &IndexMap<(String, usize), usize>,
        slots: &Slots,
        group: usize,
    ) -> Vec<Hand> {
        let types: Vec<String> = (collected.groups[group].types.iter())
            .map(|ty| self.lowerer.schema.types.object(*ty).to_string())
            .collect();
        let mut hands = Vec::new();
        for (key, wanted) in wanted {
            let Some(&slot) = slot_of.get(&(key.clone(), group)) else { continue };
            for spread in wanted.spreads[group].keys() {
                let Some(first) = position(&slots.nested, *spread) else { continue };
                let Some(found) = self.lowerer.slot_of(*spread, key, &types) else { continue };
                let own = &slots.own[slot];
                let into =
                    (self.needs_projection(own, &found) || !same_outside(own, &found.ty)).then(|| found.ty.clone());
                let nested = [first].into_iter().chain(found.nested).collect();
                hands.push(Hand { slot, nested, to: found.slot, into });
            }
        }
        hands
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

fn position(nested: &[usize], fragment: usize) -> Option<usize> {
    nested.iter().position(|nested| *nested == fragment)
}

/// The fragments whose slots the shape holds: all that it spreads and that nothing else holds.
fn nested(collected: &Collected<'_>) -> Vec<usize> {
    let spreads = collected.items.iter().filter(|item| item.via.is_none()).filter_map(|item| match item.what {
        What::Spread { fragment } => Some(fragment),
        _ => None,
    });
    let distinct: IndexSet<usize> = spreads.filter(|fragment| !collected.held.contains_key(fragment)).collect();
    distinct.into_iter().collect()
}

fn point_fields(shape: &mut Shape, slot_of: &IndexMap<(String, usize), usize>) {
    let point = |members: &mut Members, group: usize| {
        for field in &mut members.fields {
            field.slot = slot_of.get(&(field.key.clone(), group)).copied().unwrap_or(usize::MAX);
        }
    };
    point(&mut shape.members, 0);
    if let Some(arms) = &mut shape.arms {
        arms.tag = slot_of.get(&("__typename".to_owned(), 0)).copied().unwrap_or(usize::MAX);
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
