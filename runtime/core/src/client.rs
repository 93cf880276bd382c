//! The client: one place where a request is made, and the layers around it.

use crate::error::Error;
use crate::operation::Operation;
use crate::response::Response;
use crate::secret::Secret;
use crate::throttle::Throttle;
use crate::transport::Transport;
use bytes::Bytes;
use futures_timer::Delay;
use futures_util::future::{Either, select};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// A response may be as large as this unless another limit is set: 64 MiB.
const MOST_BYTES: usize = 64 << 20;
const TIMEOUT: Duration = Duration::from_secs(30);

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
    bearer: Option<Secret>,
    timeout: Duration,
    throttle: Option<Throttle>,
    transport: Arc<dyn Transport>,
}

/// What a client is to do; see [`Client::builder`].
#[must_use]
pub struct ClientBuilder {
    url: String,
    headers: Vec<(String, Secret)>,
    bearer: Option<Secret>,
    user_agent: String,
    timeout: Duration,
    per_second: Option<NonZeroU32>,
    most_bytes: usize,
    transport: Option<Arc<dyn Transport>>,
}

/// The body of a request (GraphQL over HTTP, "Request Parameters").
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a, V> {
    query: &'a str,
    variables: &'a V,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_name: Option<&'a str>,
}

impl Client {
    /// Begins a client for a GraphQL endpoint.
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            url: url.into(),
            headers: Vec::new(),
            bearer: None,
            user_agent: concat!("graphwright/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: TIMEOUT,
            per_second: None,
            most_bytes: MOST_BYTES,
            transport: None,
        }
    }

    /// Sends an operation and returns its data.
    ///
    /// # Errors
    /// Everything in [`ErrorKind`](crate::ErrorKind). If the server sent data together with
    /// errors, the call fails; [`Error::partial_data`] has the data, and [`Client::execute`]
    /// returns both.
    pub async fn send<O: Operation>(&self, operation: O) -> Result<O::Data, Error> {
        self.execute(operation).await?.into_result()
    }

    /// Sends an operation and returns the whole response, errors beside data included.
    ///
    /// # Errors
    /// The request could not be sent, or the answer is not a response to it.
    pub async fn execute<O: Operation>(&self, operation: O) -> Result<Response<O::Data>, Error> {
        self.execute_raw(O::DOCUMENT, &operation, O::NAME).await
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
        let body = Body { query: document, variables, operation_name };
        let body = serde_json::to_vec(&body)
            .map_err(|error| Error::request("the variables cannot be written as JSON", error))?;
        let response = self.within_deadline(self.throttled(body.into())).await?;
        let (parts, body) = response.into_parts();
        Response::read(parts.status, &parts.headers, body)
    }

    async fn within_deadline<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let timeout = self.inner.timeout;
        match select(pin!(work), Delay::new(timeout)).await {
            Either::Left((done, _)) => done,
            Either::Right(((), _)) => Err(Error::timeout(timeout)),
        }
    }

    async fn throttled(&self, body: Bytes) -> Result<http::Response<Bytes>, Error> {
        if let Some(throttle) = &self.inner.throttle {
            throttle.wait().await;
        }
        let request = self.request(body)?;
        self.inner.transport.send(request).await.map_err(Error::transport)
    }

    fn request(&self, body: Bytes) -> Result<http::Request<Bytes>, Error> {
        let mut request = http::Request::new(body);
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = self.inner.uri.clone();
        *request.headers_mut() = self.inner.headers.clone();
        if let Some(token) = &self.inner.bearer {
            let value = secret_value(&format!("Bearer {}", token.expose()));
            let value = value.map_err(|error| Error::request("the token cannot be sent in a header", error))?;
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        Ok(request)
    }
}

impl ClientBuilder {
    /// Sends a bearer token with every request.
    pub fn bearer(mut self, token: impl Into<Secret>) -> Self {
        self.bearer = Some(token.into());
        self
    }

    /// Sends a header with every request. Its value is treated as a secret.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Names the program to the server; `graphwright/VERSION` unless given.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// How long a call may take, waiting for the throttle included; 30 seconds unless given.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Never sends more requests than this in a second, however many callers there are; 0 is no limit.
    pub fn requests_per_second(mut self, requests: u32) -> Self {
        self.per_second = NonZeroU32::new(requests);
        self
    }

    /// How large a response may be after decompression; 64 MiB unless given.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// Sends requests through another transport.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// The URL is not one, a header is not valid, or no transport can be set up.
    pub fn build(self) -> Result<Client, Error> {
        let uri = endpoint(&self.url)?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9"));
        let agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|error| Error::request("the user agent is not valid", error))?;
        headers.insert(USER_AGENT, agent);
        for (name, value) in &self.headers {
            let header: HeaderName =
                name.parse().map_err(|error| Error::request(format!("`{name}` is not a header name"), error))?;
            let value = secret_value(value.expose())
                .map_err(|error| Error::request(format!("the value of header `{name}` is not valid"), error))?;
            headers.insert(header, value);
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(self.most_bytes)?,
        };
        let inner = Inner {
            uri,
            headers,
            bearer: self.bearer,
            timeout: self.timeout,
            throttle: self.per_second.map(Throttle::per_second),
            transport,
        };
        Ok(Client { inner: Arc::new(inner) })
    }
}

#[cfg(feature = "reqwest")]
pub(crate) fn default_transport(most_bytes: usize) -> Result<Arc<dyn Transport>, Error> {
    let transport = crate::transport::ReqwestTransport::new(most_bytes).map_err(Error::transport)?;
    Ok(Arc::new(transport))
}

#[cfg(not(feature = "reqwest"))]
pub(crate) fn default_transport(_: usize) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::request("no transport was given", "the feature `reqwest` is off"))
}

/// A header value that `Debug` does not show.
fn secret_value(text: &str) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// URLs can hold passwords and keys: those are not shown.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &without_secrets(&self.inner.uri.to_string()))
            .field("headers", &self.inner.headers.keys())
            .field("timeout", &self.inner.timeout)
            .field("throttle", &self.inner.throttle)
            .field("transport", &self.inner.transport)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("url", &without_secrets(&self.url))
            .field("headers", &self.headers)
            .field("timeout", &self.timeout)
            .field("per_second", &self.per_second)
            .finish_non_exhaustive()
    }
}

/// A URL for an error message: without user, password and query.
/// The address of a server. Hosts with letters beyond ASCII are not converted: that takes tables of a
/// megabyte, and their owners know the ASCII form.
fn endpoint(url: &str) -> Result<http::Uri, Error> {
    let uri: http::Uri = url.trim().parse().map_err(|error: http::uri::InvalidUri| {
        let hint = if url.is_ascii() { "" } else { " in ASCII (write `xn--…` for the host, `%…` in the path)" };
        Error::request(format!("`{}` is not a URL{hint}", without_secrets(url)), error)
    })?;
    match uri.scheme_str() {
        Some("http" | "https") => Ok(uri),
        Some(_) => {
            let message = format!("`{}` is not an http or https URL", without_secrets(url));
            Err(Error::request(message, "unsupported scheme"))
        }
        None => {
            let message = format!("`{}` is not a URL", without_secrets(url));
            Err(Error::request(message, "it has no `https://`"))
        }
    }
}

fn without_secrets(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}{}", &url[..scheme + 3], &url[at + 1..]),
        _ => url.to_owned(),
    }
}
