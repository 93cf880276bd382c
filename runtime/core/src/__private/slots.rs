//! Decodes objects in one pass, independent of the order of their keys.

use super::{Deserialize, Deserializer, Error, MapAccess, TypeName, Value};
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// The storage for the values of an object while it is read.
///
/// Keys have numbers starting at 0. Slots that contain others count the keys of those after their own.
/// A value is stored in its slot as it arrives, and the object is built at its end.
pub trait Slots: Default {
    /// The type of the decoded object.
    type Output;
    /// The types that the code distinguishes here, with the numbers of their groups.
    const TYPES: &'static [(&'static str, u32)] = &[];
    /// The group of all other types.
    const OTHER: u32 = 0;
    /// Returns the number of a response key; [`NO_KEY`] if it is unknown.
    fn key(name: &str) -> u32;
    /// Reads the value of a key; skips the value of an unknown key.
    ///
    /// # Errors
    /// The value does not fit.
    fn accept<'de, A: MapAccess<'de>, R: Rigor>(&mut self, key: u32, map: &mut A) -> Result<(), A::Error>;
    /// Takes the type name, for these slots and all nested ones.
    ///
    /// # Errors
    /// A value that had to wait for it does not fit.
    fn tell<E: Error>(&mut self, name: &str) -> Result<(), E> {
        let _ = name;
        Ok(())
    }
    /// Builds the object.
    ///
    /// # Errors
    /// A required value is missing.
    fn finish<F: Finish>(self) -> Result<Self::Output, F::Error>;
}

/// The treatment of missing values.
pub trait Finish {
    /// The error for a missing required value.
    type Error;
    /// Returns the value of a field that is never null.
    ///
    /// The value is missing.
    /// It did not come.
    fn required<T>(slot: Option<T>, key: &'static str) -> Result<T, Self::Error>;
    /// Returns the value of a field that can be null.
    ///
    /// The value is missing, and that is an error.
    /// It did not come, and that counts.
    fn nullable<T>(slot: Option<Option<T>>) -> Result<Option<T>, Self::Error>;
}

/// The value is selected: it can only be missing if it is null, since some servers omit nulls.
#[derive(Debug)]
pub struct Selected<E>(PhantomData<E>);

impl<E: Error> Finish for Selected<E> {
    type Error = E;
    #[inline]
    fn required<T>(slot: Option<T>, key: &'static str) -> Result<T, E> {
        slot.ok_or_else(|| E::missing_field(key))
    }
    #[inline]
    fn nullable<T>(slot: Option<Option<T>>) -> Result<Option<T>, E> {
        Ok(slot.flatten())
    }
}

/// It is unknown whether the value is selected: it is if all required values are present.
#[derive(Debug)]
struct Complete;

impl Finish for Complete {
    type Error = ();
    #[inline]
    fn required<T>(slot: Option<T>, _key: &'static str) -> Result<T, ()> {
        slot.ok_or(())
    }
    #[inline]
    fn nullable<T>(slot: Option<Option<T>>) -> Result<Option<T>, ()> {
        slot.ok_or(())
    }
}

/// A number that is not that of any key.
pub const NO_KEY: u32 = u32::MAX;

/// Returns the number of a key of nested slots in the slots that contain them.
#[inline]
pub fn nested_key(number: u32, before: u32) -> u32 {
    if number == NO_KEY { NO_KEY } else { number + before }
}

/// The treatment of values that are missing or do not fit their type.
///
/// It is an error if the operation selects the value. It is not if the value may belong to another
/// type of object, unknown to the schema: then the type has no value.
pub trait Rigor {
    /// Whether a value proves that its selection was included, since nothing else selects it.
    const PROVES: bool = true;
    /// Reads an object, a list of them, or null.
    ///
    /// # Errors
    /// The value does not fit.
    fn read<'de, T: Deserialize<'de> + Forgiving, A: MapAccess<'de>>(map: &mut A) -> Result<Option<T>, A::Error>;
    /// Reads a value without a selection set.
    ///
    /// # Errors
    /// The value does not fit.
    fn read_leaf<'de, T: for<'v> Deserialize<'v>, A: MapAccess<'de>>(map: &mut A) -> Result<Option<T>, A::Error>;
    /// Builds an object.
    ///
    /// # Errors
    /// A value is missing.
    fn finish<S: Slots, E: Error>(slots: S) -> Result<Option<S::Output>, E>;
    /// Reads an object into a slot.
    ///
    /// # Errors
    /// The value does not fit.
    #[inline]
    fn put<'de, T: Deserialize<'de> + Forgiving, A: MapAccess<'de>>(
        slot: &mut Option<T>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        *slot = Self::read(map)?;
        Ok(())
    }
    /// Reads a value without a selection set into a slot.
    ///
    /// # Errors
    /// The value does not fit.
    #[inline]
    fn put_leaf<'de, T: for<'v> Deserialize<'v>, A: MapAccess<'de>>(
        slot: &mut Option<T>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        *slot = Self::read_leaf(map)?;
        Ok(())
    }
}

