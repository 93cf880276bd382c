//! Everything that can go wrong with a call.

use crate::transport::TransportError;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use std::time::Duration;

/// How much of a body an error message shows, in characters.
const EXCERPT: usize = 200;

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be made: a bad URL, a variable that is not JSON.
    Request,
    /// The server could not be reached, or the connection broke.
    Transport,
    /// The deadline passed.
    Timeout,
    /// The server answered with a status that means failure.
    Status,
    /// The answer is not a GraphQL response.
    Protocol,
    /// The server reported errors.
    Graphql,
    /// The data does not fit the generated types.
    Decode,
}

/// Why a call failed.
///
/// Its message says what happened and where; it never holds a token or the variables.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<StatusCode>,
    errors: Vec<GraphqlError>,
    path: Option<String>,
    retry_after: Option<Duration>,
    body: Bytes,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

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

impl Error {
    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// True if the deadline passed.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// The status of the answer, if there was one.
    pub fn status_code(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// The errors that the server reported.
    pub fn graphql_errors(&self) -> &[GraphqlError] {
        &self.inner.errors
    }

    /// Where in the response the data did not fit, for example `data.customers.nodes[3].id`.
    pub fn path(&self) -> Option<&str> {
        self.inner.path.as_deref()
    }

    /// How long the server asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// The data that came together with errors, if it fits the type.
    pub fn partial_data<D: DeserializeOwned>(&self) -> Option<D> {
        #[derive(Deserialize)]
        struct Data<D> {
            data: D,
        }
        serde_json::from_slice::<Data<D>>(&self.inner.body).ok().map(|body| body.data)
    }

    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let inner = Inner {
            kind,
            message: message.into(),
            status: None,
            errors: Vec::new(),
            path: None,
            retry_after: None,
            body: Bytes::new(),
            source: None,
        };
        Self { inner: Box::new(inner) }
    }

    fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    pub(crate) fn request(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let source = source.into();
        Self::new(ErrorKind::Request, format!("{}: {source}", message.into())).because(source)
    }

    pub(crate) fn transport(error: TransportError) -> Self {
        let kind = if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Transport };
        Self::new(kind, error.to_string()).because(error)
    }

    pub(crate) fn timeout(after: Duration) -> Self {
        Self::new(ErrorKind::Timeout, format!("no answer within {after:?}"))
    }

    pub(crate) fn graphql(errors: Vec<GraphqlError>, body: Bytes) -> Self {
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

    pub(crate) fn status(status: StatusCode, headers: &HeaderMap, errors: Vec<GraphqlError>, body: Bytes) -> Self {
        let hint = match status {
            StatusCode::UNAUTHORIZED => "; the token is missing, wrong or expired",
            StatusCode::FORBIDDEN => "; the token does not allow this",
            StatusCode::TOO_MANY_REQUESTS => "; too many requests",
            StatusCode::NOT_FOUND => "; is the URL that of the GraphQL endpoint?",
            _ if status.is_redirection() => "; redirects are not followed, since they could carry tokens elsewhere",
            _ => "",
        };
        let said = errors.first().map(ToString::to_string).or_else(|| excerpt(headers, &body));
        let said = said.map(|said| format!(": {said}")).unwrap_or_default();
        let mut error = Self::new(ErrorKind::Status, format!("the server answered {status}{hint}{said}"));
        error.inner.status = Some(status);
        error.inner.errors = errors;
        error.inner.retry_after = retry_after(headers);
        error.inner.body = body;
        error
    }

    pub(crate) fn malformed(status: StatusCode, headers: &HeaderMap, body: Bytes, error: serde_json::Error) -> Self {
        if error.is_eof() && !body.is_empty() {
            let message = format!("the answer ends in the middle of its JSON, after {} bytes", body.len());
            let mut cut = Self::new(ErrorKind::Protocol, message).because(error);
            cut.inner.status = Some(status);
            return cut;
        }
        Self::not_graphql(status, headers, body).because(error)
    }

    pub(crate) fn not_graphql(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Self {
        let what = if body.is_empty() {
            "the answer is empty".to_owned()
        } else if is_html(headers, &body) {
            "the answer is an HTML page, not a GraphQL response; is this the GraphQL endpoint, and is the token valid?"
                .to_owned()
        } else {
            let said = excerpt(headers, &body).map(|said| format!(": {said}")).unwrap_or_default();
            format!("the answer is not a GraphQL response{said}")
        };
        let mut error = Self::new(ErrorKind::Protocol, what);
        error.inner.status = Some(status);
        error.inner.body = body;
        error
    }

    pub(crate) fn decode(status: StatusCode, path: String, source: serde_json::Error) -> Self {
        let text = source.to_string();
        let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
        let place = if path.is_empty() || path == "." { String::new() } else { format!(" at `{path}`") };
        let mut error = Self::new(ErrorKind::Decode, format!("the data does not fit{place}: {reason}"));
        error.inner.status = Some(status);
        error.inner.path = Some(path);
        error.because(source)
    }
}

/// The body is left out: it may hold what nobody should read in a log.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, message, status, errors, path, retry_after, body, source } = &*self.inner;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("message", message)
            .field("status", status)
            .field("errors", errors)
            .field("path", path)
            .field("retry_after", retry_after)
            .field("body_bytes", &body.len())
            .field("source", source)
            .finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

fn is_html(headers: &HeaderMap, body: &Bytes) -> bool {
    let declared = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.is_some_and(|ty| ty.starts_with("text/html")) || body.trim_ascii_start().starts_with(b"<")
}

/// The beginning of a body on one line; HTML says nothing.
fn excerpt(headers: &HeaderMap, body: &Bytes) -> Option<String> {
    if body.is_empty() || is_html(headers, body) {
        return None;
    }
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * EXCERPT)]);
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().filter(|character| !character.is_control()).collect();
    let cut: String = line.chars().take(EXCERPT).collect();
    Some(if cut.len() < line.len() { format!("{cut}…") } else { cut })
}

/// `Retry-After` in seconds (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}
