//! How an object is decoded in one pass: a slot for each value, whatever the order of keys.
//!
//! A shape has slots for its own fields, and inside them the slots of the fragments that it spreads.
//! A key that only one of them wants goes there. A key that several want is decoded once and given to
//! all. If they select different things below it, it is decoded through a joint: slots that hold
//! the slots of each of them, and split the value into their parts.
//!
//! Where a value goes can depend on the type of the object: then it is routed by the group of
//! the type, so that a value of a type that selects nothing there, or that the schema did not have,
//! is skipped.

use super::scope::ScopeBuilder;
use super::{
    Certainty, FragmentId, GroupId, JointId, Key, KeyId, Nested, NestedId, OwnSlot, Path, Place, PlaceEnd, Route,
    Shape, ShapeId, ShapePath, ShapeRef, Shared, SharedPart, SharedValue, SlotId, Slots, SlotsPath, Takers, Ty,
    Unnamed, Wrapper,
};
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::sync::Arc;

const TYPENAME: &str = "__typename";

/// The own fields of what slots are made for: of each key, the slot for each group, and whether a directive may
/// leave it out.
type Own = IndexMap<Arc<str>, Vec<Option<(SlotId, Certainty)>>>;

/// A place that wants the value of a key.
#[derive(Clone)]
struct Wanted {
    place: Place,
    value: SharedValue,
    certainty: Certainty,
}

impl ScopeBuilder<'_, '_> {
    /// Computes the slots of the shapes that the root reaches.
    pub fn lay_out_slots(&mut self, root: ShapeRef) {
        let ShapeRef::Local(root) = root else { return };
        let mut reached = BTreeSet::from([root]);
        let mut open = vec![root];
        while let Some(shape) = open.pop() {
            let shape = &self.shapes[shape];
            let fields = shape.groups().flat_map(|group| shape.members_of(group).fields);
            let below: Vec<ShapeId> = fields.filter_map(|field| field.ty.local()).collect();
            open.extend(below.into_iter().filter(|shape| reached.insert(*shape)));
        }
        // Shapes come after those of their fields.
        for shape in reached {
            self.lay_out_shape(shape);
        }
    }

    fn lay_out_shape(&mut self, id: ShapeId) {
        let shape = &self.shapes[id];
        let groups = shape.groups().len();
        let (mut slots, mut own) = (Slots::default(), Own::new());
        for group in shape.groups() {
            for field in shape.members_of(group).fields {
                let key: Arc<str> = field.key.as_str().into();
                let certainty = if field.conditional { Certainty::IfIncluded } else { Certainty::Always };
                let entry = slots.own.entry(OwnSlot { key: Arc::clone(&key), ty: field.ty });
                let slot = SlotId(entry.index());
                entry.and_modify(|known| *known = certainty.max(*known)).or_insert(certainty);
                own.entry(key).or_insert_with(|| vec![None; groups])[group.0] = Some((slot, certainty));
            }
        }
        slots.nested = self.nested_of(shape);
        self.shapes[id].slots = self.finish_slots(slots, &own, groups);
    }

    /// The fragments whose slots a shape holds: all that it spreads and that no other one holds.
    fn nested_of(&self, shape: &Shape<Unnamed>) -> Vec<Nested> {
        let mut found: IndexMap<FragmentId, (BTreeSet<GroupId>, Certainty)> = IndexMap::new();
        for group in shape.groups() {
            for spread in shape.members_of(group).spreads.iter().filter(|spread| spread.held_by.is_none()) {
                let (groups, certainty) =
                    found.entry(spread.fragment).or_insert_with(|| (BTreeSet::new(), Certainty::Always));
                groups.insert(group);
                if spread.conditional {
                    *certainty = Certainty::IfIncluded;
                }
            }
        }
        let nested = found.into_iter().map(|(fragment, (groups, certainty))| Nested {
            slots: SlotsPath::Shape(self.lowerer.root_path(fragment)),
            groups: (groups.len() < shape.groups().len()).then_some(groups),
            certainty,
        });
        nested.collect()
    }

