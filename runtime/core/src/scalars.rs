//! Rust types for custom scalars, to be used in a configuration.
//!
//! Any type that implements `Clone`, `Debug`, `PartialEq`, `Serialize` and `Deserialize` can be mapped;
//! these need no dependency in your crate:
//!
//! | In `[extensions.graphwright.scalars]` | Feature | On the wire |
//! |---|---|---|
//! | `DateTime = "graphwright::scalars::jiff::Timestamp"`, also `civil::Date`, `civil::Time`, `Span` | `jiff` | RFC 3339, ISO 8601 |
//! | `DateTime = "graphwright::scalars::chrono::DateTime<graphwright::scalars::chrono::Utc>"`, also `NaiveDate` | `chrono` | RFC 3339, ISO 8601 |
//! | `DateTime = "graphwright::scalars::OffsetDateTime"` | `time` | RFC 3339 |
//! | `UUID = "graphwright::scalars::uuid::Uuid"` | `uuid` | RFC 9562 |
//! | `URL = "graphwright::scalars::url::Url"` | `url` | URL Standard |
//! | `Decimal = "graphwright::scalars::rust_decimal::Decimal"` | `rust_decimal` | a string, or a number |
//! | `BigInt = "graphwright::scalars::Text<i128>"`, `IP = "graphwright::scalars::Text<std::net::IpAddr>"` | none | a string, as the type itself reads and writes it |
//! | `JSON = "graphwright::scalars::Json"` | none | anything |
//! | `Long = "i64"` | none | an integer |
//!
//! An encoded value is equal to the decoded one, but may be spelt differently: a
//! time with other zeros, for example.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

#[cfg(feature = "chrono")]
pub use chrono;
#[cfg(feature = "jiff")]
pub use jiff;
#[cfg(feature = "rust_decimal")]
pub use rust_decimal;
#[cfg(feature = "url")]
pub use url;
#[cfg(feature = "uuid")]
pub use uuid;

/// Any JSON.
pub type Json = serde_json::Value;

/// A value that is sent as a string, using its own `FromStr` and `Display`.
///
/// ```
/// use graphwright_core::scalars::Text;
///
/// let big: Text<i128> = serde_json::from_str(r#""170141183460469231731687303715884105727""#)?;
/// assert_eq!(big.0, i128::MAX);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<T>(pub T);

impl<T> From<T> for Text<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parse<T>(PhantomData<T>);
        impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Parse<T> {
            type Value = Text<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Text<T>, E> {
                text.parse().map(Text).map_err(|error| E::custom(format_args!("{text:?}: {error}")))
            }
        }
        deserializer.deserialize_str(Parse(PhantomData))
    }
}

/// An instant with its offset from UTC, in the format of [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339).
#[cfg(feature = "time")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct OffsetDateTime(#[serde(with = "time::serde::rfc3339")] pub time::OffsetDateTime);

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trips<T: Serialize + for<'de> Deserialize<'de>>(json: &str) {
        let value: T = serde_json::from_str(json).unwrap_or_else(|error| unreachable!("{json}: {error}"));
        assert_eq!(serde_json::to_string(&value).ok().as_deref(), Some(json));
        assert!(serde_json::from_str::<T>(r#""?""#).is_err() && serde_json::from_str::<T>("[]").is_err());
    }

    #[test]
    fn what_reads_and_writes_text_is_sent_as_text() {
        round_trips::<Text<u64>>(r#""18446744073709551615""#);
        round_trips::<Text<std::net::IpAddr>>(r#""2001:db8::1""#);
        let error = serde_json::from_str::<Text<u8>>(r#""256""#).map_err(|error| error.to_string());
        assert_eq!(error, Err("\"256\": number too large to fit in target type at line 1 column 5".to_owned()));
    }

    #[cfg(all(
        feature = "jiff",
        feature = "chrono",
        feature = "time",
        feature = "uuid",
        feature = "url",
        feature = "rust_decimal"
    ))]
    #[test]
    fn ready_types_are_written_as_they_were_read() {
        round_trips::<jiff::Timestamp>(r#""2026-01-02T03:04:05.678Z""#);
        round_trips::<jiff::civil::Date>(r#""2026-01-02""#);
        round_trips::<chrono::DateTime<chrono::Utc>>(r#""2026-01-02T03:04:05.678Z""#);
        round_trips::<chrono::NaiveDate>(r#""2026-01-02""#);
        round_trips::<OffsetDateTime>(r#""2026-01-02T03:04:05.678+01:00""#);
        round_trips::<uuid::Uuid>(r#""f81d4fae-7dec-11d0-a765-00a0c91e6bf6""#);
        round_trips::<url::Url>(r#""https://example.com/a?b=c""#);
        round_trips::<rust_decimal::Decimal>(r#""12345678901234567890.123456""#);
    }
}
