//! What is generated, as plain data: Rust names, shapes, inputs. No tokens, no syntax trees.
//!
//! The lowering ([`lower`]) knows GraphQL and builds these; rendering knows Rust and only
//! reads them. Everything that can fail has failed before a [`Module`] exists.

mod arm_names;
mod collect;
mod copies;
mod definition_names;
mod derives;
mod ids;
mod inputs;
mod judge;
mod lower;
mod modules;
mod names;
mod notes;
mod overrides;
mod pagination;
mod payload;
mod presence;
mod scope;
mod sent;
mod sharing;
mod spreads;

use crate::config::Visibility;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use derives::Trait;
pub use ids::{FragmentId, GroupId, ShapeId};
pub use lower::{Lowered, lower};
pub use overrides::{is_rust_path, is_rust_type};
pub use pagination::{Pagination, Step};
pub use payload::PayloadErrors;
pub use sharing::repeats;

/// All of the output.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Module {
    /// One for each file that has operations.
    pub documents: Vec<Document>,
    /// The fragments that operations reach, those that others spread first.
    pub fragments: Vec<Fragment>,
    /// Enums in use, by name.
    pub enums: Vec<Enum>,
    /// Input objects in use, by name.
    pub inputs: Vec<Input>,
    /// Custom scalars in use that no configuration maps, by name.
    pub scalars: Vec<Scalar>,
    /// The derives of structs, and of the enums of selection sets.
    pub default_derives: Vec<String>,
    /// Extra derives for the types of selection sets.
    pub derives: Vec<String>,
    /// Who can see the modules of the output.
    pub visibility: Visibility,
}

/// The operations of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The file, as it is shown to people.
    pub source: String,
    /// Names of the Rust module and of those around it, the outermost first; empty in a single file.
    pub module: Vec<String>,
    /// In the order of the file.
    pub operations: Vec<Operation>,
}

/// The kinds of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// `query`
    Query,
    /// `mutation`
    Mutation,
    /// `subscription`
    Subscription,
}

/// An operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The name that is sent; an anonymous operation has none.
    pub name: Option<String>,
    /// Query, mutation or subscription.
    pub kind: OperationKind,
    /// The minimal document.
    pub document: String,
    /// SHA-256 of the document, in hexadecimal.
    pub id: String,
    /// Its variables.
    pub variables: Vec<InputField>,
    /// What the answer's `data` is.
    pub root: ShapeRef,
    /// The types that it is made of.
    pub data: Definition,
    /// How it goes from page to page, if it does.
    pub pagination: Option<Pagination>,
    /// Where the payloads of a mutation say what was wrong.
    pub payload_errors: Vec<PayloadErrors>,
}

/// A fragment.
#[derive(Debug, Clone, PartialEq)]
pub struct Fragment {
    /// Its name in GraphQL.
    pub graphql: String,
    /// The shape of its own selection set.
    pub root: ShapeId,
    /// The types that it is made of.
    pub data: Definition,
    /// The response keys that it takes, with those of the fragments that it holds.
    pub keys: BTreeSet<String>,
    /// Whether several parts of it take the same key.
    pub repeats: bool,
}

/// A tree of selection sets that is printed together: of an operation, or of a fragment.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Rust name of the operation's or fragment's struct.
    pub name: String,
    /// Rust name of the module beside it.
    pub module: String,
    /// Its description.
    pub docs: Option<String>,
    /// Extra derives for its types.
    pub derives: Vec<String>,
    /// Who can see it.
    pub visibility: Visibility,
    /// Its shapes.
    pub shapes: BTreeMap<ShapeId, Shape>,
}

/// Names a shape from inside a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShapeRef {
    /// A shape of the same definition.
    Local(ShapeId),
    /// The root of a fragment.
    Fragment(FragmentId),
}

impl From<ShapeId> for ShapeRef {
    fn from(shape: ShapeId) -> Self {
        Self::Local(shape)
    }
}

/// Names a shape from anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShapePath {
    /// A shape of the definition at hand.
    Here(ShapeId),
    /// A shape of a fragment.
    Fragment(FragmentId, ShapeId),
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ty {
    /// Null is possible.
    Nullable(Box<Ty>),
    /// A list.
    List(Box<Ty>),
    /// A scalar or enum.
    Leaf(Leaf),
    /// A selection set.
    Shape(ShapeRef),
}

/// A type without parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Leaf {
    /// `Int`
    Int,
    /// `Float`
    Float,
    /// `String`
    String,
    /// `Boolean`
    Boolean,
    /// `ID`
    Id,
    /// `__typename`, with the names that are likely.
    TypeName,
    /// An enum, by GraphQL name.
    Enum(String),
    /// A custom scalar without a mapping, by GraphQL name.
    Scalar(String),
    /// An input object, by GraphQL name.
    Input(String),
    /// A Rust type from the configuration.
    Rust(String),
}

