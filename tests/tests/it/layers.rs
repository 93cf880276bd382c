//! Layers, classifiers, and settings of single calls.

use crate::support::Counting;
use graphwright::auth::{Renewing, Tokens};
use graphwright::classify::{Classifier, ErrorCodes, GitHub, Http, Shopify, Verdict};
use graphwright::http::Response;
use graphwright::transport::{BoxFuture, MockTransport, TransportError};
use graphwright::{Answer, Attempt, Client, Error, ErrorKind, Layer, Next, OperationKind, Pause, Retry};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const GOOD: &str = r#"{"data":{"a":1}}"#;

fn respond(
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Response<graphwright::bytes::Bytes>, TransportError> {
    let response = headers
        .iter()
        .fold(Response::builder().status(status), |response, (name, value)| response.header(*name, *value));
    response.body(body.to_owned().into()).map_err(|error| TransportError::new(error.to_string()))
}

/// Observes requests, sets a header, and responds to one operation itself.
#[derive(Debug, Clone, Default)]
struct Watching(Arc<Mutex<Vec<String>>>);

impl Layer for Watching {
    fn handle<'a>(&'a self, mut attempt: Attempt<'a>, next: Next<'a>) -> BoxFuture<'a, Result<Answer, Error>> {
        let seen = format!("{:?} {:?} {}", attempt.operation(), attempt.kind(), attempt.number());
        attempt.headers_mut().insert("x-layer", "set".parse().unwrap());
        Box::pin(async move {
            if attempt.operation() == Some("Cached") {
                return Ok(Answer::new(respond(200, &[], r#"{"data":{"a":"cached"}}"#).unwrap()));
            }
            let answer = next.run(attempt).await?;
            let codes: Vec<&str> = answer.errors().iter().filter_map(|error| error.code()).collect();
            let seen = format!("{seen}: {} {codes:?} {:?}", answer.status().as_u16(), answer.extensions());
            self.0.lock().unwrap().push(seen);
            Ok(answer)
        })
    }
}

#[tokio::test]
async fn layers_see_each_attempt_and_its_outcome_and_may_answer() {
    let number = AtomicUsize::new(0);
    let transport = Arc::new(MockTransport::new(move |exchange| {
        assert_eq!(exchange.headers["x-layer"], "set");
        match number.fetch_add(1, SeqCst) {
            0 => respond(503, &[], ""),
            _ => respond(
                200,
                &[],
                r#"{"data":{"a":1},"errors":[{"message":"x","extensions":{"code":"ODD"}}],"extensions":{"cost":7}}"#,
            ),
        }
    }));
    let watching = Watching::default();
    let client = Client::builder("https://example.com").transport(transport.clone()).layer(watching.clone());
    let client = client.retry(Retry::attempts(3).backoff(Duration::ZERO, Duration::ZERO)).build().unwrap();
    let response = client.execute_raw::<_, Value>("query A { a }", &json!({}), Some("A")).await.unwrap();
    assert_eq!(response.errors[0].code(), Some("ODD"));
    assert_eq!(
        *watching.0.lock().unwrap(),
        ["Some(\"A\") None 1: 503 [] {}", "Some(\"A\") None 2: 200 [\"ODD\"] {\"cost\": Number(7)}"]
    );
    assert_eq!(response.into_result().unwrap_err().code(), Some("ODD"));
    let cached = client.execute_raw::<_, Value>("query Cached { a }", &json!({}), Some("Cached")).await.unwrap();
    assert_eq!((cached.data, transport.requests().len()), (Some(json!({ "a": "cached" })), 2));
    assert_eq!(OperationKind::Query.as_str(), "query");
}

/// A header that a layer sets itself is neither replaced nor renewed.
#[tokio::test]
async fn a_layer_may_bring_its_own_authorization() {
    #[derive(Debug)]
    struct Own;
    impl Layer for Own {
        fn handle<'a>(&'a self, mut attempt: Attempt<'a>, next: Next<'a>) -> BoxFuture<'a, Result<Answer, Error>> {
            attempt.headers_mut().insert("authorization", "Own".parse().unwrap());
            next.run(attempt)
        }
    }
    let transport = Arc::new(MockTransport::json(GOOD));
    let client = Client::builder("https://example.com").transport(transport.clone()).bearer("token").layer(Own);
    client.build().unwrap().execute_raw::<_, Value>("{ a }", &json!({}), None).await.unwrap();
    assert_eq!(transport.requests()[0].headers["authorization"], "Own");
}

