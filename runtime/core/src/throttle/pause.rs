//! Pauses that a server demands, for all callers of a throttle.

use crate::error::Error;
use crate::time::{Deadline, Sleep};
use crate::trace;
use futures_util::future::select;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// The pause after a rejection without a time; doubled with each further one.
const FIRST: Duration = Duration::from_secs(1);
const DOUBLINGS: u32 = 5;
/// The space between callers after a pause, for as long as the pause was.
const SPACE: Duration = Duration::from_millis(50);
/// The default longest pause.
const LONGEST: Duration = Duration::from_secs(60);

/// A pause that a response requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pause {
    /// The server sends the time to wait, counted from now.
    For(Duration),
    /// The server rejects without a time: 1 second, doubled for each further rejection until a request succeeds, up to
    /// 32 seconds.
    Unexplained,
}

/// The pause of a throttle, and its settings.
pub(super) struct Pauses {
    longest: Duration,
    /// Whether callers must queue; a cheap first check.
    slow: AtomicBool,
    state: Mutex<State>,
    /// Wakes callers that wait for the end of a pause that has changed.
    changed: Notify,
}

#[derive(Default)]
struct State {
    pause: Option<Current>,
    /// The number of unexplained pauses since the last success.
    unexplained: u32,
}

#[derive(Clone, Copy)]
struct Current {
    from: Instant,
    until: Instant,
    reason: Reason,
}

#[derive(Clone, Copy)]
enum Reason {
    Demanded,
    Unexplained,
    /// The server demands more than the longest pause: this long from `from`.
    TooLong(Duration),
}

impl Current {
    /// Returns the end of the time after the pause in which callers are admitted one by one.
    fn recovered(&self) -> Instant {
        self.until + (self.until - self.from).clamp(FIRST, 10 * FIRST)
    }

    /// Returns the error for a caller that cannot wait for the end of the pause.
    fn error(&self, now: Instant) -> Error {
        let left = self.until.saturating_duration_since(now);
        match self.reason {
            Reason::TooLong(demanded) => {
                let left = demanded.saturating_sub(now.saturating_duration_since(self.from));
                let most = self.until - self.from;
                let message = format!("the server demands a pause of {demanded:?}; expected at most {most:?}");
                Error::throttle(message, Some(left))
            }
            Reason::Demanded => {
                let message = format!("the server demands a pause of {} s more, past the deadline", seconds(left));
                Error::throttle(message, Some(left))
            }
            Reason::Unexplained => {
                let message = format!(
                    "the server rejects requests without a time; the next attempt is in {} s, past the deadline",
                    seconds(left)
                );
                Error::throttle(message, Some(left))
            }
        }
    }
}

fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

impl Default for Pauses {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Pauses {
    pub fn new(longest: Option<Duration>) -> Self {
        let longest = longest.unwrap_or(LONGEST);
        Self { longest, slow: AtomicBool::new(false), state: Mutex::default(), changed: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn current(&self) -> Option<Current> {
        self.slow.load(Ordering::Acquire).then(|| self.lock().pause).flatten()
    }

    /// Returns true during a pause, and for a while after it.
    pub fn is_slow(&self) -> bool {
        if !self.slow.load(Ordering::Acquire) {
            return false;
        }
        let mut state = self.lock();
        let slow = state.pause.is_some_and(|pause| pause.recovered() > Instant::now());
        if !slow {
            // A later pause is independent of this one, and begins short.
            *state = State::default();
            self.slow.store(false, Ordering::Release);
        }
        slow
    }

    pub fn is_paused(&self) -> bool {
        self.current().is_some_and(|pause| pause.until > Instant::now())
    }

    /// Returns the end of the pause; now if there is none.
    ///
    /// # Errors
    /// The server demands more than the longest pause, or the pause ends after the deadline.
    pub fn end(&self, now: Instant, deadline: Deadline) -> Result<Instant, Error> {
        match self.current() {
            Some(pause) if pause.until > now => match pause.reason {
                Reason::TooLong(_) => Err(pause.error(now)),
                _ if deadline.is_before(pause.until) => Err(pause.error(now)),
                _ => Ok(pause.until),
            },
            _ => Ok(now),
        }
    }

    /// Waits until there is no pause.
    pub async fn wait(&self, deadline: Deadline) -> Result<(), Error> {
        if !self.is_slow() {
            return Ok(());
        }
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            let now = Instant::now();
            let end = self.end(now, deadline)?;
            if end <= now {
                break;
            }
            select(Sleep::until(end), changed).await;
        }
        if self.is_slow() {
            Sleep::new(SPACE).await;
        }
        Ok(())
    }

    /// Pauses all callers, because of the response to a request that was sent at `sent`.
    pub fn pause(&self, pause: Pause, sent: Instant) {
        let mut state = self.lock();
        // Requests that were in flight together are rejected together, which is one reason to wait.
        let known = state.pause.is_some_and(|pause| sent < pause.until);
        let (wait, reason) = match pause {
            Pause::For(wait) if wait.is_zero() => return,
            Pause::For(wait) if wait > self.longest => (self.longest, Reason::TooLong(wait)),
            Pause::For(wait) => (wait, Reason::Demanded),
            Pause::Unexplained if known => return,
            Pause::Unexplained => {
                state.unexplained = (state.unexplained + 1).min(DOUBLINGS + 1);
                ((FIRST * 2_u32.pow(state.unexplained - 1)).min(self.longest), Reason::Unexplained)
            }
        };
        let now = Instant::now();
        let Some(until) = now.checked_add(wait) else { return };
        if state.pause.is_none_or(|pause| pause.until < until) {
            trace::paused(wait);
            let from = match reason {
                Reason::TooLong(_) => now,
                _ => state.pause.filter(|pause| pause.until > now).map_or(now, |pause| pause.from),
            };
            state.pause = Some(Current { from, until, reason });
            self.slow.store(true, Ordering::Release);
            drop(state);
            self.changed.notify_waiters();
        }
    }

    /// Ends the doubling of unexplained pauses.
    pub fn answered_well(&self) {
        if self.slow.load(Ordering::Acquire) {
            self.lock().unexplained = 0;
        }
    }

    /// Ends the pause.
    pub fn resume(&self) {
        let mut state = self.lock();
        *state = State::default();
        self.slow.store(false, Ordering::Release);
        drop(state);
        self.changed.notify_waiters();
    }
}
