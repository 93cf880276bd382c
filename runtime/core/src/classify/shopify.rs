//! Shopify's limit by cost.

use super::{Classifier, Http, Verdict};
use crate::answer::Answer;
use crate::throttle::Pause;
use std::time::Duration;

/// Classifies as [`Http`](super::Http), and detects Shopify's error `THROTTLED`, which has status 200: nothing ran, and
/// the request is sent again when the bucket has enough capacity for it.
///
/// Source: Shopify's documentation, "API limits", and `extensions.cost` of its responses. `MAX_COST_EXCEEDED` is final.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shopify;

impl Classifier for Shopify {
    fn classify(&self, answer: &Answer) -> Verdict {
        let verdict = Http.classify(answer);
        if !answer.errors().iter().any(|error| error.code() == Some("THROTTLED")) {
            return verdict;
        }
        let wait = until_there_is_enough(answer);
        verdict.and(Verdict {
            not_run: !answer.has_data(),
            wait: Some(wait.unwrap_or_default()),
            pause: Some(wait.map_or(Pause::Unexplained, Pause::For)),
            renew: false,
        })
    }
}

/// Returns the time until the bucket has refilled to the cost of the request: the missing points divided by the restore
/// rate.
fn until_there_is_enough(answer: &Answer) -> Option<Duration> {
    let cost = answer.extensions().get("cost")?;
    let bucket = cost.get("throttleStatus")?;
    let number = |value: Option<&serde_json::Value>| value.and_then(serde_json::Value::as_f64);
    let missing = number(cost.get("requestedQueryCost"))? - number(bucket.get("currentlyAvailable"))?;
    let wait = missing / number(bucket.get("restoreRate"))?;
    Duration::try_from_secs_f64(wait).ok().filter(|wait| !wait.is_zero())
}
