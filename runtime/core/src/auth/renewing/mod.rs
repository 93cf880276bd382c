//! Access tokens that are renewed in the background before they expire.

mod failure;
mod renewal;

use super::{Authentication, Credential, MemoryStore, Permit, TokenSource, TokenStore, Tokens};
use crate::error::Error;
use crate::time::{Elapsed, within};
use crate::trace;
use crate::transport::BoxFuture;
use failure::busy;
use renewal::{Current, Reason, Shared, State};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The default time before expiry at which an access token is renewed: 5 minutes.
const AHEAD: Duration = Duration::from_secs(300);
/// The default timeout of a renewal.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Bearer tokens from a [`TokenSource`], stored in a [`TokenStore`], and renewed
/// - some time before they expire (5 minutes, or half of their lifetime if that is less), in the background: requests
///   are
///   sent with the old token until it expires, whatever the state of the renewal,
/// - after the server has rejected one, usually with 401, after which the request is sent again if that is safe.
///
/// Only one renewal runs at a time, even among processes that share a store with a lock. If it fails, the next attempt
/// follows after a pause that grows from one second to one minute. Without a valid token, calls wait for the next
/// renewals as long as their deadline and [`Retry`](crate::Retry) allow, and then fail with the source's error. A
/// caller that stops waiting does not stop a renewal.
///
/// [`Renewing::builder`] sets options. Clones share all state.
///
/// # Examples
/// ```
/// use graphwright_core::auth::{EnvironmentSource, FileStore, RefreshEndpoint, Renewing, Tokens};
///
/// let from_environment = Renewing::new(EnvironmentSource::new("API_TOKEN"));
/// let login = Renewing::builder(RefreshEndpoint::json("https://example.com/auth/refresh"))
///     .tokens(Tokens::refresh("a refresh token"))
///     .store(FileStore::new("/var/lib/app/tokens.json"))
///     .build();
/// # let _ = (from_environment, login);
/// ```
#[derive(Clone)]
pub struct Renewing {
    shared: Arc<Shared>,
}

/// The initial tokens, the store and the options of a [`Renewing`].
#[must_use]
pub struct RenewingBuilder {
    source: Box<dyn TokenSource>,
    store: Box<dyn TokenStore>,
    tokens: Option<Tokens>,
    ahead: Duration,
    timeout: Duration,
}

impl RenewingBuilder {
    /// Sets the initial tokens. If the store contains valid tokens, or a refresh token, those are used instead, since
    /// they are newer. If the content of the store is damaged, these are used, with a warning.
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = Some(tokens);
        self
    }

    /// Sets the store of tokens; the default is memory.
    pub fn store(mut self, store: impl TokenStore) -> Self {
        self.store = Box::new(store);
        self
    }

    /// Sets how long before expiry an access token is renewed; the default is 5 minutes.
    pub fn ahead(mut self, ahead: Duration) -> Self {
        self.ahead = ahead;
        self
    }

    /// Sets the timeout of a renewal; the default is 20 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Builds the authentication.
    pub fn build(self) -> Renewing {
        let shared = Shared {
            source: self.source,
            store: self.store,
            ahead: self.ahead,
            timeout: self.timeout,
            state: Mutex::new(State::beginning_with(self.tokens)),
            in_flight: Arc::default(),
        };
        Renewing { shared: Arc::new(shared) }
    }
}

impl Renewing {
    /// Creates an authentication with tokens from a source, stored in memory.
    pub fn new(source: impl TokenSource) -> Self {
        Self::builder(source).build()
    }

    /// Returns a builder for an authentication with tokens from a source.
    pub fn builder(source: impl TokenSource) -> RenewingBuilder {
        RenewingBuilder {
            source: Box::new(source),
            store: Box::new(MemoryStore::default()),
            tokens: None,
            ahead: AHEAD,
            timeout: TIMEOUT,
        }
    }

    /// Returns the current tokens, after a renewal if there are no valid ones.
    ///
    /// # Errors
    /// There are no tokens, and none can be obtained.
    pub async fn current(&self) -> Result<Tokens, Error> {
        self.shared.clone().current().await.map(|current| current.tokens.clone())
    }

    /// Renews the tokens now, even if that is not due.
    ///
    /// # Errors
    /// The source has no new tokens.
    pub async fn renew(&self) -> Result<Tokens, Error> {
        let renewal = {
            let mut state = self.shared.lock();
            state.failure = None;
            self.shared.renewal(&mut state, Reason::Asked)
        };
        let current = renewal.await.map_err(|error| Reason::Asked.failed(&error))?;
        Ok(current.tokens.clone())
    }

    /// Revokes the tokens on the server, and removes them from the store.
    ///
    /// # Errors
    /// There are no tokens, or the server does not accept them; then they are kept.
    pub async fn revoke(&self) -> Result<(), Error> {
        let shared = &self.shared;
        let _lock = within(shared.timeout, shared.store.lock()).await.map_err(|Elapsed| busy(shared.timeout))??;
        let known = shared.lock().known.clone();
        let tokens = shared.store.load().await?.or(known);
        let tokens = tokens.ok_or_else(|| Error::authentication("no tokens to revoke"))?;
        let revoked = within(shared.timeout, shared.source.revoke(&tokens)).await;
        revoked.map_err(|Elapsed| busy(shared.timeout))??;
        shared.store.clear().await?;
        shared.lock().forget();
        trace::tokens_revoked();
        Ok(())
    }
}

impl Authentication for Renewing {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        let shared = self.shared.clone();
        Box::pin(async move { shared.current().await.map(|current| current.credential.clone()) })
    }

    fn admit(&self, credential: &Credential) -> Option<Permit> {
        let state = self.shared.lock();
        let current = state.current.as_ref()?;
        let version = credential.version();
        if current.credential.version() != version || state.refused == Some(version) || current.has_ended() {
            return None;
        }
        if !self.shared.source.old_tokens_end_at_once() {
            return Some(Permit::default());
        }
        self.shared.in_flight.clone().try_read_owned().ok().map(Permit::in_flight)
    }

    fn refused<'a>(&'a self, credential: &'a Credential) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(self.shared.clone().refused(credential))
    }
}

/// Shows the source of the tokens and their expiry.
impl fmt::Debug for Renewing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current: Option<Arc<Current>> = self.shared.lock().current.clone();
        f.debug_struct("Renewing")
            .field("source", &self.shared.source)
            .field("store", &self.shared.store)
            .field("ahead", &self.shared.ahead)
            .field("expires_at", &current.and_then(|current| current.tokens.expires_at))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RenewingBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenewingBuilder")
            .field("source", &self.source)
            .field("store", &self.store)
            .field("tokens", &self.tokens)
            .field("ahead", &self.ahead)
            .field("timeout", &self.timeout)
            .finish()
    }
}
