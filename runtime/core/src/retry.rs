//! When and after which time a request is sent again.

use crate::error::{Error, ErrorKind};
use crate::operation::OperationKind;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Sends requests again that failed for reasons that pass.
///
/// | What happened | Query | Mutation | Mutation with [`idempotent`](crate::Call::idempotent) |
/// |---|---|---|---|
/// | no connection was made (DNS, TCP, TLS, proxy) | again | again | again |
/// | HTTP/2 `REFUSED_STREAM`, or a stream above the last one of `GOAWAY` (RFC 9113, 8.7) | again | again | again |
/// | the connection broke, or the answer was cut off | again | never | again |
/// | no answer within the [time of an attempt](crate::ClientBuilder::attempt_timeout) | again | never | again |
/// | 401, and there is another token | once | once, unless the body has `data` | once |
/// | 429 | again | again, unless the body has `data` | again |
/// | 403 with `Retry-After` | again | never | again |
/// | 502, 503, 504, whatever their headers | again | never | again |
/// | 500, and every other status | never | never | never |
/// | data without errors, whatever the status | never | never | never |
/// | a limit of the client cannot be asked, the token endpoint fails for now | again | again | again |
///
/// The rule for mutations: one is sent again only if it certainly did not run. A status alone proves nothing (a cache
/// answers 503 while the server behind it works), and an entry `data` in the body proves that it ran. What answers mean is
/// decided by the client's [`Classifier`](crate::classify::Classifier); the table is that of
/// [`Http`](crate::classify::Http).
///
/// Between attempts passes a random time, up to a bound that doubles each time ("full jitter"), and at least as long as the
/// server asks for. Nothing is sent after the deadline of the call.
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

    /// Sets the bound of the time before the second attempt, which doubles with each, and the longest one; 250
    /// milliseconds and 10 seconds unless given.
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

    /// How long to wait before the next attempt, if there is one: at least as long as was asked, and not until after the
    /// deadline.
    pub(crate) fn next(&self, reason: Reason, attempts: u32, left: Duration) -> Option<Duration> {
        if attempts >= self.attempts {
            return None;
        }
        let bound = self.first.saturating_mul(2_u32.saturating_pow(attempts - 1)).min(self.longest);
        let wait = bound.mul_f64(fastrand::f64());
        match reason {
            // All callers wait for what the server asks; see `Throttle`. This one just has to have the time.
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

/// Why a request is sent again, and how long to wait at least.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reason {
    /// The server answered that it may succeed later.
    Answer { asked: Duration },
    /// There was no answer.
    Failure { asked: Duration },
    /// Nothing was sent, for want of a token or of leave: this does not count as a retry, since no server is asked again.
    NotSent { asked: Duration },
}

impl Reason {
    /// Returns the reason of an error, if the request may be sent again after it.
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

/// Whether an operation may be executed twice with the effect of once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeatable {
    Yes,
    No,
}

impl Repeatable {
    /// Queries may. A document that was not generated is not parsed: that the word `mutation` occurs is enough to say no.
    pub fn of(kind: Option<OperationKind>, document: &str) -> Self {
        let yes = match kind {
            Some(kind) => kind == OperationKind::Query,
            None => !document.contains("mutation") && !document.contains("subscription"),
        };
        if yes { Self::Yes } else { Self::No }
    }
}