/// Takes the place of a Rust name before there are names: they depend on everything else in a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unnamed;

/// One selection set.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape<N = String> {
    /// Rust name of the struct, or of the enum if there is nothing else.
    pub name: N,
    /// The Rust name that the user wants.
    pub renamed: Option<String>,
    /// Extra derives.
    pub derives: Vec<String>,
    /// GraphQL type of the selection set.
    pub on_type: String,
    /// What every possible type has.
    pub members: Members<N>,
    /// What depends on the type of the value.
    pub arms: Option<Arms<N>>,
}

/// Fields and fragments of a struct.
#[derive(Debug, Clone, PartialEq)]
pub struct Members<N = String> {
    /// Fields.
    pub fields: Vec<Field<N>>,
    /// Fragments.
    pub spreads: Vec<Spread<N>>,
}

/// A response key.
#[derive(Debug, Clone, PartialEq)]
pub struct Field<N = String> {
    /// The response key.
    pub key: String,
    /// Rust name of the field.
    pub name: N,
    /// The Rust name that the user wants.
    pub renamed: Option<String>,
    /// The type conditions, beside those of the selection set, that lead to what is selected: they name its type.
    pub conditions: Vec<String>,
    /// Its type.
    pub ty: Ty,
    /// True if a directive may leave it out of the response.
    pub conditional: bool,
    /// True if it is conditional, and something else selects its key from the same object.
    pub is_shared: bool,
    /// The schema's description.
    pub docs: Option<String>,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
}

/// A fragment that is held as a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread<N = String> {
    /// The fragment.
    pub fragment: FragmentId,
    /// Rust name of the field.
    pub name: N,
    /// The Rust name that the user wants.
    pub renamed: Option<String>,
    /// True if a directive may leave it out of the response.
    pub conditional: bool,
    /// Another fragment of the shape that holds the same one whenever it is there.
    pub held_by: Option<FragmentId>,
    /// How many fields of the struct are selected before it: that is the order of the response.
    pub fields_before: usize,
    /// If it is conditional, the keys that prove that it is there: nothing else selects them.
    pub proofs: Vec<String>,
}

/// The part of a selection set that depends on the concrete type.
#[derive(Debug, Clone, PartialEq)]
pub struct Arms<N = String> {
    /// Where the enum is.
    pub place: ArmsPlace<N>,
    /// One for each group of types that see the same selections.
    pub arms: Vec<Arm<N>>,
    /// Any other type: one that selects nothing more, or that the schema did not have.
    pub other: Payload<N>,
}

/// Where the enum of a selection set is.
#[derive(Debug, Clone, PartialEq)]
pub enum ArmsPlace<N = String> {
    /// There is nothing beside it: it is the type of the whole selection set.
    Alone,
    /// In the struct of the selection set, as the field [`ON_FIELD`].
    Inside {
        /// Rust name of the enum.
        name: N,
    },
}

/// Rust name of the field for what depends on the type. Shapes without that field reserve it, since they may get one.
pub const ON_FIELD: &str = "on";
/// Rust name of the field for the type name of a variant, kept free for the same reason.
pub const TYPENAME_FIELD: &str = "typename";

/// A group of concrete types.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm<N = String> {
    /// Rust name of the variant.
    pub variant: N,
    /// The narrowest of the written type conditions that its types satisfy: they name it.
    pub conditions: Vec<String>,
    /// GraphQL names of the types.
    pub types: Vec<String>,
    /// What it holds.
    pub payload: Payload<N>,
}

/// What a variant holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload<N = String> {
    /// Nothing.
    Unit,
    /// The type name alone.
    TypeName,
    /// Exactly one fragment.
    Fragment(Spread<N>),
    /// A struct.
    Struct {
        /// Rust name.
        name: N,
        /// Whether it has the field [`TYPENAME_FIELD`].
        tag: Tag,
        /// Its other fields.
        members: Members<N>,
    },
}

/// Whether the struct of a variant holds the name of the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// No: the variant determines it.
    Known,
    /// Yes.
    Field,
}

/// An enum.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// GraphQL name.
    pub graphql: String,
    /// Rust name.
    pub name: String,
    /// Description.
    pub docs: Option<String>,
    /// Its values.
    pub values: Vec<EnumValue>,
    /// Rust name of the variant for values that the schema did not have.
    pub unknown: String,
    /// Extra derives.
    pub derives: Vec<String>,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// GraphQL name.
    pub graphql: String,
    /// Rust name.
    pub name: String,
    /// Description.
    pub docs: Option<String>,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
}

/// An input object.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// GraphQL name.
    pub graphql: String,
    /// Rust name.
    pub name: String,
    /// Description.
    pub docs: Option<String>,
    /// Extra derives.
    pub derives: Vec<String>,
    /// True if exactly one field is given.
    pub one_of: bool,
    /// Its fields.
    pub fields: Vec<InputField>,
}

