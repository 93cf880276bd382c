//! The settings of a client.

use super::{Client, Inner};
use crate::auth::{Authentication, Credential, Header};
use crate::classify::{Classifier, Http};
use crate::error::Error;
use crate::json::MOST_DEPTH;
use crate::layer::Layer;
use crate::observe::Observer;
use crate::retry::Retry;
use crate::secret::Secret;
use crate::throttle::{Limit, Throttle, ThrottleBuilder};
use crate::trace::Propagation;
use crate::transport::Transport;
use crate::url;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The default maximum size of a response: 64 MiB.
const MOST_BYTES: usize = 64 << 20;
const TIMEOUT: Duration = Duration::from_secs(30);

/// The settings of a client; see [`Client::builder`].
#[must_use]
pub struct ClientBuilder {
    url: String,
    headers: Vec<(String, Secret)>,
    bearer: Option<Secret>,
    authentication: Option<Arc<dyn Authentication>>,
    user_agent: String,
    timeout: Duration,
    attempt_timeout: Option<Duration>,
    classifier: Arc<dyn Classifier>,
    layers: Vec<Arc<dyn Layer>>,
    limits: ThrottleBuilder,
    throttle: Option<Throttle>,
    retry: Retry,
    most_bytes: usize,
    most_depth: usize,
    observer: Option<Arc<dyn Observer>>,
    propagation: Propagation,
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
            classifier: Arc::new(Http),
            layers: Vec::new(),
            limits: Throttle::builder(),
            throttle: None,
            retry: Retry::default(),
            most_bytes: MOST_BYTES,
            most_depth: MOST_DEPTH,
            observer: None,
            propagation: Propagation::default(),
            transport: None,
        }
    }

    /// Sends the same bearer token with every request.
    pub fn bearer(mut self, token: impl Into<Secret>) -> Self {
        self.bearer = Some(token.into());
        self.authentication = None;
        self
    }

    /// Sets the authentication, for example tokens that are renewed: see [`auth`](crate::auth).
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

    /// Sets the `User-Agent` header; the default is `graphwright/VERSION`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the timeout of a call, including all attempts and waits; the default is 30 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the timeout of an attempt, from sending to the end of the response; the default is that of the call.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Adds a limit of this number of requests a second, whatever the number of callers; 0 means no limit. For other
    /// limits, see [`ClientBuilder::limit`].
    pub fn requests_per_second(self, requests: u32) -> Self {
        self.limit(Limit::per_second(requests))
    }

    /// Adds a limit of this client. All limits apply, including those of [`ClientBuilder::throttle`].
    pub fn limit(mut self, limit: Limit) -> Self {
        self.limits = self.limits.limit(limit);
        self
    }

    /// Removes the limits that were added before, for example by a profile.
    pub fn without_limits(mut self) -> Self {
        self.limits = self.limits.without_limits();
        self
    }

    /// Sets the maximum number of concurrent requests; the default is 256. Others wait for their turn.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.limits = self.limits.max_in_flight(requests);
        self
    }

    /// Sets the maximum number of calls that wait for their turn; unlimited by default. Further calls fail immediately
    /// with [`ErrorKind::Throttle`](crate::ErrorKind::Throttle).
    pub fn max_queued(mut self, calls: usize) -> Self {
        self.limits = self.limits.max_queued(calls);
        self
    }

    /// Sets the longest pause that a server may request; the default is 60 seconds. If it requests a longer one, calls
    /// fail immediately with [`ErrorKind::Throttle`](crate::ErrorKind::Throttle) and the requested time. After the
    /// longest pause, or [`Client::resume`], requests are sent again.
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.limits = self.limits.longest_pause(pause);
        self
    }

    /// Adds a throttle that other clients share. Its limits apply in addition to the client's own, pauses affect all of
    /// its clients, and its [longest pause](crate::ThrottleBuilder::longest_pause) applies. It replaces a shared
    /// throttle that was set before.
    pub fn throttle(mut self, throttle: Throttle) -> Self {
        self.throttle = Some(throttle);
        self
    }

    /// Sets the classifier of responses for retries, authentication and limits; the default is
    /// [`Http`](crate::classify::Http).
    pub fn classifier(mut self, classifier: impl Classifier) -> Self {
        self.classifier = Arc::new(classifier);
        self
    }

    /// Adds a layer inside those that were added before.
    pub fn layer(mut self, layer: impl Layer) -> Self {
        self.layers.push(Arc::new(layer));
        self
    }

    /// Sends the trace context of each request's span, as OpenTelemetry's global propagator writes it: usually
    /// `traceparent` (W3C Trace Context). The subscriber needs the layer of `tracing-opentelemetry`.
    #[cfg(feature = "opentelemetry")]
    pub fn propagate_trace_context(mut self) -> Self {
        self.propagation = Propagation::OpenTelemetry;
        self
    }

    /// Sets the retry policy; see [`Retry`] for the default.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the maximum size of a response after decompression; the default is 64 MiB.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// Sets the maximum nesting of lists and objects in a response; the default is 512. A response that is
    /// nested more deeply is an error of [`ErrorKind::Decode`](crate::ErrorKind::Decode).
    ///
    /// Decoding, copying and dropping such data uses the stack of the thread: unoptimised, 512 levels of JSON take less
    /// than 1 MiB; threads have 2 MiB by default.
    pub fn max_response_depth(mut self, levels: usize) -> Self {
        self.most_depth = levels;
        self
    }

    /// Sets an observer of the duration of calls and attempts, for metrics.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Sends requests through another transport.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Builds the client.
    /// The URL, a header or a token is invalid; a header is set both by
    /// [`header`](ClientBuilder::header) and by the authentication; or no transport can be set up.
    /// authentication is set, and are not shown anywhere.
    ///
    /// # Errors
    /// The URL is not one; a header or token is not valid, or a header is set both by
    /// [`header`](ClientBuilder::header) and by the authentication; or no transport can be set up.
    pub fn build(self) -> Result<Client, Error> {
        let (uri, basic) = url::split_credentials(url::endpoint(&self.url)?);
        let authentication = match (self.bearer, self.authentication, basic) {
            (Some(token), _, _) => Some(Arc::new(Header::bearer(token)?) as Arc<dyn Authentication>),
            (None, Some(authentication), _) => Some(authentication),
            (None, None, Some(basic)) => Some(Arc::new(Header::authorization(basic)) as Arc<dyn Authentication>),
            (None, None, None) => None,
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/graphql-response+json, application/json;q=0.9"));
        let agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|error| Error::request("invalid user agent").with_source(error))?;
        headers.insert(USER_AGENT, agent);
        for (name, value) in &self.headers {
            Credential::header(name, value)?.apply(&mut headers);
        }
        if let Some(name) = authentication.as_ref().map(|own| own.header()).filter(|name| headers.contains_key(name)) {
            return Err(Error::request(format!(
                "the header `{name}` is set both by the authentication and as a header"
            )));
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(self.most_bytes)?,
        };
        let inner = Inner {
            uri,
            headers,
            authentication,
            classifier: self.classifier,
            layers: self.layers,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            throttle: self.limits.before(self.throttle).build(),
            retry: self.retry,
            most_depth: self.most_depth,
            observer: self.observer,
            propagation: self.propagation,
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
    Err(Error::request("no transport is set, and the feature `reqwest` is off"))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("url", &url::without_secrets(&self.url))
            .field("headers", &self.headers)
            .field("authentication", &self.authentication)
            .field("timeout", &self.timeout)
            .field("limits", &self.limits)
            .field("throttle", &self.throttle)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
