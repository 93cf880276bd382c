//! Joints: values that are read once and split into parts for several types.

use super::slots::read_object;
use super::{Deserializer, Error, MapAccess, Rigor, Slots};
use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// Parts of one value. Parts of a list are lists of parts.
pub trait Parts: Sized {
    /// Parts of a list of such values.
    type List: Parts;
    /// Parts of such a value, or of null.
    type Null: Parts;
    /// Returns an empty list.
    fn list() -> Self::List;
    /// Appends an item.
    fn push(self, list: &mut Self::List);
    /// Returns null.
    fn null() -> Self::Null;
    /// Returns the value.
    fn some(self) -> Self::Null;
}

/// A part that is always present.
#[derive(Clone, Debug)]
pub struct One<T>(pub T);

impl<T> Parts for One<T> {
    type List = One<Vec<T>>;
    type Null = One<Option<T>>;
    #[inline]
    fn list() -> Self::List {
        One(Vec::new())
    }
    #[inline]
    fn push(self, list: &mut Self::List) {
        list.0.push(self.0);
    }
    #[inline]
    fn null() -> Self::Null {
        One(None)
    }
    #[inline]
    fn some(self) -> Self::Null {
        One(Some(self.0))
    }
}

/// A part that may be absent: then it is in no item of a list.
#[derive(Clone, Debug)]
pub struct Maybe<P>(pub Option<P>);

impl<P: Parts> Parts for Maybe<P> {
    type List = Maybe<P::List>;
    type Null = Maybe<P::Null>;
    #[inline]
    fn list() -> Self::List {
        Maybe(Some(P::list()))
    }
    #[inline]
    fn push(self, list: &mut Self::List) {
        match (self.0, &mut list.0) {
            (Some(part), Some(parts)) => part.push(parts),
            _ => list.0 = None,
        }
    }
    #[inline]
    fn null() -> Self::Null {
        Maybe(Some(P::null()))
    }
    #[inline]
    fn some(self) -> Self::Null {
        Maybe(self.0.map(P::some))
    }
}

impl<P: Parts, Q: Parts> Parts for (P, Q) {
    type List = (P::List, Q::List);
    type Null = (P::Null, Q::Null);
    #[inline]
    fn list() -> Self::List {
        (P::list(), Q::list())
    }
    #[inline]
    fn push(self, list: &mut Self::List) {
        self.0.push(&mut list.0);
        self.1.push(&mut list.1);
    }
    #[inline]
    fn null() -> Self::Null {
        (P::null(), Q::null())
    }
    #[inline]
    fn some(self) -> Self::Null {
        (self.0.some(), self.1.some())
    }
}

/// Reads a value as its parts.
pub trait Joint {
    /// The parts.
    type Parts: Parts;
    /// Reads it; `None` if it does not fit and the rigor allows that.
    ///
    /// # Errors
    /// Errors of the rigor.
    fn read<'de, D: Deserializer<'de>, R: Rigor>(deserializer: D) -> Result<Option<Self::Parts>, D::Error>;
}

/// An object that is read by slots that split it.
#[derive(Debug)]
pub struct Whole<S>(PhantomData<S>);

impl<S: Slots<Output: Parts>> Joint for Whole<S> {
    type Parts = S::Output;
    fn read<'de, D: Deserializer<'de>, R: Rigor>(deserializer: D) -> Result<Option<S::Output>, D::Error> {
        read_object::<S, D, R>(deserializer)
    }
}

/// A list.
#[derive(Debug)]
pub struct ListOf<J>(PhantomData<J>);

impl<J: Joint> Joint for ListOf<J> {
    type Parts = <J::Parts as Parts>::List;
    fn read<'de, D: Deserializer<'de>, R: Rigor>(deserializer: D) -> Result<Option<Self::Parts>, D::Error> {
        struct List<J, R>(PhantomData<(J, R)>);
        impl<'de, J: Joint, R: Rigor> Visitor<'de> for List<J, R> {
            type Value = Option<<J::Parts as Parts>::List>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut all = Some(J::Parts::list());
                while let Some(item) = items.next_element_seed(Seed::<J, R>(PhantomData))? {
                    match (item, &mut all) {
                        (Some(item), Some(all)) => item.push(all),
                        _ => all = None,
                    }
                }
                Ok(all)
            }
        }
        deserializer.deserialize_seq(List::<J, R>(PhantomData))
    }
}

/// A value or null.
#[derive(Debug)]
pub struct OrNull<J>(PhantomData<J>);

impl<J: Joint> Joint for OrNull<J> {
    type Parts = <J::Parts as Parts>::Null;
    fn read<'de, D: Deserializer<'de>, R: Rigor>(deserializer: D) -> Result<Option<Self::Parts>, D::Error> {
        struct Nullable<J, R>(PhantomData<(J, R)>);
        impl<'de, J: Joint, R: Rigor> Visitor<'de> for Nullable<J, R> {
            type Value = Option<<J::Parts as Parts>::Null>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or null")
            }
            fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Some(J::Parts::null()))
            }
            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Some(J::Parts::null()))
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                Ok(J::read::<D, R>(deserializer)?.map(Parts::some))
            }
        }
        deserializer.deserialize_option(Nullable::<J, R>(PhantomData))
    }
}

struct Seed<J, R>(PhantomData<(J, R)>);

impl<'de, J: Joint, R: Rigor> DeserializeSeed<'de> for Seed<J, R> {
    type Value = Option<J::Parts>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        J::read::<D, R>(deserializer)
    }
}

/// Reads the value of a key as its parts.
///
/// # Errors
/// Errors of the rigor.
pub fn read_joint<'de, J: Joint, A: MapAccess<'de>, R: Rigor>(map: &mut A) -> Result<Option<J::Parts>, A::Error> {
    map.next_value_seed(Seed::<J, R>(PhantomData))
}