fn verdict(classifier: impl Classifier, status: u16, headers: &[(&str, &str)], body: &str) -> Verdict {
    classifier.classify(&Answer::new(respond(status, headers, body).unwrap()))
}

#[test]
fn what_http_says() {
    let second = Duration::from_secs(1);
    let none = Verdict::default();
    assert_eq!(verdict(Http, 200, &[], GOOD), none);
    assert_eq!(verdict(Http, 500, &[("retry-after", "1")], ""), none);
    assert_eq!(verdict(Http, 401, &[], ""), Verdict { renew: true, not_run: true, ..none });
    assert_eq!(verdict(Http, 401, &[], GOOD), Verdict { renew: true, ..none });
    let waits = Verdict { wait: Some(second), pause: Some(Pause::For(second)), ..none };
    assert_eq!(verdict(Http, 429, &[("retry-after", "1")], "{}"), Verdict { not_run: true, ..waits });
    assert_eq!(verdict(Http, 429, &[("retry-after", "1")], r#"{"data":null}"#), waits);
    let succeeded = Verdict { wait: None, ..waits };
    assert_eq!(verdict(Http, 429, &[("retry-after", "1")], GOOD), succeeded);
    assert_eq!(verdict(Http, 503, &[("retry-after", "1")], GOOD), succeeded);
    let partial = r#"{"data":{"a":null},"errors":[{"message":"slow down"}]}"#;
    assert_eq!(verdict(Http, 429, &[("retry-after", "1")], partial), waits);
    assert_eq!(verdict(Http, 429, &[("retry-after", "1")], r#"{"data":{"a":"#), waits);
    assert_eq!(verdict(Http, 503, &[("retry-after", "1")], "{}"), waits);
    assert_eq!(verdict(Http, 403, &[("retry-after", "1")], "{}"), waits);
    assert_eq!(verdict(Http, 403, &[], "{}"), none);
    assert_eq!(verdict(Http, 502, &[], ""), Verdict { wait: Some(Duration::ZERO), ..none });
    let unexplained = Verdict { wait: Some(Duration::ZERO), pause: Some(Pause::Unexplained), not_run: true, ..none };
    assert_eq!(verdict(Http, 429, &[], "<html>"), unexplained);
    let exhausted = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")];
    assert_eq!(verdict(Http, 200, &exhausted, GOOD), Verdict { pause: Some(Pause::For(second)), ..none });
}

#[test]
fn what_servers_say_with_200() {
    let none = Verdict::default();
    let hasura = r#"{"errors":[{"message":"Could not verify JWT","extensions":{"code":"invalid-jwt"}}]}"#;
    assert_eq!(verdict(Http, 200, &[], hasura), none);
    let codes = ErrorCodes::unauthenticated;
    assert_eq!(verdict(codes(), 200, &[], hasura), Verdict { renew: true, ..none });
    assert_eq!(
        verdict(codes().checked_before_execution(), 200, &[], hasura),
        Verdict { renew: true, not_run: true, ..none }
    );
    let with_data = r#"{"data":{"a":null},"errors":[{"message":"x","extensions":{"code":"UNAUTHENTICATED"}}]}"#;
    assert_eq!(verdict(codes().checked_before_execution(), 200, &[], with_data), Verdict { renew: true, ..none });
    // From an issue of Shopify-api-node: the missing points divided by the restore rate.
    let throttled = r#"{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":
        {"requestedQueryCost":552,"actualQueryCost":null,"throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":52,"restoreRate":50.0}}}}"#;
    let ten = Duration::from_secs(10);
    let expected = Verdict { not_run: true, wait: Some(ten), pause: Some(Pause::For(ten)), ..none };
    assert_eq!(verdict(Shopify, 200, &[], throttled), expected);
    let too_costly = r#"{"errors":[{"message":"x","extensions":{"code":"MAX_COST_EXCEEDED"}}]}"#;
    assert_eq!(verdict(Shopify, 200, &[], too_costly), none);
    let limited = r#"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded for user ID 1."}]}"#;
    let reset = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "30")];
    let half_a_minute = Duration::from_secs(30);
    let waits = |time| Verdict { wait: Some(time), pause: Some(Pause::For(time)), ..none };
    assert_eq!(verdict(GitHub, 200, &reset, limited), waits(half_a_minute));
    let secondary = r#"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes."}"#;
    assert_eq!(verdict(GitHub, 403, &[("retry-after", "30")], secondary), waits(half_a_minute));
    assert_eq!(verdict(GitHub, 403, &[], secondary), waits(Duration::from_secs(60)));
    let both = verdict(GitHub.and(codes()), 200, &[], with_data);
    assert_eq!(both, Verdict { renew: true, ..none });
}

