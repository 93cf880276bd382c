//! Reads responses.

use crate::answer::{Answer, extensions};
use crate::error::{Error, GraphqlError, reported_within};
use crate::headers;
use crate::json;
use crate::read::{Failed, Place, Reader, Reason};
use crate::redact::Redaction;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fmt;
use std::time::Duration;

/// A GraphQL response (specification 7.1). `Debug` shows neither data nor values of extensions.
#[derive(Clone, PartialEq)]
pub struct Response<D> {
    /// The data; `None` if the request failed as a whole.
    pub data: Option<D>,
    /// The errors, possibly beside data.
    pub errors: Vec<GraphqlError>,
    /// The extensions.
    pub extensions: Map<String, Value>,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    attempts: u32,
    /// The time to wait before the same request may succeed, if it may.
    wait: Option<Duration>,
}

/// The parts of a response.
struct Envelope<D> {
    data: Option<D>,
    errors: Vec<GraphqlError>,
    extensions: Option<Box<RawValue>>,
}

/// How the data of a response is read.
pub(crate) type ReadData<D> = fn(&mut Reader<'_>) -> Result<D, Failed>;

impl<D> Envelope<D> {
    fn read(reader: &mut Reader<'_>, data: ReadData<D>) -> Result<Self, Failed> {
        reader.object(&["data", "errors", "extensions"], |fields| {
            let data = fields.nullable_by(data)?;
            let errors = fields.optional_serde::<Reported>()?.map(|Reported(errors)| errors).unwrap_or_default();
            Ok(Self { data, errors, extensions: fields.nullable_serde()? })
        })
    }
}

#[derive(Deserialize)]
struct Reported(#[serde(deserialize_with = "reported_within")] Vec<GraphqlError>);

/// A response whose data has not been read.
#[derive(Deserialize)]
struct Outline {
    #[serde(default)]
    data: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "reported_within")]
    errors: Vec<GraphqlError>,
}

impl Outline {
    /// Reads the text of an object; serde would also accept the fields of a struct from an array.
    fn of(text: &str) -> Result<Self, serde_json::Error> {
        match text.trim_ascii_start().starts_with('[') {
            true => Err(serde::de::Error::custom("an object is expected, not an array")),
            false => serde_json::from_str(text),
        }
    }
}

impl<D> Response<D> {
    /// Returns the data, if there was no error.
    ///
    /// # Errors
    /// The server reported errors ([`Error::partial_data`] returns any data), or sent
    /// no data.
    pub fn into_result(self) -> Result<D, Error> {
        match self.data {
            Some(data) if self.errors.is_empty() => Ok(data),
            _ => {
                let error = Error::reported(self.status, &self.headers, self.errors, self.body);
                let error = error.answered(self.status, &self.headers).after(self.attempts);
                Err(match self.wait {
                    Some(wait) => error.passing(wait),
                    None => error,
                })
            }
        }
    }

    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the server's identifier of the request; see [`Error::request_id`].
    pub fn request_id(&self) -> Option<String> {
        headers::request_id(&self.headers)
    }

    /// Sets the number of attempts.
    pub(crate) fn after(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// Marks the response as one whose request may succeed after this time.
    pub(crate) fn passing(self, wait: Duration) -> Self {
        Self { wait: Some(wait), ..self }
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}

impl<D> fmt::Debug for Response<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("has_data", &self.data.is_some())
            .field("errors", &self.errors)
            .field("extensions", &self.extensions.keys().collect::<Vec<_>>())
            .field("headers", &headers::names(&self.headers))
            .field("body_bytes", &self.body.len())
            .field("attempts", &self.attempts)
            .finish()
    }
}

impl<D> Response<D> {
    /// Reads a response.
    ///
    /// GraphQL over HTTP allows a well-formed response with any status, and some
    /// servers send data with 400. So the body decides first, then the status. A well-formed body
    /// is read once: it is checked to be UTF-8 as a whole, which is faster than string by string.
    /// Data that is nested more deeply than `most_depth` is an error. `redaction` is called only if a message
    /// must be redacted.
    pub(crate) fn read(
        answer: Answer,
        most_depth: usize,
        data: ReadData<D>,
        redaction: impl Fn() -> Redaction,
    ) -> Result<Self, Error> {
        let (status, headers, body) = answer.into_parts();
        let Ok(text) = simdutf8::basic::from_utf8(json::without_mark(&body)) else {
            return Err(match status.is_success() {
                true => Error::not_graphql(status, &headers, body),
                false => Error::refused_with(status, &headers, Vec::new(), body),
            });
        };
        let redacted = |errors: Vec<GraphqlError>| match errors.is_empty() {
            true => errors,
            false => {
                let redaction = redaction();
                errors.into_iter().map(|error| error.redacted(&redaction)).collect()
            }
        };
        match Reader::new(text, most_depth).whole(|reader| Envelope::read(reader, data)) {
            Ok(envelope) if status.is_success() || envelope.data.is_some() => {
                if envelope.data.is_none() && envelope.errors.is_empty() {
                    return Err(Error::not_graphql(status, &headers, body).answered(status, &headers));
                }
                let (data, errors) = (envelope.data, redacted(envelope.errors));
                let extensions = extensions(envelope.extensions.as_deref());
                Ok(Self { data, errors, extensions, status, headers, body, attempts: 0, wait: None })
            }
            other => {
                let outline = Outline::of(text);
                let has_data = outline.as_ref().is_ok_and(|outline| outline.data.is_some());
                let error = match (other.err(), outline) {
                    (Some((_, Reason::Depth)), _) if status.is_success() || has_data => {
                        Error::too_deep(status, most_depth)
                    }
                    (Some(_), Err(error)) if status.is_success() => Error::malformed(status, &headers, body, error),
                    // The server may have omitted required data because of the errors.
                    (Some(_), Ok(outline)) if !outline.errors.is_empty() && (status.is_success() || has_data) => {
                        Error::reported(status, &headers, redacted(outline.errors), body)
                    }
                    (Some((position, reason)), Ok(_)) if status.is_success() || has_data => {
                        Error::decode(status, Place::of(text, position), &reason)
                    }
                    (_, outline) => {
                        let errors = redacted(outline.map(|outline| outline.errors).unwrap_or_default());
                        Error::refused_with(status, &headers, errors, body)
                    }
                };
                Err(error.answered(status, &headers))
            }
        }
    }
}
