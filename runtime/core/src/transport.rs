//! The transport of a client: an HTTP request in, a response with its whole body out.

#[cfg(feature = "reqwest")]
mod cause;
#[cfg(any(feature = "reqwest", feature = "tower"))]
mod chain;
mod mock;
mod recording;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "reqwest")]
mod with_reqwest;

use bytes::Bytes;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub use mock::{Exchange, MockTransport};
pub use recording::{Recorder, Replayer};
#[cfg(feature = "tower")]
pub use tower::{Tower, TransportService};
#[cfg(feature = "reqwest")]
pub use with_reqwest::ReqwestTransport;

/// Re-exported because [`ReqwestTransport::from_client`] takes a client of exactly this version. A new major version of
/// reqwest or rustls is therefore a breaking change of this crate.
#[cfg(feature = "reqwest")]
pub use {reqwest, rustls};

/// A future that a transport returns.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends HTTP requests.
///
/// An implementation reads the whole body, up to its own limit, decodes content encodings and does not follow
/// redirects, which could carry tokens to another origin. It does not repeat requests: the client does, if
/// [`TransportError`] allows it. Only an error marked with [`TransportError::unsent`] allows the client to repeat a
/// mutation.
///
/// # Examples
/// A transport that adds a header and calls another transport:
/// ```
/// use graphwright_core::bytes::Bytes;
/// use graphwright_core::http::{HeaderValue, Request, Response};
/// use graphwright_core::transport::{BoxFuture, MockTransport, Transport, TransportError};
/// use graphwright_core::Client;
/// use std::sync::Arc;
///
/// #[derive(Debug)]
/// struct Tenant {
///     name: HeaderValue,
///     inner: Arc<dyn Transport>,
/// }
///
/// impl Transport for Tenant {
///     fn send(&self, mut request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
///         request.headers_mut().insert("x-tenant", self.name.clone());
///         self.inner.send(request)
///     }
/// }
///
/// let inner = Arc::new(MockTransport::json(r#"{"data":{}}"#));
/// let tenant = Tenant { name: HeaderValue::from_static("acme"), inner };
/// let client = Client::builder("https://example.com/graphql").transport(Arc::new(tenant)).build()?;
/// # Ok::<(), graphwright_core::Error>(())
/// ```
pub trait Transport: Send + Sync + fmt::Debug + 'static {
    /// Sends one request.
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;
}

/// The reason why there is no response.
///
/// `Display` shows the failed step ("cannot connect to localhost:1"); the source shows the reason ("Connection refused
/// (os error 111)").
#[derive(Debug)]
pub struct TransportError {
    message: String,
    timeout: bool,
    unsent: bool,
    permanent: bool,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// Creates an error. The message names the failed step, without secrets and without the message of the source.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), timeout: false, unsent: false, permanent: false, source: None }
    }

    /// Marks a failure by timeout.
    #[must_use]
    pub fn timed_out(mut self) -> Self {
        self.timeout = true;
        self
    }

    /// Marks a failure after which the server certainly did not process the request, for example because no
    /// connection was made: the client may even repeat a mutation.
    ///
    /// This does not include a connection that was closed or reset after the request was written.
    #[must_use]
    pub fn unsent(mut self) -> Self {
        self.unsent = true;
        self
    }

    /// Marks a failure that every further attempt would repeat.
    #[must_use]
    pub fn permanent(mut self) -> Self {
        self.permanent = true;
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn into_source(self) -> Option<Box<dyn std::error::Error + Send + Sync>> {
        self.source
    }

    /// Returns true for a failure by timeout.
    pub fn is_timeout(&self) -> bool {
        self.timeout
    }

    /// Returns true if the server certainly did not process the request.
    pub fn is_unsent(&self) -> bool {
        self.unsent
    }

    /// Returns true if every further attempt would fail in the same way.
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
