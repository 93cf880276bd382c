//! Requests that the server has certainly not processed, and requests that are sent once.

use super::{http2, reason, send, settings};
use crate::http2_server::{CANCEL, ENHANCE_YOUR_CALM, Http2Act, Http2Server, INTERNAL_ERROR, NO_ERROR, REFUSED_STREAM};
use futures_util::future::join_all;
use graphwright::transport::rustls::RootCertStore;
use graphwright::transport::{ReqwestTransport, Transport, TransportError, reqwest};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const CALLS: u64 = 200;
/// A request whose connection ends at the wrong moment can wait for ever: the transport leaves that to the client's deadline.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends requests in groups, and returns the number of outcomes by their description.
async fn outcomes(transport: impl Transport, url: &str, at_once: u64) -> BTreeMap<String, u64> {
    let transport = Arc::new(transport);
    let mut outcomes = BTreeMap::new();
    for group in 0..CALLS / at_once {
        let calls = (0..at_once).map(|at| {
            let (transport, url) = (transport.clone(), url.to_owned());
            tokio::spawn(async move { timeout(PATIENCE, send(&*transport, &url, group * at_once + at)).await })
        });
        for outcome in join_all(calls.collect::<Vec<_>>()).await {
            let described = outcome.unwrap().map_or_else(|_| "unknown: no answer".into(), |outcome| describe(&outcome));
            *outcomes.entry(described).or_default() += 1;
        }
    }
    outcomes
}

fn describe(outcome: &Result<graphwright::http::Response<graphwright::bytes::Bytes>, TransportError>) -> String {
    match outcome {
        Ok(_) => "answered".into(),
        Err(error) if error.is_unsent() => format!("unsent: {}", reason(error)),
        Err(error) => format!("unknown: {}", reason(error)),
    }
}

