//! What a call costs over reqwest alone: the same request and the same answer, on loopback.
//!
//! Both take turns in each round, so that what disturbs the machine disturbs both.

use graphwright::{Client, Operation, OperationKind, SingleResponse};
use serde::{Deserialize, Serialize};
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Counts allocations of the thread that measures, and all others: the server makes none while it answers.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: everything is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[derive(Serialize, Clone)]
struct Me {
    id: u32,
}

#[derive(Serialize, Deserialize)]
struct Data {
    me: User,
}

#[derive(Serialize, Deserialize)]
struct User {
    name: String,
    age: u32,
}

impl Operation for Me {
    const NAME: Option<&'static str> = Some("Me");
    const KIND: OperationKind = OperationKind::Query;
    const DOCUMENT: &'static str = "query Me($id:Int!){me(id:$id){name age}}";
    const ID: &'static str = "";
    type Data = Data;
}

impl SingleResponse for Me {}

/// What is sent and read without graphwright.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    query: &'a str,
    variables: &'a Me,
    operation_name: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    data: Data,
}

/// Answers every request on a connection with the same bytes.
async fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let body = br#"{"data":{"me":{"name":"Ada Lovelace","age":36}}}"#;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    let answer = [head.as_bytes(), body].concat();
    let mut seen = Vec::with_capacity(4096);
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            return Ok(());
        }
        seen.extend_from_slice(&chunk[..read]);
        // The bodies of all requests end alike.
        if seen.ends_with(b"}") {
            seen.clear();
            stream.write_all(&answer).await?;
        }
    }
}

#[derive(Clone)]
struct Bare {
    client: reqwest::Client,
    url: String,
}

impl Bare {
    async fn call(&self, id: u32) -> Data {
        let variables = Me { id };
        let body = Body { query: Me::DOCUMENT, variables: &variables, operation_name: "Me" };
        let request = self
            .client
            .post(&self.url)
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json, application/json;q=0.9")
            .header("user-agent", "bench")
            .header("authorization", "Bearer token")
            .body(serde_json::to_vec(&body).expect("JSON"));
        let bytes = request.send().await.expect("an answer").bytes().await.expect("a body");
        serde_json::from_slice::<Answer>(&bytes).expect("data").data
    }
}

async fn ours(client: &Client, id: u32) -> Data {
    client.send(Me { id }).await.expect("data")
}

fn percentile(times: &mut [Duration], part: f64) -> f64 {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e6
}

fn main() {
    let calls: usize = std::env::args().nth(1).and_then(|calls| calls.parse().ok()).unwrap_or(20_000);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let url = format!("http://{}/graphql", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).expect("a listener");
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream));
            }
        });
    });
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = Client::builder(&url).bearer("token").user_agent("bench").build().expect("a client");
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let bare = Bare { client: http, url };
        one_by_one(&client, &bare, calls).await;
        together(&client, &bare, calls).await;
    });
}

async fn one_by_one(client: &Client, bare: &Bare, calls: usize) {
    let (mut our_times, mut bare_times) = (Vec::with_capacity(calls), Vec::with_capacity(calls));
    let (mut our_allocations, mut bare_allocations) = (0, 0);
    for round in 0..calls + 500 {
        let id = round as u32;
        let (before, started) = (ALLOCATIONS.load(Relaxed), Instant::now());
        black_box(bare.call(id).await);
        let (bare_time, between, started) = (started.elapsed(), ALLOCATIONS.load(Relaxed), Instant::now());
        black_box(ours(client, id).await);
        // The first ones warm up.
        if round >= 500 {
            our_times.push(started.elapsed());
            bare_times.push(bare_time);
            bare_allocations += between - before;
            our_allocations += ALLOCATIONS.load(Relaxed) - between;
        }
    }
    println!("one by one, {calls} calls        p50 us    p99 us    allocations");
    for (name, times, allocations) in
        [("reqwest alone", &mut bare_times, bare_allocations), ("graphwright", &mut our_times, our_allocations)]
    {
        let (half, most) = (percentile(times, 0.5), percentile(times, 0.99));
        println!("  {name:<26}{half:>10.1}{most:>10.1}{:>12.1}", allocations as f64 / calls as f64);
    }
    let more = percentile(&mut our_times, 0.5) - percentile(&mut bare_times, 0.5);
    println!("  a call costs {more:.1} us more at p50");
}

/// 64 callers at once, each as fast as it can.
async fn together(client: &Client, bare: &Bare, calls: usize) {
    let each = (calls / 64).max(1);
    let mut ratios = Vec::new();
    for round in 0..11 {
        let started = Instant::now();
        let callers = (0..64).map(|_| {
            let bare = bare.clone();
            tokio::spawn(async move {
                for id in 0..each {
                    black_box(bare.call(id as u32).await);
                }
            })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await.expect("calls");
        }
        let alone = started.elapsed();
        let started = Instant::now();
        let callers = (0..64).map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for id in 0..each {
                    black_box(ours(&client, id as u32).await);
                }
            })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await.expect("calls");
        }
        if round > 0 {
            ratios.push(started.elapsed().as_secs_f64() / alone.as_secs_f64());
        }
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "64 callers: time of graphwright over reqwest alone, median of {}: {:.3}",
        ratios.len(),
        ratios[ratios.len() / 2]
    );
}
