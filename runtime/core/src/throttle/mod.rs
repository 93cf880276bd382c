//! Spacing of requests, so that a server's limits are never exceeded, and pauses when the server demands them.

mod builder;
mod limit;
mod pause;
mod queue;
#[cfg(feature = "redis")]
mod redis;

use crate::error::Error;
use crate::time::Deadline;
use builder::Parts;
use queue::Shared;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use builder::ThrottleBuilder;
pub use limit::Limit;
pub use pause::Pause;
pub(crate) use queue::Turn;
#[cfg(feature = "redis")]
pub use redis::{RedisLimit, WhenAway};

/// Sends requests in the order of the callers, so that no limit is exceeded.
///
/// Clones share all state, as do clones of a client. A caller that stops waiting gives its place to the next one. When
/// a server rejects requests or demands a pause, all callers wait.
///
/// # Examples
/// ```
/// use graphwright_core::{Client, Limit, Throttle};
///
/// # fn main() -> Result<(), graphwright_core::Error> {
/// let shared = Throttle::builder().limit(Limit::per_minute(600).burst(20)).build();
/// let one = Client::builder("https://example.com/a").throttle(shared.clone()).build()?;
/// let two = Client::builder("https://example.com/b").throttle(shared).build()?;
/// # let _ = (one, two); Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Throttle {
    shared: Arc<Shared>,
}

impl Throttle {
    /// Creates a throttle with the default settings: only the limits that the server demands.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Returns a builder for a throttle.
    pub fn builder() -> ThrottleBuilder {
        ThrottleBuilder::default()
    }

    /// Creates a throttle for a number of evenly spaced requests a second; 0 means no limit.
    pub fn per_second(requests: u32) -> Self {
        Self::builder().limit(Limit::per_second(requests)).build()
    }

    fn from(parts: Parts) -> Self {
        Self { shared: Arc::new(Shared::new(parts)) }
    }

    /// Waits until a request may be sent; for requests that are not sent by a client of this crate. Such a request
    /// counts for the limits, but not as one in flight.
    ///
    /// # Errors
    /// [`ErrorKind::Throttle`](crate::ErrorKind::Throttle) if the queue is full, the server demands more than the
    /// longest pause, or Redis cannot be reached.
    pub async fn wait(&self) -> Result<(), Error> {
        self.turn(Deadline::after(Duration::MAX)).await.map(drop)
    }

    /// Ends a pause that the server demanded, for example after its operator has raised the limit. The configured
    /// limits still apply.
    pub fn resume(&self) {
        self.shared.resume();
    }

    /// Waits in the queue for pauses, limits and a free place in flight.
    ///
    /// # Errors
    /// The queue is full, or the turn cannot come before the deadline.
    pub(crate) async fn turn(&self, deadline: Deadline) -> Result<Turn, Error> {
        match Shared::at_once(&self.shared) {
            Some(turn) => Ok(turn),
            // Boxed to keep the futures of calls that need not wait small.
            None => Box::pin(Shared::queued(&self.shared, deadline)).await,
        }
    }

    /// Pauses all callers, because of the response to a request that was sent at `sent`.
    pub(crate) fn pause(&self, pause: Pause, sent: Instant) {
        self.shared.pauses().pause(pause, sent);
    }

    /// Records a success: the next unexplained pause is short.
    pub(crate) fn answered_well(&self) {
        self.shared.pauses().answered_well();
    }
}

impl Default for Throttle {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.fmt(f)
    }
}
