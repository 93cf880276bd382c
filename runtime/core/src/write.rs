//! Writes generated types, for any serializer of serde.
//!
//! A type only names its keys and values ([`Object`]); what is made of them for a serializer is made once, for
//! [`Node`], and not for every type.

use crate::{Id, Input, TypeName};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;
use std::fmt;

/// A type that is written.
pub trait Write {
    /// Returns what is written.
    fn node(&self) -> Node<'_>;
}

/// A type that is written as an object.
pub trait Object {
    /// Whether a key may be put more than once: by fragments that select the same.
    const REPEATS: bool;
    /// Puts the entries.
    fn put<'v>(&'v self, entries: &mut Entries<'_, 'v>);
}

/// What is written for a value.
#[derive(Clone, Copy)]
pub enum Node<'v> {
    /// Nothing, not even a key.
    Absent,
    /// A null.
    Null,
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Int(i32),
    /// A number.
    Float(f64),
    /// A string.
    String(&'v str),
    /// An object.
    Object(&'v dyn DynObject),
    /// A list.
    List(&'v dyn List),
    /// Whatever serde writes.
    Serde(&'v dyn DynSerialize),
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Node")
    }
}

/// [`Object`] for any type.
pub trait DynObject {
    /// [`Object::REPEATS`]
    fn repeats(&self) -> bool;
    /// [`Object::put`]
    fn put_all<'v>(&'v self, entries: &mut Entries<'_, 'v>);
}

impl<T: Object> DynObject for T {
    fn repeats(&self) -> bool {
        T::REPEATS
    }
    fn put_all<'v>(&'v self, entries: &mut Entries<'_, 'v>) {
        self.put(entries);
    }
}

/// A list of any type.
pub trait List {
    /// Returns the number of items.
    fn count(&self) -> usize;
    /// Returns an item; [`Node::Absent`] past the end.
    fn item(&self, at: usize) -> Node<'_>;
}

impl<T: Write> List for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }
    fn item(&self, at: usize) -> Node<'_> {
        self.get(at).map_or(Node::Absent, Write::node)
    }
}

/// A type that serde writes, without its name.
pub trait DynSerialize {
    /// Returns the value.
    ///
    /// # Errors
    /// The type rejects its value.
    fn value(&self) -> Result<Value, serde_json::Error>;
}

impl<T: Serialize> DynSerialize for T {
    fn value(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(self)
    }
}

/// Where an object puts its entries.
pub struct Entries<'e, 'v>(&'e mut dyn FnMut(&'static str, Node<'v>));

impl fmt::Debug for Entries<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entries")
    }
}

impl<'v> Entries<'_, 'v> {
    /// Puts values under their keys.
    #[inline(never)]
    pub fn put(&mut self, keys: &[&'static str], nodes: &[Node<'v>]) {
        for (key, node) in keys.iter().zip(nodes) {
            if !matches!(node, Node::Absent) {
                (self.0)(key, *node);
            }
        }
    }

    /// Puts the name of the object's type.
    pub fn type_name(&mut self, name: &'v str) {
        if !name.is_empty() {
            (self.0)("__typename", Node::String(name));
        }
    }
}

/// Writes a value.
///
/// # Errors
/// Errors of the serializer.
pub fn serialize<S: Serializer>(value: &dyn DynObject, serializer: S) -> Result<S::Ok, S::Error> {
    Written(Node::Object(value)).serialize(serializer)
}

/// A value that is stored in one place.
struct Written<'v>(Node<'v>);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Node::Absent | Node::Null => serializer.serialize_none(),
            Node::Boolean(value) => serializer.serialize_bool(value),
            Node::Int(value) => serializer.serialize_i32(value),
            Node::Float(value) => serializer.serialize_f64(value),
            Node::String(value) => serializer.serialize_str(value),
            Node::Serde(value) => value.value().map_err(S::Error::custom)?.serialize(serializer),
            Node::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.count()))?;
                for at in 0..items.count() {
                    list.serialize_element(&Self(items.item(at)))?;
                }
                list.end()
            }
            Node::Object(object) if object.repeats() => merged(&[self.0], serializer),
            Node::Object(object) => {
                let mut map = serializer.serialize_map(None)?;
                let mut result = Ok(());
                object.put_all(&mut Entries(&mut |key, node| {
                    if result.is_ok() {
                        result = map.serialize_entry(key, &Written(node));
                    }
                }));
                result?;
                map.end()
            }
        }
    }
}

