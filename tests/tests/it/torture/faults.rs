//! A server that executes a mutation and then fails in some way, or refuses it and executes it later.

use super::{CALLS, call, client, keyed, transport, wanted};
use crate::support::read_request;
use serde_json::Value;
use std::collections::HashMap;
use std::io::Write;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// The reaction of the server to a request.
#[derive(Clone, Copy)]
enum Fault {
    /// Executes, and sends this.
    Executes(&'static str),
    /// Refuses the first request of each key with this, without executing, and executes the second.
    Refuses(&'static str),
}

fn http(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// Returns the faults by name; `OK` below is a good response.
fn faults() -> Vec<(&'static str, Fault)> {
    let leak = |text: String| -> &'static str { text.leak() };
    let json = "content-type: application/json\r\n";
    let retry = "content-type: application/json\r\nretry-after: 0.01\r\n";
    vec![
        ("reset after executing", Fault::Executes("")),
        ("cut off in the head", Fault::Executes("HTTP/1.1 200 OK\r\ncontent-ty")),
        ("cut off in the body", Fault::Executes("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"data\":{\"cha")),
        ("cut JSON", Fault::Executes(leak(http("200 OK", json, r#"{"data":{"cha"#)))),
        ("503 with Retry-After", Fault::Executes(leak(http("503 Service Unavailable", retry, "busy")))),
        ("502 with HTML", Fault::Executes(leak(http("502 Bad Gateway", "retry-after: 0\r\n", "<html>")))),
        ("504", Fault::Executes(leak(http("504 Gateway Timeout", retry, "")))),
        ("500", Fault::Executes(leak(http("500 Internal Server Error", retry, "{}")))),
        ("403 with Retry-After", Fault::Executes(leak(http("403 Forbidden", retry, "{}")))),
        ("429 with data", Fault::Executes(leak(http("429 Too Many Requests", retry, r#"{"data":{"charge":1}}"#)))),
        ("429 with null data", Fault::Executes(leak(http("429 Too Many Requests", retry, r#"{"data":null}"#)))),
        ("429 with cut data", Fault::Executes(leak(http("429 Too Many Requests", retry, r#"{"data":{"char"#)))),
        (
            "429 with data twice",
            Fault::Executes(leak(http("429 Too Many Requests", retry, r#"{"data":null,"data":{"charge":1}}"#))),
        ),
        (
            "429 with two bodies",
            Fault::Executes(leak(http("429 Too Many Requests", retry, "{\"errors\":[]}{\"data\":{\"charge\":1}}"))),
        ),
        ("401 with data", Fault::Executes(leak(http("401 Unauthorized", json, r#"{"data":{"charge":1}}"#)))),
        ("429 without data", Fault::Refuses(leak(http("429 Too Many Requests", retry, r#"{"errors":[]}"#)))),
        ("429 with HTML", Fault::Refuses(leak(http("429 Too Many Requests", "retry-after: 0.01\r\n", "<html>")))),
    ]
}

#[derive(Default)]
struct Seen {
    asked: HashMap<String, u32>,
    executed: HashMap<String, u32>,
}

fn server(fault: Fault, seen: Arc<Mutex<Seen>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), seen) = (stream, seen.clone()) else { return };
            std::thread::spawn(move || {
                let request: Value = serde_json::from_slice(&read_request(&mut stream)).unwrap_or_default();
                let Some(key) = request["variables"]["key"].as_str() else { return };
                let mut seen = seen.lock().unwrap();
                let asked = seen.asked.entry(key.to_owned()).or_default();
                *asked += 1;
                let first = *asked == 1;
                let answer = match fault {
                    Fault::Refuses(answer) if first => answer.to_owned(),
                    Fault::Refuses(_) => {
                        *seen.executed.entry(key.to_owned()).or_default() += 1;
                        http("200 OK", "content-type: application/json\r\n", r#"{"data":{"charge":1}}"#)
                    }
                    Fault::Executes(answer) => {
                        *seen.executed.entry(key.to_owned()).or_default() += 1;
                        answer.to_owned()
                    }
                };
                drop(seen);
                let _ = stream.write_all(answer.as_bytes());
            });
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_server_does_a_mutation_runs_once() {
    if !wanted() {
        return;
    }
    let transport = transport();
    for (name, fault) in faults() {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let url = server(fault, seen.clone());
        let document = "mutation PayOnce($key: String!) { charge(key: $key) }";
        let outcomes = call(CALLS, 50, || client(&url, &transport).bearer("token"), document, keyed).await;
        let seen = seen.lock().unwrap();
        let most = seen.executed.values().max();
        println!("{name}: {} keys, at most {most:?} times each; {outcomes:?}", seen.executed.len());
        assert_eq!((seen.executed.len(), most), (CALLS, Some(&1)), "{name}");
        match fault {
            Fault::Refuses(_) => assert_eq!(outcomes.get("ok"), Some(&CALLS), "{name}: {outcomes:?}"),
            // Data without errors is a good answer, whatever the status.
            Fault::Executes(_) => {
                let once = |outcome: &String| outcome == "ok" || outcome.ends_with(" 1 attempts");
                assert!(outcomes.keys().all(once), "{name}: {outcomes:?}")
            }
        }
    }
}