    /// Routes the keys of slots whose own and nested slots are known.
    fn finish_slots(&mut self, mut slots: Slots, own: &Own, groups: usize) -> Slots {
        let mut seen: IndexMap<Arc<str>, Vec<NestedId>> = IndexMap::new();
        for (at, nested) in slots.nested.iter().enumerate() {
            for key in &self.slots_at(nested.slots).known {
                seen.entry(Arc::clone(key)).or_default().push(NestedId(at));
            }
        }
        for key in own.keys() {
            seen.entry(Arc::clone(key)).or_default();
        }
        if groups > 1 {
            seen.entry(TYPENAME.into()).or_default();
        }
        for (key, nested) in &seen {
            let route = if &**key == TYPENAME {
                let wants = groups > 1 || own.contains_key(key) || nested.len() > 1;
                // A type name that came does not say that a fragment did.
                let maybe = nested.iter().any(|at| slots.nested[*at].certainty != Certainty::Always);
                (wants || maybe).then_some(Route::TypeName)
            } else if own.contains_key(key) || nested.len() > 1 || self.depends(&slots, key, nested) {
                Some(self.route_of(&slots, own.get(key), key, nested, groups))
            } else {
                None
            };
            if let Some(route) = route {
                slots.keys.push(Key { key: Arc::clone(key), route });
            }
        }
        let nested = slots.nested.iter().map(|nested| self.slots_at(nested.slots).numbers);
        slots.numbers = nested.fold(slots.keys.len(), usize::saturating_add);
        slots.typename = own.get(TYPENAME).and_then(|slots| slots.iter().flatten().next()).map(|(slot, _)| *slot);
        slots.known = seen.into_keys().collect();
        slots
    }

    /// True if a nested key has to be routed by the group of the type. Leaves need not: whatever has the key has
    /// the same type there.
    fn depends(&self, slots: &Slots, key: &str, nested: &[NestedId]) -> bool {
        nested.iter().any(|at| {
            slots.nested[*at].groups.is_some()
                && self
                    .wanted_in(slots, None, *at, key)
                    .iter()
                    .any(|wanted| !matches!(wanted.value, SharedValue::Leaf(_)))
        })
    }

    fn route_of(
        &mut self,
        slots: &Slots,
        own: Option<&Vec<Option<(SlotId, Certainty)>>>,
        key: &str,
        nested: &[NestedId],
        groups: usize,
    ) -> Route {
        let of_nested: Vec<(NestedId, Vec<Wanted>)> =
            nested.iter().map(|at| (*at, self.wanted_in(slots, None, *at, key))).collect();
        let mut by_group = Vec::new();
        let mut all: Vec<Wanted> = Vec::new();
        for group in 0..groups {
            let mut wanted = Vec::new();
            if let Some((slot, certainty)) = own.and_then(|own| own[group])
                && let Some(ty) = slots.ty(slot)
            {
                let place = Place { nested: Vec::new(), end: PlaceEnd::Slot(slot) };
                wanted.push(Wanted { place, value: shared_value(ty, None, self), certainty });
            }
            for (at, of_nested) in &of_nested {
                if slots.nested[*at].groups.as_ref().is_none_or(|groups| groups.contains(&GroupId(group))) {
                    wanted.extend(of_nested.iter().cloned());
                }
            }
            for one in &wanted {
                if !all.iter().any(|known| known.place == one.place) {
                    all.push(one.clone());
                }
            }
            by_group.push(wanted);
        }
        // A leaf of one type can be given to everything that wants it in some group.
        if one_leaf(&all) {
            return self.route(all);
        }
        let routes: Vec<Route> = by_group.into_iter().map(|wanted| self.route(wanted)).collect();
        match routes.split_first() {
            Some((first, rest)) if rest.iter().all(|route| route == first) => first.clone(),
            _ => Route::ByGroup(routes),
        }
    }

    /// One route to all places.
    fn route(&mut self, wanted: Vec<Wanted>) -> Route {
        let Some(first) = wanted.first() else { return Route::Skip };
        let hop = first.place.nested.first().copied();
        if wanted.iter().all(|one| one.place.nested.first() == hop.as_ref())
            && let Some(nested) = hop
        {
            return Route::Nested(nested);
        }
        if let ([_], PlaceEnd::Slot(slot)) = (wanted.as_slice(), first.place.end) {
            return Route::Slot(slot);
        }
        let whole = |value: SharedValue| {
            let takers = Takers::Whole(wanted.iter().map(|one| one.place.clone()).collect());
            let certainty = wanted.iter().map(|one| one.certainty).min().unwrap_or(Certainty::Always);
            Route::Shared(Shared { value, takers, certainty })
        };
        if wanted.iter().all(|one| one.value == first.value) {
            return whole(first.value.clone());
        }
        let objects: Option<Vec<(&[Wrapper], SlotsPath)>> = wanted
            .iter()
            .map(|one| match &one.value {
                SharedValue::Object { wrappers, slots } => Some((wrappers.as_slice(), *slots)),
                _ => None,
            })
            .collect();
        match objects {
            Some(objects) if objects.iter().all(|(wrappers, _)| *wrappers == objects[0].0) => self.joined(
                &wanted,
                objects[0].0.to_vec(),
                &objects.iter().map(|(_, slots)| *slots).collect::<Vec<_>>(),
            ),
            // They differ in nulls, or in the Rust types of a leaf.
            _ => whole(SharedValue::Json),
        }
    }

