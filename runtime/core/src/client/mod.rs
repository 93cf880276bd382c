//! The client: what callers see of it.

mod builder;
mod call;
mod send;

use crate::auth::Authentication;
use crate::error::Error;
use crate::observe::Observer;
use crate::operation::SingleResponse;
use crate::pagination::{Nodes, Pages, Paginated};
use crate::request::Outgoing;
use crate::response::Response;
use crate::retry::Retry;
use crate::throttle::Throttle;
use crate::transport::Transport;
use crate::url;
use http::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use builder::ClientBuilder;
pub(crate) use builder::default_transport;
pub use call::Call;
use call::Options;

/// Sends operations to one GraphQL endpoint. Clones are cheap and share everything.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = graphwright_core::Client::builder("https://example.com/graphql")
///     .bearer("token")
///     .requests_per_second(20)
///     .build()?;
/// # let _ = client; Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    uri: http::Uri,
    headers: HeaderMap,
    authentication: Option<Arc<dyn Authentication>>,
    timeout: Duration,
    attempt_timeout: Option<Duration>,
    throttle: Throttle,
    retry: Retry,
    observer: Option<Arc<dyn Observer>>,
    transport: Arc<dyn Transport>,
}

impl Client {
    /// Begins a client for a GraphQL endpoint.
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(url.into())
    }

    /// Sends an operation and returns its data.
    ///
    /// # Errors
    /// Everything in [`ErrorKind`](crate::ErrorKind). If the server sent data together with
    /// errors, the call fails; [`Error::partial_data`] has the data, and [`Client::execute`]
    /// returns both.
    pub async fn send<O: SingleResponse>(&self, operation: O) -> Result<O::Data, Error> {
        self.execute(operation).await?.into_result()
    }

    /// Sends an operation and returns the whole response, errors beside data included.
    ///
    /// # Errors
    /// The request could not be sent, or the answer is not a response to it.
    pub async fn execute<O: SingleResponse>(&self, operation: O) -> Result<Response<O::Data>, Error> {
        self.perform(Outgoing::of(&operation)?, &Options::default()).await
    }

    /// A call with settings of its own.
    pub fn call<O: SingleResponse>(&self, operation: O) -> Call<'_, O> {
        Call::new(self, operation)
    }

    /// Sends any document with any variables.
    ///
    /// # Errors
    /// As for [`Client::execute`].
    pub async fn execute_raw<V: Serialize, D: DeserializeOwned>(
        &self,
        document: &str,
        variables: &V,
        operation_name: Option<&str>,
    ) -> Result<Response<D>, Error> {
        let outgoing = Outgoing::new(document, None, operation_name, variables)?;
        self.perform(outgoing, &Options::default()).await
    }

    /// All pages of a list, from the operation's own cursor on, one request at a time.
    pub fn pages<O: Paginated>(&self, operation: O) -> Pages<O> {
        Pages::new(self.clone(), operation)
    }

    /// All items of a list, page by page.
    pub fn nodes<O: Paginated>(&self, operation: O) -> Nodes<O> {
        self.pages(operation).nodes()
    }

    async fn perform<D: DeserializeOwned>(
        &self,
        outgoing: Outgoing<'_>,
        options: &Options,
    ) -> Result<Response<D>, Error> {
        let mut exchange = self.exchange(&outgoing, options).await;
        let response = exchange.answer().and_then(|answer| {
            let (parts, body) = answer.into_parts();
            Response::read(parts.status, parts.headers, body)
        });
        let attempts = exchange.attempts;
        let response = response.map(|response| response.after(attempts)).map_err(|error| error.after(attempts));
        exchange.finish(self.inner.observer.as_deref(), response.as_ref().map(Response::has_errors));
        response
    }
}

/// URLs can hold passwords and keys: those are not shown.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &url::without_secrets(&self.inner.uri.to_string()))
            .field("headers", &self.inner.headers.keys())
            .field("authentication", &self.inner.authentication)
            .field("timeout", &self.inner.timeout)
            .field("throttle", &self.inner.throttle)
            .field("retry", &self.inner.retry)
            .field("transport", &self.inner.transport)
            .finish_non_exhaustive()
    }
}
