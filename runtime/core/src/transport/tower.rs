//! Adapters between transports and services of `tower`.

use super::chain::chain;
use super::{BoxFuture, Transport, TransportError};
use bytes::Bytes;
use std::error::Error;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::{fmt, io};
use tower_service::Service;

type BoxError = Box<dyn Error + Send + Sync>;

/// A [`Transport`] that sends requests with a service of `tower`, for example a stack of layers around a
/// [`TransportService`].
///
/// Each request uses a clone of the service, which is awaited until it is ready. An error of the service that
/// is, or is caused by, a [`TransportError`] keeps the results of [`TransportError::is_unsent`],
/// [`TransportError::is_timeout`] and [`TransportError::is_permanent`]. For other errors, all of them are false; a
/// layer that fails before the request is sent, or because of a timeout, can return its own `TransportError`.
///
/// # Examples
/// ```
/// use graphwright_core::Client;
/// use graphwright_core::transport::{ReqwestTransport, Tower, TransportError, TransportService};
/// use std::sync::Arc;
/// use std::time::Duration;
/// use tower::ServiceBuilder;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let service = ServiceBuilder::new()
///     // The error of the timeout layer must be marked as a timeout.
///     .map_err(|error: tower::BoxError| match error.is::<tower::timeout::error::Elapsed>() {
///         true => TransportError::new("no response within 5 s").timed_out().into(),
///         false => error,
///     })
///     .timeout(Duration::from_secs(5))
///     .service(TransportService::new(Arc::new(ReqwestTransport::new(64 << 20)?)));
/// let transport = Arc::new(Tower::new(service));
/// let client = Client::builder("https://example.com/graphql").transport(transport).build()?;
/// # Ok(())
/// # }
/// ```
pub struct Tower<S> {
    service: S,
}

impl<S> Tower<S> {
    /// Creates a transport from a service.
    pub fn new(service: S) -> Self {
        Self { service }
    }
}

/// Does not show the service, which may show headers.
impl<S> fmt::Debug for Tower<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tower").finish_non_exhaustive()
    }
}

impl<S> Transport for Tower<S>
where
    S: Service<http::Request<Bytes>, Response = http::Response<Bytes>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
{
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let mut service = self.service.clone();
        Box::pin(async move {
            // A service that does not become ready has not received the request.
            poll_fn(|cx| service.poll_ready(cx)).await.map_err(|error| failed(error.into()).unsent())?;
            service.call(request).await.map_err(|error| failed(error.into()))
        })
    }
}

/// Converts an error of a service.
fn failed(error: BoxError) -> TransportError {
    let error = match error.downcast::<TransportError>() {
        Ok(error) => return *error,
        Err(error) => error,
    };
    let mut failure = TransportError::new("the transport service failed");
    for cause in chain(&*error) {
        if let Some(inner) = cause.downcast_ref::<TransportError>() {
            failure.unsent = inner.unsent;
            failure.timeout = inner.timeout;
            failure.permanent = inner.permanent;
            break;
        }
        failure.timeout |= cause.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::TimedOut);
    }
    failure.because(error)
}

/// A service of `tower` that sends requests with a [`Transport`]: the innermost service of a stack of layers, see
/// [`Tower`]. It is always ready.
#[derive(Debug, Clone)]
pub struct TransportService {
    transport: Arc<dyn Transport>,
}

impl TransportService {
    /// Creates a service from a transport.
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport }
    }
}

impl Service<http::Request<Bytes>> for TransportService {
    type Response = http::Response<Bytes>;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<http::Response<Bytes>, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Bytes>) -> Self::Future {
        let transport = self.transport.clone();
        Box::pin(async move { transport.send(request).await })
    }
}
