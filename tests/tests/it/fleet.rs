//! Several processes that share one limit through Redis. Slow, and sensitive to the load of the machine: runs with
//! `GRAPHWRIGHT_SLOW=1`, and needs `redis-server`.

use graphwright::throttle::{RedisLimit, WhenAway};
use graphwright::{Client, Limit, Throttle};
use graphwright_fixtures::{Server, Settings};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PROCESSES: u32 = 4;
const SECONDS: u64 = 20;

/// A Redis server of the test's own, without persistence.
struct Redis {
    port: u16,
    process: Child,
}

impl Redis {
    fn start(port: u16) -> Self {
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server, from Debian's package of that name");
        Self::listening(port, process)
    }

    /// Waits until the server listens.
    fn listening(port: u16, process: Child) -> Self {
        let redis = Self { port, process };
        let until = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "redis-server does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        redis
    }

    /// Forgets everything, as an operator does by `FLUSHALL`.
    fn flush(&self) {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(b"FLUSHALL\r\n").unwrap();
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"+OK\r\n");
    }

    fn kill(mut self) -> u16 {
        let _ = self.process.kill();
        let _ = self.process.wait();
        self.port
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The work of one process: the test starts itself again with this.
#[test]
#[ignore = "run by the other tests here, as a process of its own"]
fn member() {
    let variable = |name: &str| std::env::var(name).unwrap();
    let (url, token, redis) = (variable("FLEET_URL"), variable("FLEET_TOKEN"), variable("FLEET_REDIS"));
    let limit = RedisLimit::new(redis, "graphwright:test", Limit::per_second(20)).unwrap();
    let limit = limit.when_away(WhenAway::LocalShare { of: PROCESSES });
    let throttle = Throttle::builder().shared_limit(limit).build();
    let client = Client::builder(format!("{url}/api")).bearer(token).throttle(throttle);
    let client = client.timeout(Duration::from_secs(60)).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let until = Instant::now() + Duration::from_secs(SECONDS);
    let calls = runtime.block_on(async {
        let callers = (0..10).map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut calls = 0;
                while Instant::now() < until {
                    let answer = client.execute_raw::<_, Value>("{ organization { name } }", &json!({}), None).await;
                    answer.unwrap().into_result().unwrap();
                    calls += 1;
                }
                calls
            })
        });
        let mut calls = 0;
        for caller in callers.collect::<Vec<_>>() {
            calls += caller.await.unwrap();
        }
        calls
    });
    println!("FLEET_CALLS {calls}");
}

fn start(server: &Server, redis: u16) -> Vec<Child> {
    let token = server.access_token("local-user", 600);
    let child = |_| {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "fleet::member", "--ignored", "--nocapture"])
            .envs([("FLEET_URL", server.url()), ("FLEET_TOKEN", token.clone())])
            .env("FLEET_REDIS", format!("redis://127.0.0.1:{redis}/"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    };
    (0..PROCESSES).map(child).collect()
}

/// Waits for the processes; all their calls.
fn calls(children: Vec<Child>) -> u64 {
    let calls = children.into_iter().map(|child| {
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}");
        text.split("FLEET_CALLS ").nth(1).unwrap().lines().next().unwrap().parse::<u64>().unwrap()
    });
    calls.sum()
}

fn wanted() -> bool {
    std::env::var_os("GRAPHWRIGHT_SLOW").is_some()
}

#[test]
fn four_processes_share_twenty_requests_a_second() {
    if !wanted() {
        return;
    }
    let redis = Redis::start(free_port());
    let server = Server::start(Settings::default()).unwrap();
    let began = Instant::now();
    let calls = calls(start(&server, redis.port));
    let stats = server.stats();
    let first = stats.answered.iter().min().copied().unwrap_or(began);
    let within = stats.answered.iter().filter(|at| at.duration_since(first) < Duration::from_secs(SECONDS)).count();
    let used = within as f64 / (20 * SECONDS) as f64;
    println!(
        "{calls} calls by {PROCESSES} processes; in {SECONDS} s {:.1} % of the limit, at most {} in a second, {} refused",
        used * 100.0,
        stats.most_in_a_second(),
        stats.limited
    );
    assert_eq!(calls, stats.answered.len() as u64);
    assert!(stats.most_in_a_second() <= 20 && stats.limited == 0);
    assert!(used >= 0.95);
}

