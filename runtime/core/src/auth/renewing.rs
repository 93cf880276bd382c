//! Access tokens that are renewed before they end, once for all who wait.

use super::{Authentication, Credential, MemoryStore, Permit, TokenSource, TokenStore, Tokens};
use crate::error::Error;
use crate::task::detached;
use crate::time::{Elapsed, within};
use crate::trace;
use crate::transport::BoxFuture;
use futures_util::FutureExt;
use futures_util::future::Shared;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::RwLock;

/// How long before its end an access token is renewed, unless set: 5 minutes.
const AHEAD: Duration = Duration::from_secs(300);
/// How long a renewal may take, unless set.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How long a renewal waits for requests that are still on their way with the old token.
const DRAIN: Duration = Duration::from_secs(2);
/// A token that is refused so soon after it was given is not the reason of the refusal.
const FRESH: Duration = Duration::from_secs(5);
/// After a failed renewal, how long until the next may be tried; doubled each time, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The longest pause that a token endpoint may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(3600);

/// Bearer tokens from a [`TokenSource`], kept in a [`TokenStore`], and renewed
/// - some time before they end (5 minutes, or half of their lifetime if that is less),
/// - after the server has answered 401, whereupon the request is sent again.
///
/// However many callers wait, there is one renewal at a time, in all processes that share a store with a lock. If it
/// fails, all of them get its error, unless the old token still holds; the next is tried after a pause that grows from
/// one second to one minute. A caller that stops waiting does not stop a renewal.
///
/// Clones share everything.
#[derive(Clone)]
pub struct Renewing {
    shared: Arc<Inner>,
}

struct Inner {
    source: Box<dyn TokenSource>,
    store: Box<dyn TokenStore>,
    ahead: Duration,
    timeout: Duration,
    state: Mutex<State>,
    /// Read-locked while a request is on its way.
    in_flight: Arc<RwLock<()>>,
}

#[derive(Default)]
struct State {
    current: Option<Arc<Current>>,
    /// True once the store has been asked.
    loaded: bool,
    /// True if the store could not keep the tokens.
    unkept: bool,
    /// The version that the server has refused.
    refused: Option<u64>,
    renewal: Option<Renewal>,
    failure: Option<Failure>,
    versions: u64,
}

struct Current {
    tokens: Tokens,
    credential: Credential,
    /// None if they were there from the beginning.
    renewed: Option<Instant>,
}

#[derive(Clone)]
struct Failure {
    error: Arc<Error>,
    until: Instant,
    times: u32,
}

type Renewal = Shared<BoxFuture<'static, Result<Arc<Current>, Arc<Error>>>>;

impl Renewing {
    /// Tokens from a source, kept in memory.
    pub fn new(source: impl TokenSource) -> Self {
        let shared = Inner {
            source: Box::new(source),
            store: Box::new(MemoryStore::default()),
            ahead: AHEAD,
            timeout: TIMEOUT,
            state: Mutex::default(),
            in_flight: Arc::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// What to begin with. If the store has tokens that hold, or a refresh token, those are taken instead: they are
    /// newer.
    #[must_use]
    pub fn tokens(self, tokens: Tokens) -> Self {
        let current = Current::new(tokens, 0, None).ok().map(Arc::new);
        self.shared.lock().current = current;
        self
    }

    /// Where tokens are kept.
    #[must_use]
    pub fn store(self, store: impl TokenStore) -> Self {
        self.with(|shared| shared.store = Box::new(store))
    }

    /// How long before its end an access token is renewed; 5 minutes unless given.
    #[must_use]
    pub fn ahead(self, ahead: Duration) -> Self {
        self.with(|shared| shared.ahead = ahead)
    }

    /// How long a renewal may take; 20 seconds unless given.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|shared| shared.timeout = timeout)
    }

    /// Settings are made before the first clone; after it they have no effect.
    fn with(mut self, set: impl FnOnce(&mut Inner)) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            set(shared);
        }
        self
    }

    /// The tokens in use, renewed if that is due.
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
        let current = renewal.await.map_err(|error| failed(&error))?;
        Ok(current.tokens.clone())
    }

    /// Tells the server that the tokens must no longer be accepted, and forgets them.
    ///
    /// # Errors
    /// There are no tokens, or the server does not know them; then they are kept.
    pub async fn revoke(&self) -> Result<(), Error> {
        let shared = &self.shared;
        let _lock = within(shared.timeout, shared.store.lock()).await.map_err(|Elapsed| busy(shared.timeout))??;
        let known = shared.lock().current.clone().map(|current| current.tokens.clone());
        let tokens = shared.store.load().await?.or(known);
        let tokens = tokens.ok_or_else(|| Error::authentication("there is nothing to revoke: no tokens are known"))?;
        let revoked = within(shared.timeout, shared.source.revoke(&tokens)).await;
        revoked.map_err(|Elapsed| busy(shared.timeout))??;
        shared.store.clear().await?;
        shared.lock().current = None;
        trace::tokens_revoked();
        Ok(())
    }
}

