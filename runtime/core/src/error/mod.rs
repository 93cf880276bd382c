//! Errors of calls.

mod make;
mod reported;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::time::Duration;

use crate::headers;
use crate::json;
use crate::payload::Refusal;
pub(crate) use reported::reported_within;
pub use reported::{GraphqlError, Location, PathSegment};

/// The kind of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be created: an invalid URL, or a variable that is not JSON.
    Request,
    /// No token is available: it could not be read or renewed.
    Authentication,
    /// The call was not sent, since a limit would have been exceeded for longer than its timeout.
    Throttle,
    /// The server could not be reached, or the connection broke.
    Transport,
    /// The deadline passed.
    Timeout,
    /// The server responded with an error status.
    Status,
    /// The response is not a GraphQL response.
    Protocol,
    /// The server reported errors.
    Graphql,
    /// The data does not fit the generated types.
    Decode,
    /// The payload of a mutation contains user errors; see [`Payload`](crate::Payload).
    Payload,
    /// The pages of a list cannot be followed: a cursor is missing or repeated.
    Pagination,
}

impl ErrorKind {
    /// Returns the name of the kind, as used in traces and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Authentication => "authentication",
            Self::Throttle => "throttle",
            Self::Transport => "transport",
            Self::Timeout => "timeout",
            Self::Status => "status",
            Self::Protocol => "protocol",
            Self::Graphql => "graphql",
            Self::Decode => "decode",
            Self::Payload => "payload",
            Self::Pagination => "pagination",
        }
    }
}

/// The error of a failed call.
///
/// Its message describes the failure and its location. Neither the message nor `Debug` contains tokens, variables, or
/// values of a response; parts of the request in messages of the server are redacted. Methods return the data of the
/// server: [`graphql_errors`](Error::graphql_errors), [`refusals`](Error::refusals), [`body`](Error::body).
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<StatusCode>,
    request_id: Option<String>,
    errors: Vec<GraphqlError>,
    refusals: Vec<Refusal>,
    path: Option<String>,
    retry_after: Option<Duration>,
    attempts: u32,
    retryable: bool,
    unsent: bool,
    body: Bytes,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Returns true if the deadline passed.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns true if the same call may succeed later: the network failed, the deadline passed, or the server
    /// was busy. A mutation may have run nevertheless.
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
    }

    /// Returns the status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// Returns the server's identifier of the request, to be reported to its owners: `X-Request-Id` or
    /// a similar header.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// Returns the errors that the server reported.
    pub fn graphql_errors(&self) -> &[GraphqlError] {
        &self.inner.errors
    }

    /// Returns the code of the first error that the server reported with one; see [`GraphqlError::code`].
    pub fn code(&self) -> Option<&str> {
        self.inner.errors.iter().find_map(GraphqlError::code)
    }

    /// Returns the body of the response, as far as it was read and could not be decoded; for programs, since it may
    /// contain secrets.
    pub fn body(&self) -> &[u8] {
        &self.inner.body
    }

    /// Returns the user errors in the payload of a mutation; see [`Payload`](crate::Payload).
    pub fn refusals(&self) -> &[Refusal] {
        &self.inner.refusals
    }

    /// Returns the path in the response at which the data did not fit, for example `data.customers.nodes[3].id`.
    pub fn path(&self) -> Option<&str> {
        self.inner.path.as_deref()
    }

    /// Returns the time that the server requested to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// Returns how often the request was sent; 0 if it never was.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// Returns the data that was sent together with errors, if it fits the type.
    pub fn partial_data<D: DeserializeOwned>(&self) -> Option<D> {
        #[derive(Deserialize)]
        struct Data<D> {
            data: D,
        }
        let text = str::from_utf8(json::without_mark(&self.inner.body)).ok()?;
        json::decode::<Data<D>>(text, json::MOST_DEPTH).ok().map(|body| body.data)
    }

    /// Returns true if it is certain that the server has not seen the request.
    pub(crate) fn is_unsent(&self) -> bool {
        self.inner.unsent
    }

    /// Adds the status and headers of the response.
    pub(crate) fn answered(mut self, status: StatusCode, headers: &HeaderMap) -> Self {
        self.inner.status.get_or_insert(status);
        self.inner.request_id = headers::request_id(headers);
        self
    }

    /// Marks the error as one of a request that may succeed after this time.
    pub(crate) fn passing(mut self, wait: Duration) -> Self {
        self.inner.retryable = true;
        if !wait.is_zero() {
            self.inner.retry_after.get_or_insert(wait);
        }
        self
    }

    /// Sets the number of attempts.
    pub(crate) fn after(mut self, attempts: u32) -> Self {
        self.inner.attempts = attempts;
        if attempts > 1 {
            self.inner.message = format!("{} (the last of {attempts} attempts)", self.inner.message);
        }
        self
    }
}

/// Does not show the body, which may contain data that must not appear in logs.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("status", &inner.status)
            .field("request_id", &inner.request_id)
            .field("errors", &inner.errors)
            .field("refusals", &inner.refusals)
            .field("path", &inner.path)
            .field("retry_after", &inner.retry_after)
            .field("attempts", &inner.attempts)
            .field("body_bytes", &inner.body.len())
            .field("source", &inner.source)
            .finish()
    }
}

/// Shows the message; with `{:#}` also those of the sources, separated by colons.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)?;
        if f.alternate() {
            let first = std::error::Error::source(self);
            for source in std::iter::successors(first, |source| source.source()) {
                write!(f, ": {source}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}
