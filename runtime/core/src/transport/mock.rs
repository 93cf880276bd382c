//! A transport without a network, for tests.

use super::{BoxFuture, Transport, TransportError};
use crate::error::GraphqlError;
use crate::operation::Operation;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A sent request, for assertions in tests. `Debug` shows neither values of headers nor variables.
#[derive(Clone)]
#[non_exhaustive]
pub struct Exchange {
    /// The URL.
    pub uri: http::Uri,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The JSON of the body, or null.
    pub body: Value,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("uri", &crate::url::without_secrets(&self.uri.to_string()))
            .field("headers", &crate::headers::names(&self.headers))
            .field("operation_name", &self.body["operationName"].as_str())
            .finish_non_exhaustive()
    }
}

type Answered = Result<http::Response<Bytes>, TransportError>;
type Answer = Box<dyn Fn(&Exchange) -> Option<Answered> + Send + Sync>;

/// Responds with the results of functions, and records the requests.
///
/// ```ignore
/// let transport = MockTransport::operations()
///     .on::<WhoAmI>(|_| who_am_i::Data { name: "Ada".into() })
///     .failing::<DeleteCustomer>([GraphqlError::new("not allowed")]);
/// let client = Client::builder("https://test").transport(Arc::new(transport)).build()?;
/// ```
pub struct MockTransport {
    answers: Vec<Answer>,
    seen: Mutex<Vec<Exchange>>,
}

impl MockTransport {
    /// Creates a transport that responds with the function's results.
    pub fn new(answer: impl Fn(&Exchange) -> Answered + Send + Sync + 'static) -> Self {
        Self { answers: vec![Box::new(move |exchange| Some(answer(exchange)))], seen: Mutex::default() }
    }

    /// Creates a transport that always responds with status 200 and the same JSON.
    pub fn json(body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self::new(move |_| Ok(response(body.clone())))
    }

    /// Creates a transport without operations, which fails for unknown ones.
    pub fn operations() -> Self {
        Self { answers: Vec::new(), seen: Mutex::default() }
    }

    /// Responds to an operation with data, which may depend on the variables.
    #[must_use]
    pub fn on<O: Operation>(self, data: impl Fn(&Value) -> O::Data + Send + Sync + 'static) -> Self {
        self.answering::<O>(move |variables| match serde_json::to_value(data(variables)) {
            Ok(data) => json!({ "data": data }),
            Err(error) => {
                json!({ "errors": [{ "message": format!("the test's data cannot be written as JSON: {error}") }] })
            }
        })
    }

    /// Responds to an operation with errors.
    #[must_use]
    pub fn failing<O: Operation>(self, errors: impl IntoIterator<Item = GraphqlError>) -> Self {
        let errors: Vec<GraphqlError> = errors.into_iter().collect();
        self.answering::<O>(move |_| json!({ "errors": errors, "data": null }))
    }

    fn answering<O: Operation>(mut self, answer: impl Fn(&Value) -> Value + Send + Sync + 'static) -> Self {
        self.answers.push(Box::new(move |exchange| {
            let asked = exchange.body["query"] == O::DOCUMENT && exchange.body["operationName"].as_str() == O::NAME;
            asked.then(|| Ok(response(answer(&exchange.body["variables"]).to_string().into())))
        }));
        self
    }

    /// Returns the requests so far.
    pub fn requests(&self) -> Vec<Exchange> {
        self.seen().clone()
    }

    fn seen(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the response; the last one that was set for an operation is used.
    fn answer(&self, exchange: &Exchange) -> Answered {
        self.answers.iter().rev().find_map(|answer| answer(exchange)).unwrap_or_else(|| {
            let name = exchange.body["operationName"].as_str().unwrap_or("an anonymous operation");
            Err(TransportError::new(format!("the test sets no response for {name}")).permanent())
        })
    }
}

fn response(body: Bytes) -> http::Response<Bytes> {
    let mut response = http::Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockTransport").finish_non_exhaustive()
    }
}

impl Transport for MockTransport {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Answered> {
        let (parts, body) = request.into_parts();
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let exchange = Exchange { uri: parts.uri, headers: parts.headers, body };
        let answer = self.answer(&exchange);
        self.seen().push(exchange);
        Box::pin(std::future::ready(answer))
    }
}
