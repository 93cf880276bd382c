//! When and after which time a request is sent again.

use crate::error::{Error, ErrorKind};
use crate::operation::OperationKind;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

/// Sends requests again that failed for reasons that pass: the server could not be reached, the connection broke, an
/// attempt took too long, or the server answered 429, 502, 503 or 504.
///
/// Queries are sent again. Mutations only if it is certain that they have not run: no connection was made, or the
/// server answered 429, or 503 with `Retry-After`; or if the call says that it may run twice, with
/// [`Call::idempotent`](crate::Call::idempotent). Between attempts passes a random time, up to a bound that doubles each
/// time ("full jitter"), and at least as long as the server asks for. Nothing is sent after the deadline of the call.
///
/// Retries are a tenth of all calls at most, and twenty without any: a server that is down is not brought further down.
#[derive(Debug)]
pub struct Retry {
    attempts: u32,
    first: Duration,
    longest: Duration,
    budget: Mutex<Budget>,
}

/// Each retry costs ten, each call earns one.
#[derive(Debug)]
struct Budget {
    left: u32,
    most: u32,
}

const COST: u32 = 10;
const MOST: u32 = 20 * COST;

impl Default for Retry {
    fn default() -> Self {
        Self::attempts(4)
    }
}

impl Retry {
    /// At most so many attempts, the first included; 4 unless given.
    pub fn attempts(attempts: u32) -> Self {
        Self {
            attempts: attempts.max(1),
            first: Duration::from_millis(250),
            longest: Duration::from_secs(10),
            budget: Mutex::new(Budget { left: MOST, most: MOST }),
        }
    }

    /// Nothing is sent again.
    pub fn never() -> Self {
        Self::attempts(1)
    }

    /// The bound of the time before the second attempt, which doubles with each, and the longest one; 250 milliseconds
    /// and 10 seconds unless given.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest.max(first);
        self
    }

    /// How many retries there may be before calls have earned more: a tenth for each call; 20 unless given.
    #[must_use]
    pub fn budget(mut self, retries: u32) -> Self {
        let most = retries.saturating_mul(COST);
        self.budget = Mutex::new(Budget { left: most, most });
        self
    }

    /// A call has begun.
    pub(crate) fn earn(&self) {
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        budget.left = (budget.left + 1).min(budget.most);
    }

    /// How long to wait before the next attempt, if there is one.
    pub(crate) fn next(&self, error: &Error, attempts: u32, repeatable: bool, left: Duration) -> Option<Duration> {
        if attempts >= self.attempts || !(may_repeat(error, repeatable)) {
            return None;
        }
        let bound = self.first.saturating_mul(2_u32.saturating_pow(attempts - 1)).min(self.longest);
        let wait = bound.mul_f64(fastrand::f64());
        // All callers wait for what the server asks; see `Throttle`. This one just has to have the time.
        let asked = error.retry_after().unwrap_or_default();
        if wait.max(asked) >= left || !self.spend() {
            return None;
        }
        Some(if is_paused(error) { wait } else { wait.max(asked) })
    }

    fn spend(&self) -> bool {
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = budget.left >= COST;
        if enough {
            budget.left -= COST;
        }
        enough
    }
}

/// True if the call may be sent once more.
fn may_repeat(error: &Error, repeatable: bool) -> bool {
    let refused = match error.status().map(|status| status.as_u16()) {
        Some(429) => true,
        Some(503) => error.retry_after().is_some(),
        _ => error.is_unsent(),
    };
    let passes =
        matches!(error.kind(), ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::Status | ErrorKind::Throttle);
    passes && error.is_retryable() && (repeatable || refused)
}

/// True if the throttle keeps everybody waiting for as long as the server asks.
fn is_paused(error: &Error) -> bool {
    error.status().is_some()
}

/// True if a document can be sent twice without harm: there is no mutation in it. A document of the caller's is not
/// parsed; that the word occurs is enough to say no.
pub(crate) fn is_repeatable(kind: Option<OperationKind>, document: &str) -> bool {
    match kind {
        Some(kind) => kind == OperationKind::Query,
        None => !document.contains("mutation") && !document.contains("subscription"),
    }
}
