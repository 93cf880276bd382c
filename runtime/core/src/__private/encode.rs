//! Encodes objects with each response key once, even if its value is stored in several places.

use super::{Serialize, SerializeMap, Serializer, TypeName, Value};
use serde::ser::Error as _;

/// Writes the response keys of a shape.
pub trait Encode {
    /// Whether a response key may be stored in more than one place.
    const OVERLAP: bool = false;
    /// Writes the response keys.
    ///
    /// # Errors
    /// Errors of the map.
    fn encode<M: SerializeMap>(&self, fields: &mut Fields<'_, M>) -> Result<(), M::Error>;
}

/// Writes a shape as an object.
///
/// # Errors
/// Errors of the serializer.
pub fn encode<T: Encode, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    if !T::OVERLAP {
        value.encode(&mut Fields::Plain(&mut map))?;
        return map.end();
    }
    let (mut seen, mut repeated) = (Vec::new(), Vec::new());
    value.encode(&mut Fields::Survey::<S::SerializeMap> { seen: &mut seen, repeated: &mut repeated })?;
    let mut merging = Merging { repeated, merged: Vec::new(), written: Vec::new() };
    value.encode(&mut Fields::Once { map: &mut map, merging: &mut merging })?;
    for (key, value) in merging.merged {
        map.serialize_entry(key, &value)?;
    }
    map.end()
}

/// The object being written.
pub enum Fields<'m, M> {
    /// No response key is stored twice.
    Plain(&'m mut M),
    /// Finds the keys of objects that are stored in several places, without writing.
    Survey {
        /// Keys that are stored in one place.
        seen: &'m mut Vec<&'static str>,
        /// Keys that are stored in several places.
        repeated: &'m mut Vec<&'static str>,
    },
    /// Each response key is written once.
    Once {
        /// The object.
        map: &'m mut M,
        /// The state of its keys.
        merging: &'m mut Merging,
    },
}

/// The keys of an object that are stored in several places.
#[derive(Debug)]
pub struct Merging {
    repeated: Vec<&'static str>,
    merged: Vec<(&'static str, Value)>,
    written: Vec<&'static str>,
}

impl<M: SerializeMap> Fields<'_, M> {
    /// Writes a value without a selection set.
    ///
    /// # Errors
    /// Errors of the map.
    pub fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), M::Error> {
        match self {
            Self::Plain(map) => map.serialize_entry(key, value),
            Self::Survey { .. } => Ok(()),
            Self::Once { merging, .. } if merging.written.contains(&key) => Ok(()),
            Self::Once { map, merging } => {
                merging.written.push(key);
                map.serialize_entry(key, value)
            }
        }
    }

    /// Writes a value with a selection set. Parts from several places are merged.
    ///
    /// # Errors
    /// Errors of the map.
    pub fn object<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), M::Error> {
        match self {
            Self::Plain(map) => map.serialize_entry(key, value),
            Self::Survey { seen, repeated } => {
                if !seen.contains(&key) {
                    seen.push(key);
                } else if !repeated.contains(&key) {
                    repeated.push(key);
                }
                Ok(())
            }
            Self::Once { map, merging } if !merging.repeated.contains(&key) => map.serialize_entry(key, value),
            Self::Once { merging, .. } => {
                let value = serde_json::to_value(value).map_err(M::Error::custom)?;
                match merging.merged.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, merged)) => merge(merged, value),
                    None => merging.merged.push((key, value)),
                }
                Ok(())
            }
        }
    }

    /// Writes the type name, unless the response had none.
    ///
    /// # Errors
    /// Errors of the map.
    pub fn typename(&mut self, name: &TypeName) -> Result<(), M::Error> {
        if name.as_str().is_empty() { Ok(()) } else { self.field("__typename", name) }
    }
}

/// Merges a part of the same value from another place.
fn merge(into: &mut Value, other: Value) {
    match (into, other) {
        (Value::Object(into), Value::Object(other)) => {
            for (key, value) in other {
                match into.get_mut(&key) {
                    Some(present) => merge(present, value),
                    None => {
                        into.insert(key, value);
                    }
                }
            }
        }
        (Value::Array(into), Value::Array(other)) => {
            for (into, other) in into.iter_mut().zip(other) {
                merge(into, other);
            }
        }
        _ => {}
    }
}
