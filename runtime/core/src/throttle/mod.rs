//! Spacing of requests, so that a server's limits are never exceeded, and slowing down when it says that they are.

mod limit;
mod pause;
#[cfg(feature = "redis")]
mod redis;

use crate::error::Error;
use crate::time::Deadline;
use crate::time::Sleep;
use http::{HeaderMap, StatusCode};
use limit::Local;
use pause::Pauses;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, MutexGuard};

pub use limit::Limit;
#[cfg(feature = "redis")]
pub use redis::{RedisLimit, WhenAway};

/// Lets requests go, in the order in which callers came, so that no limit is exceeded.
///
/// Clones share everything, and so do clones of a client. A caller that stops waiting gives its place to the next.
/// When a server answers 429, or says in its headers that nothing is left, all callers wait for as long as it asks.
#[derive(Clone, Default)]
pub struct Throttle {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    limits: Vec<Gate>,
    pauses: Pauses,
    /// Callers wait in a fair queue; only its head looks at the limits. For each limit, whether its leave was given
    /// already: to whoever was the head then, and is handed on if that one has gone.
    queue: Mutex<Vec<bool>>,
}

/// Something that lets requests go one by one.
enum Gate {
    Local(Local),
    #[cfg(feature = "redis")]
    Redis(Box<redis::Shared>),
}

impl Throttle {
    /// No limits but those that the server tells.
    pub fn new() -> Self {
        Self::default()
    }

    /// So many requests a second, evenly spaced.
    pub fn per_second(requests: u32) -> Self {
        Self::new().limit(Limit::per_second(requests))
    }

    /// Adds a limit; all of them hold at once. Limits are added before the first clone is made.
    #[must_use]
    pub fn limit(self, limit: Limit) -> Self {
        match Local::new(limit) {
            Some(local) => self.with(Gate::Local(local)),
            None => self,
        }
    }

    /// Adds a limit that all processes share which use the same Redis server and key.
    #[cfg(feature = "redis")]
    #[must_use]
    pub fn shared_limit(self, limit: RedisLimit) -> Self {
        self.with(Gate::Redis(Box::new(redis::Shared::new(limit))))
    }

    fn with(mut self, gate: Gate) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.limits.push(gate);
            // The widest space is waited for first: leave that was given long ago is a burst.
            shared.limits.sort_by_key(|gate| std::cmp::Reverse(gate.space()));
            shared.queue.get_mut().push(false);
        }
        self
    }

    /// Waits until a request may be sent. For requests that no client of graphwright sends.
    ///
    /// # Errors
    /// A shared limit cannot be asked.
    pub async fn wait(&self) -> Result<(), Error> {
        self.queue().await.leave(Deadline::after(Duration::MAX)).await
    }

    /// A place in the queue, once it is at its head. Without limits and pauses there is no queue.
    pub(crate) async fn queue(&self) -> Place<'_> {
        let open = self.shared.limits.is_empty() && !self.shared.pauses.is_slow();
        let queue = if open { None } else { Some(self.shared.queue.lock().await) };
        Place { shared: &self.shared, queue }
    }

    /// Takes note of what an answer to a request that was sent then says about limits.
    pub(crate) fn learn(&self, status: StatusCode, headers: &HeaderMap, sent: Instant) {
        self.shared.pauses.learn(status, headers, sent);
    }
}

/// The head of the queue.
pub(crate) struct Place<'t> {
    shared: &'t Shared,
    queue: Option<MutexGuard<'t, Vec<bool>>>,
}

impl Place<'_> {
    /// Waits until every limit gives leave. If this is dropped before, whatever leave was given is the next caller's.
    pub async fn leave(&mut self, deadline: Deadline) -> Result<(), Error> {
        loop {
            if self.queue.is_none() && self.shared.pauses.is_slow() {
                self.queue = Some(self.shared.queue.lock().await);
            }
            self.shared.pauses.wait(deadline).await?;
            let Some(given) = &mut self.queue else { return Ok(()) };
            for (gate, given) in self.shared.limits.iter().zip(given.iter_mut()) {
                if !*given {
                    gate.leave(deadline).await?;
                    *given = true;
                }
            }
            // The server may have asked for a pause meanwhile.
            given.fill(false);
            if !self.shared.pauses.is_paused() {
                return Ok(());
            }
        }
    }
}

impl Gate {
    fn space(&self) -> Duration {
        match self {
            Self::Local(local) => local.limit().space(),
            #[cfg(feature = "redis")]
            Self::Redis(shared) => shared.limit().space(),
        }
    }

    async fn leave(&self, deadline: Deadline) -> Result<(), Error> {
        match self {
            Self::Local(local) => local.leave(deadline).await,
            #[cfg(feature = "redis")]
            Self::Redis(shared) => shared.leave(deadline).await,
        }
    }
}

/// Waits, unless that would take longer than the call may.
async fn pass(wait: Duration, deadline: Deadline, why: impl Fn() -> String) -> Result<(), Error> {
    if wait > deadline.left() {
        return Err(Error::throttle(why(), Some(wait)));
    }
    Sleep::new(wait).await;
    Ok(())
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = self.shared.limits.iter().map(|gate| match gate {
            Gate::Local(local) => format!("{:?}", local.limit()),
            #[cfg(feature = "redis")]
            Gate::Redis(shared) => format!("{shared:?}"),
        });
        f.debug_struct("Throttle").field("limits", &limits.collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

/// SHIM
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// For.
    For(Duration),
    /// Unexplained.
    Unexplained,
}
/// SHIM
#[derive(Debug, Default)]
pub struct ThrottleBuilder(Throttle);
impl ThrottleBuilder {
    /// SHIM
    pub fn limit(self, limit: Limit) -> Self {
        Self(self.0.limit(limit))
    }
    /// SHIM
    pub fn without_limits(self) -> Self {
        Self::default()
    }
    /// SHIM
    pub fn max_in_flight(self, _: usize) -> Self {
        self
    }
    /// SHIM
    pub fn max_queued(self, _: usize) -> Self {
        self
    }
    /// SHIM
    pub fn longest_pause(self, _: Duration) -> Self {
        self
    }
    /// SHIM
    pub fn build(self) -> Throttle {
        self.0
    }
}
pub(crate) struct Turn;
impl Turn {
    pub fn give_back(self) {}
}
impl Throttle {
    /// SHIM
    pub fn builder() -> ThrottleBuilder {
        ThrottleBuilder::default()
    }
    /// SHIM
    pub fn resume(&self) {}
    pub(crate) async fn turn(&self, deadline: Deadline) -> Result<Turn, Error> {
        self.queue().await.leave(deadline).await.map(|()| Turn)
    }
    pub(crate) fn pause(&self, _: Pause, _: Instant) {}
    pub(crate) fn answered_well(&self) {}
}
