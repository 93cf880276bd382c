//! Constructors of errors.

use super::{Error, ErrorKind, GraphqlError, Inner};
use crate::headers;
use crate::payload::Refusal;
use crate::read::{Place, Reason};
use crate::transport::TransportError;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use std::time::Duration;

impl Error {
    /// Creates an error, for implementations of the traits of this crate.
    ///
    /// The message states the failure, without the message of the source: `Display` shows only the message, `{:#}` also
    /// the chain of sources. It must not contain secrets.
    ///
    /// # Examples
    /// ```
    /// use graphwright_core::{Error, ErrorKind};
    ///
    /// let cause = std::io::Error::other("sealed");
    /// let error = Error::new(ErrorKind::Authentication, "Vault has no token").with_source(cause).retryable();
    /// assert_eq!(error.to_string(), "Vault has no token");
    /// assert_eq!(format!("{error:#}"), "Vault has no token: sealed");
    /// ```
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let inner = Inner {
            kind,
            message: message.into(),
            status: None,
            request_id: None,
            errors: Vec::new(),
            refusals: Vec::new(),
            path: None,
            retry_after: None,
            attempts: 0,
            retryable: false,
            unsent: false,
            body: Bytes::new(),
            source: None,
        };
        Self { inner: Box::new(inner) }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// Marks a failure as temporary: the same call may succeed later, see [`Error::is_retryable`].
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.inner.retryable = true;
        self
    }

    /// Sets how long to wait before the next attempt, see [`Error::retry_after`].
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.inner.retry_after = Some(wait);
        self
    }

    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Request, message)
    }

    pub(crate) fn transport(error: TransportError) -> Self {
        let kind = if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Transport };
        let mut failed = Self::new(kind, error.to_string());
        failed.inner.unsent = error.is_unsent();
        failed.inner.retryable = !error.is_permanent();
        failed.inner.source = error.into_source();
        failed
    }

    /// Creates the error for a missing token.
    pub(crate) fn authentication(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Authentication, message)
    }

    /// Creates the error for a limit that is exceeded for longer than the call may take.
    pub(crate) fn throttle(message: impl Into<String>, wait: Option<Duration>) -> Self {
        let mut error = Self::new(ErrorKind::Throttle, message);
        error.inner.retry_after = wait;
        error.inner.retryable = true;
        error.inner.unsent = true;
        error
    }

    /// Creates the error for a rejection by a token endpoint, with a reason that contains no secrets. It is asked again
    /// after any 5xx, since a renewal can be repeated.
    pub(crate) fn token_endpoint(status: StatusCode, headers: &HeaderMap, said: &str) -> Self {
        let said = if said.is_empty() { String::new() } else { format!(": {said}") };
        let mut error = Self::new(ErrorKind::Status, format!("the token endpoint answered {status}{said}"));
        error.inner.status = Some(status);
        error.inner.retry_after = headers::retry_after(headers);
        error.inner.retryable = is_busy(status) || status.is_server_error();
        error
    }

    pub(crate) fn payload(refusals: Vec<Refusal>) -> Self {
        let message = match refusals.as_slice() {
            [] => "the mutation was rejected".to_owned(),
            [one] => format!("the mutation was rejected: {one}"),
            [first, rest @ ..] => format!("the mutation was rejected for {} reasons: {first}; …", rest.len() + 1),
        };
        let mut error = Self::new(ErrorKind::Payload, message);
        error.inner.refusals = refusals;
        error
    }

    pub(crate) fn pagination(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Pagination, message)
    }

    pub(crate) fn timeout(after: Duration) -> Self {
        Self::new(ErrorKind::Timeout, format!("no response within {after:?}")).retryable()
    }

    /// Creates the error for a response that arrived in time but was decoded too late.
    pub(crate) fn decoded_late(after: Duration, bytes: usize) -> Self {
        let message = format!("a response of {bytes} bytes arrived, but was not decoded within {after:?}");
        Self::new(ErrorKind::Timeout, message)
    }

    /// Marks the error as one that happened before anything was sent.
    pub(crate) fn before_sending(mut self) -> Self {
        self.inner.unsent = true;
        self
    }

    /// Creates the error for errors that the server reported in a response.
    pub(crate) fn reported(status: StatusCode, headers: &HeaderMap, errors: Vec<GraphqlError>, body: Bytes) -> Self {
        if is_busy(status) {
            return Self::refused_with(status, headers, errors, body);
        }
        let message = match errors.as_slice() {
            [] => "the server sent neither data nor errors".to_owned(),
            [one] => format!("the server reported an error: {one}"),
            [first, rest @ ..] => format!("the server reported {} errors: {first}; …", rest.len() + 1),
        };
        let mut error = Self::new(ErrorKind::Graphql, message);
        error.inner.errors = errors;
        error.inner.body = body;
        error
    }

    pub(crate) fn refused_with(
        status: StatusCode,
        headers: &HeaderMap,
        errors: Vec<GraphqlError>,
        body: Bytes,
    ) -> Self {
        let hint = match status {
            StatusCode::UNAUTHORIZED => "; the token is missing, wrong or expired",
            StatusCode::FORBIDDEN => "; the token does not allow this",
            StatusCode::TOO_MANY_REQUESTS => "; too many requests",
            StatusCode::NOT_FOUND => "; check the URL of the GraphQL endpoint",
            _ if status.is_redirection() => "; redirects are not followed, since they could carry tokens elsewhere",
            _ => "",
        };
        let said = errors.first().map(|error| format!(": {error}")).unwrap_or_default();
        let mut error = Self::new(ErrorKind::Status, format!("the server answered {status}{hint}{said}"));
        error.inner.status = Some(status);
        error.inner.errors = errors;
        error.inner.retry_after = headers::retry_after(headers);
        error.inner.retryable = is_busy(status);
        error.inner.body = body;
        error
    }

    pub(crate) fn malformed(status: StatusCode, headers: &HeaderMap, body: Bytes, error: serde_json::Error) -> Self {
        if error.is_eof() && !body.is_empty() {
            let message = format!("the response is incomplete JSON of {} bytes", body.len());
            let mut cut = Self::new(ErrorKind::Protocol, message);
            cut.inner.status = Some(status);
            return cut;
        }
        Self::not_graphql(status, headers, body)
    }

    pub(crate) fn not_graphql(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Self {
        let what = if body.is_empty() {
            "the response is empty".to_owned()
        } else if is_html(headers, &body) {
            "the response is an HTML page, not a GraphQL response; check the URL of the endpoint and the token"
                .to_owned()
        } else {
            format!("the response is not a GraphQL response, but {} bytes of {}", body.len(), content_type(headers))
        };
        let mut error = Self::new(ErrorKind::Protocol, what);
        error.inner.status = Some(status);
        error.inner.body = body;
        error
    }

    /// Creates the error for data that is nested too deeply to be decoded safely.
    pub(crate) fn too_deep(status: StatusCode, most: usize) -> Self {
        let message = format!("the data is nested more than {most} levels deep");
        let mut error = Self::new(ErrorKind::Decode, message);
        error.inner.status = Some(status);
        error
    }

    /// Creates the error for data that does not fit, without its values.
    pub(crate) fn decode(status: StatusCode, place: Place, reason: &Reason) -> Self {
        let Place { path, line, column } = place;
        let at = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
        let reason = match reason {
            Reason::Serde(error) => without_values(&error.to_string()),
            own => own.to_string(),
        };
        let message = format!("the data does not fit{at} (line {line}, column {column}): {reason}");
        let mut error = Self::new(ErrorKind::Decode, message);
        error.inner.status = Some(status);
        error.inner.path = Some(path);
        error
    }
}

