//! Errors that a server reports in a response.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// An error that a server reports (specification 7.1.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GraphqlError {
    /// What happened, for developers.
    #[serde(default)]
    pub message: String,
    /// Places in the document.
    #[serde(default, deserialize_with = "null_is_empty", skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// The response field that it is about.
    #[serde(default, deserialize_with = "null_is_empty", skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<PathSegment>,
    /// What the server adds, often a `code`.
    #[serde(default, deserialize_with = "null_is_empty", skip_serializing_if = "Map::is_empty")]
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

fn null_is_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

impl GraphqlError {
    /// An error with a message and nothing else, for tests.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), locations: Vec::new(), path: Vec::new(), extensions: Map::new() }
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
        f.write_str(&self.message)?;
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
