//! Decodes the same responses with every contestant in turn, and prints how they compare.
//!
//! All contestants take turns in each round, so that what disturbs the machine disturbs all of
//! them; of each, the median over the rounds counts.

mod by_cynic;
#[allow(dead_code)]
mod by_graphql_client;
#[allow(warnings)]
mod by_graphwright;
mod by_hand;
mod responses;

use graphwright::Operation;
use responses::{Maker, Texts};
use serde::de::DeserializeOwned;
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Counts allocations. Growing a vector counts too.
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

struct Contestant {
    name: &'static str,
    decode: fn(&str) -> Result<Duration, serde_json::Error>,
    times: Vec<Duration>,
    allocations: u64,
}

/// The time of one decoding, without that of forgetting what was decoded.
fn decode<T: DeserializeOwned>(text: &str) -> Result<Duration, serde_json::Error> {
    let started = Instant::now();
    let value = black_box(serde_json::from_str::<T>(black_box(text))?);
    let taken = started.elapsed();
    drop(value);
    Ok(taken)
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
        of("by hand", decode::<Hand>),
        of("graphwright", decode::<Ours::Data>),
        of("graphql_client", decode::<Client>),
        of("cynic", decode::<Cynic>),
        of("Value", decode::<serde_json::Value>),
    ]
}

/// How one response was decoded.
struct Outcome {
    /// Throughput as a part of that of the types written by hand.
    of_hand: f64,
    /// Throughput as a multiple of graphql_client's, if that can decode the response.
    of_client: Option<f64>,
    more_allocations: bool,
}

fn run(title: &str, text: &str, rounds: usize, contestants: Vec<Contestant>) -> Outcome {
    println!("{title}: {} bytes", text.len());
    let mut able = Vec::new();
    for mut one in contestants {
        if let Err(error) = (one.decode)(text) {
            println!("  {:<15} cannot decode it: {error}", one.name);
            continue;
        }
        let before = ALLOCATIONS.load(Relaxed);
        let _ = (one.decode)(text);
        one.allocations = ALLOCATIONS.load(Relaxed) - before;
        able.push(one);
    }
    for round in 0..rounds {
        // Another one begins each time, so that no one always runs behind the same neighbour.
        let count = able.len();
        for at in 0..count {
            let one = &mut able[(at + round) % count];
            one.times.extend((one.decode)(text).ok());
        }
    }
    for one in &mut able {
        one.times.sort();
    }
    let median = |one: &Contestant| one.times[one.times.len() / 2].as_secs_f64();
    let by_hand = median(&able[0]);
    for one in &able {
        println!(
            "  {:<15}{:>7.0} MB/s{:>7.2} of by hand{:>9} allocations",
            one.name,
            text.len() as f64 / 1e6 / median(one),
            by_hand / median(one),
            one.allocations,
        );
    }
    let client = able.iter().find(|one| one.name == "graphql_client").map(median);
    Outcome {
        of_hand: by_hand / median(&able[1]),
        of_client: client.map(|client| client / median(&able[1])),
        more_allocations: able[1].allocations > able[0].allocations,
    }
}

fn main() {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(200);
    use {by_cynic as cynic, by_graphql_client as client, by_graphwright as ours, by_hand as hand};
    let mut outcomes = Vec::new();
    for (name, texts) in [("short", Texts::Short), ("long", Texts::Long)] {
        let make = || Maker::new(texts);
        outcomes.push(run(
            &format!("union list, {name} texts"),
            &make().search(),
            rounds,
            contestants::<ours::Search, hand::Search, client::search::ResponseData, cynic::Search>(),
        ));
        outcomes.push(run(
            &format!("interface list, {name} texts"),
            &make().nodes(),
            rounds,
            contestants::<ours::Nodes, hand::Nodes, client::nodes::ResponseData, cynic::Nodes>(),
        ));
        outcomes.push(run(
            &format!("plain list, {name} texts"),
            &make().customers(),
            rounds,
            contestants::<ours::Customers, hand::Customers, client::customers::ResponseData, cynic::Customers>(),
        ));
        outcomes.push(run(
            &format!("fragments, {name} texts"),
            &make().page(),
            rounds,
            contestants::<ours::Page, hand::Page, client::page::ResponseData, cynic::Page>(),
        ));
        outcomes.push(run(
            &format!("fragments that select the same, {name} texts"),
            &make().page(),
            rounds,
            contestants::<ours::Overlap, hand::Page, client::overlap::ResponseData, cynic::Page>(),
        ));
    }
    let worst = outcomes.iter().map(|one| one.of_hand).fold(f64::MAX, f64::min);
    let client = outcomes.iter().filter_map(|one| one.of_client).fold(f64::MAX, f64::min);
    let more = outcomes.iter().filter(|one| one.more_allocations).count();
    println!(
        "worst: {worst:.2} of by hand, {client:.2} times graphql_client; more allocations than by hand in {more} of {}",
        outcomes.len()
    );
}
