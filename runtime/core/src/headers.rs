//! Response headers about limits, waiting times, and request identifiers.

use http::{HeaderMap, HeaderValue};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The names of headers with request identifiers, most common first.
const REQUEST_IDS: [&str; 6] =
    ["x-request-id", "request-id", "x-github-request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray"];

/// The headers with the remaining requests and the time of the reset.
const REMAINING_AND_RESET: [(&str, &str); 3] = [
    ("ratelimit-remaining", "ratelimit-reset"),
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("x-rate-limit-remaining", "x-rate-limit-reset"),
];

/// The number from which a value is a time, not a number of seconds.
const EPOCH_SECONDS: f64 = 1e9;
const EPOCH_MILLISECONDS: f64 = 1e12;

/// Returns the names of headers, to be shown; values may be secrets.
pub fn names(headers: &HeaderMap) -> Vec<&str> {
    headers.keys().map(http::HeaderName::as_str).collect()
}

/// Returns the server's identifier of the request.
pub fn request_id(headers: &HeaderMap) -> Option<String> {
    let value = REQUEST_IDS.iter().find_map(|name| headers.get(*name))?;
    value.to_str().ok().filter(|id| !id.is_empty() && id.len() <= 200).map(str::to_owned)
}

/// Returns `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3).
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<f64>() {
        Ok(seconds) => span(seconds),
        Err(_) => Some(until(httpdate::parse_http_date(text).ok()?)),
    }
}

/// Returns the waiting time if the headers report that a limit is exhausted.
///
/// Supports `RateLimit` (the draft "RateLimit header fields for HTTP": `"default";r=0;t=30`, and
/// before version 8 `limit=10, remaining=0, reset=30`), `RateLimit-Remaining` with
/// `RateLimit-Reset`, and the same with `X-`, as GitHub and others send them: the reset is a number of seconds, or
/// a time in seconds or milliseconds since 1970.
pub fn exhausted(headers: &HeaderMap) -> Option<Duration> {
    // Most responses have none of them: one pass over the names is cheaper than a search for each.
    let named = |name: &http::HeaderName| ["ratelimit", "x-rate"].iter().any(|start| name.as_str().starts_with(start));
    if !headers.keys().any(named) {
        return None;
    }
    let from_fields = REMAINING_AND_RESET.iter().find_map(|(remaining, reset)| {
        let number = |name: &str| number(headers.get(name)?);
        (number(remaining)? <= 0.0).then(|| number(reset).and_then(span)).flatten()
    });
    from_fields.or_else(|| headers.get_all("ratelimit").iter().filter_map(from_structured).max())
}

/// Parses the structured form: several limits, each with its remaining requests and reset.
fn from_structured(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?;
    let old = text.contains("remaining=");
    let (remaining, reset) = if old { ("remaining", "reset") } else { ("r", "t") };
    let limits: Vec<&str> = if old { vec![text] } else { text.split(',').collect() };
    let waits = limits.into_iter().filter_map(|limit| {
        let parameter = |name: &str| {
            limit
                .split([';', ','])
                .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('=')?.parse::<f64>().ok())
        };
        (parameter(remaining)? <= 0.0).then(|| parameter(reset).and_then(span)).flatten()
    });
    waits.max()
}

fn number(value: &HeaderValue) -> Option<f64> {
    value.to_str().ok()?.trim().parse().ok()
}

/// Returns the time from now; `None` if the value is implausible.
fn span(number: f64) -> Option<Duration> {
    if !number.is_finite() || number < 0.0 {
        None
    } else if number >= EPOCH_MILLISECONDS {
        let at = Duration::try_from_secs_f64(number / 1000.0).ok()?;
        Some(until(UNIX_EPOCH.checked_add(at)?))
    } else if number >= EPOCH_SECONDS {
        let at = Duration::try_from_secs_f64(number).ok()?;
        Some(until(UNIX_EPOCH.checked_add(at)?))
    } else {
        Duration::try_from_secs_f64(number).ok()
    }
}

fn until(time: SystemTime) -> Duration {
    time.duration_since(SystemTime::now()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let wait = |value: &str| retry_after(&headers(&[("retry-after", value)]));
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait(" 0.5 "), Some(Duration::from_millis(500)));
        let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(90));
        assert!((85..=90).contains(&wait(&date).unwrap().as_secs()));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        for nonsense in ["", "-1", "NaN", "inf", "1e400", "soon", "99999999999999999999999999"] {
            assert!(wait(nonsense).is_none_or(|wait| wait < Duration::MAX), "{nonsense}");
        }
    }

    #[test]
    fn limits_that_are_used_up_say_for_how_long() {
        let in_a_minute = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 60;
        let wait = |lines: &[(&'static str, &str)]| exhausted(&headers(lines)).map(|wait| wait.as_secs_f64().round());
        assert_eq!(wait(&[("ratelimit-remaining", "0"), ("ratelimit-reset", "30")]), Some(30.0));
        assert_eq!(wait(&[("ratelimit-remaining", "3"), ("ratelimit-reset", "30")]), None);
        assert_eq!(wait(&[("x-ratelimit-remaining", "0")]), None);
        let epoch = in_a_minute.to_string();
        assert!(wait(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", &epoch)]).unwrap() >= 59.0);
        let millis = format!("{in_a_minute}000");
        assert!(wait(&[("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", &millis)]).unwrap() <= 60.0);
        assert_eq!(wait(&[("ratelimit", "limit=100, remaining=0, reset=12")]), Some(12.0));
        assert_eq!(wait(&[("ratelimit", "\"second\";r=0;t=1, \"day\";r=0;t=900")]), Some(900.0));
        assert_eq!(wait(&[("ratelimit", "\"second\";r=4;t=1")]), None);
    }
}
