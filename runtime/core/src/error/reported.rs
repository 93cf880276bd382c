//! Errors that a server reports in a response.

use crate::json;
use crate::redact::Redaction;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fmt;

/// The maximum size of `errors`; later ones are omitted, since errors take many times their size in memory.
const MOST_ERRORS: usize = 1 << 20;

/// An error that a server reports (specification 7.1.2).
///
/// Its fields contain the server's data. `Display` and `Debug` redact the parts that repeat the
/// request's variables, secret headers and URL, also in the path and the code, and `Debug` shows no values of
/// extensions.
#[derive(Clone, PartialEq, Serialize)]
pub struct GraphqlError {
    /// A description for developers; empty if the server sends none.
    pub message: String,
    /// The locations in the document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// The response field that it concerns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<PathSegment>,
    /// Additional data of the server, often a `code`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extensions: Map<String, Value>,
    /// A code outside the extensions, such as GitHub's `type`.
    #[serde(skip)]
    own_code: Option<String>,
    /// The redacted texts, if they differ.
    #[serde(skip)]
    shown: Option<Shown>,
}

/// The texts of an error without parts of the request.
#[derive(Clone, PartialEq)]
struct Shown {
    message: String,
    path: Vec<PathSegment>,
    code: Option<String>,
}

/// A location in a document, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The line.
    pub line: u64,
    /// The column.
    pub column: u64,
}

/// A step of a path into a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PathSegment {
    /// An item of a list, counted from 0.
    Index(u64),
    /// A response key.
    Key(String),
}

/// Omits malformed details, since the message is what matters.
impl<'de> Deserialize<'de> for GraphqlError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::of)
    }
}

/// Returns the `errors` of a response; an object without a list is accepted as a list of one.
pub(crate) fn reported_within<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<GraphqlError>, D::Error> {
    deserializer.deserialize_any(List)
}

/// Reads errors up to the maximum size.
struct List;

impl<'de> Visitor<'de> for List {
    type Value = Vec<GraphqlError>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of errors")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut errors = Vec::new();
        let mut size = 0;
        while let Some(raw) = list.next_element::<&RawValue>()? {
            size += raw.get().len();
            if size <= MOST_ERRORS {
                let error = json::decode(raw.get(), json::MOST_DEPTH);
                errors
                    .push(error.unwrap_or_else(|_| GraphqlError::new("an error that is nested too deeply to be read")));
            } else if errors.is_empty() {
                errors.push(GraphqlError::new("an error whose description is too long to be read"));
            }
        }
        Ok(errors)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![GraphqlError::of(one)])
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(vec![GraphqlError::new(text)])
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(vec![GraphqlError::new(value.to_string())])
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(vec![GraphqlError::new(value.to_string())])
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(vec![GraphqlError::new(value.to_string())])
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(vec![GraphqlError::new(value.to_string())])
    }
}

impl GraphqlError {
    /// Creates an error with only a message, for tests.
    pub fn new(message: impl Into<String>) -> Self {
        let (locations, path, extensions) = (Vec::new(), Vec::new(), Map::new());
        Self { message: message.into(), locations, path, extensions, own_code: None, shown: None }
    }

    /// Returns the code: `extensions.code`, as in most servers, or the entry `type` or `code` of the error itself.
    pub fn code(&self) -> Option<&str> {
        self.extensions.get("code").and_then(Value::as_str).or(self.own_code.as_deref())
    }

    /// Redacts parts of the request.
    pub(crate) fn redacted(mut self, redaction: &Redaction) -> Self {
        let segment = |segment: &PathSegment| match segment {
            PathSegment::Index(index) => PathSegment::Index(*index),
            PathSegment::Key(key) => PathSegment::Key(redaction.apply(key)),
        };
        let shown = Shown {
            message: redaction.apply(&self.message),
            path: self.path.iter().map(segment).collect(),
            code: self.code().map(|code| redaction.apply(code)),
        };
        let same = (&*shown.message, &*shown.path, shown.code.as_deref()) == (&*self.message, &*self.path, self.code());
        self.shown = (!same).then_some(shown);
        self
    }

    /// Returns message, path and code as they may be shown.
    fn shown(&self) -> (&str, &[PathSegment], Option<&str>) {
        match &self.shown {
            Some(shown) => (&shown.message, &shown.path, shown.code.as_deref()),
            None => (&self.message, &self.path, self.code()),
        }
    }

    fn of(value: Value) -> Self {
        let Value::Object(mut map) = value else { return Self::new(words(value)) };
        let list = |value: Option<Value>| match value {
            Some(Value::Array(list)) => list,
            None | Some(Value::Null) => Vec::new(),
            Some(one) => vec![one],
        };
        let locations = list(map.remove("locations")).into_iter();
        let own_code = ["type", "code"].iter().find_map(|key| map.get(*key)?.as_str().map(str::to_owned));
        Self {
            message: map.remove("message").filter(|message| !message.is_null()).map_or_else(String::new, words),
            locations: locations.filter_map(|place| serde_json::from_value(place).ok()).collect(),
            path: list(map.remove("path")).into_iter().map(PathSegment::of).collect(),
            extensions: match map.remove("extensions") {
                Some(Value::Object(extensions)) => extensions,
                _ => Map::new(),
            },
            own_code,
            shown: None,
        }
    }
}

impl PathSegment {
    fn of(value: Value) -> Self {
        match value.as_u64() {
            Some(index) => Self::Index(index),
            None => Self::Key(words(value)),
        }
    }
}

/// Returns a string unchanged, and other values as JSON.
fn words(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

impl fmt::Display for PathSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "{index}"),
            Self::Key(key) => f.write_str(key),
        }
    }
}

impl fmt::Display for GraphqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (message, path, code) = self.shown();
        f.write_str(if message.is_empty() { "an error without a message" } else { message })?;
        if !path.is_empty() {
            let path: Vec<String> = path.iter().map(ToString::to_string).collect();
            write!(f, " (at {})", path.join("."))?;
        }
        if let Some(code) = code {
            write!(f, " [{code}]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for GraphqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (message, path, code) = self.shown();
        f.debug_struct("GraphqlError")
            .field("message", &message)
            .field("locations", &self.locations)
            .field("path", &path)
            .field("code", &code)
            .field("extensions", &self.extensions.keys().collect::<Vec<_>>())
            .finish()
    }
}

impl std::error::Error for GraphqlError {}