/// A token that is refused in a 200: queries are sent again with another one, mutations are not.
#[tokio::test]
async fn a_code_in_a_200_renews_the_token() {
    let refused = r#"{"errors":[{"message":"x","extensions":{"code":"UNAUTHENTICATED"}}]}"#;
    for (document, requests, succeeds) in [("query { a }", 2, true), ("mutation { a }", 1, false)] {
        let renewals = Arc::new(AtomicUsize::new(0));
        let transport =
            Arc::new(MockTransport::new(move |exchange| match exchange.headers["authorization"] == "Bearer given" {
                true => respond(200, &[], refused),
                false => respond(200, &[], GOOD),
            }));
        let renewing = Renewing::builder(Counting(renewals.clone())).tokens(Tokens::access("given")).build();
        let client = Client::builder("https://example.com").transport(transport.clone()).authentication(renewing);
        let client = client.classifier(ErrorCodes::unauthenticated()).build().unwrap();
        let answer = client.execute_raw::<_, Value>(document, &json!({}), None).await.unwrap().into_result();
        assert_eq!((answer.is_ok(), transport.requests().len()), (succeeds, requests), "{document}");
        // The renewal has begun in either case, for the next call.
        client.execute_raw::<_, Value>("{ a }", &json!({}), None).await.unwrap().into_result().unwrap();
        assert_eq!(renewals.load(SeqCst), 1);
    }
}

/// Data without errors is a good answer, whatever the status: nothing is gained by another one.
#[tokio::test]
async fn what_has_succeeded_is_not_sent_again() {
    for status in [401, 429, 503] {
        let transport = Arc::new(MockTransport::new(move |_| respond(status, &[], GOOD)));
        let renewing = Renewing::builder(Counting(Arc::default())).tokens(Tokens::access("given")).build();
        let client = Client::builder("https://example.com").transport(transport.clone()).authentication(renewing);
        let answer = client.build().unwrap().execute_raw::<_, Value>("{ a }", &json!({}), None).await;
        assert!(answer.unwrap().data.is_some());
        assert_eq!(transport.requests().len(), 1, "{status}");
    }
}

/// A temporary failure can be detected from the error, however the server reports it.
#[tokio::test]
async fn errors_that_pass_say_so() {
    let failing = async |status: u16, headers: &'static [(&'static str, &'static str)], body: &'static str| {
        let transport = Arc::new(MockTransport::new(move |_| respond(status, headers, body)));
        let client = Client::builder("https://example.com").transport(transport).retry(Retry::never());
        let client = client.classifier(Shopify).build().unwrap();
        let answer = client.execute_raw::<_, Value>("mutation { a }", &json!({}), None).await;
        let error = answer.and_then(graphwright::Response::into_result).unwrap_err();
        (error.kind(), error.is_retryable(), error.graphql_errors().len())
    };
    let errors = r#"{"errors":[{"message":"slow down"}]}"#;
    let partial = r#"{"data":{"a":1},"errors":[{"message":"slow down"}]}"#;
    let throttled = r#"{"errors":[{"message":"slow down","extensions":{"code":"THROTTLED"}}]}"#;
    let wait = &[("retry-after", "1")];
    assert_eq!(failing(429, wait, errors).await, (ErrorKind::Status, true, 1));
    assert_eq!(failing(503, &[], errors).await, (ErrorKind::Status, true, 1));
    assert_eq!(failing(429, wait, partial).await, (ErrorKind::Status, true, 1));
    assert_eq!(failing(403, wait, errors).await, (ErrorKind::Status, true, 1));
    assert_eq!(failing(200, &[], throttled).await, (ErrorKind::Graphql, true, 1));
    assert_eq!(failing(200, &[], errors).await, (ErrorKind::Graphql, false, 1));
}

