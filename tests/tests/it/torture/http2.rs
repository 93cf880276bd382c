//! HTTP/2 streams and connections that end in every possible manner: only rejected requests are sent again.

use super::{CALLS, Outcomes, call, client, wanted};
use crate::http2_server::{CANCEL, Http2Act, Http2Server, INTERNAL_ERROR, NO_ERROR, REFUSED_STREAM};
use crate::transport::http2;
use serde_json::json;
use std::sync::Arc;

/// Every second request is treated like this, and the others are answered: a mutation that is sent again succeeds.
const REFUSALS: [Http2Act; 2] = [Http2Act::Refuse(REFUSED_STREAM), Http2Act::GoAwayBelow(NO_ERROR)];

/// Every request is executed, and then this happens.
const FAILURES: [Http2Act; 4] = [
    Http2Act::ResetAfterExecuting(CANCEL),
    Http2Act::ResetAfterExecuting(INTERNAL_ERROR),
    Http2Act::GoAwayAfterExecuting(NO_ERROR),
    Http2Act::CloseAfterExecuting,
];

/// Returns the outcomes, and how often the keys were executed: at least and at most.
async fn outcomes(act: impl Fn(u64) -> Http2Act + Send + Sync + 'static, at_once: usize) -> (Outcomes, u32, u32) {
    let server = Http2Server::start(act).await;
    let transport = Arc::new(http2());
    let make = || client(&server.url, &transport);
    let document = "mutation PayOnce($key: Int!) { charge(key: $key) }";
    let outcomes = call(CALLS, at_once, make, document, |key| json!({ "key": key })).await;
    let executed = || (0..CALLS as u64).map(|key| server.executed(key));
    (outcomes, executed().min().unwrap(), executed().max().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_http2_a_mutation_runs_once() {
    if !wanted() {
        return;
    }
    for refusal in REFUSALS {
        let (outcomes, least, most) =
            outcomes(move |number| if number % 2 == 0 { refusal } else { Http2Act::Answer }, 1).await;
        println!("every second time {refusal:?}: executed {least} to {most} times; {outcomes:?}");
        assert_eq!((outcomes.get("ok"), least, most), (Some(&CALLS), 1, 1));
    }
    for failure in FAILURES {
        for at_once in [1, 10] {
            let (outcomes, _, most) = outcomes(move |_| failure, at_once).await;
            println!("{failure:?}, {at_once} at once: executed at most {most} times; {outcomes:?}");
            assert_eq!((most, outcomes.get("ok"), outcomes.values().sum::<usize>()), (1, None, CALLS));
        }
    }
}
