//! What a client is to do.

use super::{Client, Inner};
use crate::auth::{Authentication, Credential, Header};
use crate::error::Error;
use crate::observe::Observer;
use crate::retry::Retry;
use crate::secret::Secret;
use crate::throttle::{Limit, Throttle, ThrottleBuilder};
use crate::transport::Transport;
use crate::url;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A response may be as large as this unless another limit is set: 64 MiB.
const MOST_BYTES: usize = 64 << 20;
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a client is to do; see [`Client::builder`].
#[must_use]
pub struct ClientBuilder {
    url: String,
    headers: Vec<(String, Secret)>,
    bearer: Option<Secret>,
    authentication: Option<Arc<dyn Authentication>>,
    user_agent: String,
    timeout: Duration,
    attempt_timeout: Option<Duration>,
    throttle: ThrottleBuilder,
    shared_throttle: Option<Throttle>,
    retry: Retry,
    most_bytes: usize,
    observer: Option<Arc<dyn Observer>>,
    transport: Option<Arc<dyn Transport>>,
}

impl ClientBuilder {
    pub(super) fn new(url: String) -> Self {
        Self {
            url,
            headers: Vec::new(),
            bearer: None,
            authentication: None,
            user_agent: concat!("graphwright/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: TIMEOUT,
            attempt_timeout: None,
            throttle: Throttle::builder(),
            shared_throttle: None,
            retry: Retry::default(),
            most_bytes: MOST_BYTES,
            observer: None,
            transport: None,
        }
    }

    /// Sends the same bearer token with every request.
    pub fn bearer(mut self, token: impl Into<Secret>) -> Self {
        self.bearer = Some(token.into());
        self.authentication = None;
        self
    }

    /// Proves who is asking, for example with tokens that are renewed: see [`auth`](crate::auth).
    pub fn authentication(mut self, authentication: impl Authentication) -> Self {
        self.authentication = Some(Arc::new(authentication));
        self.bearer = None;
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

    /// How long a call may take, all attempts and waits included; 30 seconds unless given.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long one attempt may take, from sending to the end of the answer; no limit but the call's unless given.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Adds a limit of so many requests a second, evenly spaced, however many callers there are; 0 is no limit.
    pub fn requests_per_second(self, requests: u32) -> Self {
        self.limit(Limit::per_second(requests))
    }

    /// Adds a limit; all of them hold at once, also with those of [`ClientBuilder::throttle`].
    pub fn limit(mut self, limit: Limit) -> Self {
        self.throttle = self.throttle.limit(limit);
        self
    }

    /// Sets the most requests that wait for an answer at the same time; see [`ThrottleBuilder::max_in_flight`].
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.throttle = self.throttle.max_in_flight(requests);
        self
    }

    /// Sets the most callers that wait for their turn; see [`ThrottleBuilder::max_queued`].
    pub fn max_queued(mut self, callers: usize) -> Self {
        self.throttle = self.throttle.max_queued(callers);
        self
    }

    /// Sets the longest pause that a server can impose; see [`ThrottleBuilder::longest_pause`]. If the client has a
    /// throttle that it shares with others, the setting of that throttle counts.
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.throttle = self.throttle.longest_pause(pause);
        self
    }

    /// Adds a throttle that other clients share. It holds in addition to the client's own limits, and replaces a
    /// shared throttle that was set before.
    pub fn throttle(mut self, throttle: Throttle) -> Self {
        self.shared_throttle = Some(throttle);
        self
    }

    /// What is sent again, and when; see [`Retry`] for what happens unless given.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// How large a response may be after decompression; 64 MiB unless given.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// Tells somebody what each call and each attempt took, for metrics.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
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
    /// The URL is not one, a header or token is not valid, or no transport can be set up.
    pub fn build(self) -> Result<Client, Error> {
        let uri = url::endpoint(&self.url)?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9"));
        let agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|error| Error::request("the user agent is not valid").with_source(error))?;
        headers.insert(USER_AGENT, agent);
        for (name, value) in &self.headers {
            Credential::header(name, value)?.apply(&mut headers);
        }
        let authentication = match self.bearer {
            Some(token) => Some(Arc::new(Header::bearer(token)?) as Arc<dyn Authentication>),
            None => self.authentication,
        };
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(self.most_bytes)?,
        };
        let inner = Inner {
            uri,
            headers,
            authentication,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            throttle: self.throttle.before(self.shared_throttle).build(),
            retry: self.retry,
            observer: self.observer,
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
    Err(Error::request("no transport was given, and the feature `reqwest` is off"))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("url", &url::without_secrets(&self.url))
            .field("headers", &self.headers)
            .field("authentication", &self.authentication)
            .field("timeout", &self.timeout)
            .field("throttle", &self.throttle)
            .field("shared_throttle", &self.shared_throttle)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
