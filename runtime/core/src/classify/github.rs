//! GitHub's primary and secondary limits.

use super::{Classifier, Http, Verdict};
use crate::answer::Answer;
use crate::headers;
use crate::throttle::Pause;
use std::time::Duration;

/// The pause after the secondary limit without a header: GitHub documents one minute.
const SECONDARY: Duration = Duration::from_secs(60);

/// Classifies as [`Http`](super::Http), and detects GitHub's limits, which have status 200 or 403: the primary one
/// (type `RATE_LIMITED`, until `x-ratelimit-reset`), and the secondary ones (`retry-after`, or a minute).
///
/// Source: GitHub's documentation, "Rate limits and query limits for the GraphQL API".
#[derive(Debug, Clone, Copy, Default)]
pub struct GitHub;

impl Classifier for GitHub {
    fn classify(&self, answer: &Answer) -> Verdict {
        let verdict = Http.classify(answer);
        let asked = headers::retry_after(answer.headers()).filter(|wait| !wait.is_zero());
        let wait = match limit(answer) {
            Some(Limit::Primary) => asked.or_else(|| headers::exhausted(answer.headers())).unwrap_or(SECONDARY),
            Some(Limit::Secondary) => asked.unwrap_or(SECONDARY),
            None => return verdict,
        };
        let limited = Verdict { wait: Some(wait), pause: Some(Pause::For(wait)), not_run: false, renew: false };
        verdict.and(limited)
    }
}

enum Limit {
    Primary,
    Secondary,
}

fn limit(answer: &Answer) -> Option<Limit> {
    let secondary = |text: &str| text.to_ascii_lowercase().contains("secondary rate limit");
    if answer.errors().iter().any(|error| secondary(&error.message)) {
        return Some(Limit::Secondary);
    }
    if answer.errors().iter().any(|error| matches!(error.code(), Some("RATE_LIMITED" | "RATE_LIMIT"))) {
        return Some(Limit::Primary);
    }
    // The secondary limit has no GraphQL response: `{"message": "You have exceeded a secondary rate limit"}`.
    let refused = answer.status().is_client_error() && answer.body().len() < 4096;
    (refused && secondary(&String::from_utf8_lossy(answer.body()))).then_some(Limit::Secondary)
}
