//! Layers: user code around the requests of a client.

use crate::answer::Answer;
use crate::error::Error;
use crate::operation::OperationKind;
use crate::transport::BoxFuture;
use bytes::Bytes;
use http::HeaderMap;
use std::fmt;
use std::sync::Arc;

/// Handles every request before it is sent and every response after it: may set headers, inspect the response, or
/// respond itself.
///
/// Layers are inside the retries, so that each attempt passes through them, and outside throttle and authentication: a
/// layer that responds itself does not count against the limits, and layers do not see tokens. The layer that was added
/// first is the outermost.
///
/// A layer that sets a header for every mutation, and counts errors by code:
/// A layer that gives every mutation a key, and counts errors by code:
/// ```
/// use graphwright_core::transport::BoxFuture;
/// use graphwright_core::{Answer, Attempt, Client, Error, Layer, Next, OperationKind};
/// use std::collections::BTreeMap;
/// use std::sync::Mutex;
///
/// #[derive(Debug, Default)]
/// struct Codes(Mutex<BTreeMap<String, u64>>);
///
/// impl Layer for Codes {
///     fn handle<'a>(&'a self, mut attempt: Attempt<'a>, next: Next<'a>) -> BoxFuture<'a, Result<Answer, Error>> {
///         if attempt.kind() == Some(OperationKind::Mutation) {
///             attempt.headers_mut().insert("x-trace", "mutation".parse().expect("a header value"));
///         }
///         Box::pin(async move {
///             let answer = next.run(attempt).await?;
///             for error in answer.errors() {
///                 let code = error.code().unwrap_or("none").to_owned();
///                 *self.0.lock().expect("no panic").entry(code).or_default() += 1;
///             }
///             Ok(answer)
///         })
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// let client = Client::builder("https://example.com/graphql").layer(Codes::default()).build()?;
/// # let _ = client; Ok(())
/// # }
/// ```
pub trait Layer: Send + Sync + fmt::Debug + 'static {
    /// Handles a request: usually by [`Next::run`], or by a response of the layer itself.
    ///
    /// # Errors
    /// Errors of [`Next::run`], or of the layer. An error that is
    /// [retryable](Error::retryable) is retried if the operation may be sent again.
    fn handle<'a>(&'a self, attempt: Attempt<'a>, next: Next<'a>) -> BoxFuture<'a, Result<Answer, Error>>;
}

/// An attempt to send an operation. `Debug` shows neither the body nor the values of headers.
pub struct Attempt<'a> {
    operation: Option<&'a str>,
    kind: Option<OperationKind>,
    number: u32,
    request: http::Request<Bytes>,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(
        operation: Option<&'a str>,
        kind: Option<OperationKind>,
        number: u32,
        request: http::Request<Bytes>,
    ) -> Self {
        Self { operation, kind, number, request }
    }

    /// Returns the name of the operation, if it has one.
    pub fn operation(&self) -> Option<&'a str> {
        self.operation
    }

    /// Returns the kind of the operation; `None` for a document that was not generated.
    pub fn kind(&self) -> Option<OperationKind> {
        self.kind
    }

    /// Returns the number of the attempt, counted from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Returns the request, without the credential.
    pub fn request(&self) -> &http::Request<Bytes> {
        &self.request
    }

    /// Returns the headers of the request. The client's authentication does not replace a header that is set here.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.request.headers_mut()
    }

    pub(crate) fn into_request(self) -> http::Request<Bytes> {
        self.request
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("operation", &self.operation)
            .field("kind", &self.kind)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// The remaining inner layers, and the request.
pub struct Next<'a> {
    layers: &'a [Arc<dyn Layer>],
    innermost: &'a dyn Innermost,
}

/// The part inside all layers: authentication, throttle and transport.
pub(crate) trait Innermost: Send + Sync {
    fn send<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Answer, Error>>;
}

impl<'a> Next<'a> {
    pub(crate) fn new(layers: &'a [Arc<dyn Layer>], innermost: &'a dyn Innermost) -> Self {
        Self { layers, innermost }
    }

    /// Sends the request through the remaining layers.
    ///
    /// # Errors
    /// No token is available, a limit leaves no room in time, or the transport fails.
    pub fn run(self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Answer, Error>> {
        match self.layers.split_first() {
            Some((layer, layers)) => layer.handle(attempt, Self { layers, ..self }),
            None => self.innermost.send(attempt),
        }
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("layers", &self.layers).finish_non_exhaustive()
    }
}
