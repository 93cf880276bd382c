//! Access tokens that are renewed before they end, beside the traffic that uses them.

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

/// How long before its end an access token is renewed, unless set: 5 minutes.
const AHEAD: Duration = Duration::from_secs(300);
/// How long a renewal may take, unless set.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Bearer tokens from a [`TokenSource`], kept in a [`TokenStore`], and renewed
/// - some time before they end (5 minutes, or half of their lifetime if that is less), beside the traffic: requests go on
///   with the old token until it ends, whatever the source does meanwhile,
/// - after the server has refused one, usually with 401, whereupon the request is sent again if it may.
///
/// There is one renewal at a time, in all processes that share a store with a lock. If it fails, the next is tried after a
/// pause that grows from one second to one minute. Without a token that holds, calls wait for the next renewals as long as
/// their deadline and [`Retry`](crate::Retry) let them, and then fail with what the source said. A caller that stops
/// waiting does not stop a renewal.
///
/// Settings are made on [`Renewing::builder`]. Clones share everything.
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

/// What tokens a [`Renewing`] begins with, where it keeps them, and when it renews them.
#[must_use]
pub struct RenewingBuilder {
    source: Box<dyn TokenSource>,
    store: Box<dyn TokenStore>,
    tokens: Option<Tokens>,
    ahead: Duration,
    timeout: Duration,
}

impl RenewingBuilder {
    /// Sets the tokens to begin with. If the store has tokens that hold, or a refresh token, those are taken instead: they
    /// are newer. If what the store has is damaged, these are taken, with a warning.
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = Some(tokens);
        self
    }

    /// Sets where tokens are kept; in memory unless given.
    pub fn store(mut self, store: impl TokenStore) -> Self {
        self.store = Box::new(store);
        self
    }

    /// Sets how long before its end an access token is renewed; 5 minutes unless given.
    pub fn ahead(mut self, ahead: Duration) -> Self {
        self.ahead = ahead;
        self
    }

    /// Sets how long a renewal may take; 20 seconds unless given.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Ends the settings.
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
    /// Creates one with tokens from a source, kept in memory.
    pub fn new(source: impl TokenSource) -> Self {
        Self::builder(source).build()
    }

    /// Begins the settings of one with tokens from a source.
    pub fn builder(source: impl TokenSource) -> RenewingBuilder {
        RenewingBuilder {
            source: Box::new(source),
            store: Box::new(MemoryStore::default()),
            tokens: None,
            ahead: AHEAD,
            timeout: TIMEOUT,
        }
    }

    /// Returns the tokens in use, after a renewal if there are none that hold.
    ///
    /// # Errors
    /// There are none, and none can be had.
    pub async fn current(&self) -> Result<Tokens, Error> {
        self.shared.clone().current().await.map(|current| current.tokens.clone())
    }

    /// Renews the tokens now, whether that is due or not.
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

    /// Tells the server that the tokens must no longer be accepted, and forgets them.
    ///
    /// # Errors
    /// There are no tokens, or the server does not know them; then they are kept.
    pub async fn revoke(&self) -> Result<(), Error> {
        let shared = &self.shared;
        let _lock = within(shared.timeout, shared.store.lock()).await.map_err(|Elapsed| busy(shared.timeout))??;
        let known = shared.lock().known.clone();
        let tokens = shared.store.load().await?.or(known);
        let tokens = tokens.ok_or_else(|| Error::authentication("there is nothing to revoke: no tokens are known"))?;
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

/// What is shown of it: where tokens come from and when they end.
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
