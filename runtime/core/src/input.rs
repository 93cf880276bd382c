//! Inputs that are omitted, null, or a value, which servers treat differently.

use crate::Id;

/// An input that may be omitted and may be null (specification 2.9.5 and 3.10).
///
/// Values, and `Option`s of values, convert: `None` becomes [`Input::Null`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Input<T> {
    /// It is not sent; the server uses its default, or changes nothing.
    #[default]
    Omitted,
    /// `null` is sent.
    Null,
    /// The value is sent.
    Value(T),
}

impl<T> Input<T> {
    /// Returns the value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Omitted | Self::Null => None,
        }
    }

    /// Returns the sent input: nothing, null (`Some(None)`), or a value.
    pub fn as_sent(&self) -> Option<Option<&T>> {
        match self {
            Self::Omitted => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }

    /// Converts the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Input<U> {
        match self {
            Self::Omitted => Input::Omitted,
            Self::Null => Input::Null,
            Self::Value(value) => Input::Value(change(value)),
        }
    }

    /// Converts an `Option`; `None` is omitted instead of sent as null.
    pub fn or_omit(value: Option<T>) -> Self {
        value.map_or(Self::Omitted, Self::Value)
    }

    /// Returns true if nothing is sent.
    pub fn is_omitted(&self) -> bool {
        matches!(self, Self::Omitted)
    }
}

impl<T> From<T> for Input<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Input<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Input<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl From<&str> for Input<Id> {
    fn from(value: &str) -> Self {
        Self::Value(value.into())
    }
}

impl From<String> for Input<Id> {
    fn from(value: String) -> Self {
        Self::Value(value.into())
    }
}
