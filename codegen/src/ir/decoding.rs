//! How an object is decoded in one pass: what is kept until all of it has been read, and where each key goes.
//!
//! [`super::slots`] plans it.

use super::{Field, GroupId, JointId, KeyId, NestedId, Path, ShapePath, SlotId, Ty};
use indexmap::{Equivalent, IndexMap};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where the values of an object are kept until all of it has been read: of a shape, or of a joint.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slots {
    /// A slot for each value of the object's own fields, and whether the value is there whenever the object is.
    pub own: IndexMap<OwnSlot, Certainty>,
    /// Slots inside these: of the fragments of a shape, or of the parts of a joint.
    pub nested: Vec<Nested>,
    /// Where each response key goes. Keys that are not listed go to the first nested slots that know them.
    pub keys: Vec<Key>,
    /// Every key that these and the nested slots can take.
    pub known: BTreeSet<Arc<str>>,
    /// How many numbers the keys take, those of the nested slots included.
    pub numbers: usize,
    /// The slot of a field `__typename`.
    pub typename: Option<SlotId>,
}

/// What a slot is for: the fields of one response key that have the same type, whichever groups have them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OwnSlot {
    /// The response key.
    pub key: Arc<str>,
    /// The type of the value.
    pub ty: Ty,
}

/// Slots inside others.
#[derive(Debug, Clone, PartialEq)]
pub struct Nested {
    /// Which.
    pub slots: SlotsPath,
    /// The groups of types that have them; all of them if there is no list.
    pub groups: Option<BTreeSet<GroupId>>,
    /// Whether their value is there whenever the object is.
    pub certainty: Certainty,
}

/// Names slots from anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlotsPath {
    /// Those of a shape.
    Shape(ShapePath),
    /// Those of a joint.
    Joint(Path<JointId>),
}

/// Whether a part of a value is there whenever the value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// It is.
    Always,
    /// A directive may leave it out.
    IfIncluded,
    /// It depends on the type of the object that has the value.
    IfOfType,
}

/// A response key and where its value goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The response key.
    pub key: Arc<str>,
    /// Where it goes.
    pub route: Route,
}

/// Where a value goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Route {
    /// To a slot.
    Slot(SlotId),
    /// To nested slots.
    Nested(NestedId),
    /// It is the type name, for everything that wants it.
    TypeName,
    /// To several places.
    Shared(Shared),
    /// It depends on the type: one route for each group.
    ByGroup(Vec<Route>),
    /// Nowhere.
    Skip,
}

/// A value that is decoded once for several places.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// What is decoded.
    pub value: SharedValue,
    /// Who gets it.
    pub takers: Takers,
    /// Whether it is there whenever the object is.
    pub certainty: Certainty,
}

/// What is decoded for several places.
#[derive(Debug, Clone, PartialEq)]
pub enum SharedValue {
    /// One leaf.
    Leaf(Ty),
    /// An object, in lists and nulls: from the outermost.
    Object {
        /// The lists and nulls.
        wrappers: Vec<Wrapper>,
        /// The slots that it is decoded through.
        slots: SlotsPath,
    },
    /// JSON, since the types differ in more than what they select.
    Json,
}

/// What can be around a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrapper {
    /// Null is possible.
    Nullable,
    /// A list.
    List,
}

/// Who gets a shared value.
#[derive(Debug, Clone, PartialEq)]
pub enum Takers {
    /// Each of these places gets all of it.
    Whole(Vec<Place>),
    /// It is split.
    Parts(Vec<SharedPart>),
}

/// A part of a shared value.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedPart {
    /// Whether it is there whenever the value is.
    pub certainty: Certainty,
    /// True if it is made of parts itself.
    pub joint: bool,
    /// The places that get it.
    pub takers: Vec<Place>,
}

/// A place in slots.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Nested slots to walk through.
    pub nested: Vec<NestedId>,
    /// What is there.
    pub end: PlaceEnd,
}

/// What takes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceEnd {
    /// A slot.
    Slot(SlotId),
    /// The route of a key that is also shared there.
    Key(KeyId),
}

impl Takers {
    /// All places that get something.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let (whole, parts) = match self {
            Self::Whole(places) => (places.as_slice(), [].as_slice()),
            Self::Parts(parts) => ([].as_slice(), parts.as_slice()),
        };
        whole.iter().chain(parts.iter().flat_map(|part| &part.takers))
    }
}

impl Slots {
    /// The slot that a field of the object comes from.
    pub fn of<N>(&self, field: &Field<N>) -> Option<SlotId> {
        self.own.get_index_of(&OfField(&field.key, &field.ty)).map(SlotId)
    }

    /// The type of the value in a slot.
    pub fn ty(&self, slot: SlotId) -> Option<&Ty> {
        self.own.get_index(slot.0).map(|(slot, _)| &slot.ty)
    }
}

/// An [`OwnSlot`] to look for.
#[derive(Hash)]
struct OfField<'f>(&'f str, &'f Ty);

impl Equivalent<OwnSlot> for OfField<'_> {
    fn equivalent(&self, slot: &OwnSlot) -> bool {
        (self.0, self.1) == (&*slot.key, &slot.ty)
    }
}
