//! The throttle, as users of clients see it: limits, pauses, the queue, requests in flight.

use futures_util::future::join_all;
use graphwright::bytes::Bytes;
use graphwright::http::{Request, Response};
use graphwright::transport::{BoxFuture, MockTransport, Transport, TransportError};
use graphwright::{Client, ClientBuilder, ErrorKind, Limit, Operation, OperationKind, Retry, Throttle};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// An operation as it is generated, by hand.
#[derive(Serialize)]
struct Ping;

#[derive(Debug, Serialize, Deserialize)]
struct Data {
    ping: i32,
}

impl Operation for Ping {
    const NAME: Option<&'static str> = Some("Ping");
    const KIND: OperationKind = OperationKind::Query;
    const DOCUMENT: &'static str = "query Ping{ping}";
    const ID: &'static str = "00";
    type Data = Data;
}

impl graphwright::SingleResponse for Ping {}

const ANSWER: &str = r#"{"data":{"ping":1}}"#;

fn builder(transport: Arc<dyn Transport>) -> ClientBuilder {
    Client::builder("https://example.com").transport(transport).retry(Retry::never())
}

/// Notes when requests arrive and how many are there at once; answers when the gate has a permit.
#[derive(Debug)]
struct Counting {
    arrived: Mutex<Vec<Instant>>,
    now: AtomicUsize,
    most: AtomicUsize,
    gate: Semaphore,
}

impl Counting {
    fn new(answers: usize) -> Arc<Self> {
        let gate = Semaphore::new(answers);
        Arc::new(Self { arrived: Mutex::default(), now: AtomicUsize::new(0), most: AtomicUsize::new(0), gate })
    }

    fn open() -> Arc<Self> {
        Self::new(Semaphore::MAX_PERMITS)
    }

    fn count(&self) -> usize {
        self.arrived.lock().unwrap().len()
    }
}

/// A request that is counted until it is answered or abandoned.
struct Here<'t>(&'t AtomicUsize);

impl Drop for Here<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Transport for Counting {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            self.arrived.lock().unwrap().push(Instant::now());
            self.most.fetch_max(self.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let _here = Here(&self.now);
            self.gate.acquire().await.unwrap().forget();
            Ok(Response::new(ANSWER.into()))
        })
    }
}

/// Refuses with this `Retry-After` as long as the switch is on.
fn demanding(seconds: &'static str) -> (Arc<dyn Transport>, Arc<AtomicBool>) {
    let on = Arc::new(AtomicBool::new(true));
    let switch = on.clone();
    let transport = MockTransport::new(move |_| {
        let response = match switch.load(Ordering::SeqCst) {
            true => Response::builder().status(429).header("retry-after", seconds).body("".into()),
            false => Response::builder().body(ANSWER.into()),
        };
        response.map_err(|error| TransportError::new(error.to_string()))
    });
    (Arc::new(transport), on)
}

