//! The settings of a throttle.

#[cfg(feature = "redis")]
use super::redis::{self, RedisLimit};
use super::{Limit, Throttle};
use std::time::Duration;

/// The settings of a [`Throttle`]; see [`Throttle::builder`].
#[derive(Debug, Default)]
#[must_use]
pub struct ThrottleBuilder {
    limits: Vec<Limit>,
    #[cfg(feature = "redis")]
    shared_limits: Vec<RedisLimit>,
    max_in_flight: Option<usize>,
    max_queued: Option<usize>,
    longest_pause: Option<Duration>,
    inner: Option<Throttle>,
}

impl ThrottleBuilder {
    /// Adds a limit; all limits apply. A limit of 0 requests is ignored.
    pub fn limit(mut self, limit: Limit) -> Self {
        self.limits.push(limit);
        self
    }

    /// Adds a limit that is shared by all processes with the same Redis server and key.
    #[cfg(feature = "redis")]
    pub fn shared_limit(mut self, limit: RedisLimit) -> Self {
        self.shared_limits.push(limit);
        self
    }

    /// Removes the limits that were added so far.
    pub fn without_limits(mut self) -> Self {
        self.limits.clear();
        #[cfg(feature = "redis")]
        self.shared_limits.clear();
        self
    }

    /// Sets the maximum number of concurrent requests, at least 1; 256 by default.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = Some(requests);
        self
    }

    /// Sets the maximum number of callers that wait after the next one; unlimited by default. Further callers get an
    /// error of kind [`Throttle`](crate::ErrorKind::Throttle) immediately.
    pub fn max_queued(mut self, callers: usize) -> Self {
        self.max_queued = Some(callers);
        self
    }

    /// Sets the longest pause that a server can impose; 60 seconds by default.
    ///
    /// If a server demands more, calls get an error of kind [`Throttle`](crate::ErrorKind::Throttle) immediately, with
    /// the demanded time in [`Error::retry_after`](crate::Error::retry_after). After the longest pause, callers try
    /// again one by one, and the server may pause them again; [`Throttle::resume`] ends the pause earlier.
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.longest_pause = Some(pause);
        self
    }

    /// Adds another throttle, which applies after this one; pauses are those of the other.
    pub(crate) fn before(mut self, throttle: Option<Throttle>) -> Self {
        self.inner = throttle;
        self
    }

    /// Creates the throttle.
    pub fn build(self) -> Throttle {
        Throttle::from(self.into_parts())
    }

    fn into_parts(self) -> Parts {
        Parts {
            limits: self.limits.into_iter().filter(|limit| !limit.is_none()).collect(),
            #[cfg(feature = "redis")]
            redis: self.shared_limits.into_iter().map(redis::Shared::new).collect(),
            max_in_flight: self.max_in_flight.unwrap_or(MAX_IN_FLIGHT).clamp(1, tokio::sync::Semaphore::MAX_PERMITS),
            max_queued: self.max_queued,
            longest_pause: self.longest_pause,
            inner: self.inner,
        }
    }
}

/// The default maximum number of requests in flight.
const MAX_IN_FLIGHT: usize = 256;

/// The settings with their defaults.
pub(super) struct Parts {
    pub limits: Vec<Limit>,
    #[cfg(feature = "redis")]
    pub redis: Vec<redis::Shared>,
    pub max_in_flight: usize,
    pub max_queued: Option<usize>,
    pub longest_pause: Option<Duration>,
    pub inner: Option<Throttle>,
}