/// A field of an input object, or a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct InputField {
    /// GraphQL name.
    pub graphql: String,
    /// Rust name of the field.
    pub name: String,
    /// Rust name of the method that sets it, or of the variant of a one-of input.
    pub setter: String,
    /// Its type, without the outermost null.
    pub ty: Ty,
    /// Whether it must be given.
    pub presence: Presence,
    /// True if the value must be boxed, or the type would contain itself.
    pub boxed: bool,
    /// Description.
    pub docs: Option<String>,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
}

/// Whether and how an input may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must be given.
    Required,
    /// It may be left out, and has a default, but null is not allowed.
    Optional,
    /// It may be left out, and may be null.
    Nullable,
}

/// A custom scalar without a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// GraphQL name.
    pub graphql: String,
    /// Rust name.
    pub name: String,
    /// Description.
    pub docs: Option<String>,
    /// Where it is specified.
    pub specified_by: Option<String>,
    /// Extra derives.
    pub derives: Vec<String>,
}

impl Ty {
    /// Returns the shape of the same definition that the type leads to.
    pub fn local(&self) -> Option<ShapeId> {
        match self {
            Self::Nullable(inner) | Self::List(inner) => inner.local(),
            Self::Shape(ShapeRef::Local(shape)) => Some(*shape),
            Self::Shape(ShapeRef::Fragment(_)) | Self::Leaf(_) => None,
        }
    }
}

impl<N> Default for Members<N> {
    fn default() -> Self {
        Self { fields: Vec::new(), spreads: Vec::new() }
    }
}

impl<N> Arms<N> {
    /// Returns the payload of a group: of an arm, or of [`Arms::other`] past the last one.
    pub fn payload(&self, group: GroupId) -> &Payload<N> {
        self.arms.get(group.0).map_or(&self.other, |arm| &arm.payload)
    }

    /// Returns the payloads of all groups.
    pub fn payloads(&self) -> impl Iterator<Item = &Payload<N>> {
        self.arms.iter().map(|arm| &arm.payload).chain([&self.other])
    }
}

impl<N: Clone> Payload<N> {
    /// The members of the struct of a variant, if it has one.
    pub fn own_members(&self) -> Option<&Members<N>> {
        match self {
            Self::Struct { members, .. } => Some(members),
            Self::Unit | Self::TypeName | Self::Fragment(_) => None,
        }
    }

    /// The members of a variant, as if each had a struct.
    pub fn members(&self) -> Members<N> {
        match self {
            Self::Unit | Self::TypeName => Members::default(),
            Self::Fragment(spread) => Members { fields: Vec::new(), spreads: vec![spread.clone()] },
            Self::Struct { members, .. } => members.clone(),
        }
    }
}

impl Shape {
    /// Returns the Rust name of the enum for what depends on the type.
    pub fn arms_name<'s>(&'s self, arms: &'s Arms) -> &'s str {
        match &arms.place {
            ArmsPlace::Alone => &self.name,
            ArmsPlace::Inside { name } => name,
        }
    }
}

impl Fragment {
    /// Returns the shape of its own selection set.
    pub fn shape(&self) -> &Shape {
        &self.data.shapes[&self.root]
    }
}

impl<N: Clone> Shape<N> {
    /// Returns the groups of types that it distinguishes.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = GroupId> + use<N> {
        (0..self.arms.as_ref().map_or(1, |arms| arms.arms.len() + 1)).map(GroupId)
    }

    /// All fragments that it holds, those of its arms included.
    pub fn all_spreads(&self) -> Vec<Spread<N>> {
        let mut all = self.members.spreads.clone();
        if let Some(arms) = &self.arms {
            all.extend(self.groups().flat_map(|group| arms.payload(group).members().spreads));
        }
        all
    }

    /// Common members and those of a group together.
    pub fn members_of(&self, group: GroupId) -> Members<N> {
        let mut members = self.members.clone();
        if let Some(arms) = &self.arms {
            let of_arm = arms.payload(group).members();
            members.fields.extend(of_arm.fields);
            members.spreads.extend(of_arm.spreads);
        }
        members
    }
}

impl Module {
    /// The Rust name of an enum, input or scalar.
    pub fn type_name(&self, graphql: &str) -> Option<&str> {
        let enums = self.enums.iter().map(|one| (&one.graphql, &one.name));
        let inputs = self.inputs.iter().map(|one| (&one.graphql, &one.name));
        let scalars = self.scalars.iter().map(|one| (&one.graphql, &one.name));
        enums.chain(inputs).chain(scalars).find(|(name, _)| *name == graphql).map(|(_, name)| name.as_str())
    }
}