/// Returns the expected type and the kind of value found, from a message of serde (the default texts of
/// [`serde::de::Error`]). Other messages may contain values, and are not shown.
fn without_values(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    // Names of fields are part of the types, but a type's own message may begin like that.
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    if missing.is_some_and(|field| !field.contains(['`', ' '])) {
        return message.to_owned();
    }
    let known = ["invalid type: ", "invalid value: ", "unknown variant ", "invalid length "];
    let Some(rest) = known.iter().find_map(|start| message.strip_prefix(start)) else {
        return "its type does not accept the value".to_owned();
    };
    let expected = rest.rsplit_once(", expected ").map_or("something else", |(_, expected)| expected);
    let found = ["boolean", "integer", "floating point", "number", "string", "null", "sequence", "map"];
    match found.into_iter().find(|found| rest.starts_with(found)) {
        Some(found) => format!("expected {expected}, found {}", with_article(found)),
        None => format!("expected {expected}"),
    }
}

/// Converts serde's terms for values to those of JSON.
fn with_article(found: &str) -> &'static str {
    match found {
        "boolean" => "a boolean",
        "integer" => "an integer",
        "string" => "a string",
        "null" => "null",
        "sequence" => "a list",
        "map" => "an object",
        _ => "a number",
    }
}

/// Returns the media type that the server declares, if it is valid.
fn content_type(headers: &HeaderMap) -> &str {
    let declared = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = declared.and_then(|ty| ty.split(';').next()).map(str::trim).unwrap_or_default();
    let is_one =
        |ty: &str| ty.len() < 80 && ty.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/+-._".contains(&byte));
    if !essence.is_empty() && is_one(essence) { essence } else { "an unknown type" }
}

fn is_html(headers: &HeaderMap, body: &Bytes) -> bool {
    let declared = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.is_some_and(|ty| ty.starts_with("text/html")) || body.trim_ascii_start().starts_with(b"<")
}

/// Returns true for statuses that are unrelated to the request itself (RFC 9110, 15.6; RFC 6585, 4).
pub(crate) fn is_busy(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}
