//! Decodes the same responses with each contestant in turn, and prints a comparison.
//!
//! Each contestant does what its users do with the bytes of a response:
//!
//! - by hand: `from_str` of the data alone, which is 1.0. It is the strictest measure: it has no envelope to read, and
//!   its text is known to be UTF-8.
//! - by hand, bytes: the same types within an envelope, `from_slice` of the response.
//! - graphwright: the bytes of the response through the function that the client calls.
//! - graphql_client, cynic: `from_slice` of the response into their own envelope. `Value`: the same.
//!
//! Responses have their keys in the order of the selections, as servers send them (specification 7.2.2), and once more in
//! alphabetical order, which is any order to a decoder.
//!
//! All contestants take turns in each round, so that disturbances of the machine affect all of
//! them; the fastest round of each counts, since other processes only ever add time.

mod by_cynic;
#[allow(dead_code)]
mod by_graphql_client;
#[allow(warnings)]
mod by_graphwright;
mod by_hand;
mod responses;

use graphwright::{Operation, bytes::Bytes};
use responses::{Maker, Order, Texts};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Counts allocations. Growing a vector counts too.
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

/// The data of a response as text, and the whole response as a server sends it.
struct Body {
    data: String,
    response: Bytes,
}

impl Body {
    fn new(data: String) -> Self {
        let response = format!("{{\"data\":{data}}}").into();
        Self { data, response }
    }
}

type Failure = Box<dyn std::error::Error>;

struct Contestant {
    name: &'static str,
    decode: fn(&Body) -> Result<Duration, Failure>,
    times: Vec<Duration>,
    allocations: u64,
}

/// The handwritten envelope.
#[derive(Deserialize)]
#[allow(dead_code)]
struct ByHand<D> {
    data: Option<D>,
    #[serde(default)]
    errors: Vec<serde_json::Value>,
}

/// Returns the time of one decoding, without dropping the result.
fn timed<T, E: Into<Failure>>(decode: impl FnOnce() -> Result<T, E>) -> Result<Duration, Failure> {
    let started = Instant::now();
    let value = black_box(decode().map_err(Into::into)?);
    let taken = started.elapsed();
    drop(value);
    Ok(taken)
}

fn from_data<T: DeserializeOwned>(body: &Body) -> Result<Duration, Failure> {
    timed(|| serde_json::from_str::<T>(black_box(&body.data)))
}

fn from_response<T: DeserializeOwned>(body: &Body) -> Result<Duration, Failure> {
    timed(|| serde_json::from_slice::<T>(black_box(&body.response)))
}

fn by_client<O: Operation>(body: &Body) -> Result<Duration, Failure> {
    // A clone of `Bytes` copies no bytes.
    timed(|| graphwright::__private::decode_response::<O>(black_box(body.response.clone())))
}

fn contestants<Ours, Hand, Client, Cynic>() -> Vec<Contestant>
where
    Ours: Operation,
    Hand: DeserializeOwned,
    Client: DeserializeOwned,
    Cynic: DeserializeOwned,
{
    let of = |name, decode| Contestant { name, decode, times: Vec::new(), allocations: 0 };
    vec![
        of(HAND, from_data::<Hand>),
        of(OURS, by_client::<Ours>),
        of("by hand, bytes", from_response::<ByHand<Hand>>),
        of(CLIENT, from_response::<graphql_client::Response<Client>>),
        of("cynic", from_response::<cynic::GraphQlResponse<Cynic>>),
        of("Value", from_response::<serde_json::Value>),
    ]
}

const HAND: &str = "by hand";
const OURS: &str = "graphwright";
const CLIENT: &str = "graphql_client";

/// The result of decoding one response.
struct Outcome {
    title: String,
    /// The throughput relative to the handwritten types.
    of_hand: f64,
    /// The throughput relative to graphql_client, if it can decode the response.
    of_client: Option<f64>,
    more_allocations: bool,
}