    /// A route through a joint of all that is wanted.
    fn joined(&mut self, wanted: &[Wanted], wrappers: Vec<Wrapper>, slots: &[SlotsPath]) -> Route {
        let mut parts: IndexMap<SlotsPath, SharedPart> = IndexMap::new();
        for (one, slots) in wanted.iter().zip(slots) {
            let part = parts.entry(*slots).or_insert_with(|| SharedPart {
                certainty: one.certainty,
                joint: matches!(slots, SlotsPath::Joint(_)),
                takers: Vec::new(),
            });
            part.certainty = part.certainty.min(one.certainty);
            part.takers.push(one.place.clone());
        }
        let joint = self.joint(parts.iter().map(|(slots, part)| (*slots, part.certainty)).collect());
        let takers = Takers::Parts(parts.into_values().collect());
        let slots = SlotsPath::Joint(Path::Here(joint));
        // A part that may not be there says so itself.
        let certainty = Certainty::Always;
        Route::Shared(Shared { value: SharedValue::Object { wrappers, slots }, takers, certainty })
    }

    /// The joint of some slots, by its index.
    fn joint(&mut self, parts: Vec<(SlotsPath, Certainty)>) -> JointId {
        if let Some(known) = self.joint_of.get(&parts) {
            return *known;
        }
        let nested =
            parts.iter().map(|(slots, certainty)| Nested { slots: *slots, groups: None, certainty: *certainty });
        let slots = Slots { nested: nested.collect(), ..Slots::default() };
        let slots = self.finish_slots(slots, &Own::new(), 1);
        self.joints.push(slots);
        let joint = JointId(self.joints.len() - 1);
        self.joint_of.insert(parts, joint);
        joint
    }

    /// The places inside nested slots that want a key, as seen from outside of them. `fragment` is the one that the
    /// outer slots are in.
    fn wanted_in(&self, slots: &Slots, fragment: Option<FragmentId>, nested: NestedId, key: &str) -> Vec<Wanted> {
        let Nested { slots: inner, certainty, .. } = &slots.nested[nested];
        let mut wanted = self.wanted(based_path(*inner, fragment), key);
        for one in &mut wanted {
            one.place.nested.insert(0, nested);
            one.certainty = one.certainty.max(*certainty);
        }
        wanted
    }

    /// The places in slots that want a key.
    fn wanted(&self, path: SlotsPath, key: &str) -> Vec<Wanted> {
        let slots = self.slots_at(path);
        if !slots.known.contains(key) {
            return Vec::new();
        }
        let Some(at) = slots.keys.iter().position(|listed| &*listed.key == key) else {
            let knows = |at: &NestedId| {
                let inner = based_path(slots.nested[*at].slots, fragment_of(path));
                self.slots_at(inner).known.contains(key)
            };
            let first = (0..slots.nested.len()).map(NestedId).find(knows);
            return first.map(|nested| self.wanted_in(slots, fragment_of(path), nested, key)).unwrap_or_default();
        };
        let mut found = Vec::new();
        self.wanted_by(path, &slots.keys[at].route, KeyId(at), &mut found);
        found
    }

    fn wanted_by(&self, path: SlotsPath, route: &Route, at: KeyId, found: &mut Vec<Wanted>) {
        let slots = self.slots_at(path);
        let place = |end| Place { nested: Vec::new(), end };
        match route {
            Route::Skip | Route::TypeName => {}
            Route::Slot(slot) => {
                let Some((OwnSlot { ty, .. }, certainty)) = slots.own.get_index(slot.0) else { return };
                let value = shared_value(ty, fragment_of(path), self);
                found.push(Wanted { place: place(PlaceEnd::Slot(*slot)), value, certainty: *certainty });
            }
            Route::Nested(nested) => {
                found.extend(self.wanted_in(slots, fragment_of(path), *nested, &slots.keys[at].key));
            }
            Route::Shared(shared) if std::ptr::eq(route, &slots.keys[at].route) => {
                let value = based(&shared.value, fragment_of(path));
                found.push(Wanted { place: place(PlaceEnd::Key(at)), value, certainty: shared.certainty });
            }
            Route::Shared(shared) => {
                for place in shared.takers.places() {
                    if let Some(value) = self.value_at(path, place) {
                        found.push(Wanted { place: place.clone(), value, certainty: Certainty::IfOfType });
                    }
                }
            }
            Route::ByGroup(routes) => {
                let mut inner = Vec::new();
                for route in routes {
                    self.wanted_by(path, route, at, &mut inner);
                }
                for one in inner {
                    if !found.iter().any(|known| known.place == one.place) {
                        found.push(Wanted { certainty: Certainty::IfOfType, ..one });
                    }
                }
            }
        }
    }