/// GitHub's secondary limit and others answer 403 with a time: all callers wait.
#[tokio::test]
async fn a_403_with_a_time_pauses_all_callers() {
    let number = AtomicUsize::new(0);
    let transport = Arc::new(MockTransport::new(move |_| match number.fetch_add(1, SeqCst) {
        0 => respond(403, &[("retry-after", "0.4")], "{}"),
        _ => respond(200, &[], GOOD),
    }));
    let client = Client::builder("https://example.com").transport(transport).retry(Retry::never()).build().unwrap();
    client.execute_raw::<_, Value>("{ a }", &json!({}), None).await.unwrap_err();
    let started = std::time::Instant::now();
    client.execute_raw::<_, Value>("{ a }", &json!({}), None).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(390), "{:?}", started.elapsed());
}

/// Many errors, and long ones: the size that is read is bounded, and so is the time.
#[tokio::test]
async fn masses_of_errors_are_read_in_part_and_in_time() {
    let one = r#"{"message":"m","locations":[{"line":1,"column":1}],"extensions":{"a":[[],[],[]]}},"#;
    let body = format!(r#"{{"errors":[{}{{"message":"last"}}],"data":null}}"#, one.repeat(190_000));
    let transport = Arc::new(MockTransport::json(body.clone()));
    let client = Client::builder("https://example.com").transport(transport).build().unwrap();
    let started = std::time::Instant::now();
    let response = client.execute_raw::<_, Value>("{ a }", &json!({}), None).await.unwrap();
    println!("{} MB, {} errors, {:?}", body.len() / 1_000_000, response.errors.len(), started.elapsed());
    assert!(response.errors.len() > 10_000 && response.errors.len() < 20_000);
    // A deadline also applies to decoding.
    let transport = Arc::new(MockTransport::json(body));
    let client = Client::builder("https://example.com").transport(transport).timeout(Duration::from_millis(1));
    let error = client.build().unwrap().execute_raw::<_, Value>("{ a }", &json!({}), None).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

/// Each cause is named once under anyhow.
#[tokio::test]
async fn causes_are_named_once() {
    let client = Client::builder("http://127.0.0.1:1").retry(Retry::never()).build().unwrap();
    let error = client.execute_raw::<_, Value>("{ a }", &json!({}), None).await.unwrap_err();
    let shown = format!("{:#}", anyhow::Error::from(error));
    assert_eq!(shown.matches("efused").count(), 1, "{shown}");
    assert_eq!(shown.matches("127.0.0.1:1").count(), 1, "{shown}");
    let error = Client::builder("http://exa mple").build().unwrap_err();
    let shown = format!("{:#}", anyhow::Error::from(error));
    assert_eq!(shown.matches("invalid uri character").count(), 1, "{shown}");
}

#[tokio::test]
async fn a_password_in_a_url_becomes_a_header() {
    let transport = Arc::new(MockTransport::json(GOOD));
    let client = Client::builder("https://user:pass%20word@example.com/graphql").transport(transport.clone());
    client.build().unwrap().execute_raw::<_, Value>("{ a }", &json!({}), None).await.unwrap();
    let request = &transport.requests()[0];
    assert_eq!(request.uri, "https://example.com/graphql");
    assert_eq!(request.headers["authorization"], "Basic dXNlcjpwYXNzIHdvcmQ=");
    let twice = Client::builder("https://example.com").bearer("token").header("Authorization", "Bearer other").build();
    assert_eq!(
        twice.unwrap_err().to_string(),
        "the header `authorization` is set both by the authentication and as a header"
    );
}
