//! Waiting, without a runtime of anybody's.

use futures_timer::Delay;
use futures_util::future::{Either, select};
use std::pin::pin;
use std::time::{Duration, Instant};

/// The time was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed;

/// The work's result, if it comes in time.
pub async fn within<T>(time: Duration, work: impl Future<Output = T>) -> Result<T, Elapsed> {
    // The work is asked first: what is there at once costs no timer, and what came late, but came, counts.
    match select(pin!(work), pin!(async { Delay::new(time).await })).await {
        Either::Left((done, _)) => Ok(done),
        Either::Right(((), _)) => Err(Elapsed),
    }
}

/// When a call must have ended.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// So long from now on; a time beyond what clocks can tell is none.
    pub fn after(time: Duration) -> Self {
        Self(Instant::now().checked_add(time))
    }

    /// What is left.
    pub fn left(self) -> Duration {
        self.0.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()))
    }
}
