//! Measures the CPU time of a call relative to reqwest alone, with the same request and response, on loopback.
//!
//! The server is a separate process; the CPU time is that of all threads of this one. Both take turns in each round, so
//! that disturbances of the machine affect both; the ratio is the median over the rounds.

use graphwright::{Client, Operation, OperationKind, SingleResponse};
use serde::{Deserialize, Serialize};
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Counts allocations of all threads; the server is another process.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: all calls are forwarded to the system's allocator unchanged.
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

/// The request and response without graphwright.
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
        // All requests end with the same byte.
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

/// Returns the time for which the threads of this process have run, in nanoseconds (Linux, `Documentation/scheduler`).
fn cpu_time() -> u64 {
    let threads = std::fs::read_dir("/proc/self/task").expect("Linux");
    let times = threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok());
    times.filter_map(|text| text.split(' ').next()?.parse::<u64>().ok()).sum()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Runs the server's process: prints its address and responds until it is killed.
fn serve_all() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("http://{}/graphql", listener.local_addr().expect("an address"));
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(serve(stream));
        }
    });
}

fn main() {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == "serve" {
        return serve_all();
    }
    let calls: usize = argument.parse().unwrap_or(40_000);
    let program = std::env::current_exe().expect("this program");
    let mut server = Command::new(program).arg("serve").stdout(Stdio::piped()).spawn().expect("a server");
    let mut url = String::new();
    BufReader::new(server.stdout.take().expect("its output")).read_line(&mut url).expect("its address");
    let url = url.trim().to_owned();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = Client::builder(&url).bearer("token").user_agent("bench").build().expect("a client");
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let bare = Bare { client: http, url };
        for (callers, goal) in [(1, 1.05), (64, 1.08)] {
            compare(&client, &bare, callers, calls, goal).await;
        }
    });
    let _ = server.kill();
    let _ = server.wait();
}

const ROUNDS: usize = 40;

async fn compare(client: &Client, bare: &Bare, callers: usize, calls: usize, goal: f64) {
    let each = (calls / ROUNDS / callers).max(1);
    let (mut ratios, mut ours_all, mut bare_all, mut allocations) = (Vec::new(), 0, 0, [0, 0]);
    for round in 0..ROUNDS + 4 {
        let mut cost = [(0, 0); 2];
        // Each begins every second time.
        for contestant in if round % 2 == 0 { [0, 1] } else { [1, 0] } {
            let (start, before) = (cpu_time(), ALLOCATIONS.load(Relaxed));
            let tasks = (0..callers).map(|_| match contestant {
                0 => {
                    let bare = bare.clone();
                    tokio::spawn(async move {
                        for id in 0..each {
                            black_box(bare.call(id as u32).await);
                        }
                    })
                }
                _ => {
                    let client = client.clone();
                    tokio::spawn(async move {
                        for id in 0..each {
                            black_box(ours(&client, id as u32).await);
                        }
                    })
                }
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await.expect("calls");
            }
            cost[contestant] = (cpu_time() - start, ALLOCATIONS.load(Relaxed) - before);
        }
        // The first rounds warm up.
        if round >= 4 {
            ratios.push(cost[1].0 as f64 / cost[0].0 as f64);
            bare_all += cost[0].0;
            ours_all += cost[1].0;
            allocations[0] += cost[0].1;
            allocations[1] += cost[1].1;
        }
    }
    let made = (ROUNDS * each * callers) as f64;
    let micros = |nanos: u64| nanos as f64 / made / 1000.0;
    println!(
        "{callers:>3} callers: graphwright {:.2} us of CPU a call, reqwest alone {:.2}; ratio {:.3} (goal {goal}); \
         allocations {:.1} and {:.1}",
        micros(ours_all),
        micros(bare_all),
        median(ratios),
        allocations[1] as f64 / made,
        allocations[0] as f64 / made,
    );
}