fn run(title: String, data: String, rounds: usize, contestants: Vec<Contestant>) -> Outcome {
    let body = &Body::new(data);
    println!("{title}: {} bytes", body.response.len());
    let mut able = Vec::new();
    for mut one in contestants {
        if let Err(error) = (one.decode)(body) {
            println!("  {:<15} cannot decode it: {error}", one.name);
            continue;
        }
        let before = ALLOCATIONS.load(Relaxed);
        let _ = (one.decode)(body);
        one.allocations = ALLOCATIONS.load(Relaxed) - before;
        able.push(one);
    }
    for round in 0..rounds {
        // A different contestant begins each time, so that none always runs after the same neighbour.
        let count = able.len();
        for at in 0..count {
            let one = &mut able[(at + round) % count];
            one.times.extend((one.decode)(body).ok());
        }
    }
    let fastest = |one: &Contestant| one.times.iter().min().map_or(f64::NAN, Duration::as_secs_f64);
    let by_hand = fastest(&able[0]);
    for one in &able {
        println!(
            "  {:<15}{:>7.0} MB/s{:>7.2} of by hand{:>9} allocations",
            one.name,
            body.response.len() as f64 / 1e6 / fastest(one),
            by_hand / fastest(one),
            one.allocations,
        );
    }
    let client = able.iter().find(|one| one.name == CLIENT).map(fastest);
    Outcome {
        title,
        of_hand: by_hand / fastest(&able[1]),
        of_client: client.map(|client| client / fastest(&able[1])),
        more_allocations: able[1].allocations > able[0].allocations,
    }
}

fn main() {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(200);
    use {by_cynic as cynic, by_graphql_client as client, by_graphwright as ours, by_hand as hand};
    let mut outcomes = Vec::new();
    for (name, texts, order) in [
        ("short texts", Texts::Short, Order::Selected),
        ("short texts, alphabetical", Texts::Short, Order::Alphabetical),
        ("long texts", Texts::Long, Order::Selected),
        ("German and Japanese texts", Texts::Foreign, Order::Selected),
    ] {
        let make = || Maker::new(texts);
        outcomes.push(run(
            format!("union list, {name}"),
            order.text(&make().search(), responses::SEARCH),
            rounds,
            contestants::<ours::Search, hand::Search, client::search::ResponseData, cynic::Search>(),
        ));
        outcomes.push(run(
            format!("interface list, {name}"),
            order.text(&make().nodes(), responses::NODES),
            rounds,
            contestants::<ours::Nodes, hand::Nodes, client::nodes::ResponseData, cynic::Nodes>(),
        ));
        outcomes.push(run(
            format!("plain list, {name}"),
            order.text(&make().customers(), responses::CUSTOMERS),
            rounds,
            contestants::<ours::Customers, hand::Customers, client::customers::ResponseData, cynic::Customers>(),
        ));
        outcomes.push(run(
            format!("fragments, {name}"),
            order.text(&make().page(), responses::PAGE),
            rounds,
            contestants::<ours::Page, hand::Page, client::page::ResponseData, cynic::Page>(),
        ));
        outcomes.push(run(
            format!("fragments that select the same, {name}"),
            order.text(&make().page(), responses::PAGE),
            rounds,
            contestants::<ours::Overlap, hand::Page, client::overlap::ResponseData, cynic::Page>(),
        ));
    }
    println!("graphwright, of by hand:");
    for one in &outcomes {
        println!("  {:<60}{:>6.3}", one.title, one.of_hand);
    }
    let worst = outcomes.iter().map(|one| one.of_hand).fold(f64::MAX, f64::min);
    let client = outcomes.iter().filter_map(|one| one.of_client).fold(f64::MAX, f64::min);
    let more = outcomes.iter().filter(|one| one.more_allocations).count();
    println!(
        "worst: {worst:.2} of by hand, {client:.2} times graphql_client; more allocations than by hand in {more} of {}",
        outcomes.len()
    );
}