/// A value that is stored in several places, or of which parts are: by the fragments that select it.
struct Merged<'v>(Vec<Node<'v>>);

impl Serialize for Merged<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [only] => Written(*only).serialize(serializer),
            [Node::Object(_), ..] => merged(&self.0, serializer),
            [Node::List(first), ..] => {
                let mut list = serializer.serialize_seq(Some(first.count()))?;
                for at in 0..first.count() {
                    let items = self.0.iter().filter_map(|node| match node {
                        Node::List(items) => Some(items.item(at)),
                        _ => None,
                    });
                    list.serialize_element(&Self(items.collect()))?;
                }
                list.end()
            }
            [leaf, ..] => Written(*leaf).serialize(serializer),
            [] => serializer.serialize_none(),
        }
    }
}

/// Writes objects as one, each key once.
fn merged<S: Serializer>(objects: &[Node<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    let mut all: Vec<(&'static str, Vec<Node<'_>>)> = Vec::new();
    for node in objects {
        let Node::Object(object) = node else { continue };
        object.put_all(&mut Entries(&mut |key, node| match all.iter_mut().find(|(known, _)| *known == key) {
            Some((_, nodes)) => nodes.push(node),
            None => all.push((key, vec![node])),
        }));
    }
    let mut map = serializer.serialize_map(Some(all.len()))?;
    for (key, nodes) in all {
        map.serialize_entry(key, &Merged(nodes))?;
    }
    map.end()
}

impl Write for i32 {
    fn node(&self) -> Node<'_> {
        Node::Int(*self)
    }
}

impl Write for f64 {
    fn node(&self) -> Node<'_> {
        Node::Float(*self)
    }
}

impl Write for bool {
    fn node(&self) -> Node<'_> {
        Node::Boolean(*self)
    }
}

impl Write for String {
    fn node(&self) -> Node<'_> {
        Node::String(self)
    }
}

impl Write for Id {
    fn node(&self) -> Node<'_> {
        if self.is_number() { Node::Serde(self) } else { Node::String(self) }
    }
}

/// The name of a type; it is empty if the response had none.
impl Write for TypeName {
    fn node(&self) -> Node<'_> {
        if self.as_str().is_empty() { Node::Absent } else { Node::String(self.as_str()) }
    }
}

impl Write for Value {
    fn node(&self) -> Node<'_> {
        Node::Serde(self)
    }
}

impl<T: Write> Write for Box<T> {
    fn node(&self) -> Node<'_> {
        T::node(self)
    }
}

impl<T: Write> Write for Vec<T> {
    fn node(&self) -> Node<'_> {
        Node::List(self)
    }
}

impl<T: Write> Write for Option<T> {
    fn node(&self) -> Node<'_> {
        self.as_ref().map_or(Node::Null, Write::node)
    }
}

impl<T: Write> Write for Input<T> {
    fn node(&self) -> Node<'_> {
        match self {
            Self::Omitted => Node::Absent,
            Self::Null => Node::Null,
            Self::Value(value) => value.node(),
        }
    }
}

/// Returns nothing for a value that did not come, instead of null.
pub fn optional<T: Write>(value: &Option<T>) -> Node<'_> {
    value.as_ref().map_or(Node::Absent, Write::node)
}

/// Returns what serde writes.
pub fn serde<T: Serialize>(value: &T) -> Node<'_> {
    Node::Serde(value)
}

/// [`optional`] for a type that serde writes.
pub fn optional_serde<T: Serialize>(value: &Option<T>) -> Node<'_> {
    value.as_ref().map_or(Node::Absent, serde)
}

/// Returns an input that serde writes, unless it is omitted.
pub fn input_serde<T: Serialize>(value: &Input<T>) -> Node<'_> {
    match value {
        Input::Omitted => Node::Absent,
        Input::Null => Node::Null,
        Input::Value(value) => serde(value),
    }
}
