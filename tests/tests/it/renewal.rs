//! Renewal in the background: the behaviour of token endpoints, and its effect on calls.

use crate::support::{Act, http, misbehaving};
use futures_util::future::join_all;
use graphwright::auth::{FileStore, RefreshEndpoint, Renewing, TokenSource, Tokens};
use graphwright::http::Response;
use graphwright::transport::{BoxFuture, MockTransport, Transport, TransportError};
use graphwright::{Client, ClientBuilder, Error, ErrorKind, Limit, Retry, Throttle};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

async fn ask(client: &Client) -> Result<Value, Error> {
    client.execute_raw::<_, Value>("{ a }", &json!({}), None).await?.into_result()
}

fn good() -> Result<Response<graphwright::bytes::Bytes>, TransportError> {
    Ok(Response::new(r#"{"data":{"a":1}}"#.into()))
}

fn client(renewing: Renewing) -> ClientBuilder {
    let client = Client::builder("https://example.com").transport(Arc::new(MockTransport::new(|_| good())));
    client.authentication(renewing)
}

fn ending_in(seconds: u64) -> Tokens {
    let end = SystemTime::now() + Duration::from_secs(seconds);
    Tokens::access("old").with_refresh("refresh").expiring_at(end)
}

fn garbage() -> Act {
    http("200 OK", "application/json", "{\"access_token\":")
}

fn five_hundred() -> Act {
    http("500 Internal Server Error", "application/json", r#"{"error":"down for now"}"#)
}

/// Calls of four callers at 200 a second, for a while.
async fn calls_in(client: Client, time: Duration) -> usize {
    let until = Instant::now() + time;
    let callers = (0..4).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            let mut calls = 0;
            while Instant::now() < until {
                ask(&client).await.unwrap();
                calls += 1;
            }
            calls
        })
    });
    join_all(callers.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).sum()
}

/// The token has 240 s left, and is due for a renewal that does not succeed: nothing waits for it.
/// `GRAPHWRIGHT_SECONDS` sets how long each endpoint is looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_endpoint_does_a_token_that_holds_is_used() {
    let seconds = std::env::var("GRAPHWRIGHT_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(2);
    let time = Duration::from_secs(seconds);
    let paced = |renewing: Renewing| client(renewing).limit(Limit::per_second(200)).build().unwrap();
    let normal = calls_in(paced(Renewing::builder(Never).tokens(ending_in(10_000)).build()), time).await;
    let slow = Act::Slow(Duration::from_secs(5), r#"{"access_token":"new","expires_in":3600}"#);
    for (name, act) in [("hangs", Act::Hang), ("500", five_hundred()), ("slow", slow), ("garbage", garbage())] {
        let endpoint = RefreshEndpoint::json(misbehaving(vec![act]));
        let calls = calls_in(paced(Renewing::builder(endpoint).tokens(ending_in(240)).build()), time).await;
        println!("{name}: {calls} calls in {time:?}, normally {normal}");
        // Other tests may run beside this one, unless it is asked for alone.
        let part = if std::env::var_os("GRAPHWRIGHT_SLOW").is_some() { 0.95 } else { 0.5 };
        assert!(calls as f64 >= normal as f64 * part, "{name}: {calls} calls, normally {normal}");
    }
}

/// A source that is never to be asked.
#[derive(Debug)]
struct Never;

impl TokenSource for Never {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        Box::pin(std::future::ready(Err(Error::new(ErrorKind::Authentication, "asked all the same"))))
    }
}

/// A source that gives tokens with a short life, and notes when it was asked.
#[derive(Debug, Clone, Default)]
struct ShortLived {
    asked: Arc<Mutex<Vec<Instant>>>,
    takes: Duration,
    ends_old: Option<()>,
}

impl TokenSource for ShortLived {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        Box::pin(async move {
            let number = {
                let mut asked = self.asked.lock().unwrap();
                asked.push(Instant::now());
                asked.len()
            };
            tokio::time::sleep(self.takes).await;
            Ok(Tokens::access(format!("token-{number}")).received_now(Some(Duration::from_secs(2))))
        })
    }

    fn old_tokens_end_at_once(&self) -> bool {
        self.ends_old.is_some()
    }
}

