//! Errors that a server reports in a response.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// An error that a server reports (specification 7.1.2).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GraphqlError {
    /// What happened, for developers; empty if the server does not say.
    pub message: String,
    /// Places in the document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// The response field that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<PathSegment>,
    /// What the server adds, often a `code`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extensions: Map<String, Value>,
}

/// A place in a document, counted from 1.
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

/// Details that are not as the specification has them are left out: the message is what matters.
impl<'de> Deserialize<'de> for GraphqlError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::of)
    }
}

/// The `errors` of a response; who sends one without a list, means one.
pub(crate) fn reported<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<GraphqlError>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => Vec::new(),
        Value::Array(list) => list.into_iter().map(GraphqlError::of).collect(),
        one => vec![GraphqlError::of(one)],
    })
}

impl GraphqlError {
    /// An error with a message and nothing else, for tests.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), locations: Vec::new(), path: Vec::new(), extensions: Map::new() }
    }

    fn of(value: Value) -> Self {
        let Value::Object(mut map) = value else { return Self::new(words(value)) };
        let list = |value: Option<Value>| match value {
            Some(Value::Array(list)) => list,
            None | Some(Value::Null) => Vec::new(),
            Some(one) => vec![one],
        };
        let locations = list(map.remove("locations")).into_iter();
        Self {
            message: map.remove("message").filter(|message| !message.is_null()).map_or_else(String::new, words),
            locations: locations.filter_map(|place| serde_json::from_value(place).ok()).collect(),
            path: list(map.remove("path")).into_iter().map(PathSegment::of).collect(),
            extensions: match map.remove("extensions") {
                Some(Value::Object(extensions)) => extensions,
                _ => Map::new(),
            },
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

/// A text as it is, anything else as JSON.
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
        f.write_str(if self.message.is_empty() { "an error without a message" } else { &self.message })?;
        if !self.path.is_empty() {
            let path: Vec<String> = self.path.iter().map(ToString::to_string).collect();
            write!(f, " (at {})", path.join("."))?;
        }
        if let Some(code) = self.extensions.get("code").and_then(Value::as_str) {
            write!(f, " [{code}]")?;
        }
        Ok(())
    }
}

impl std::error::Error for GraphqlError {}
