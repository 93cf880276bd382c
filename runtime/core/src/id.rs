//! The scalar `ID`.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// A unique identifier (specification 3.5.5).
///
/// It is text. Servers may send it as a number, which is kept, so that encoding reproduces
/// the decoded value. A clone shares the text.
// Two words and no padding, since identifiers are decoded and moved a lot. A leading NUL marks a value that was
// a number; text that begins with NUL itself gets another one.
#[derive(Clone)]
pub struct Id(Arc<str>);

const MARK: char = '\0';

impl Id {
    /// Returns the identifier as text.
    #[inline]
    pub fn as_str(&self) -> &str {
        self.0.strip_prefix(MARK).unwrap_or(&self.0)
    }

    /// Returns the identifier as an owned string.
    pub fn into_string(self) -> String {
        self.as_str().to_owned()
    }

    fn number(digits: impl fmt::Display) -> Self {
        Self(format!("{MARK}{digits}").into())
    }

    pub(crate) fn is_number(&self) -> bool {
        self.0.strip_prefix(MARK).is_some_and(|text| !text.starts_with(MARK))
    }
}

impl Default for Id {
    fn default() -> Self {
        Self::from("")
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Id {}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl std::hash::Hash for Id {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl std::borrow::Borrow<str> for Id {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl std::ops::Deref for Id {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Id {
    #[inline]
    fn from(text: &str) -> Self {
        if text.starts_with(MARK) { Self(format!("{MARK}{text}").into()) } else { Self(text.into()) }
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&String> for Id {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&Id> for Id {
    fn from(id: &Id) -> Self {
        id.clone()
    }
}

impl From<i64> for Id {
    fn from(number: i64) -> Self {
        Self::number(number)
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.into_string()
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_number() {
            if let Ok(number) = self.as_str().parse::<i64>() {
                return serializer.serialize_i64(number);
            }
            if let Ok(number) = self.as_str().parse::<u64>() {
                return serializer.serialize_u64(number);
            }
        }
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ID: a string or an integer")
            }
            #[inline]
            fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
                Ok(Id::from(text))
            }
            fn visit_string<E: Error>(self, text: String) -> Result<Id, E> {
                Ok(Id::from(text))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
                Ok(Id::from(number))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
                Ok(Id::number(number))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_integers_are_read_and_written_back_as_they_came() {
        for json in [r#""u1""#, "7", "-3", "18446744073709551615", r#""7""#, r#""""#, r#""\u0000""#, r#""\u00005""#] {
            let id: Id = serde_json::from_str(json).expect("an ID");
            assert_eq!(serde_json::to_string(&id).expect("JSON"), json);
        }
        assert!(serde_json::from_str::<Id>("1.5").is_err());
        assert!(serde_json::from_str::<Id>("null").is_err());
    }
}
