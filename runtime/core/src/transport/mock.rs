//! A transport without a network, for tests.

use super::{BoxFuture, Transport, TransportError};
use bytes::Bytes;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A request that was sent, as a test wants to look at it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The URL.
    pub uri: http::Uri,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The JSON of the body, or null.
    pub body: serde_json::Value,
}

type Answer = dyn Fn(&Exchange) -> Result<http::Response<Bytes>, TransportError> + Send + Sync;

/// Answers with what a function says, and remembers what it was asked.
pub struct MockTransport {
    answer: Box<Answer>,
    seen: Mutex<Vec<Exchange>>,
}

impl MockTransport {
    /// A transport that answers with the function's responses.
    pub fn new(
        answer: impl Fn(&Exchange) -> Result<http::Response<Bytes>, TransportError> + Send + Sync + 'static,
    ) -> Self {
        Self { answer: Box::new(answer), seen: Mutex::default() }
    }

    /// A transport that always answers 200 with the same JSON.
    pub fn json(body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self::new(move |_| {
            let response = http::Response::builder().header("content-type", "application/json");
            response.body(body.clone()).map_err(|error| TransportError::new(error.to_string()))
        })
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Exchange> {
        self.seen().clone()
    }

    fn seen(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockTransport").finish_non_exhaustive()
    }
}

impl Transport for MockTransport {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let (parts, body) = request.into_parts();
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let exchange = Exchange { uri: parts.uri, headers: parts.headers, body };
        let answer = (self.answer)(&exchange);
        self.seen().push(exchange);
        Box::pin(std::future::ready(answer))
    }
}
