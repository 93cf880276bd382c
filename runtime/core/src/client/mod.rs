//! The client.

mod builder;
mod call;
mod exchange;

use crate::answer::Answer;
use crate::auth::Authentication;
use crate::classify::Classifier;
use crate::error::Error;
use crate::layer::Layer;
use crate::observe::Observer;
use crate::operation::SingleResponse;
use crate::pagination::{Nodes, Pages, Paginated};
use crate::request::Outgoing;
use crate::response::ReadData;
use crate::response::Response;
use crate::retry::Retry;
use crate::throttle::Throttle;
use crate::transport::Transport;
use exchange::Exchange;
use http::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use builder::ClientBuilder;
pub(crate) use builder::default_transport;
pub(crate) use call::Options;
pub use call::{Call, Raw};

/// Sends operations to a GraphQL endpoint. Clones are cheap and share all state.
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

/// The complete and fixed configuration of a client.
struct Inner {
    /// The URL without user and password.
    uri: http::Uri,
    headers: HeaderMap,
    authentication: Option<Arc<dyn Authentication>>,
    classifier: Arc<dyn Classifier>,
    layers: Vec<Arc<dyn Layer>>,
    timeout: Duration,
    attempt_timeout: Option<Duration>,
    throttle: Throttle,
    retry: Retry,
    most_depth: usize,
    observer: Option<Arc<dyn Observer>>,
    propagation: crate::trace::Propagation,
    transport: Arc<dyn Transport>,
}

impl Client {
    /// Returns a builder for a client of a GraphQL endpoint.
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(url.into())
    }

    /// Sends an operation and returns its data.
    ///
    /// # Errors
    /// All kinds in [`ErrorKind`](crate::ErrorKind). If the server sent data together with
    /// errors, the call fails; [`Error::partial_data`] returns the data, and [`Client::execute`]
    /// returns both.
    pub async fn send<O: SingleResponse>(&self, operation: O) -> Result<O::Data, Error> {
        self.execute(operation).await?.into_result()
    }

    /// Sends an operation and returns the whole response, including errors beside data.
    ///
    /// # Errors
    /// The request could not be sent, or the response is not a GraphQL response.
    pub async fn execute<O: SingleResponse>(&self, operation: O) -> Result<Response<O::Data>, Error> {
        self.perform(&Outgoing::of(&operation)?, &Options::default(), O::read_data).await
    }

    /// Starts a call with its own settings.
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
        self.perform(&outgoing, &Options::default(), |reader| reader.serde()).await
    }

    /// Starts a call of any document with its own settings.
    ///
    /// ```no_run
    /// # async fn run(client: graphwright_core::Client) -> Result<(), graphwright_core::Error> {
    /// use std::time::Duration;
    ///
    /// let nothing = serde_json::Map::new();
    /// let call = client.call_raw("{ viewer { login } }", &nothing, None).timeout(Duration::from_secs(5));
    /// let viewer: serde_json::Value = call.execute_raw().await?.into_result()?;
    /// # let _ = viewer; Ok(())
    /// # }
    /// ```
    pub fn call_raw<'d, V: Serialize>(
        &self,
        document: &'d str,
        variables: &'d V,
        operation_name: Option<&'d str>,
    ) -> Call<'_, Raw<'d, V>> {
        Call::new(self, Raw::new(document, variables, operation_name))
    }

    /// Returns all pages of a list, from the operation's own cursor on, one request at a time.
    pub fn pages<O: Paginated>(&self, operation: O) -> Pages<O> {
        self.call(operation).pages()
    }

    /// Returns all items of a list, page by page.
    pub fn nodes<O: Paginated>(&self, operation: O) -> Nodes<O> {
        self.call(operation).nodes()
    }

    /// Ends the pauses that the server has requested, so that the next request is sent immediately; see
    /// [`ClientBuilder::longest_pause`].
    pub fn resume(&self) {
        self.inner.throttle.resume();
    }

    pub(crate) async fn perform<D>(
        &self,
        outgoing: &Outgoing<'_>,
        options: &Options,
        data: ReadData<D>,
    ) -> Result<Response<D>, Error> {
        let exchange = Exchange::new(self, outgoing, options);
        let response = exchange.answer().await.and_then(|answer| self.read(&exchange, answer, data));
        exchange.finish(response)
    }

    /// Decodes a response within the deadline.
    fn read<D>(&self, exchange: &Exchange<'_>, answer: Answer, data: ReadData<D>) -> Result<Response<D>, Error> {
        let (bytes, wait) = (answer.body().len(), exchange.verdict(&answer).wait);
        let response = Response::read(answer, self.inner.most_depth, data, || exchange.redaction());
        match exchange.timeout_if_over() {
            Some(timeout) => Err(Error::decoded_late(timeout, bytes)),
            None => match wait {
                Some(wait) => response.map(|response| response.passing(wait)).map_err(|error| error.passing(wait)),
                None => response,
            },
        }
    }
}

/// Does not show values of headers, nor passwords and keys in URLs.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &crate::url::without_secrets(&self.inner.uri.to_string()))
            .field("headers", &crate::headers::names(&self.inner.headers))
            .field("authentication", &self.inner.authentication)
            .field("classifier", &self.inner.classifier)
            .field("layers", &self.inner.layers)
            .field("timeout", &self.inner.timeout)
            .field("throttle", &self.inner.throttle)
            .field("retry", &self.inner.retry)
            .field("transport", &self.inner.transport)
            .finish_non_exhaustive()
    }
}
