//! The retry policy: which requests are sent again, and when.

use crate::error::{Error, ErrorKind};
use crate::operation::OperationKind;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Retries requests after temporary failures.
///
/// | Failure | Query | Mutation | Mutation with [`idempotent`](crate::Call::idempotent) |
/// |---|---|---|---|
/// | no connection was made (DNS, TCP, TLS, proxy) | again | again | again |
/// | HTTP/2 `REFUSED_STREAM`, or a stream above the last one of `GOAWAY` (RFC 9113, 8.7) | again | again | again |
/// | the connection broke, or the response was cut off | again | never | again |
/// | no response within the [timeout of an attempt](crate::ClientBuilder::attempt_timeout) | again | never | again |
/// | 401, and there is another token | once | once, unless the body has `data` | once |
/// | 429 | again | again, unless the body has `data` | again |
/// | 403 with `Retry-After` | again | never | again |
/// | 502, 503, 504, whatever their headers | again | never | again |
/// | 500, and every other status | never | never | never |
/// | data without errors, whatever the status | never | never | never |
/// | a limit of the client is unreachable, or the token endpoint fails temporarily | again | again | again |
///
/// A mutation is sent again only if it certainly did not run. A status alone proves nothing (a cache may respond with
/// 503 while the server is still working), and an entry `data` in the body proves that it ran. The client's
/// [`Classifier`](crate::classify::Classifier) decides the meaning of responses; the table is that of
/// [`Http`](crate::classify::Http).
///
/// The time between attempts is random, up to a bound that doubles each time ("full jitter"), and at least the
/// time that the server requests. Nothing is sent after the deadline of the call.
///
/// At most a tenth of all calls, and twenty in any case, are retries, so that an overloaded server is not overloaded
/// further.
#[derive(Debug)]
pub struct Retry {
    attempts: u32,
    first: Duration,
    longest: Duration,
    budget: Mutex<Budget>,
}

/// The retry budget: each retry costs ten, each call earns one.
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
    /// Creates a policy with a maximum number of attempts, including the first; the default is 4.
    pub fn attempts(attempts: u32) -> Self {
        Self {
            attempts: attempts.max(1),
            first: Duration::from_millis(250),
            longest: Duration::from_secs(10),
            budget: Mutex::new(Budget { left: MOST, most: MOST }),
        }
    }

    /// Creates a policy without retries.
    pub fn never() -> Self {
        Self::attempts(1)
    }

    /// Sets the bound of the time before the second attempt, which doubles with each attempt, and the longest bound;
    /// the defaults are 250 milliseconds and 10 seconds.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest.max(first);
        self
    }

    /// Sets the initial number of allowed retries; each call adds a tenth. The default is 20.
    #[must_use]
    pub fn budget(mut self, retries: u32) -> Self {
        let most = retries.saturating_mul(COST);
        self.budget = Mutex::new(Budget { left: most, most });
        self
    }

    /// Records a new call.
    pub(crate) fn earn(&self) {
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        budget.left = (budget.left + 1).min(budget.most);
    }

    /// Returns the time before the next attempt, if there is one: at least the requested time, and before the
    /// deadline.
    pub(crate) fn next(&self, reason: Reason, attempts: u32, left: Duration) -> Option<Duration> {
        if attempts >= self.attempts {
            return None;
        }
        let bound = self.first.saturating_mul(2_u32.saturating_pow(attempts - 1)).min(self.longest);
        let wait = bound.mul_f64(fastrand::f64());
        match reason {
            // All callers wait for the time that the server requests; see `Throttle`. This one must only have enough
            // time.
            Reason::Answer { asked } => (wait.max(asked) < left && self.spend()).then_some(wait),
            Reason::Failure { asked } => (wait.max(asked) < left && self.spend()).then_some(wait.max(asked)),
            Reason::NotSent { asked } => (wait.max(asked) < left).then_some(wait.max(asked)),
        }
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

/// The reason for a retry, and the minimum waiting time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reason {
    /// The server responded that the request may succeed later.
    Answer { asked: Duration },
    /// There was no response.
    Failure { asked: Duration },
    /// Nothing was sent, since a token or a limit was missing: this is not counted as a retry, since no server is asked
    /// again.
    NotSent { asked: Duration },
}

impl Reason {
    /// Returns the retry reason of an error, if the request may be sent again after it.
    pub fn of(error: &Error, repeatable: Repeatable) -> Option<Self> {
        let asked = error.retry_after().unwrap_or_default();
        let may = error.is_unsent() || repeatable == Repeatable::Yes;
        match error.kind() {
            _ if !error.is_retryable() || !may => None,
            ErrorKind::Throttle | ErrorKind::Authentication => Some(Self::NotSent { asked }),
            _ => Some(Self::Failure { asked }),
        }
    }
}

/// Whether an operation has the same effect if it is executed twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeatable {
    Yes,
    No,
}

impl Repeatable {
    /// Returns true for queries. A document that was not generated is not parsed: the word `mutation` anywhere excludes
    /// it.
    pub fn of(kind: Option<OperationKind>, document: &str) -> Self {
        let yes = match kind {
            Some(kind) => kind == OperationKind::Query,
            None => !document.contains("mutation") && !document.contains("subscription"),
        };
        if yes { Self::Yes } else { Self::No }
    }
}