/// Tokens that live for 2 s are renewed after 1 s: once, however many calls there are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_renewal_for_each_expiry_over_ten_thousand_calls() {
    let source = ShortLived { takes: Duration::from_millis(50), ..ShortLived::default() };
    let client = client(Renewing::new(source.clone())).build().unwrap();
    let started = Instant::now();
    let callers = (0..20).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            for _ in 0..500 {
                ask(&client).await.unwrap();
                tokio::time::sleep(Duration::from_millis(8)).await;
            }
        })
    });
    join_all(callers.collect::<Vec<_>>()).await.into_iter().for_each(|caller| caller.unwrap());
    let asked = source.asked.lock().unwrap().clone();
    println!("10,000 calls in {:?}, {} renewals", started.elapsed(), asked.len());
    assert!(asked.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_millis(1000)), "{asked:?}");
    assert!(asked.len() >= started.elapsed().as_secs() as usize);
}

#[tokio::test]
async fn one_failure_of_the_endpoint_is_waited_out() {
    let new = http("200 OK", "application/json", r#"{"access_token":"new","expires_in":3600}"#);
    let endpoint = RefreshEndpoint::json(misbehaving(vec![five_hundred(), new]));
    let renewing = Renewing::builder(endpoint).tokens(Tokens::refresh("refresh")).build();
    assert_eq!(ask(&client(renewing).build().unwrap()).await.unwrap(), json!({ "a": 1 }));
}

/// Calls without a token fail with the endpoint's error, after their timeout.
#[tokio::test]
async fn without_a_token_the_error_says_what_the_endpoint_says() {
    let failing = async |act: Act, timeout: u64| {
        let endpoint = RefreshEndpoint::json(misbehaving(vec![act]));
        let renewing = Renewing::builder(endpoint).tokens(Tokens::refresh("refresh")).build();
        let client = client(renewing).timeout(Duration::from_millis(timeout)).build().unwrap();
        let started = Instant::now();
        let error = ask(&client).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_millis(timeout + 500), "{:?}", started.elapsed());
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 0));
        (error.to_string(), error.is_retryable())
    };
    let (said, retryable) = failing(five_hundred(), 700).await;
    assert_snapshot!(said, @"no valid access token is available, and the renewal failed: the token endpoint answered 500 Internal Server Error: down for now");
    assert!(retryable);
    let (said, retryable) = failing(Act::Hang, 700).await;
    assert_snapshot!(said, @"no access token was available within 700ms, since a renewal has not ended");
    assert!(retryable);
    let refused = http("400 Bad Request", "application/json", r#"{"error":"invalid_grant"}"#);
    let (said, retryable) = failing(refused, 20_000).await;
    assert_snapshot!(said, @"no valid access token is available, and the renewal failed, log in again: the token endpoint answered 400 Bad Request: invalid_grant");
    assert!(!retryable);
}

/// The server refuses the token, and there is nothing to renew it with: both are said.
#[tokio::test]
async fn a_rejected_token_without_a_refresh_token_says_that_it_was_rejected() {
    let transport = MockTransport::new(|_| {
        let response = Response::builder().status(401).body("".into());
        response.map_err(|error| TransportError::new(error.to_string()))
    });
    let endpoint = RefreshEndpoint::json("http://127.0.0.1:9");
    let renewing = Renewing::builder(endpoint).tokens(Tokens::access("expired")).build();
    let client = Client::builder("https://example.com").transport(Arc::new(transport)).authentication(renewing);
    let client = client.build().unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert_snapshot!(error, @"the server rejected the access token, and the renewal failed: no refresh token; log in again");
}

/// A call that brings its own header is refused: that says nothing about the client's token.
#[tokio::test]
async fn a_401_for_a_header_of_the_call_renews_nothing() {
    let source = ShortLived::default();
    let transport = Arc::new(MockTransport::new(|exchange| {
        let own = exchange.headers["authorization"] == "Bearer mine";
        let response = Response::builder().status(if own { 401 } else { 200 }).body(r#"{"data":{"a":1}}"#.into());
        response.map_err(|error| TransportError::new(error.to_string()))
    }));
    let client = Client::builder("https://example.com").transport(transport.clone());
    let client = client.authentication(Renewing::new(source.clone())).build().unwrap();
    let nothing = json!({});
    let own = client.call_raw("{ a }", &nothing, None).header("Authorization", "Bearer mine");
    own.execute_raw::<Value>().await.unwrap();
    assert_eq!((transport.requests().len(), source.asked.lock().unwrap().len()), (1, 0));
    ask(&client).await.unwrap();
    assert_eq!(source.asked.lock().unwrap().len(), 1);
}

/// A transport of which every request takes a while.
#[derive(Debug)]
struct Takes(Duration);

impl Transport for Takes {
    fn send(
        &self,
        _: graphwright::http::Request<graphwright::bytes::Bytes>,
    ) -> BoxFuture<'_, Result<Response<graphwright::bytes::Bytes>, TransportError>> {
        Box::pin(async {
            tokio::time::sleep(self.0).await;
            good()
        })
    }
}