#[tokio::test]
async fn limits_of_a_client_and_of_a_shared_throttle_hold_at_once() {
    let shared = Throttle::builder().limit(Limit::new(4, Duration::from_millis(400))).build();
    let transport = Counting::open();
    let strict = builder(transport.clone()).throttle(shared.clone()).limit(Limit::per_second(5)).build().unwrap();
    let started = Instant::now();
    join_all((0..4).map(|_| strict.send(Ping))).await.into_iter().for_each(|sent| assert_eq!(sent.unwrap().ping, 1));
    assert!(started.elapsed() >= Duration::from_millis(590), "{:?}", started.elapsed());
    let loose = |_| builder(transport.clone()).throttle(shared.clone()).build().unwrap();
    let clients: Vec<Client> = (0..3).map(loose).collect();
    let started = Instant::now();
    join_all((0..9).map(|at| clients[at % 3].send(Ping))).await.into_iter().for_each(|sent| assert!(sent.is_ok()));
    assert!(started.elapsed() >= Duration::from_millis(790), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_demand_beyond_the_longest_pause_is_an_error_and_ends_by_itself() {
    let (transport, refusing) = demanding("86400");
    let client = builder(transport).longest_pause(Duration::from_millis(200)).build().unwrap();
    client.send(Ping).await.unwrap_err();
    refusing.store(false, Ordering::SeqCst);
    let started = Instant::now();
    let error = client.send(Ping).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_millis(100));
    assert_eq!(error.kind(), ErrorKind::Throttle);
    assert!(error.to_string().contains("86400s"), "{error}");
    assert!(error.retry_after().unwrap() > Duration::from_secs(86_000));
    tokio::time::sleep(Duration::from_millis(210)).await;
    client.send(Ping).await.unwrap();
}

#[tokio::test]
async fn a_pause_can_be_ended() {
    let (transport, refusing) = demanding("86400");
    let throttle = Throttle::new();
    let client = builder(transport).throttle(throttle.clone()).build().unwrap();
    client.send(Ping).await.unwrap_err();
    assert_eq!(client.send(Ping).await.unwrap_err().kind(), ErrorKind::Throttle);
    refusing.store(false, Ordering::SeqCst);
    throttle.resume();
    client.send(Ping).await.unwrap();
}

#[tokio::test]
async fn ending_a_pause_wakes_those_who_wait_for_it() {
    let (transport, refusing) = demanding("20");
    let throttle = Throttle::new();
    let client = builder(transport).throttle(throttle.clone()).build().unwrap();
    client.send(Ping).await.unwrap_err();
    refusing.store(false, Ordering::SeqCst);
    let started = Instant::now();
    let resume = async {
        tokio::task::yield_now().await;
        throttle.resume();
    };
    let (sent, ()) = tokio::join!(client.send(Ping), resume);
    sent.unwrap();
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn requests_in_flight_have_a_maximum() {
    let transport = Counting::open();
    let client = builder(transport.clone()).max_in_flight(7).build().unwrap();
    join_all((0..100).map(|_| client.send(Ping))).await.into_iter().for_each(|sent| assert!(sent.is_ok()));
    assert_eq!(transport.count(), 100);
    let held = Counting::new(0);
    let client = builder(held.clone()).max_in_flight(7).build().unwrap();
    let in_flight = (0..7).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.send(Ping).await })
    });
    let in_flight: Vec<_> = in_flight.collect();
    while held.now.load(Ordering::SeqCst) < 7 {
        tokio::task::yield_now().await;
    }
    let waiting = (0..13).map(|_| client.call(Ping).timeout(Duration::from_millis(200)).send());
    for sent in join_all(waiting).await {
        assert_eq!(sent.unwrap_err().kind(), ErrorKind::Throttle);
    }
    assert_eq!((held.most.load(Ordering::SeqCst), held.count()), (7, 7));
    held.gate.add_permits(8);
    for sent in in_flight {
        sent.await.unwrap().unwrap();
    }
    client.send(Ping).await.unwrap();
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let transport = Counting::new(0);
    let client = builder(transport.clone()).max_in_flight(1).max_queued(2).build().unwrap();
    let task = |_| {
        let client = client.clone();
        tokio::spawn(async move { client.send(Ping).await })
    };
    // One in flight, one whose turn is next, and two after it.
    let tasks: Vec<_> = (0..4).map(task).collect();
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    let error = client.send(Ping).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttle);
    assert!(error.to_string().contains("the queue is full: 3 callers"), "{error}");
    transport.gate.add_permits(4);
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn callers_whose_turn_cannot_come_in_time_get_an_error_at_once() {
    let transport = Counting::open();
    let client = builder(transport.clone()).requests_per_second(5).timeout(Duration::from_secs(1)).build().unwrap();
    let started = Instant::now();
    let refused = Mutex::new(Vec::new());
    let sent = join_all((0..50).map(|_| async {
        let sent = client.send(Ping).await;
        if sent.is_err() {
            refused.lock().unwrap().push(started.elapsed());
        }
        sent
    }))
    .await;
    let ok = sent.iter().filter(|sent| sent.is_ok()).count();
    assert!((5..=6).contains(&ok), "{ok}");
    for error in sent.into_iter().filter_map(Result::err) {
        assert_eq!(error.kind(), ErrorKind::Throttle);
        assert!(error.to_string().contains("callers ahead"), "{error}");
    }
    let slowest = refused.lock().unwrap().iter().max().copied().unwrap();
    assert!(slowest < Duration::from_millis(150), "{slowest:?}");
    // Cancelled callers leave the count.
    let late = builder(transport).requests_per_second(5).build().unwrap();
    late.send(Ping).await.unwrap();
    let _ = tokio::time::timeout(Duration::from_millis(5), join_all((0..100).map(|_| late.send(Ping)))).await;
    late.call(Ping).timeout(Duration::from_secs(1)).send().await.unwrap();
}

