//! A server that fails in every way, at random: 10,000 calls.

use flate2::{Compression, write::GzEncoder};
use futures_util::future::join_all;
use graphwright::{Client, ErrorKind, OperationKind, Retry};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A query or mutation, marked.
#[derive(Serialize, Clone)]
struct Ask {
    key: u64,
}

#[derive(Serialize, Clone)]
struct Change {
    key: u64,
}

macro_rules! operation {
    ($name:ident, $kind:ident, $document:literal) => {
        impl graphwright::Operation for $name {
            const NAME: Option<&'static str> = None;
            const KIND: OperationKind = OperationKind::$kind;
            const DOCUMENT: &'static str = $document;
            const ID: &'static str = "";
            type Data = Value;
        }

        impl graphwright::SingleResponse for $name {}
    };
}

operation!(Ask, Query, "query($key: Int!) { a(key: $key) }");
operation!(Change, Mutation, "mutation($key: Int!) { a(key: $key) }");

/// The statistics of the server.
#[derive(Default)]
struct Seen {
    run: Mutex<HashMap<u64, u32>>,
    acts: Mutex<BTreeMap<&'static str, u64>>,
    requests: AtomicU64,
}

const ACTS: [&str; 16] = [
    "ok",
    "ok",
    "ok",
    "429 with data",
    "reset before reading",
    "reset after running",
    "429",
    "429 with Retry-After",
    "500",
    "502 after running",
    "503 with Retry-After",
    "slow drip",
    "truncated JSON",
    "truncated body",
    "not GraphQL",
    "rare",
];

/// Always the same for the same number, and looks like chance.
fn dice(number: u64) -> u64 {
    // The finalizer of SplitMix64.
    let mixed = (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

async fn serve(mut stream: TcpStream, seen: Arc<Seen>, bomb: Arc<Vec<u8>>, elsewhere: String) -> std::io::Result<()> {
    let number = seen.requests.fetch_add(1, SeqCst);
    let mut act = ACTS[(dice(number) % 16) as usize];
    if act == "rare" {
        act = if dice(number + (1 << 40)).is_multiple_of(8) { "gzip bomb" } else { "redirect" };
    }
    // 429 without a hint costs all callers a second.
    if act == "429" && !dice(number + (1 << 41)).is_multiple_of(8) {
        act = "ok";
    }
    *seen.acts.lock().unwrap().entry(act).or_default() += 1;
    if act == "reset before reading" {
        // Unread input makes the kernel send a reset.
        stream.readable().await?;
        return Ok(());
    }
    let body = read(&mut stream).await?;
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let refused = matches!(act, "429" | "429 with Retry-After" | "redirect");
    if !refused {
        *seen.run.lock().unwrap().entry(request["variables"]["key"].as_u64().unwrap_or_default()).or_default() += 1;
    }
    let json = "content-type: application/json\r\n";
    let ok = r#"{"data":{"a":1}}"#;
    let answer = |status: &str, headers: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    };
    let text = match act {
        "reset after running" => return Ok(()),
        "429" => answer("429 Too Many Requests", "", ""),
        "429 with data" => answer("429 Too Many Requests", json, ok),
        "429 with Retry-After" => answer("429 Too Many Requests", "retry-after: 0.01\r\n", ""),
        "500" => answer("500 Internal Server Error", json, r#"{"errors":[{"message":"broken"}]}"#),
        "502 after running" => answer("502 Bad Gateway", "content-type: text/html\r\n", "<html>"),
        "503 with Retry-After" => answer("503 Service Unavailable", "retry-after: 0.01\r\n", ""),
        "truncated JSON" => answer("200 OK", json, r#"{"data":{"a":"#),
        "truncated body" => format!("HTTP/1.1 200 OK\r\n{json}connection: close\r\ncontent-length: 500\r\n\r\n{ok}"),
        "not GraphQL" => answer("200 OK", "content-type: text/html\r\n", "<html>hello</html>"),
        "redirect" => answer("307 Temporary Redirect", &format!("location: {elsewhere}\r\n"), ""),
        "gzip bomb" => {
            let head = format!("{json}content-encoding: gzip\r\ncontent-length: {}\r\n", bomb.len());
            stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}connection: close\r\n\r\n").as_bytes()).await?;
            return stream.write_all(&bomb).await;
        }
        "slow drip" => {
            for byte in answer("200 OK", json, ok).bytes() {
                stream.write_all(&[byte]).await?;
                tokio::time::sleep(Duration::from_millis(15)).await;
            }
            return Ok(());
        }
        _ => answer("200 OK", json, ok),
    };
    stream.write_all(text.as_bytes()).await
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut seen = Vec::new();
    loop {
        let mut chunk = [0; 2048];
        let read = stream.read(&mut chunk).await?;
        seen.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&seen).to_lowercase();
        let length =
            text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok());
        if let (Some(end), Some(length)) = (text.find("\r\n\r\n"), length)
            && seen.len() >= end + 4 + length
        {
            return Ok(seen.split_off(end + 4));
        }
        if read == 0 {
            return Ok(Vec::new());
        }
    }
}

