//! One limit in one process.

use super::pass;
use crate::error::Error;
use crate::time::Deadline;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;

/// How much longer than needed the space between requests is: what leaves here evenly does not arrive evenly, and 21
/// of 20 would be refused.
const HEADROOM: f64 = 1.03;

/// No window is longer: a year.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// At most so many requests in any window of a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    requests: u32,
    window: Duration,
    burst: u32,
}

impl Limit {
    /// At most so many requests in any window of this length, evenly spaced; 0 is no limit.
    pub fn new(requests: u32, window: Duration) -> Self {
        Self { requests, window: window.min(LONGEST), burst: 1 }
    }

    /// At most so many requests in any second.
    pub fn per_second(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(1))
    }

    /// At most so many requests in any minute.
    pub fn per_minute(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(60))
    }

    /// Lets so many requests go at once, after a time of rest. They count: the limit holds in any window, so the space
    /// between the others is wider.
    #[must_use]
    pub fn burst(mut self, requests: u32) -> Self {
        self.burst = requests.clamp(1, self.requests.max(1));
        self
    }

    /// The time between two requests, once a burst is used up. With a burst of b and n - b + 1 spaces in a window, no
    /// window has more than n requests.
    pub(super) fn space(&self) -> Duration {
        let spaces = self.requests.saturating_sub(self.burst).saturating_add(1);
        self.window.mul_f64(HEADROOM / f64::from(spaces.max(1)))
    }

    pub(super) fn burst_size(&self) -> NonZeroU32 {
        NonZeroU32::new(self.burst).unwrap_or(NonZeroU32::MIN)
    }

    pub(super) fn is_none(&self) -> bool {
        self.requests == 0 || self.window.is_zero()
    }

    #[cfg(feature = "redis")]
    pub(super) fn tolerance(&self) -> Duration {
        self.window.mul_f64(HEADROOM - 1.0)
    }

    #[cfg(feature = "redis")]
    pub(super) fn window(&self) -> Duration {
        self.window
    }

    /// A part of it, for one of so many; a tenth less, since nobody keeps the processes apart.
    #[cfg(feature = "redis")]
    pub(super) fn share(&self, of: u32) -> Self {
        let whole = self.requests / of.max(1);
        match whole {
            // Less than one in a window is one in a longer window.
            0 => Self::new(1, self.window.saturating_mul(of.max(1).div_ceil(self.requests.max(1)))),
            some => Self::new(some, self.window.mul_f64(1.1)),
        }
    }
}

/// A limit of this process.
pub(super) struct Local {
    limit: Limit,
    limiter: DefaultDirectRateLimiter,
    clock: DefaultClock,
}

impl Local {
    pub fn new(limit: Limit) -> Option<Self> {
        let quota = Quota::with_period(limit.space()).filter(|_| !limit.is_none())?;
        let limiter = RateLimiter::direct(quota.allow_burst(limit.burst_size()));
        Some(Self { limit, limiter, clock: DefaultClock::default() })
    }

    pub fn limit(&self) -> Limit {
        self.limit
    }

    /// Waits for leave; only the head of the queue does.
    pub async fn leave(&self, deadline: Deadline) -> Result<(), Error> {
        while let Err(early) = self.limiter.check() {
            let wait = early.wait_time_from(self.clock.now());
            let Limit { requests, window, .. } = self.limit;
            pass(wait, deadline, || format!("the limit of {requests} requests in {window:?} leaves no room in time"))
                .await?;
        }
        Ok(())
    }
}
