//! The response of a server before its data is decoded, as classifiers and layers see it.

use crate::classify::Verdict;
use crate::error::{GraphqlError, reported_within};
use crate::json;
use crate::redact::Sent;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::OnceLock;

/// The maximum size of `extensions`; larger ones are omitted, so that a response cannot take many times its size in
/// memory.
const MOST_EXTENSIONS: usize = 4 << 20;

/// A response of a server: status, headers, and a body with errors and extensions.
///
/// Errors and extensions are parsed on demand, without decoding the data. `Debug` shows no values.
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// The request, whose secrets messages may repeat; `None` if no layer sees them.
    sent: Option<Box<Sent>>,
    outline: OnceLock<Box<Outline>>,
    verdict: OnceLock<Verdict>,
}

/// A response without its data.
#[derive(Default)]
struct Outline {
    data: Data,
    errors: Vec<GraphqlError>,
    extensions: Map<String, Value>,
}

/// The entry `data` of a body.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Data {
    #[default]
    Missing,
    Null,
    Present,
    /// The body is damaged, and contains the word.
    Possible,
}

/// The entries of a response (specification 7.1), each optional.
#[derive(Deserialize)]
struct Entries<'a> {
    #[serde(default, deserialize_with = "entry")]
    data: Data,
    #[serde(default, deserialize_with = "reported_within")]
    errors: Vec<GraphqlError>,
    #[serde(default, borrow)]
    extensions: Option<&'a RawValue>,
}

/// Returns an entry that is present.
fn entry<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Data, D::Error> {
    let data = Option::<IgnoredAny>::deserialize(deserializer)?;
    Ok(data.map_or(Data::Null, |_| Data::Present))
}

/// Returns the extensions of a response if they are an object of acceptable size.
pub(crate) fn extensions(raw: Option<&RawValue>) -> Map<String, Value> {
    let raw = raw.map(RawValue::get).filter(|text| text.len() <= MOST_EXTENSIONS);
    raw.and_then(|text| json::decode(text, json::MOST_DEPTH).ok()).unwrap_or_default()
}

impl Answer {
    /// Creates an answer, for layers that respond themselves.
    ///
    /// # Examples
    /// ```
    /// use graphwright_core::{Answer, http::Response};
    ///
    /// let answer = Answer::new(Response::new(r#"{"errors":[{"message":"no"}],"extensions":{"cost":3}}"#.into()));
    /// assert_eq!(answer.errors()[0].message, "no");
    /// assert_eq!(answer.extensions()["cost"], 3);
    /// assert!(!answer.has_data());
    /// ```
    pub fn new(response: http::Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        let (outline, verdict) = (OnceLock::new(), OnceLock::new());
        Self { status: parts.status, headers: parts.headers, body, sent: None, outline, verdict }
    }

    /// Creates the answer to a request, for layers.
    pub(crate) fn received(response: http::Response<Bytes>, sent: Option<Box<Sent>>) -> Self {
        Self { sent, ..Self::new(response) }
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the errors that the server reports (specification 7.1.2).
    pub fn errors(&self) -> &[GraphqlError] {
        &self.outline().errors
    }

    /// Returns the extensions of the response (specification 7.1.3).
    pub fn extensions(&self) -> &Map<String, Value> {
        &self.outline().extensions
    }

    /// Returns true if the body has an entry `data`, even null, or is a damaged body that may have contained one.
    ///
    /// A response without that entry means that the operation was not executed (specification 7.1.1); one with it, that
    /// it was executed, whatever the status.
    pub fn has_data(&self) -> bool {
        self.outline().data != Data::Missing
    }

    /// Returns true if the body has data other than null and no errors: the operation has succeeded, whatever
    /// the status.
    pub fn is_complete(&self) -> bool {
        self.outline().data == Data::Present && self.errors().is_empty()
    }

    /// Returns the verdict, which is computed once.
    pub(crate) fn verdict(&self, classify: impl FnOnce() -> Verdict) -> Verdict {
        *self.verdict.get_or_init(classify)
    }

    pub(crate) fn into_parts(self) -> (StatusCode, HeaderMap, Bytes) {
        (self.status, self.headers, self.body)
    }

    fn redacted(&self, errors: Vec<GraphqlError>) -> Vec<GraphqlError> {
        match self.sent.as_ref().filter(|_| !errors.is_empty()).map(|sent| sent.redaction()) {
            Some(redaction) => errors.into_iter().map(|error| error.redacted(&redaction)).collect(),
            None => errors,
        }
    }

    fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| {
            let body = json::without_mark(&self.body);
            let text = str::from_utf8(body).ok();
            let outline = match text.and_then(|text| serde_json::from_str::<Entries<'_>>(text).ok()) {
                Some(entries) if body.trim_ascii_start().starts_with(b"{") => Outline {
                    data: entries.data,
                    errors: self.redacted(entries.errors),
                    extensions: extensions(entries.extensions),
                },
                _ if mentions_data(&self.body) => Outline { data: Data::Possible, ..Outline::default() },
                _ => Outline::default(),
            };
            Box::new(outline)
        })
    }
}

/// Returns true if the bytes contain the key `data`, as in a truncated body or in several concatenated bodies.
fn mentions_data(body: &[u8]) -> bool {
    body.windows(6).any(|window| window == b"\"data\"")
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("headers", &crate::headers::names(&self.headers))
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