/// Why tokens are renewed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// There are none, or they end soon.
    Due,
    /// The server has refused them.
    Refused,
    /// Somebody wants others.
    Asked,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tokens that hold, renewed if need be.
    async fn current(self: Arc<Self>) -> Result<Arc<Current>, Error> {
        let (renewal, before) = {
            let mut state = self.lock();
            let refused = state.refused;
            let usable = |current: &Arc<Current>| {
                current.tokens.access.is_some() && Some(current.credential.version()) != refused
            };
            let current = state.current.clone().filter(usable);
            match (&current, &state.renewal) {
                (Some(current), None) if state.loaded && !current.tokens.is_due(self.ahead) => {
                    return Ok(current.clone());
                }
                _ => {}
            }
            // What cannot be renewed ahead of time may still hold.
            let still_good = current.filter(|current| !current.tokens.is_expired());
            match state.failure.clone() {
                Some(failure) if state.renewal.is_none() && failure.until > Instant::now() => {
                    return still_good.ok_or_else(|| failure.again());
                }
                _ => (self.renewal(&mut state, Reason::Due), still_good),
            }
        };
        match renewal.await {
            Ok(current) => Ok(current),
            Err(error) => {
                let refused = self.lock().refused;
                let before = before.filter(|current| Some(current.credential.version()) != refused);
                before.ok_or_else(|| failed(&error))
            }
        }
    }

    /// The renewal that is going on, or a new one.
    fn renewal(self: &Arc<Self>, state: &mut State, reason: Reason) -> Renewal {
        if let Some(renewal) = &state.renewal {
            return renewal.clone();
        }
        let shared = self.clone();
        let work: BoxFuture<'static, _> = Box::pin(async move {
            let outcome = match within(shared.timeout, shared.renewed(reason)).await {
                Ok(outcome) => outcome,
                Err(Elapsed) => Err(busy(shared.timeout)),
            };
            shared.finish(outcome)
        });
        let work = detached(work);
        let inner = self.clone();
        let work: BoxFuture<'static, _> = Box::pin(async move {
            let broken = || inner.finish(Err(Error::authentication("the source or the store of tokens broke down")));
            work.await.unwrap_or_else(broken)
        });
        let renewal = work.shared();
        state.renewal = Some(renewal.clone());
        renewal
    }

    async fn renewed(&self, reason: Reason) -> Result<(Tokens, bool), Error> {
        let _lock = self.store.lock().await?;
        let stored = self.store.load().await?;
        let (known, current, refused) = {
            let mut state = self.lock();
            state.loaded = true;
            let current = state.current.clone();
            let refused = current.clone().filter(|current| state.refused == Some(current.credential.version()));
            let stored = stored.filter(|stored| !stored.is_due(self.ahead) || stored.refresh.is_some());
            let current = current.map(|current| current.tokens.clone());
            let refused = refused.and_then(|current| current.tokens.access.clone());
            // What could not be kept is newer than what is kept.
            let known = if state.unkept { current.clone().or(stored) } else { stored.or_else(|| current.clone()) };
            (known, current, refused)
        };
        // An earlier run may have kept them, or another process may have renewed them.
        if let Some(known) = &known
            && reason != Reason::Asked
            && (refused.is_none() || known.access != refused)
            && !known.is_due(self.ahead)
        {
            return Ok((known.clone(), false));
        }
        // The server must not see the old token after it has given a new one.
        let _ = within(DRAIN, self.in_flight.write()).await;
        let mut tokens = match self.source.renew(known.as_ref()).await {
            // Somebody may have logged in again and given a new refresh token, while the kept one has ended.
            Err(error) if is_refusal(&error) && has_another(current.as_ref(), known.as_ref()) => {
                self.source.renew(current.as_ref()).await?
            }
            other => other?,
        };
        if tokens.access.is_none() {
            return Err(Error::authentication("the source of tokens has given none"));
        }
        if tokens.refresh.is_none() {
            tokens.refresh = known.and_then(|known| known.refresh);
        }
        // What comes already expired by this machine's clock is used until the server refuses it.
        if tokens.is_due(Duration::ZERO) {
            tokens.expires_at = None;
        }
        // What lives no longer than the time ahead would be renewed at every call.
        if tokens.is_due(self.ahead) {
            tokens.lifetime = tokens.expires_at.and_then(|end| end.duration_since(SystemTime::now()).ok());
        }
        let kept = self.store.save(&tokens).await;
        self.lock().unkept = kept.is_err();
        if let Err(error) = kept {
            // They are good all the same, and a rotated refresh token must not be lost.
            trace::tokens_not_kept(&error);
        }
        Ok((tokens, true))
    }

    fn finish(&self, outcome: Result<(Tokens, bool), Error>) -> Result<Arc<Current>, Arc<Error>> {
        let mut state = self.lock();
        state.renewal = None;
        state.versions += 1;
        let renewed = outcome
            .and_then(|(tokens, fresh)| Current::new(tokens, state.versions, fresh.then(Instant::now)).map(Arc::new));
        match renewed {
            Ok(current) => {
                trace::tokens_renewed(current.tokens.expires_at);
                state.failure = None;
                state.current = Some(current.clone());
                Ok(current)
            }
            Err(error) => {
                let times = state.failure.as_ref().map_or(0, |failure| failure.times);
                let pause = if is_refusal(&error) { LONGEST_PAUSE } else { FIRST_PAUSE * 2_u32.pow(times.min(6)) };
                let asked = error.retry_after().unwrap_or_default().min(LONGEST_ASKED);
                let until = Instant::now() + pause.min(LONGEST_PAUSE).max(asked);
                let error = Arc::new(error);
                state.failure = Some(Failure { error: error.clone(), until, times: times + 1 });
                Err(error)
            }
        }
    }

    /// After a 401: true if there are other tokens now.
    async fn refused(self: Arc<Self>, credential: &Credential) -> Result<bool, Error> {
        let (renewal, refused) = {
            let mut state = self.lock();
            match state.current.clone() {
                Some(current) if current.credential.version() == credential.version() => {
                    if current.renewed.is_some_and(|at| at.elapsed() < FRESH) {
                        return Ok(false);
                    }
                    state.refused = Some(credential.version());
                    match &state.failure {
                        Some(failure) if failure.until > Instant::now() => return Err(failure.again()),
                        _ => (self.renewal(&mut state, Reason::Refused), current),
                    }
                }
                _ => return Ok(true),
            }
        };
        let current = renewal.await.map_err(|error| failed(&error))?;
        Ok(current.tokens.access != refused.tokens.access)
    }
}