/// Values that do not fit are errors.
#[derive(Debug)]
pub struct Strict;

impl Rigor for Strict {
    #[inline]
    fn read<'de, T: Deserialize<'de> + Forgiving, A: MapAccess<'de>>(map: &mut A) -> Result<Option<T>, A::Error> {
        map.next_value().map(Some)
    }
    #[inline]
    fn read_leaf<'de, T: for<'v> Deserialize<'v>, A: MapAccess<'de>>(map: &mut A) -> Result<Option<T>, A::Error> {
        map.next_value().map(Some)
    }
    #[inline]
    fn finish<S: Slots, E: Error>(slots: S) -> Result<Option<S::Output>, E> {
        slots.finish::<Selected<E>>().map(Some)
    }
}

/// Values that do not fit are treated as absent.
#[derive(Debug)]
pub struct Lenient;

impl Rigor for Lenient {
    fn read<'de, T: Deserialize<'de> + Forgiving, A: MapAccess<'de>>(map: &mut A) -> Result<Option<T>, A::Error> {
        map.next_value_seed(Seed(PhantomData))
    }
    fn read_leaf<'de, T: for<'v> Deserialize<'v>, A: MapAccess<'de>>(map: &mut A) -> Result<Option<T>, A::Error> {
        Ok(T::deserialize(map.next_value::<Value>()?).ok())
    }
    fn finish<S: Slots, E: Error>(slots: S) -> Result<Option<S::Output>, E> {
        Ok(if_complete(slots))
    }
}

/// Values that do not fit are treated as absent; others may have been selected elsewhere.
struct Fed;

impl Rigor for Fed {
    const PROVES: bool = false;
    fn read<'de, T: Deserialize<'de> + Forgiving, A: MapAccess<'de>>(map: &mut A) -> Result<Option<T>, A::Error> {
        Lenient::read(map)
    }
    fn read_leaf<'de, T: for<'v> Deserialize<'v>, A: MapAccess<'de>>(map: &mut A) -> Result<Option<T>, A::Error> {
        Lenient::read_leaf(map)
    }
    fn finish<S: Slots, E: Error>(slots: S) -> Result<Option<S::Output>, E> {
        Lenient::finish(slots)
    }
}

/// Builds an object if all of its required values are present.
pub fn if_complete<S: Slots>(slots: S) -> Option<S::Output> {
    slots.finish::<Complete>().ok()
}

/// A type that can be read leniently: one with a selection set, or lists and options around it.
pub trait Forgiving: Sized {
    /// Reads a value; `None` if a part of it is missing.
    ///
    /// # Errors
    /// The value is malformed.
    fn forgive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;
}

struct Seed<T>(PhantomData<T>);

impl<'de, T: Forgiving> DeserializeSeed<'de> for Seed<T> {
    type Value = Option<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::forgive(deserializer)
    }
}

impl<T: Forgiving> Forgiving for Option<T> {
    fn forgive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct OrNull<T>(PhantomData<T>);
        impl<'de, T: Forgiving> Visitor<'de> for OrNull<T> {
            type Value = Option<Option<T>>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or null")
            }
            fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Some(None))
            }
            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Some(None))
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                Ok(T::forgive(deserializer)?.map(Some))
            }
        }
        deserializer.deserialize_option(OrNull(PhantomData))
    }
}

impl<T: Forgiving> Forgiving for Vec<T> {
    fn forgive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct List<T>(PhantomData<T>);
        impl<'de, T: Forgiving> Visitor<'de> for List<T> {
            type Value = Option<Vec<T>>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut all = Some(Vec::new());
                while let Some(item) = items.next_element_seed(Seed(PhantomData))? {
                    match (item, &mut all) {
                        (Some(item), Some(all)) => all.push(item),
                        _ => all = None,
                    }
                }
                Ok(all)
            }
        }
        deserializer.deserialize_seq(List(PhantomData))
    }
}

/// Reads an object by its slots.
///
/// # Errors
/// The value is not an object, or a part of it is missing or does not fit.
pub fn decode<'de, S: Slots, D: Deserializer<'de>>(deserializer: D) -> Result<S::Output, D::Error> {
    deserializer.deserialize_map(Object::<S>(PhantomData))
}

/// Reads an object by its slots; `None` if a part of it is missing.
///
/// # Errors
/// The value is not an object.
pub fn forgive<'de, S: Slots, D: Deserializer<'de>>(deserializer: D) -> Result<Option<S::Output>, D::Error> {
    read_object::<S, D, Lenient>(deserializer)
}

/// Reads an object by its slots.
///
/// # Errors
/// Errors of the rigor.
pub(super) fn read_object<'de, S: Slots, D: Deserializer<'de>, R: Rigor>(
    deserializer: D,
) -> Result<Option<S::Output>, D::Error> {
    deserializer.deserialize_map(ObjectBy::<S, R>(PhantomData))
}

struct Object<S>(PhantomData<S>);

