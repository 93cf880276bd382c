//! The state of tokens: which are in use, when a renewal starts, and its steps.

use super::failure::{Failure, busy, is_refusal};
use crate::auth::{Credential, TokenSource, TokenStore, Tokens};
use crate::error::{Error, ErrorKind};
use crate::task::detached;
use crate::time::{Elapsed, within};
use crate::trace;
use crate::transport::BoxFuture;
use futures_util::FutureExt;
use futures_util::future::Shared as SharedFuture;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::RwLock;

/// The time before expiry from which an access token is no longer sent, since it must be valid when it arrives. At most
/// a tenth of its lifetime.
const MARGIN: Duration = Duration::from_secs(5);
/// The time for which a renewal waits for requests in flight with a token that it invalidates.
const DRAIN: Duration = Duration::from_secs(2);
/// The age below which a rejected token is not the reason of the rejection.
const FRESH: Duration = Duration::from_secs(5);

/// The state that all clones share.
pub(super) struct Shared {
    pub source: Box<dyn TokenSource>,
    pub store: Box<dyn TokenStore>,
    pub ahead: Duration,
    pub timeout: Duration,
    pub state: Mutex<State>,
    /// Read-locked while a request is in flight, if renewals invalidate old tokens.
    pub in_flight: Arc<RwLock<()>>,
}

#[derive(Default)]
pub(super) struct State {
    /// The newest tokens, whose access token may be missing or invalid.
    pub known: Option<Tokens>,
    /// The newest access token that can be sent.
    pub current: Option<Arc<Current>>,
    /// The version that the server has rejected.
    pub refused: Option<u64>,
    pub failure: Option<Failure>,
    stored: Stored,
    /// Whether the store failed to save the tokens.
    unkept: bool,
    renewal: Option<Renewal>,
    versions: u64,
}

/// The tokens in use.
pub(super) struct Current {
    pub tokens: Tokens,
    pub credential: Credential,
    /// The time of the renewal; `None` for initial tokens.
    renewed: Option<Instant>,
}

/// The reason for a renewal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// There are no tokens, or they expire soon.
    Due,
    /// The server has rejected them.
    Refused,
    /// The program requests new ones.
    Asked,
}

/// The result of a renewal.
enum Renewed {
    /// Tokens stored by an earlier run or another process.
    Found(Tokens),
    /// New tokens.
    Fresh(Tokens),
}

/// The first read of the store.
#[derive(Default)]
enum Stored {
    #[default]
    Unknown,
    Loading(Loading),
    Known,
}

type Loading = SharedFuture<BoxFuture<'static, ()>>;
type Renewal = SharedFuture<BoxFuture<'static, Result<Arc<Current>, Arc<Error>>>>;

impl State {
    pub fn beginning_with(tokens: Option<Tokens>) -> Self {
        let mut state = Self::default();
        if let Some(tokens) = tokens {
            state.begin(tokens);
        }
        state
    }

    /// Starts to use tokens. If the access token cannot be sent, the refresh token is still kept.
    fn begin(&mut self, tokens: Tokens) {
        self.versions += 1;
        self.current = None;
        if tokens.access.is_some() {
            match Current::new(tokens.clone(), self.versions, None) {
                Ok(current) => self.current = Some(Arc::new(current)),
                Err(error) => trace::token_unusable(&error),
            }
        }
        self.known = Some(tokens);
    }

    /// Returns the access token, unless the server has rejected it.
    fn usable(&self) -> Option<&Arc<Current>> {
        let refused = self.refused;
        self.current.as_ref().filter(|one| Some(one.credential.version()) != refused && !one.has_ended())
    }

    /// Returns the reason why there is no usable token.
    fn reason(&self) -> Reason {
        let refused = self.current.as_ref().is_some_and(|one| self.refused == Some(one.credential.version()));
        if refused { Reason::Refused } else { Reason::Due }
    }

    pub fn forget(&mut self) {
        self.current = None;
        self.known = None;
    }
}

impl Current {
    fn new(tokens: Tokens, version: u64, renewed: Option<Instant>) -> Result<Self, Error> {
        let access = tokens.access.as_ref();
        let access = access.ok_or_else(|| Error::authentication("the token source returned no access token"))?;
        let credential = Credential::bearer(access)?.with_version(version);
        Ok(Self { tokens, credential, renewed })
    }