/// Requests on their way are waited for only if the source says that old tokens end at once.
#[tokio::test]
async fn a_slow_request_does_not_hold_up_a_renewal() {
    for (ends_old, at_least, at_most) in [(None, 0, 300), (Some(()), 400, 1500)] {
        let source = ShortLived { ends_old, ..ShortLived::default() };
        let renewing = Renewing::new(source);
        let client = Client::builder("https://example.com").transport(Arc::new(Takes(Duration::from_millis(600))));
        let client = client.authentication(renewing.clone()).build().unwrap();
        let slow = tokio::spawn(async move { ask(&client).await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        let started = Instant::now();
        renewing.renew().await.unwrap();
        let took = started.elapsed().as_millis();
        assert!((at_least..at_most).contains(&took), "{ends_old:?}: {took} ms");
        slow.await.unwrap().unwrap();
    }
}

/// Two clients share a throttle; the token of one is being renewed: the other goes on.
#[tokio::test]
async fn a_client_without_a_token_does_not_hold_up_others_in_a_shared_queue() {
    let shared = Throttle::per_second(50);
    let waiting = ShortLived { takes: Duration::from_secs(2), ..ShortLived::default() };
    let waiting = client(Renewing::new(waiting)).throttle(shared.clone()).build().unwrap();
    let waiting = tokio::spawn(async move { ask(&waiting).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let other = client(Renewing::new(ShortLived::default())).throttle(shared).build().unwrap();
    let started = Instant::now();
    for _ in 0..10 {
        ask(&other).await.unwrap();
    }
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    waiting.await.unwrap().unwrap();
}

/// Stored tokens cannot be read: the given tokens are used, and stored from then on.
#[tokio::test]
async fn a_damaged_file_is_no_reason_to_forget_the_given_tokens() {
    for damaged in ["", "{\"access_token\": \"x"] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens.json");
        std::fs::write(&file, damaged).unwrap();
        let new = http("200 OK", "application/json", r#"{"access_token":"new","refresh_token":"next"}"#);
        let endpoint = RefreshEndpoint::json(misbehaving(vec![new]));
        let renewing =
            Renewing::builder(endpoint).tokens(Tokens::refresh("given")).store(FileStore::new(&file)).build();
        assert_eq!(renewing.current().await.unwrap().refresh.unwrap().expose(), "next");
        assert!(std::fs::read_to_string(&file).unwrap().contains("next"));
    }
}

/// An access token that cannot be sent does not take the refresh token with it.
#[tokio::test]
async fn an_access_token_that_cannot_be_sent_is_renewed() {
    for access in ["good\n", "a\nb"] {
        let new = http("200 OK", "application/json", r#"{"access_token":"new"}"#);
        let endpoint = RefreshEndpoint::json(misbehaving(vec![new]));
        let renewing = Renewing::builder(endpoint).tokens(Tokens::access(access).with_refresh("refresh")).build();
        let current = renewing.current().await.unwrap();
        assert_eq!(current.access.unwrap().expose(), if access == "good\n" { "good" } else { "new" });
        assert_eq!(current.refresh.unwrap().expose(), "refresh");
    }
}

/// Without a Tokio runtime, renewals go on beside the calls all the same.
#[test]
fn renewals_need_no_runtime() {
    #[derive(Debug)]
    struct Plain(Arc<AtomicUsize>);
    impl TokenSource for Plain {
        fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
            self.0.fetch_add(1, SeqCst);
            std::thread::sleep(Duration::from_millis(200));
            Box::pin(std::future::ready(Ok(Tokens::access("new"))))
        }
    }
    let asked = Arc::new(AtomicUsize::new(0));
    let renewing = Renewing::builder(Plain(asked.clone())).tokens(ending_in(240)).build();
    let client = client(renewing.clone()).retry(Retry::never()).build().unwrap();
    // The first look into the store takes a moment; from then on no call has to wait, while the renewal takes 200 ms.
    let call = || futures_util::FutureExt::now_or_never(ask(&client)).map(Result::unwrap);
    while call().is_none() {
        std::thread::yield_now();
    }
    assert!((0..100).all(|_| call().is_some()));
    let current = || futures_util::FutureExt::now_or_never(renewing.current()).unwrap().unwrap().access.unwrap();
    while current().expose() == "old" {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(asked.load(SeqCst), 1);
}
