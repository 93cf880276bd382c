//! Varnish as Debian has it, in front of a server that is slower than Varnish waits.

use super::{CALLS, Outcomes, call, client, keyed, transport, wanted};
use crate::support::read_request;
use std::collections::HashMap;
use std::io::Write;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How often the server has executed each key.
type Executed = Arc<Mutex<HashMap<String, u32>>>;

/// Returns a server that executes at once and answers after 1.5 s the first time it sees a key, then at once.
fn slow_server(executed: Executed) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), executed) = (stream, executed.clone()) else { return };
            std::thread::spawn(move || {
                let request: serde_json::Value = serde_json::from_slice(&read_request(&mut stream)).unwrap_or_default();
                let Some(key) = request["variables"]["key"].as_str() else { return };
                let times = {
                    let mut executed = executed.lock().unwrap();
                    let times = executed.entry(key.to_owned()).or_default();
                    *times += 1;
                    *times
                };
                if times == 1 {
                    std::thread::sleep(Duration::from_millis(1500));
                }
                let body = r#"{"data":{"charge":1}}"#;
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ";
                let _ = stream.write_all(format!("{head}{}\r\n\r\n{body}", body.len()).as_bytes());
            });
        }
    });
    port
}

/// Varnish with its own settings, but for the time that it waits for the first byte. On a busy machine, it neither gives up
/// connecting nor closes connections that are not used for a while: each would be another fault than this one.
struct Varnish {
    process: Child,
    url: String,
    _folder: TempDir,
}

impl Varnish {
    fn start(backend: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let vcl = folder.path().join("test.vcl");
        let backend =
            format!(".host = \"127.0.0.1\"; .port = \"{backend}\"; .first_byte_timeout = 1s; .connect_timeout = 60s;");
        std::fs::write(&vcl, format!("vcl 4.1;\nbackend default {{ {backend} }}\n")).unwrap();
        let process = Command::new("varnishd")
            .args([
                "-F",
                "-j",
                "none",
                "-a",
                &format!("127.0.0.1:{port}"),
                "-s",
                "malloc,64m",
                "-p",
                "timeout_idle=600",
                "-n",
            ])
            .arg(folder.path().join("work"))
            .arg("-f")
            .arg(&vcl)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("varnishd, from Debian's package `varnish`");
        let until = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "varnishd does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { process, url: format!("http://127.0.0.1:{port}/graphql"), _folder: folder }
    }
}

impl Drop for Varnish {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_varnish_a_mutation_runs_once_and_queries_are_sent_again() {
    if !wanted() {
        return;
    }
    let executed = Executed::default();
    let varnish = Varnish::start(slow_server(executed.clone()));
    let transport = transport();
    let make = || client(&varnish.url, &transport);
    let outcomes = call(CALLS, 200, make, "mutation PayOnce($key: String!) { charge(key: $key) }", keyed).await;
    let times: Vec<u32> = executed.lock().unwrap().values().copied().collect();
    println!("Varnish: {} keys, at most {:?} times each; {outcomes:?}", times.len(), times.iter().max());
    assert_eq!((times.len(), times.iter().max()), (CALLS, Some(&1)));
    assert_eq!(outcomes, Outcomes::from([("status 503, 1 attempts".to_owned(), CALLS)]));
    // Varnish asks to wait for 5 s.
    let question = "query Ask($key: String!) { charge(key: $key) }";
    let outcomes = call(50, 50, make, question, |key| keyed(CALLS + key)).await;
    println!("queries: {outcomes:?}");
    assert_eq!(outcomes, Outcomes::from([("ok".to_owned(), 50)]));
}