/// Two limits at once, with a burst: neither is ever exceeded, and callers go in the order in which they came.
#[tokio::test]
async fn several_limits_hold_at_once_and_in_order() {
    let transport = Arc::new(MockTransport::json(r#"{"data":{"ping":1}}"#));
    let throttle = Throttle::builder()
        .limit(Limit::new(4, Duration::from_millis(200)).burst(2))
        .limit(Limit::new(10, Duration::from_secs(2)))
        .build();
    let client =
        Client::builder("https://example.com").transport(transport.clone()).throttle(throttle).build().unwrap();
    let times = Arc::new(std::sync::Mutex::new(Vec::new()));
    let callers = (0..8).map(|at| {
        let (client, times) = (client.clone(), times.clone());
        async move {
            client.send(Ping).await.unwrap();
            times.lock().unwrap().push((at, Instant::now()));
        }
    });
    join_all(callers).await;
    let times = times.lock().unwrap().clone();
    assert!(times.is_sorted_by_key(|(at, _)| *at), "{times:?}");
    assert!(times[7].1 - times[0].1 >= Duration::from_millis(1400), "ten in two seconds are evenly spaced");
}

/// Of three callers the second stops waiting: the third gets its place, without delay.
#[tokio::test]
async fn whoever_stops_waiting_gives_up_the_place() {
    let throttle = Throttle::builder().limit(Limit::new(1, Duration::from_millis(300))).build();
    throttle.wait().await.unwrap();
    let started = Instant::now();
    for _ in 0..5 {
        let gone = tokio::time::timeout(Duration::from_millis(20), throttle.wait()).await;
        assert!(gone.is_err());
    }
    throttle.wait().await.unwrap();
    assert!(started.elapsed() < Duration::from_millis(450), "{:?}", started.elapsed());
}

/// One 429 pauses all callers for as long as the server asks; calls that cannot wait so long fail at once.
#[tokio::test]
async fn one_refusal_slows_all_callers() {
    let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = asked.clone();
    let transport = MockTransport::new(move |_| {
        let mut seen = seen.lock().unwrap();
        seen.push(Instant::now());
        let response = graphwright::http::Response::builder();
        let response = match seen.len() {
            1 => response.status(429).header("retry-after", "0.4").body("".into()),
            _ => response.body(r#"{"data":{"ping":1}}"#.into()),
        };
        response.map_err(|error| TransportError::new(error.to_string()))
    });
    let client = Client::builder("https://example.com").transport(Arc::new(transport)).build().unwrap();
    client.send(Ping).await.unwrap();
    let times = asked.lock().unwrap().clone();
    let waited = times[1] - times[0];
    assert!(waited >= Duration::from_millis(400), "{waited:?}");
    let exhausted = MockTransport::new(|_| {
        let response = graphwright::http::Response::builder().header("x-ratelimit-remaining", "0");
        let response = response.header("x-ratelimit-reset", "90").body(r#"{"data":{"ping":1}}"#.into());
        response.map_err(|error| TransportError::new(error.to_string()))
    });
    let client = Client::builder("https://example.com").transport(Arc::new(exhausted)).build().unwrap();
    client.send(Ping).await.unwrap();
    let started = Instant::now();
    let error = client.send(Ping).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(1));
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttle, 0));
    assert!(error.retry_after().unwrap() > Duration::from_secs(80) && error.is_retryable());
}

/// Runs callers and returns the used part of the limit, and the maximum number of requests in a second.
async fn measure(limit: u32, seconds: u64) -> (f64, usize) {
    let transport = Counting::open();
    let client = builder(transport.clone()).requests_per_second(limit).timeout(Duration::from_secs(3600));
    let client = client.build().unwrap();
    let until = Instant::now() + Duration::from_secs(seconds);
    let callers = (0..1000).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            while Instant::now() < until {
                client.send(Ping).await.unwrap();
            }
        })
    });
    let callers: Vec<_> = callers.collect();
    tokio::time::sleep_until(until.into()).await;
    callers.iter().for_each(tokio::task::JoinHandle::abort);
    let arrived = transport.arrived.lock().unwrap().clone();
    let second = Duration::from_secs(1);
    let mut end = 0;
    let most = arrived.iter().enumerate().map(|(at, first)| {
        while arrived.get(end).is_some_and(|time| *time < *first + second) {
            end += 1;
        }
        end - at
    });
    let most = most.max().unwrap_or_default();
    (arrived.iter().filter(|at| **at < until).count() as f64 / (u64::from(limit) * seconds) as f64, most)
}

