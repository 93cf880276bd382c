//! GraphQL Yoga, whose responses have a resolver's status beside data.

use super::{CALLS, Outcomes, call, client, transport, wanted};
use crate::support::Counting;
use graphwright::ClientBuilder;
use graphwright::auth::Renewing;
use graphwright::transport::ReqwestTransport;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

/// The server as a process, which ends with this.
struct Yoga(Child, String, Arc<ReqwestTransport>);

impl Yoga {
    fn start() -> Self {
        let folder =
            std::env::var("GRAPHWRIGHT_TORTURE_YOGA").expect("the folder where npm has installed graphql-yoga");
        let script = std::path::Path::new(&folder).join("torture.mjs");
        std::fs::copy(crate::support::root().join("tests/interop/torture.mjs"), &script).unwrap();
        let mut process = Command::new("node").arg(script).stdout(Stdio::piped()).spawn().expect("Node.js");
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self(process, url.trim().to_owned(), transport())
    }

    fn client(&self) -> ClientBuilder {
        client(&self.1, &self.2)
    }

    /// Returns the number of executed keys, and the maximum number of executions of one.
    async fn counts(&self, of: &str) -> (u64, u64) {
        let answer: Value = self
            .client()
            .build()
            .unwrap()
            .execute_raw(&format!("{{ counts: {of} {{ keys most }} }}"), &json!({}), None)
            .await
            .unwrap()
            .into_result()
            .unwrap();
        (answer["counts"]["keys"].as_u64().unwrap(), answer["counts"]["most"].as_u64().unwrap())
    }
}

impl Drop for Yoga {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn charge(yoga: &Yoga, document: &'static str, status: u16, make: impl Fn() -> ClientBuilder) -> Outcomes {
    let variables = move |key| json!({ "key": format!("{status}-{}-{key}", document.len()), "status": status });
    let before = yoga.counts("charged").await;
    let outcomes = call(CALLS, 50, make, document, variables).await;
    let (keys, most) = yoga.counts("charged").await;
    println!("{status} with data: {} keys charged, at most {most} times each; {outcomes:?}", keys - before.0);
    assert_eq!((keys - before.0, most), (CALLS as u64, 1));
    outcomes
}

const NULLABLE: &str = "mutation($key: String!, $status: Int!) { charge(key: $key) notify(status: $status) }";
/// `data` is null here, and the charge is made all the same.
const REQUIRED: &str = "mutation($key: String!, $status: Int!) { charge(key: $key) notifyAlways(status: $status) }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mutation_with_data_under_a_failing_status_runs_once() {
    if !wanted() {
        return;
    }
    let yoga = Yoga::start();
    for document in [NULLABLE, REQUIRED] {
        for status in [429, 503] {
            let outcomes = charge(&yoga, document, status, || yoga.client()).await;
            assert_eq!(outcomes, Outcomes::from([(format!("status {status}, 1 attempts"), CALLS)]));
        }
        // The token is renewed for later calls, and the mutation is not sent again.
        let renewals = Arc::new(AtomicUsize::new(0));
        let make = || yoga.client().authentication(Renewing::builder(Counting(renewals.clone())).build());
        let outcomes = charge(&yoga, document, 401, make).await;
        assert_eq!(outcomes.values().sum::<usize>(), CALLS);
        assert!(outcomes.keys().all(|outcome| outcome.ends_with("1 attempts")), "{outcomes:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_are_sent_again() {
    if !wanted() {
        return;
    }
    let yoga = Yoga::start();
    let ask = "query($key: String!, $status: Int!) { ask(key: $key, status: $status) }";
    for status in [429, 503] {
        let variables = move |key| json!({ "key": format!("{status}-{key}"), "status": status });
        let outcomes = call(100, 50, || yoga.client(), ask, variables).await;
        println!("queries under {status}: {outcomes:?}, {:?}", yoga.counts("asked").await);
        assert_eq!(outcomes, Outcomes::from([("ok".to_owned(), 100)]));
    }
    assert_eq!(yoga.counts("asked").await, (200, 3));
}