/// Checks the outcomes of one act, whether each request was executed once or never, and that none was repeated.
async fn check(act: Http2Act, executed: u32, expected: &str) {
    for at_once in [1, 10] {
        let server = Http2Server::start(move |_| act).await;
        let outcomes = outcomes(http2(), &server.url, at_once).await;
        println!("{act:?}, {at_once} at once: {outcomes:?}, {} connections", server.connections());
        let prefixes: Vec<&str> = outcomes.keys().map(|key| key.split(':').next().unwrap()).collect();
        if at_once == 1 {
            // A few requests may meet a connection that has just ended, and are not written at all.
            let most = CALLS * 9 / 10;
            let met = |prefix: &str| prefix == expected || prefix == "unsent";
            assert!(prefixes.iter().all(|prefix| met(prefix)), "{act:?} {outcomes:?}");
            assert!((most..=CALLS).contains(&server.requests()), "{act:?}");
            let treated = (0..CALLS).filter(|&key| server.executed(key) == executed).count() as u64;
            assert!(treated >= most, "{act:?}: {treated}");
        }
        let unsent = outcomes.iter().filter(|(key, _)| key.starts_with("unsent")).map(|(_, times)| times).sum::<u64>();
        let ran = (0..CALLS).filter(|&key| server.executed(key) > 0).count() as u64;
        assert!(ran + unsent <= CALLS, "{act:?}: {ran} ran, {unsent} are said to be unsent");
        assert!((0..CALLS).all(|key| server.executed(key) <= 1), "{act:?}: executed twice");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_streams_are_unsent() {
    check(Http2Act::Refuse(REFUSED_STREAM), 0, "unsent").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_above_the_last_one_of_goaway_are_unsent() {
    check(Http2Act::GoAwayBelow(NO_ERROR), 0, "unsent").await;
    check(Http2Act::GoAwayBelow(ENHANCE_YOUR_CALM), 0, "unsent").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_resets_are_not_unsent() {
    check(Http2Act::Refuse(CANCEL), 0, "unknown").await;
    check(Http2Act::ResetAfterExecuting(CANCEL), 1, "unknown").await;
    check(Http2Act::ResetAfterExecuting(INTERNAL_ERROR), 1, "unknown").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_up_to_the_last_one_of_goaway_are_not_unsent() {
    check(Http2Act::GoAwayAfterExecuting(NO_ERROR), 1, "unknown").await;
    check(Http2Act::GoAwayAfterExecuting(INTERNAL_ERROR), 1, "unknown").await;
    check(Http2Act::CloseAfterExecuting, 1, "unknown").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graceful_shutdown_answers() {
    check(Http2Act::GoAwayAndAnswer, 1, "answered").await;
}

/// Documents reqwest's own retries, which `from_client` asks to switch off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reqwests_own_retries_repeat_requests_without_the_knowledge_of_the_client() {
    for act in [
        Http2Act::Refuse(REFUSED_STREAM),
        Http2Act::GoAwayBelow(NO_ERROR),
        Http2Act::GoAwayAfterExecuting(NO_ERROR),
        Http2Act::CloseAfterExecuting,
    ] {
        let server = Http2Server::start(move |_| act).await;
        let tls = super::tls::configuration(RootCertStore::empty()).with_no_client_auth();
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).http2_prior_knowledge().no_proxy();
        let outcomes = outcomes(ReqwestTransport::from_client(client.build().unwrap(), 1 << 20), &server.url, 1).await;
        let twice = (0..CALLS).filter(|&key| server.executed(key) > 1).count();
        println!("{act:?}: {outcomes:?}, {} requests, {twice} executed more than once", server.requests());
        let repeated = matches!(act, Http2Act::Refuse(_) | Http2Act::GoAwayBelow(_));
        // A connection that broke before the next request was written has not carried that one.
        let most = if repeated { 3 * CALLS } else { CALLS };
        assert!((most * 9 / 10..=most).contains(&server.requests()), "{act:?}");
    }
}

#[tokio::test]
async fn requests_without_a_connection_are_unsent() {
    let transport = ReqwestTransport::from_client(settings().build().unwrap(), 1000);
    for url in ["http://127.0.0.1:1", "http://no-such-host.invalid", "https://127.0.0.1:1"] {
        let error = send(&transport, url, 0).await.unwrap_err();
        assert!(error.is_unsent() && !error.is_permanent(), "{error}");
    }
}

/// The behaviour of an HTTP/1.1 server after it has executed a request.
#[derive(Clone, Copy)]
enum Http1Act {
    /// Answers the first request of a connection, executes the second and closes.
    CloseAfterTheSecond,
    /// Answers, and closes the connection that the client believes to be alive.
    CloseAfterTheAnswer,
}

async fn keep_alive(act: Http1Act) -> (String, Arc<Mutex<HashMap<u64, u32>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let executed: Arc<Mutex<HashMap<u64, u32>>> = Arc::default();
    let seen = executed.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let seen = seen.clone();
            tokio::spawn(async move {
                for at in 0.. {
                    let Some(key) = read(&mut stream).await else { return };
                    *seen.lock().unwrap().entry(key).or_default() += 1;
                    if at == 1 {
                        return;
                    }
                    let ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                    if stream.write_all(ok.as_bytes()).await.is_err() || matches!(act, Http1Act::CloseAfterTheAnswer) {
                        return;
                    }
                }
            });
        }
    });
    (url, executed)
}

/// Reads a request and returns its key.
async fn read(stream: &mut TcpStream) -> Option<u64> {
    let mut seen = String::new();
    while !seen.ends_with("}}") {
        let mut chunk = [0; 2048];
        let read = stream.read(&mut chunk).await.ok().filter(|&read| read > 0)?;
        seen += std::str::from_utf8(&chunk[..read]).unwrap();
    }
    seen.rsplit(':').next()?.trim_end_matches('}').parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_on_a_connection_that_the_server_closes_is_sent_once() {
    for act in [Http1Act::CloseAfterTheSecond, Http1Act::CloseAfterTheAnswer] {
        for at_once in [1, 10] {
            let (url, executed) = keep_alive(act).await;
            let outcomes = outcomes(ReqwestTransport::new(1000).unwrap(), &url, at_once).await;
            println!("{at_once} at once: {outcomes:?}");
            let executed = executed.lock().unwrap();
            assert!(executed.values().all(|&times| times == 1), "executed twice");
            let unsent: u64 =
                outcomes.iter().filter(|(key, _)| key.starts_with("unsent")).map(|(_, times)| times).sum();
            assert!(executed.len() as u64 + unsent <= CALLS);
        }
    }
}
