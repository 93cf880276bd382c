//! Spacing of requests, so that a server's limit is never reached.

use futures_timer::Delay;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;

/// How much longer than needed the space between requests is: what leaves here evenly does not
/// arrive evenly, and 21 of 20 would be refused.
const HEADROOM: f64 = 1.03;

/// At most so many requests in any second, in the order in which callers came.
///
/// Clones of a client share one. A caller that stops waiting gives up its place.
#[derive(Debug)]
pub struct Throttle {
    limiter: DefaultDirectRateLimiter,
    clock: DefaultClock,
    /// Callers wait in a fair queue; only its head looks at the limiter.
    queue: tokio::sync::Mutex<()>,
}

impl Throttle {
    /// So many requests a second, evenly spaced.
    pub fn per_second(requests: NonZeroU32) -> Self {
        let space = Duration::from_secs_f64(HEADROOM / f64::from(requests.get()));
        let quota = Quota::with_period(space).unwrap_or_else(|| Quota::per_second(requests));
        Self {
            limiter: RateLimiter::direct(quota.allow_burst(NonZeroU32::MIN)),
            clock: DefaultClock::default(),
            queue: tokio::sync::Mutex::new(()),
        }
    }

    /// Waits for this caller's turn.
    pub async fn wait(&self) {
        let _head = self.queue.lock().await;
        while let Err(early) = self.limiter.check() {
            Delay::new(early.wait_time_from(self.clock.now())).await;
        }
    }
}