    /// Returns true if it is too late to send the token, as far as its expiry is known.
    pub fn has_ended(&self) -> bool {
        let margin = self.tokens.lifetime.map_or(MARGIN, |lifetime| MARGIN.min(lifetime / 10));
        self.tokens.expires_at.is_some_and(|end| end <= SystemTime::now() + margin)
    }
}

impl Shared {
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns valid tokens. A renewal ahead of time runs in the background; callers wait only for a renewal
    /// without which there is no token.
    pub async fn current(self: Arc<Self>) -> Result<Arc<Current>, Error> {
        let loading = self.loading();
        if let Some(loading) = loading {
            loading.await;
        }
        let (usable, renewal, reason) = {
            let mut state = self.lock();
            let usable = state.usable().cloned();
            if let Some(current) = &usable
                && !current.tokens.is_due(self.ahead)
                && state.renewal.is_none()
            {
                return Ok(current.clone());
            }
            let reason = if usable.is_some() { Reason::Due } else { state.reason() };
            match (&usable, &state.failure) {
                (Some(current), Some(failure)) if state.renewal.is_none() && failure.holds() => {
                    return Ok(current.clone());
                }
                (None, Some(failure)) if state.renewal.is_none() && failure.holds() => {
                    return Err(failure.again(reason));
                }
                _ => {}
            }
            (usable, self.renewal(&mut state, reason), reason)
        };
        // If a renewal invalidates the old token, requests wait for the new one.
        if let Some(current) = usable.filter(|_| !self.source.old_tokens_end_at_once()) {
            // Polling detects a renewal that was stopped together with its runtime.
            let _ = renewal.now_or_never();
            return Ok(current);
        }
        match renewal.await {
            Ok(current) => Ok(current),
            Err(error) => self.lock().usable().cloned().ok_or_else(|| reason.failed(&error)),
        }
    }

