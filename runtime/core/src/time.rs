//! Timers that do not depend on a runtime.
//!
//! Every call has a deadline, which is rarely reached. Timers that wake a thread for each would cost more than
//! the rest of a call (`cargo xtask bench runtime`), so there is one thread for all of them, which is
//! woken only for a time earlier than the one it waits for.

use futures_util::future::{Either, select};
use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// The error for a time that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed;

/// Returns the result of the work, if it completes in time.
pub async fn within<T>(time: Duration, work: impl Future<Output = T>) -> Result<T, Elapsed> {
    race(work, Sleep::new(time)).await
}

/// Polls the work first: a result that is late, but available, counts.
async fn race<T>(work: impl Future<Output = T>, end: Sleep) -> Result<T, Elapsed> {
    match select(pin!(work), end).await {
        Either::Left((done, _)) => Ok(done),
        Either::Right(((), _)) => Err(Elapsed),
    }
}

/// The deadline of a call.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// Returns the deadline after a time from now; a time beyond the range of clocks means no deadline.
    pub fn after(time: Duration) -> Self {
        Self::from(Instant::now(), time)
    }

    /// Returns the deadline after a time from a start.
    pub fn from(start: Instant, time: Duration) -> Self {
        Self(start.checked_add(time))
    }

    /// Returns the result of the work, if it completes in time.
    pub async fn around<T>(self, work: impl Future<Output = T>) -> Result<T, Elapsed> {
        race(work, Sleep { until: self.0, key: None }).await
    }

    /// Returns true if the deadline is before a time.
    pub fn is_before(self, at: Instant) -> bool {
        self.0.is_some_and(|end| end < at)
    }

    /// Returns the remaining time.
    pub fn left(self) -> Duration {
        self.0.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()))
    }
}

/// A future that ends after a time, counted from its creation.
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited"]
pub struct Sleep {
    /// The end; `None` for a time beyond the range of clocks.
    until: Option<Instant>,
    /// The key of the waker, once there is one.
    key: Option<Key>,
}

/// A time, and a number that distinguishes equal times.
type Key = (Instant, u64);

impl Sleep {
    pub fn new(time: Duration) -> Self {
        Self { until: Instant::now().checked_add(time), key: None }
    }

    /// Returns a sleep that ends at a time.
    pub fn until(time: Instant) -> Self {
        Self { until: Some(time), key: None }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(until) = self.until else { return Poll::Pending };
        if until <= Instant::now() {
            return Poll::Ready(());
        }
        let key = timer().wake_at(until, self.key, context.waker());
        self.key = Some(key);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            timer().lock().wakers.remove(&key);
        }
    }
}

/// The thread that wakes all sleepers.
struct Timer {
    state: Mutex<State>,
    earlier: Condvar,
}

#[derive(Default)]
struct State {
    wakers: BTreeMap<Key, Waker>,
    made: u64,
    /// The time that the thread waits for, if any.
    waits_for: Option<Instant>,
    started: bool,
}

fn timer() -> &'static Timer {
    static TIMER: OnceLock<Timer> = OnceLock::new();
    TIMER.get_or_init(|| Timer { state: Mutex::default(), earlier: Condvar::new() })
}

impl Timer {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_at(&'static self, until: Instant, key: Option<Key>, waker: &Waker) -> Key {
        let mut state = self.lock();
        if let Some(known) = key.and_then(|key| state.wakers.get_mut(&key)) {
            known.clone_from(waker);
            return key.unwrap_or((until, 0));
        }
        state.made += 1;
        let key = (until, state.made);
        state.wakers.insert(key, waker.clone());
        if !state.started {
            state.started = std::thread::Builder::new().name("graphwright-timer".into()).spawn(|| self.run()).is_ok();
        } else if state.waits_for.is_none_or(|waits_for| until < waits_for) {
            self.earlier.notify_one();
        }
        key
    }

    fn run(&self) {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            let later = state.wakers.split_off(&(now, u64::MAX));
            let due = std::mem::replace(&mut state.wakers, later);
            if !due.is_empty() {
                drop(state);
                due.into_values().for_each(Waker::wake);
                state = self.lock();
                continue;
            }
            let next = state.wakers.keys().next().map(|(at, _)| *at);
            state.waits_for = next;
            state = match next {
                Some(at) => {
                    let wait = at.saturating_duration_since(now);
                    self.earlier.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.earlier.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}
