//! Failed renewals: the time of the next attempt, and the errors of callers.

use super::renewal::Reason;
use crate::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The pause after the first failed renewal; it is doubled each time, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The longest pause that a token endpoint may request.
const LONGEST_ASKED: Duration = Duration::from_secs(3600);

/// The last renewal, which failed.
#[derive(Clone)]
pub(super) struct Failure {
    pub error: Arc<Error>,
    until: Instant,
    times: u32,
}

impl Failure {
    /// Creates a failure after an earlier one.
    pub fn after(before: Option<&Self>, error: Arc<Error>) -> Self {
        let times = before.map_or(0, |before| before.times);
        let pause = if is_refusal(&error) { LONGEST_PAUSE } else { FIRST_PAUSE * 2_u32.pow(times.min(6)) };
        let asked = error.retry_after().unwrap_or_default().min(LONGEST_ASKED);
        Self { error, until: Instant::now() + pause.min(LONGEST_PAUSE).max(asked), times: times + 1 }
    }

    /// Returns true while it is too early for the next renewal.
    pub fn holds(&self) -> bool {
        self.until > Instant::now()
    }

    /// Returns the same error, for callers before the next renewal is allowed.
    pub fn again(&self, reason: Reason) -> Error {
        let wait = self.until.saturating_duration_since(Instant::now());
        reason
            .failed_before(&self.error, &format!("; the next try is in {} s", wait.as_secs() + 1))
            .with_retry_after(wait)
    }
}

impl Reason {
    /// Returns the error of each caller that waited for a renewal. It has the message of the source's error, and the
    /// same cause.
    pub fn failed(self, error: &Arc<Error>) -> Error {
        self.failed_before(error, "")
    }

    fn failed_before(self, error: &Arc<Error>, next: &str) -> Error {
        let what = match self {
            Self::Due => "no valid access token is available, and the renewal failed",
            Self::Refused => "the server rejected the access token, and the renewal failed",
            Self::Asked => "the access token cannot be renewed",
        };
        let hint = if is_refusal(error) { ", log in again" } else { "" };
        let mut failed = Error::authentication(format!("{what}{hint}: {error}{next}"));
        if std::error::Error::source(&**error).is_some() {
            failed = failed.with_source(Below(error.clone()));
        }
        match error.is_retryable() {
            true => failed.retryable().with_retry_after(error.retry_after().unwrap_or(FIRST_PAUSE)),
            false => failed,
        }
    }
}

/// Returns true if the endpoint has rejected the token.
pub(super) fn is_refusal(error: &Error) -> bool {
    error.status().is_some_and(|status| status.is_client_error() && status.as_u16() != 429)
}

/// Returns the error for a renewal, or a lock on the store, that took too long.
pub(super) fn busy(timeout: Duration) -> Error {
    Error::timeout(timeout)
}

/// The cause of an error that several callers share.
#[derive(Debug)]
struct Below(Arc<Error>);

impl Below {
    fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&*self.0)
    }
}

impl fmt::Display for Below {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause().map_or(Ok(()), |cause| fmt::Display::fmt(cause, f))
    }
}

impl std::error::Error for Below {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause()?.source()
    }
}
