//! How bytes reach a server. The client is given one; tests and other stacks bring their own.

mod mock;
mod recording;
#[cfg(feature = "reqwest")]
mod with_reqwest;

use bytes::Bytes;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub use mock::{Exchange, MockTransport};
pub use recording::{Recorder, Replayer};
#[cfg(feature = "reqwest")]
pub use with_reqwest::ReqwestTransport;

/// A future that a transport returns.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends HTTP requests.
///
/// An implementation reads the whole body, up to a limit of its own, undoes content encodings, and follows no redirects:
/// they could carry tokens to another origin. It does not retry. If no connection was made, its error says so with
/// [`TransportError::unsent`].
pub trait Transport: Send + Sync + fmt::Debug + 'static {
    /// Sends one request.
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;
}

/// Why there is no response.
#[derive(Debug)]
pub struct TransportError {
    message: String,
    timeout: bool,
    unsent: bool,
    permanent: bool,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// A failure; the message says what was tried.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), timeout: false, unsent: false, permanent: false, source: None }
    }

    /// The time was over.
    #[must_use]
    pub fn timed_out(mut self) -> Self {
        self.timeout = true;
        self
    }

    /// It is certain that the server has not got the request, for example since no connection was made: even a mutation
    /// can be sent again.
    #[must_use]
    pub fn unsent(mut self) -> Self {
        self.unsent = true;
        self
    }

    /// Another try would fail in the same way.
    #[must_use]
    pub fn permanent(mut self) -> Self {
        self.permanent = true;
        self
    }

    /// What caused it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn into_source(self) -> Option<Box<dyn std::error::Error + Send + Sync>> {
        self.source
    }

    /// True if the time was over.
    pub fn is_timeout(&self) -> bool {
        self.timeout
    }

    /// True if it is certain that the server has not got the request.
    pub fn is_unsent(&self) -> bool {
        self.unsent
    }

    /// True if another try would fail in the same way.
    pub fn is_permanent(&self) -> bool {
        self.permanent
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}
