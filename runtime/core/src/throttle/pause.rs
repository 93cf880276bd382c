//! What the server says about its limits, for all callers.

use super::pass;
use crate::error::{Error, is_busy};
use crate::headers;
use crate::time::Deadline;
use crate::time::Sleep;
use crate::trace;
use http::{HeaderMap, StatusCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The pause after a 429 that does not say how long to wait; doubled with every further one.
const FIRST: Duration = Duration::from_secs(1);
const DOUBLINGS: u32 = 5;
/// No pause is longer, whatever a server says.
const LONGEST: Duration = Duration::from_secs(3600);
/// After a pause, callers that have gathered are let go one by one, until as long again has passed.
const SPACE: Duration = Duration::from_millis(50);

/// Pauses that the server has asked for.
#[derive(Default)]
pub(super) struct Pauses {
    /// True as long as callers must queue; a cheap first look.
    slow: AtomicBool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    pause: Option<Pause>,
    /// How many pauses there were in a row without a reason.
    unexplained: u32,
}

#[derive(Clone, Copy)]
struct Pause {
    from: Instant,
    until: Instant,
    /// Whether the server said how long.
    asked: bool,
}

impl Pause {
    /// The time after it in which callers go one by one.
    fn recovered(&self) -> Instant {
        self.until + (self.until - self.from).clamp(FIRST, 10 * FIRST)
    }
}

impl Pauses {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True during a pause, and for a while after it.
    pub fn is_slow(&self) -> bool {
        if !self.slow.load(Ordering::Acquire) {
            return false;
        }
        let mut state = self.lock();
        let slow = state.pause.is_some_and(|pause| pause.recovered() > Instant::now());
        if !slow {
            state.pause = None;
            self.slow.store(false, Ordering::Release);
        }
        slow
    }

    pub fn is_paused(&self) -> bool {
        self.slow.load(Ordering::Acquire) && self.lock().pause.is_some_and(|pause| pause.until > Instant::now())
    }

    /// Waits until there is no pause.
    pub async fn wait(&self, deadline: Deadline) -> Result<(), Error> {
        if !self.is_slow() {
            return Ok(());
        }
        loop {
            let pause = self.lock().pause;
            let wait = pause.map_or(Duration::ZERO, |pause| pause.until.saturating_duration_since(Instant::now()));
            if wait.is_zero() {
                break;
            }
            let who = match pause.is_some_and(|pause| pause.asked) {
                true => "the server asks to wait",
                false => "requests are refused (429), and the next one waits",
            };
            let why = || format!("{who} {} s, which is longer than the call may take", wait.as_secs() + 1);
            pass(wait, deadline, why).await?;
        }
        Sleep::new(SPACE).await;
        Ok(())
    }

    /// Takes note of an answer to a request that was sent then.
    pub fn learn(&self, status: StatusCode, headers: &HeaderMap, sent: Instant) {
        let limited = status == StatusCode::TOO_MANY_REQUESTS;
        let asked = headers::retry_after(headers).filter(|_| is_busy(status));
        let asked = asked.or_else(|| headers::exhausted(headers)).filter(|wait| !wait.is_zero());
        if asked.is_none() && !limited {
            if status.is_success() && self.slow.load(Ordering::Acquire) {
                self.lock().unexplained = 0;
            }
            return;
        }
        let mut state = self.lock();
        // Requests that were on their way together are refused together: that is one reason to wait.
        let known = state.pause.is_some_and(|pause| sent < pause.until);
        let wait = match asked {
            Some(wait) => wait,
            None if known => return,
            None => {
                state.unexplained = (state.unexplained + 1).min(DOUBLINGS + 1);
                FIRST * 2_u32.pow(state.unexplained - 1)
            }
        };
        let now = Instant::now();
        let until = now + wait.min(LONGEST);
        if state.pause.is_none_or(|pause| pause.until < until) {
            trace::paused(status, wait);
            let from = state.pause.filter(|pause| pause.until > now).map_or(now, |pause| pause.from);
            state.pause = Some(Pause { from, until, asked: asked.is_some() });
            self.slow.store(true, Ordering::Release);
        }
    }
}