/// Processes that take all time of both cores.
struct Load(Vec<std::process::Child>);

impl Load {
    fn start() -> Self {
        let busy = |_| std::process::Command::new("sh").args(["-c", "while :; do :; done"]).spawn().unwrap();
        Self((0..2).map(busy).collect())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Measures how much of a limit 1,000 callers use. Runs with `GRAPHWRIGHT_SLOW=1`, for `GRAPHWRIGHT_SECONDS` each, and
/// beside two busy processes with `GRAPHWRIGHT_LOADED=1`. `GRAPHWRIGHT_MEASURE=1` asks for what an idle machine reaches.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_callers_use_the_limit_and_no_more() {
    if std::env::var_os("GRAPHWRIGHT_SLOW").is_none() {
        return;
    }
    let seconds = std::env::var("GRAPHWRIGHT_SECONDS").map_or(10, |text| text.parse().unwrap());
    let load = std::env::var_os("GRAPHWRIGHT_LOADED").map(|_| Load::start());
    let wanted = match (std::env::var_os("GRAPHWRIGHT_MEASURE"), &load) {
        (None, _) => [0.9, 0.9, 0.85],
        (Some(_), None) => [0.97, 0.97, 0.95],
        (Some(_), Some(_)) => [0.95, 0.93, 0.90],
    };
    let mut short = Vec::new();
    for (limit, wanted) in [20, 200, 1000].into_iter().zip(wanted) {
        let (used, most) = measure(limit, seconds).await;
        println!("{limit}/s for {seconds} s: {:.1} % used, at most {most} in a second", used * 100.0);
        if most > limit as usize || used < wanted {
            short.push(limit);
        }
    }
    assert!(short.is_empty(), "{short:?}");
}

/// Refusals without a time that come long after each other are each a short pause.
#[tokio::test]
async fn pauses_do_not_grow_after_a_time_of_rest() {
    let number = std::sync::atomic::AtomicUsize::new(0);
    let transport = MockTransport::new(move |_| {
        let refuses = number.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 2;
        let response = graphwright::http::Response::builder().status(if refuses { 429 } else { 200 });
        let body = if refuses { "" } else { r#"{"data":{"ping":1}}"# };
        response.body(body.into()).map_err(|error| graphwright::transport::TransportError::new(error.to_string()))
    });
    let client = Client::builder("https://example.com").transport(Arc::new(transport));
    let client = client.retry(graphwright::Retry::never()).build().unwrap();
    let nothing = serde_json::json!({});
    client.execute_raw::<_, serde_json::Value>("{ ping }", &nothing, None).await.unwrap_err();
    // The pause is a second; as long again callers go one by one, and then all is forgotten.
    tokio::time::sleep(Duration::from_millis(2200)).await;
    client.execute_raw::<_, serde_json::Value>("{ ping }", &nothing, None).await.unwrap_err();
    let refused = Instant::now();
    client.execute_raw::<_, serde_json::Value>("{ ping }", &nothing, None).await.unwrap();
    assert!(refused.elapsed() < Duration::from_millis(1600), "{:?}", refused.elapsed());
}