/// Returns the most memory that the process has used, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() / 1024
}

/// 100 clients with 100 calls each, half of them mutations.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_to_a_server_that_fails_at_random() {
    if std::env::var_os("GRAPHWRIGHT_SLOW").is_none() {
        return;
    }
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..200 {
        bomb.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = Arc::new(bomb.finish().unwrap());
    let seen = Arc::new(Seen::default());
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let other = format!("http://localhost:{}/", elsewhere.local_addr().unwrap().port());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (server, bytes) = (seen.clone(), bomb.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (seen, bomb, other) = (server.clone(), bytes.clone(), other.clone());
            tokio::spawn(async move { drop(serve(stream, seen, bomb, other).await) });
        }
    });
    let before = peak();
    let clients = (0..100).map(|at| {
        let client = Client::builder(&url).bearer("s3cret").max_response_bytes(1 << 20);
        let retry = Retry::attempts(4).backoff(Duration::from_millis(5), Duration::from_millis(50)).budget(1000);
        let client = client.retry(retry).attempt_timeout(Duration::from_millis(500)).build().unwrap();
        tokio::spawn(async move {
            let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
            for call in 0..100 {
                let key = at * 100 + call;
                let answer = match key % 2 {
                    0 => client.send(Ask { key }).await,
                    _ => client.send(Change { key }).await,
                };
                let kind = if key % 2 == 0 { "query" } else { "mutation" };
                let outcome = match answer {
                    Ok(_) => format!("{kind} ok"),
                    Err(error) => {
                        assert!(!format!("{error:?} {error}").contains("s3cret"));
                        assert!(
                            matches!(
                                error.kind(),
                                // Six rejections in a row make a pause that is longer than the deadline.
                                ErrorKind::Transport
                                    | ErrorKind::Timeout
                                    | ErrorKind::Status
                                    | ErrorKind::Protocol
                                    | ErrorKind::Throttle
                            ),
                            "{error}"
                        );
                        format!("{kind} {}", error.kind().as_str())
                    }
                };
                *outcomes.entry(outcome).or_default() += 1;
            }
            outcomes
        })
    });
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    for client in join_all(clients.collect::<Vec<_>>()).await {
        for (outcome, times) in client.unwrap() {
            *outcomes.entry(outcome).or_default() += times;
        }
    }
    let used = peak() - before;
    let run = seen.run.lock().unwrap().clone();
    let twice = run.iter().filter(|(key, times)| *key % 2 == 1 && **times > 1).count();
    println!("server: {:?}\ncalls: {outcomes:?}", seen.acts.lock().unwrap());
    println!("{twice} mutations ran twice; {used} MiB more memory at the peak; bomb of 200 MiB");
    assert_eq!(outcomes.values().sum::<u64>(), 10_000);
    assert_eq!(twice, 0);
    assert!(elsewhere.accept().is_err(), "nothing goes to another host");
    assert!(used < 200, "{used} MiB");
    // Four of sixteen responses are good, and for mutations a fifth, data under 429; four are permanent failures;
    // queries retry the rest up to four times.
    assert!(outcomes["query ok"] > 2100 && outcomes["mutation ok"] > 1400, "{outcomes:?}");
}