    /// Returns the first read of the store, until it has ended. Errors of the store are reported by the first
    /// renewal.
    fn loading(self: &Arc<Self>) -> Option<Loading> {
        let mut state = self.lock();
        match &state.stored {
            Stored::Known => return None,
            Stored::Loading(loading) => return Some(loading.clone()),
            Stored::Unknown => {}
        }
        let shared = self.clone();
        let work: BoxFuture<'static, ()> = Box::pin(async move {
            let stored = match within(shared.timeout, shared.store.load()).await {
                Ok(Ok(stored)) => stored,
                Ok(Err(error)) => {
                    trace::tokens_not_loaded(&error);
                    None
                }
                Err(Elapsed) => {
                    trace::tokens_not_loaded(&busy(shared.timeout));
                    None
                }
            };
            let mut state = shared.lock();
            if let Some(stored) = stored.filter(|stored| shared.is_worth(stored))
                && !matches!(state.stored, Stored::Known)
            {
                state.begin(stored);
            }
            state.stored = Stored::Known;
        });
        let work = detached(work);
        let loading = work.map(|_| ()).boxed().shared();
        state.stored = Stored::Loading(loading.clone());
        Some(loading)
    }

    /// Returns true if stored tokens are better than the initial ones.
    fn is_worth(&self, stored: &Tokens) -> bool {
        stored.refresh.is_some() || !stored.is_due(self.ahead)
    }

    /// Returns the renewal in progress, or a new one.
    pub fn renewal(self: &Arc<Self>, state: &mut State, reason: Reason) -> Renewal {
        if let Some(renewal) = &state.renewal {
            return renewal.clone();
        }
        let shared = self.clone();
        let work: BoxFuture<'static, _> = Box::pin(async move {
            let work = AssertUnwindSafe(within(shared.timeout, shared.renewed(reason)));
            shared.finish(match work.catch_unwind().await {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(Elapsed)) => Err(busy(shared.timeout)),
                Err(_) => Err(Error::authentication("the token source or the token store panicked")),
            })
        });
        let work = detached(work);
        let shared = self.clone();
        let work: BoxFuture<'static, _> = Box::pin(async move {
            let stopped =
                || shared.finish(Err(Error::authentication("the renewal was stopped with its runtime").retryable()));
            work.await.unwrap_or_else(stopped)
        });
        let renewal = work.shared();
        state.renewal = Some(renewal.clone());
        renewal
    }

    async fn renewed(&self, reason: Reason) -> Result<Renewed, Error> {
        let _lock = self.store.lock().await?;
        let stored = match self.store.load().await {
            // Unreadable tokens are lost anyway.
            Err(error) if error.kind() == ErrorKind::Decode => {
                trace::tokens_not_loaded(&error);
                None
            }
            other => other?,
        };
        let (known, current, refused) = {
            let mut state = self.lock();
            state.stored = Stored::Known;
            let current = state.known.clone();
            let refused = state.current.clone().filter(|one| state.refused == Some(one.credential.version()));
            let refused = refused.and_then(|one| one.tokens.access.clone());
            let stored = stored.filter(|stored| self.is_worth(stored));
            // Tokens that could not be saved are newer than stored ones.
            let known = if state.unkept { current.clone().or(stored) } else { stored.or_else(|| current.clone()) };
            (known, current, refused)
        };
        // An earlier run may have stored them, or another process may have renewed them.
        if let Some(known) = &known
            && reason != Reason::Asked
            && (refused.is_none() || known.access != refused)
            && !known.is_due(self.ahead)
            && known.access.as_ref().is_some_and(|access| Credential::bearer(access).is_ok())
        {
            return Ok(Renewed::Found(known.clone()));
        }
        if self.source.old_tokens_end_at_once() {
            // The server must not see the old token after it has issued a new one.
            let _ = within(DRAIN, self.in_flight.write()).await;
        }
        let mut tokens = match self.source.renew(known.as_ref()).await {
            // A new login may have set a new refresh token, while the stored one has expired.
            Err(error) if is_refusal(&error) && has_another(current.as_ref(), known.as_ref()) => {
                self.source.renew(current.as_ref()).await?
            }
            other => other?,
        };
        if tokens.access.is_none() {
            return Err(Error::authentication("the token source returned no access token"));
        }
        if tokens.refresh.is_none() {
            tokens.refresh = known.and_then(|known| known.refresh);
        }
        // A token that has already expired by this machine's clock is used until the server rejects it.
        if tokens.is_due(Duration::ZERO) {
            tokens.expires_at = None;
        }
        // A token with a lifetime shorter than the time ahead would be renewed at every call.
        if tokens.is_due(self.ahead) {
            tokens.lifetime = tokens.expires_at.and_then(|end| end.duration_since(SystemTime::now()).ok());
        }
        let kept = self.store.save(&tokens).await;
        self.lock().unkept = kept.is_err();
        if let Err(error) = kept {
            // The tokens are still valid, and a rotated refresh token must not be lost.
            trace::tokens_not_kept(&error);
        }
        Ok(Renewed::Fresh(tokens))
    }

    fn finish(&self, outcome: Result<Renewed, Error>) -> Result<Arc<Current>, Arc<Error>> {
        let mut state = self.lock();
        state.renewal = None;
        state.versions += 1;
        let version = state.versions;
        let current = outcome.and_then(|renewed| match renewed {
            Renewed::Found(tokens) => Current::new(tokens, version, None),
            Renewed::Fresh(tokens) => Current::new(tokens, version, Some(Instant::now())),
        });
        match current.map(Arc::new) {
            Ok(current) => {
                trace::tokens_renewed(current.tokens.expires_at);
                state.failure = None;
                state.known = Some(current.tokens.clone());
                state.current = Some(current.clone());
                Ok(current)
            }
            Err(error) => {
                trace::tokens_not_renewed(&error);
                let error = Arc::new(error);
                state.failure = Some(Failure::after(state.failure.as_ref(), error.clone()));
                Err(error)
            }
        }
    }

    /// Handles a rejection by the server: returns true if there are new tokens.
    pub async fn refused(self: Arc<Self>, credential: &Credential) -> Result<bool, Error> {
        let (renewal, refused) = {
            let mut state = self.lock();
            match state.current.clone() {
                Some(current) if current.credential.version() == credential.version() => {
                    if current.renewed.is_some_and(|at| at.elapsed() < FRESH) {
                        return Ok(false);
                    }
                    state.refused = Some(credential.version());
                    match &state.failure {
                        Some(failure) if state.renewal.is_none() && failure.holds() => {
                            return Err(failure.again(Reason::Refused));
                        }
                        _ => (self.renewal(&mut state, Reason::Refused), current),
                    }
                }
                _ => return Ok(true),
            }
        };
        let current = renewal.await.map_err(|error| Reason::Refused.failed(&error))?;
        Ok(current.tokens.access != refused.tokens.access)
    }
}

fn has_another(given: Option<&Tokens>, tried: Option<&Tokens>) -> bool {
    let given = given.and_then(|tokens| tokens.refresh.as_ref());
    given.is_some() && given != tried.and_then(|tokens| tokens.refresh.as_ref())
}