impl Current {
    fn new(tokens: Tokens, version: u64, renewed: Option<Instant>) -> Result<Self, Error> {
        let nothing = String::new().into();
        let credential = Credential::bearer(tokens.access.as_ref().unwrap_or(&nothing))?.with_version(version);
        Ok(Self { tokens, credential, renewed })
    }
}

impl Failure {
    /// The same error, for those who come too early for another try.
    fn again(&self) -> Error {
        let wait = self.until.saturating_duration_since(Instant::now());
        let message = format!("{}; the next try is in {} s", failed(&self.error), wait.as_secs() + 1);
        Error::authentication(message).with_source(Cause(self.error.clone()))
    }
}

/// What each of those who waited is told.
fn failed(error: &Arc<Error>) -> Error {
    let message = match error.status() {
        Some(status) if status.is_client_error() => {
            format!("the access token cannot be renewed, log in again: {error}")
        }
        _ => format!("the access token cannot be renewed: {error}"),
    };
    Error::authentication(message).with_source(Cause(error.clone()))
}

/// True if the endpoint has looked at the token and does not want it.
fn is_refusal(error: &Error) -> bool {
    error.status().is_some_and(|status| status.is_client_error() && status.as_u16() != 429)
}

fn has_another(given: Option<&Tokens>, tried: Option<&Tokens>) -> bool {
    let given = given.and_then(|tokens| tokens.refresh.as_ref());
    given.is_some() && given != tried.and_then(|tokens| tokens.refresh.as_ref())
}

fn busy(timeout: Duration) -> Error {
    Error::timeout(timeout)
}

/// An error that several others have as their source.
#[derive(Debug)]
struct Cause(Arc<Error>);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
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
        let holds =
            current.credential.version() == version && state.refused != Some(version) && state.renewal.is_none();
        if !holds || current.tokens.is_expired() {
            return None;
        }
        let in_flight = self.shared.in_flight.clone().try_read_owned().ok()?;
        Some(Permit { _in_flight: Some(in_flight) })
    }

    fn refused<'a>(&'a self, credential: &'a Credential) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(self.shared.clone().refused(credential))
    }
}

/// What is shown of it: where tokens come from and when they end.
impl fmt::Debug for Renewing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current = self.shared.lock().current.clone();
        f.debug_struct("Renewing")
            .field("source", &self.shared.source)
            .field("store", &self.shared.store)
            .field("ahead", &self.shared.ahead)
            .field("expires_at", &current.and_then(|current| current.tokens.expires_at))
            .finish_non_exhaustive()
    }
}
