//! User errors in the payload of a mutation.
//!
//! Many APIs respond to a rejected mutation with status 200 and no GraphQL error, and put the reasons into the
//! payload: `createCustomer { errors { field messages } }`. If an operation selects them, the
//! generator implements [`Payload`] for its data.

use crate::error::Error;
use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// A reason why a mutation was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The response key of the mutation.
    pub mutation: String,
    /// The field of the input; `None` if the input as a whole was rejected (`__all__` in Django's APIs).
    pub field: Option<String>,
    /// The reasons; at least one message.
    pub messages: Vec<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.messages.join(" "))
    }
}

/// The location of the errors, as response keys.
#[derive(Debug, Clone, Copy)]
pub struct PayloadErrors {
    /// The path to the payload, beginning with the mutation.
    pub payload: &'static [&'static str],
    /// The list of errors in it.
    pub errors: &'static str,
    /// The key of the field's name or path in each error; `None` if it is not selected.
    pub field: Option<&'static str>,
    /// The key of the message or the messages in each error; `None` if the error itself is a string.
    pub messages: Option<&'static str>,
}

/// The data of a mutation whose payload contains user errors.
///
/// ```ignore
/// let data = client.send(CreateCustomer::new("Acme")).await?.into_result()?;
/// ```
pub trait Payload: Serialize + Sized {
    /// The locations of the errors.
    const ERRORS: &'static [PayloadErrors];

    /// Returns the reasons of the rejection; empty if it succeeded.
    fn refusals(&self) -> Vec<Refusal> {
        let data = serde_json::to_value(self).unwrap_or_default();
        Self::ERRORS.iter().flat_map(|place| place.read(&data)).collect()
    }

    /// Returns the data, if nothing was rejected.
    ///
    /// # Errors
    /// [`ErrorKind::Payload`](crate::ErrorKind::Payload), with all reasons in [`Error::refusals`].
    fn into_result(self) -> Result<Self, Error> {
        let refusals = self.refusals();
        if refusals.is_empty() { Ok(self) } else { Err(Error::payload(refusals)) }
    }
}

impl PayloadErrors {
    fn read(&self, data: &Value) -> Vec<Refusal> {
        let payload = self.payload.iter().fold(data, |value, key| &value[*key]);
        let errors = payload[self.errors].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().filter(|error| !error.is_null()).map(|error| self.refusal(error)).collect()
    }

    fn refusal(&self, error: &Value) -> Refusal {
        let field = self.field.map(|key| texts(&error[key]).join("."));
        let mut messages = texts(self.messages.map_or(error, |key| &error[key]));
        if messages.is_empty() {
            messages.push("the server gives no reason".to_owned());
        }
        Refusal {
            mutation: self.payload.first().copied().unwrap_or_default().to_owned(),
            field: field.filter(|field| !field.is_empty() && field != "__all__"),
            messages,
        }
    }
}

/// Returns a string, or the strings of a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}