impl<'de, S: Slots> Visitor<'de> for Object<S> {
    type Value = S::Output;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<S::Output, A::Error> {
        let mut slots = S::default();
        while let Some(key) = map.next_key_seed(Key::<S>(PhantomData))? {
            slots.accept::<A, Strict>(key, &mut map)?;
        }
        slots.finish::<Selected<A::Error>>()
    }
}

struct ObjectBy<S, R>(PhantomData<(S, R)>);

impl<'de, S: Slots, R: Rigor> Visitor<'de> for ObjectBy<S, R> {
    type Value = Option<S::Output>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut slots = S::default();
        while let Some(key) = map.next_key_seed(Key::<S>(PhantomData))? {
            slots.accept::<A, R>(key, &mut map)?;
        }
        R::finish(slots)
    }
}

/// Reads a key as its number, without copying it.
struct Key<S>(PhantomData<S>);

impl<'de, S: Slots> DeserializeSeed<'de> for Key<S> {
    type Value = u32;
    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u32, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<S: Slots> Visitor<'_> for Key<S> {
    type Value = u32;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a response key")
    }
    #[inline]
    fn visit_str<E: Error>(self, name: &str) -> Result<u32, E> {
        Ok(S::key(name))
    }
}

/// Reads and discards a value.
///
/// # Errors
/// The value is malformed.
pub fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// Returns the group of a type, and its name; known names are not copied.
pub fn type_of<S: Slots>(name: &str) -> (u32, TypeName) {
    match S::TYPES.iter().find(|(known, _)| *known == name) {
        Some((known, group)) => (*group, TypeName::from_static(known)),
        None => (S::OTHER, TypeName::from(name.to_owned())),
    }
}

/// Reads the type name, for all slots that need it.
///
/// # Errors
/// The value is not a string.
#[inline]
pub fn read_type_name<'de, S: Slots, A: MapAccess<'de>>(slots: &mut S, map: &mut A) -> Result<(), A::Error> {
    map.next_value_seed(Tell(slots))
}

struct Tell<'s, S>(&'s mut S);

impl<'de, S: Slots> DeserializeSeed<'de> for Tell<'_, S> {
    type Value = ();
    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<S: Slots> Visitor<'_> for Tell<'_, S> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a type")
    }
    #[inline]
    fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
        self.0.tell(name)
    }
}

/// Reads a type name under another response key into a slot.
///
/// # Errors
/// The value is not a string.
pub fn put_type_name<'de, S: Slots, A: MapAccess<'de>>(
    slot: &mut Option<TypeName>,
    map: &mut A,
) -> Result<(), A::Error> {
    struct Name<'s, S>(&'s mut Option<TypeName>, PhantomData<S>);
    impl<'de, S: Slots> DeserializeSeed<'de> for Name<'_, S> {
        type Value = ();
        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
            deserializer.deserialize_str(self)
        }
    }
    impl<S: Slots> Visitor<'_> for Name<'_, S> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the name of a type")
        }
        fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
            *self.0 = Some(type_of::<S>(name).1);
            Ok(())
        }
    }
    map.next_value_seed(Name::<S>(slot, PhantomData))
}

/// Values that arrived before the type name, with the numbers of their keys.
pub type Waiting = Vec<(u32, Value)>;

/// Keeps a value until the type name arrives.
///
/// # Errors
/// The value is malformed.
pub fn wait<'de, A: MapAccess<'de>>(waiting: &mut Waiting, key: u32, map: &mut A) -> Result<(), A::Error> {
    waiting.push((key, map.next_value()?));
    Ok(())
}

/// Processes the values that waited for the type name.
///
/// # Errors
/// A value is malformed.
pub fn replay<S: Slots, E: Error>(slots: &mut S, waiting: fn(&mut S) -> &mut Waiting) -> Result<(), E> {
    for (key, value) in std::mem::take(waiting(slots)) {
        accept_value::<S, Lenient>(slots, key, value).map_err(E::custom)?;
    }
    Ok(())
}

fn accept_value<S: Slots, R: Rigor>(slots: &mut S, key: u32, value: Value) -> Result<(), serde_json::Error> {
    let mut map = MapDeserializer::<_, serde_json::Error>::new([("", value)].into_iter());
    map.next_key::<IgnoredAny>()?;
    slots.accept::<_, R>(key, &mut map)
}

/// Reads a value as JSON, for consumers with different types.
///
/// # Errors
/// The value is malformed.
pub fn read_json<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Value>, A::Error> {
    map.next_value().map(Some)
}

/// Decodes a value from JSON, if it fits.
pub fn from_value<T: for<'de> Deserialize<'de>>(value: &Value) -> Option<T> {
    T::deserialize(value.clone()).ok()
}

/// Gives a value to slots, if it fits.
pub fn feed<S: Slots>(slots: &mut S, key: &'static str, value: &Value) {
    // A value that does not fit is later reported as missing.
    let _ = accept_value::<S, Fed>(slots, S::key(key), value.clone());
}