#[test]
fn redis_may_be_killed_and_come_back() {
    if !wanted() {
        return;
    }
    let redis = Redis::start(free_port());
    let server = Server::start(Settings::default()).unwrap();
    let children = start(&server, redis.port);
    std::thread::sleep(Duration::from_secs(7));
    let port = redis.kill();
    std::thread::sleep(Duration::from_secs(4));
    let redis = Redis::start(port);
    let calls = calls(children);
    let stats = server.stats();
    println!(
        "{calls} calls with Redis away for 4 of {SECONDS} s, at most {} in a second, {} refused",
        stats.most_in_a_second(),
        stats.limited
    );
    drop(redis);
    // Every call of every process was answered, and the local share kept going meanwhile.
    assert_eq!(calls, stats.answered.len() as u64);
    assert!(stats.most_in_a_second() <= 20 && stats.limited == 0);
    assert!(calls > 300, "{calls}");
}

#[test]
fn redis_may_be_flushed() {
    if !wanted() {
        return;
    }
    let redis = Redis::start(free_port());
    let server = Server::start(Settings::default()).unwrap();
    let children = start(&server, redis.port);
    let flush = |redis: &Redis| {
        for _ in 0..3 {
            std::thread::sleep(Duration::from_millis(1700));
            redis.flush();
        }
    };
    flush(&redis);
    let port = redis.kill();
    std::thread::sleep(Duration::from_secs(5));
    let redis = Redis::start(port);
    std::thread::sleep(Duration::from_secs(2));
    flush(&redis);
    let calls = calls(children);
    let stats = server.stats();
    println!(
        "{calls} calls with Redis away for 5 of {SECONDS} s and flushed 6 times, at most {} in a second, {} refused",
        stats.most_in_a_second(),
        stats.limited
    );
    assert_eq!(calls, stats.answered.len() as u64);
    assert!(stats.most_in_a_second() <= 20 && stats.limited == 0);
    assert!(calls > 100, "{calls}");
}

#[tokio::test]
async fn redis_may_be_behind_tls() {
    if !wanted() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", &path("key"), "-out", &path("cert")])
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success());
    let port = free_port();
    let process = Command::new("redis-server")
        .args(["--port", "0", "--tls-port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
        .args(["--tls-cert-file", &path("cert"), "--tls-key-file", &path("key"), "--tls-auth-clients", "no"])
        .args(["--dir", directory.path().to_str().unwrap()])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let _redis = Redis::listening(port, process);
    let limit = || RedisLimit::new(format!("rediss://localhost:{port}"), "k", Limit::per_second(20)).unwrap();
    let trusted = limit().root_certificates(std::fs::read(path("cert")).unwrap()).unwrap();
    Throttle::builder().shared_limit(trusted).build().wait().await.unwrap();
    let error = Throttle::builder().shared_limit(limit()).build().wait().await.unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[test]
fn bad_redis_urls_are_refused_when_the_limit_is_made() {
    for url in ["http://u:s3cret@host", "redis://u:s3cret@host:x/", "redis://u:s3cret@host/db", "s3cret", "redis://"] {
        let error = RedisLimit::new(url, "k", Limit::per_second(1)).unwrap_err();
        assert_eq!(error.kind(), graphwright::ErrorKind::Request);
        assert!(!error.is_retryable());
        assert!(url == "s3cret" || !format!("{error:?} {error:#}").contains("s3cret"), "{error:?}");
    }
    let limit = RedisLimit::new("redis://u:s3cret@host", "k", Limit::per_second(1)).unwrap();
    assert!(!format!("{limit:?}").contains("s3cret"));
    assert!(limit.root_certificates("none").is_err());
}
