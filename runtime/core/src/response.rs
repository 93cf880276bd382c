//! The one place where a response is read.

use crate::error::{Error, GraphqlError, reported};
use crate::headers;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A GraphQL response (specification 7.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Response<D> {
    /// The data; nothing if the request failed as a whole.
    pub data: Option<D>,
    /// Errors; there may be data beside them.
    pub errors: Vec<GraphqlError>,
    /// What the server adds.
    pub extensions: Map<String, Value>,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    attempts: u32,
}

#[derive(Deserialize)]
struct Envelope<D> {
    #[serde(default = "none")]
    data: Option<D>,
    #[serde(default, deserialize_with = "reported")]
    errors: Vec<GraphqlError>,
    #[serde(default)]
    extensions: Option<Map<String, Value>>,
}

fn none<D>() -> Option<D> {
    None
}

/// As much of a response as tells that it is one.
#[derive(Deserialize)]
struct Outline {
    #[serde(default)]
    data: Option<serde::de::IgnoredAny>,
    #[serde(default, deserialize_with = "reported")]
    errors: Vec<GraphqlError>,
}

/// An object; serde would take the fields of a struct from an array, too.
fn object<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    match body.trim_ascii_start().first() {
        Some(b'[') => Err(serde::de::Error::custom("an object is expected, not an array")),
        _ => serde_json::from_slice(body),
    }
}

impl<D> Response<D> {
    /// The data, if there was no error.
    ///
    /// # Errors
    /// The server reported errors (whatever data there is can be had from the error), or sent
    /// no data.
    pub fn into_result(self) -> Result<D, Error> {
        match self.data {
            Some(data) if self.errors.is_empty() => Ok(data),
            _ => {
                let error = Error::graphql(self.errors, self.body).answered(self.status, &self.headers);
                Err(error.after(self.attempts))
            }
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The name that the server gave to the request; see [`Error::request_id`].
    pub fn request_id(&self) -> Option<String> {
        headers::request_id(&self.headers)
    }

    /// The same, after so many attempts.
    pub(crate) fn after(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}

impl<D: DeserializeOwned> Response<D> {
    /// Reads a response.
    ///
    /// GraphQL over HTTP lets a server answer a well-formed response with any status, and some
    /// servers send data with 400. So the body decides first, then the status. A body that is as it
    /// should be is read once.
    pub(crate) fn read(status: StatusCode, headers: HeaderMap, body: Bytes) -> Result<Self, Error> {
        let envelope = match object::<Envelope<D>>(&body) {
            Ok(envelope) if status.is_success() || envelope.data.is_some() => envelope,
            other => return Err(Self::refusal(status, &headers, body, other.err()).answered(status, &headers)),
        };
        if envelope.data.is_none() && envelope.errors.is_empty() {
            return Err(Error::not_graphql(status, &headers, body).answered(status, &headers));
        }
        let extensions = envelope.extensions.unwrap_or_default();
        Ok(Self { data: envelope.data, errors: envelope.errors, extensions, status, headers, body, attempts: 0 })
    }

    /// Why a body is no response, or its data none that fits the types.
    fn refusal(status: StatusCode, headers: &HeaderMap, body: Bytes, error: Option<serde_json::Error>) -> Error {
        let outline = object::<Outline>(&body).ok();
        let has_data = outline.as_ref().is_some_and(|outline| outline.data.is_some());
        match error {
            Some(error) if status.is_success() && !(error.is_data() && outline.is_some()) => {
                Error::malformed(status, headers, body, error)
            }
            Some(_) if status.is_success() || has_data => Self::undecodable(status, outline, body),
            _ => {
                let errors = outline.map(|outline| outline.errors).unwrap_or_default();
                Error::refused_with(status, headers, errors, body)
            }
        }
    }

    /// Data that does not fit the types. If the server reported errors too, those are the reason:
    /// it may have left out what it should have sent. Else the body is read again to find where.
    fn undecodable(status: StatusCode, outline: Option<Outline>, body: Bytes) -> Error {
        let errors = outline.map(|outline| outline.errors).unwrap_or_default();
        if !errors.is_empty() {
            return Error::graphql(errors, body);
        }
        let mut deserializer = serde_json::Deserializer::from_slice(&body);
        match serde_path_to_error::deserialize::<_, Envelope<D>>(&mut deserializer) {
            Err(error) => Error::decode(status, error.path().to_string(), error.into_inner()),
            Ok(_) => Error::decode(status, String::new(), serde::de::Error::custom("the response does not fit")),
        }
    }
}