    /// The type of what a place takes.
    fn value_at(&self, path: SlotsPath, place: &Place) -> Option<SharedValue> {
        let mut path = path;
        for nested in &place.nested {
            path = based_path(self.slots_at(path).nested.get(nested.0)?.slots, fragment_of(path));
        }
        let slots = self.slots_at(path);
        match place.end {
            PlaceEnd::Slot(slot) => Some(shared_value(slots.ty(slot)?, fragment_of(path), self)),
            PlaceEnd::Key(key) => match &slots.keys.get(key.0)?.route {
                Route::Shared(shared) => Some(based(&shared.value, fragment_of(path))),
                _ => None,
            },
        }
    }

    fn slots_at(&self, path: SlotsPath) -> &Slots {
        match path {
            SlotsPath::Shape(ShapePath::Here(shape)) => &self.shapes[shape].slots,
            SlotsPath::Shape(ShapePath::Fragment(fragment, shape)) => {
                &self.lowerer.fragment_shape(fragment, shape).slots
            }
            SlotsPath::Joint(Path::Here(joint)) => &self.joints[joint],
            SlotsPath::Joint(Path::Fragment(fragment, joint)) => self.lowerer.fragment_joint(fragment, joint),
        }
    }
}

/// True if all places want the same leaf.
fn one_leaf(wanted: &[Wanted]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return false };
    matches!(first.value, SharedValue::Leaf(_)) && rest.iter().all(|one| one.value == first.value)
}

/// The type of a slot of the definition at hand or of a fragment.
fn shared_value(ty: &Ty, fragment: Option<FragmentId>, builder: &ScopeBuilder<'_, '_>) -> SharedValue {
    let mut wrappers = Vec::new();
    let mut inner = ty;
    loop {
        inner = match inner {
            Ty::Nullable(inner) => {
                wrappers.push(Wrapper::Nullable);
                inner
            }
            Ty::List(inner) => {
                wrappers.push(Wrapper::List);
                inner
            }
            Ty::Leaf(_) => return SharedValue::Leaf(ty.clone()),
            Ty::Shape(shape) => {
                let path = match (shape, fragment) {
                    (ShapeRef::Fragment(fragment), _) => builder.lowerer.root_path(*fragment),
                    (ShapeRef::Local(shape), Some(fragment)) => ShapePath::Fragment(fragment, *shape),
                    (ShapeRef::Local(shape), None) => ShapePath::Here(*shape),
                };
                return SharedValue::Object { wrappers, slots: SlotsPath::Shape(path) };
            }
        };
    }
}

fn fragment_of(path: SlotsPath) -> Option<FragmentId> {
    match path {
        SlotsPath::Shape(ShapePath::Fragment(fragment, _)) | SlotsPath::Joint(Path::Fragment(fragment, _)) => {
            Some(fragment)
        }
        SlotsPath::Shape(ShapePath::Here(_)) | SlotsPath::Joint(Path::Here(_)) => None,
    }
}

/// A path that was found in a fragment, as one that holds everywhere.
fn based_path(path: SlotsPath, fragment: Option<FragmentId>) -> SlotsPath {
    match (path, fragment) {
        (SlotsPath::Shape(ShapePath::Here(at)), Some(fragment)) => SlotsPath::Shape(ShapePath::Fragment(fragment, at)),
        (SlotsPath::Joint(Path::Here(at)), Some(fragment)) => SlotsPath::Joint(Path::Fragment(fragment, at)),
        (path, _) => path,
    }
}

fn based(value: &SharedValue, fragment: Option<FragmentId>) -> SharedValue {
    match value {
        SharedValue::Object { wrappers, slots } => {
            SharedValue::Object { wrappers: wrappers.clone(), slots: based_path(*slots, fragment) }
        }
        other => other.clone(),
    }
}
