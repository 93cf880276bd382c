//! What a client is to do.

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

    /// Sets what proves who is asking, for example tokens that are renewed: see [`auth`](crate::auth).
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

    /// Adds a limit of so many requests in a second, however many callers there are; 0 is no limit. For other limits, see
    /// [`ClientBuilder::limit`].
    pub fn requests_per_second(self, requests: u32) -> Self {
        self.limit(Limit::per_second(requests))
    }

    /// Adds a limit of this client's own. All limits hold at once, those of [`ClientBuilder::throttle`] included.
    pub fn limit(mut self, limit: Limit) -> Self {
        self.limits = self.limits.limit(limit);
        self
    }

    /// Takes the limits away that were added before, for example by a ready profile.
    pub fn without_limits(mut self) -> Self {
        self.limits = self.limits.without_limits();
        self
    }

    /// Sets the most requests that are on their way at once; 256 unless given. Others wait for their turn.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.limits = self.limits.max_in_flight(requests);
        self
    }

    /// Sets the most calls that wait for their turn; no limit unless given. When as many wait, a call fails at once with
    /// [`ErrorKind::Throttle`](crate::ErrorKind::Throttle).
    pub fn max_queued(mut self, calls: usize) -> Self {
        self.limits = self.limits.max_queued(calls);
        self
    }

    /// Sets the longest pause that a server may ask for; 60 seconds unless given. While it asks for a longer one, calls
    /// fail at once with [`ErrorKind::Throttle`](crate::ErrorKind::Throttle) and the time that was asked for. After the
    /// longest pause, or [`Client::resume`], requests are sent again.
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.limits = self.limits.longest_pause(pause);
        self
    }

    /// Adds a throttle that other clients share. Its limits hold in addition to the client's own, pauses are those of all of
    /// its clients, and its [longest pause](crate::ThrottleBuilder::longest_pause) counts. It replaces a shared throttle
    /// that was set before.
    pub fn throttle(mut self, throttle: Throttle) -> Self {
        self.throttle = Some(throttle);
        self
    }

    /// Sets what answers mean for retries, authentication and limits; [`Http`](crate::classify::Http) unless given.
    pub fn classifier(mut self, classifier: impl Classifier) -> Self {
        self.classifier = Arc::new(classifier);
        self
    }

    /// Adds a layer inside of those that were added before.
    pub fn layer(mut self, layer: impl Layer) -> Self {
        self.layers.push(Arc::new(layer));
        self
    }

    /// Sends the trace context of each request's span with it, as OpenTelemetry's global propagator writes it: usually
    /// `traceparent` (W3C Trace Context). The subscriber needs the layer of `tracing-opentelemetry`.
    #[cfg(feature = "opentelemetry")]
    pub fn propagate_trace_context(mut self) -> Self {
        self.propagation = Propagation::OpenTelemetry;
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

    /// Sets how many lists and objects of a response may be inside each other; 512 unless given. A response that is
    /// nested more deeply is an error of [`ErrorKind::Decode`](crate::ErrorKind::Decode).
    ///
    /// Decoding, copying and dropping such data takes stack of the thread: unoptimised, 512 levels of JSON take less than
    /// 1 MiB, of the 2 MiB that threads have unless told otherwise.
    pub fn max_response_depth(mut self, levels: usize) -> Self {
        self.most_depth = levels;
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
    /// A user and a password in the URL are sent by HTTP Basic authentication (RFC 7617), unless another
    /// authentication is given, and appear nowhere else.
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
            .map_err(|error| Error::request("the user agent is not valid").with_source(error))?;
        headers.insert(USER_AGENT, agent);
        for (name, value) in &self.headers {
            Credential::header(name, value)?.apply(&mut headers);
        }
        if let Some(name) = authentication.as_ref().map(|own| own.header()).filter(|name| headers.contains_key(name)) {
            return Err(Error::request(format!(
                "the header `{name}` is set twice: by the authentication, and by itself"
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
    Err(Error::request("no transport was given, and the feature `reqwest` is off"))
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
