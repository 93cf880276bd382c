//! Mutations through third-party servers and proxies, and through every fault of a connection: each is executed
//! exactly once. `cargo xtask torture` installs the requirements and runs these tests.

mod faults;
mod http2;
mod varnish;
mod yoga;

use futures_util::future::join_all;
use graphwright::transport::ReqwestTransport;
use graphwright::{Client, ClientBuilder, Error, ErrorKind, Retry};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

/// The number of mutations for each fault.
const CALLS: usize = 1000;

/// Returns true if the tests were asked for: they take minutes, and need Varnish, Node.js and packages from npm.
fn wanted() -> bool {
    std::env::var_os("GRAPHWRIGHT_TORTURE").is_some()
}

/// The numbers of calls, by kind and status of the error.
type Outcomes = BTreeMap<String, usize>;

/// Makes calls, so many at a time, each by a client of its own over one transport: a pause that a server asks for holds up
/// no other call.
async fn call(
    calls: usize,
    at_once: usize,
    make: impl Fn() -> ClientBuilder,
    document: &'static str,
    variables: impl Fn(usize) -> Value + Send + Sync + 'static,
) -> Outcomes {
    let (next, variables) = (Arc::new(AtomicUsize::new(0)), Arc::new(variables));
    let callers = (0..at_once).map(|_| {
        let (next, variables) = (next.clone(), variables.clone());
        let clients: Vec<Client> = (0..calls.div_ceil(at_once) + 1).map(|_| make().build().unwrap()).collect();
        tokio::spawn(async move {
            let mut outcomes = Vec::new();
            for client in clients {
                let key = next.fetch_add(1, SeqCst);
                if key >= calls {
                    break;
                }
                let answer = client.execute_raw::<_, Value>(document, &variables(key), None).await;
                outcomes.push(outcome(answer.and_then(graphwright::Response::into_result)));
            }
            assert!(outcomes.len() <= calls);
            outcomes
        })
    });
    let mut all = Outcomes::new();
    let callers = callers.collect::<Vec<_>>();
    for caller in join_all(callers).await {
        for outcome in caller.unwrap() {
            *all.entry(outcome).or_default() += 1;
        }
    }
    // Some callers may have been slower than others: one client each makes the remaining calls.
    loop {
        let key = next.fetch_add(1, SeqCst);
        if all.values().sum::<usize>() >= calls || key >= calls {
            return all;
        }
        let answer = make().build().unwrap().execute_raw::<_, Value>(document, &variables(key), None).await;
        *all.entry(outcome(answer.and_then(graphwright::Response::into_result))).or_default() += 1;
    }
}

fn outcome(answer: Result<Value, Error>) -> String {
    match answer {
        Ok(_) => "ok".to_owned(),
        Err(error) => {
            let status = error.status().map(|status| format!(" {}", status.as_u16())).unwrap_or_default();
            assert_ne!(error.kind(), ErrorKind::Throttle, "{error}");
            format!("{}{status}, {} attempts", error.kind().as_str(), error.attempts())
        }
    }
}

/// Returns a client as it comes, but with short waits.
fn client(url: &str, transport: &Arc<ReqwestTransport>) -> ClientBuilder {
    let retry = Retry::attempts(4).backoff(Duration::from_millis(5), Duration::from_millis(20));
    Client::builder(url).retry(retry).transport(transport.clone())
}

fn transport() -> Arc<ReqwestTransport> {
    Arc::new(ReqwestTransport::new(1 << 20).unwrap())
}

fn keyed(key: usize) -> Value {
    json!({ "key": key.to_string() })
}
