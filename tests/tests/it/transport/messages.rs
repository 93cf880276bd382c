//! Errors of the transport name the failed step, then the deepest reason, without secrets.

use super::{reason, request, send};
use crate::support::{Act, http, misbehaving};
use futures_util::FutureExt as _;
use graphwright::transport::{Recorder, ReqwestTransport, Transport};
use std::process::Command;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Runs a test of this module in a process of its own; a test that needs one returns early unless it is in it.
fn run_alone(test: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([&format!("transport::messages::{test}"), "--exact", "--nocapture"]);
    for name in
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"]
    {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).env("GRAPHWRIGHT_ALONE", "1").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

fn is_alone() -> bool {
    std::env::var_os("GRAPHWRIGHT_ALONE").is_some()
}

#[tokio::test]
async fn a_message_does_not_repeat_its_source() {
    let transport = ReqwestTransport::new(1000).unwrap();
    let error = send(&transport, "http://user:s3cret@127.0.0.1:1/?key=s3cret", 0).await.unwrap_err();
    assert_eq!(error.to_string(), "cannot connect to 127.0.0.1:1");
    assert_eq!(reason(&error), "Connection refused (os error 111)");
    assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    let io = std::error::Error::source(&error).unwrap().downcast_ref::<std::io::Error>().unwrap();
    assert_eq!(io.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn cut_and_missing_responses() {
    let transport = ReqwestTransport::new(1000).unwrap();
    let url = misbehaving(vec![Act::Send(String::new())]);
    let error = send(&transport, &url, 0).await.unwrap_err();
    assert_eq!(error.to_string(), format!("no response from {}", &url[7..]));
    assert_eq!((reason(&error).as_str(), error.is_unsent()), ("connection closed before message completed", false));
    let url = misbehaving(vec![Act::Send("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{".into())]);
    let error = send(&transport, &url, 0).await.unwrap_err();
    assert_eq!(error.to_string(), format!("the response from {} broke off", &url[7..]));
    assert_eq!((reason(&error).as_str(), error.is_unsent()), ("end of file before message length reached", false));
}

#[tokio::test]
async fn the_limit_holds_for_announced_and_for_streamed_bodies() {
    let transport = ReqwestTransport::new(1000).unwrap();
    for size in [0, 1, 1000] {
        let url = misbehaving(vec![http("200 OK", "application/json", &"x".repeat(size))]);
        assert_eq!(send(&transport, &url, 0).await.unwrap().body().len(), size);
    }
    let chunk = format!("190\r\n{}\r\n", "x".repeat(400));
    let chunked =
        |times| format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}0\r\n\r\n", chunk.repeat(times));
    let url = misbehaving(vec![Act::Send(chunked(2))]);
    assert_eq!(send(&transport, &url, 0).await.unwrap().body().len(), 800);
    let announced = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999\r\n\r\n{".to_owned();
    for act in [Act::Send(chunked(3)), http("200 OK", "text/plain", &"x".repeat(1001)), Act::Send(announced)] {
        let url = misbehaving(vec![act]);
        let error = send(&transport, &url, 0).await.unwrap_err();
        assert_eq!(error.to_string(), format!("the response from {} is larger than 1000 bytes", &url[7..]));
        assert!(error.is_permanent() && !error.is_unsent());
    }
}

#[tokio::test]
async fn https_to_a_port_without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        let _ = stream.read(&mut [0; 4096]).await?;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await
    });
    let error = send(&ReqwestTransport::new(1000).unwrap(), &url, 0).await.unwrap_err();
    let hint = "the server does not support TLS on this port; the URL may have to begin with `http://`";
    assert_eq!(error.to_string(), format!("cannot connect to {}: {hint}", &url[8..]));
    assert!(error.is_permanent() && error.is_unsent());
}

#[test]
fn a_dead_proxy_is_named_without_its_password() {
    for (variable, url) in
        [("http_proxy", "http://example.invalid/?key=s3cret"), ("HTTPS_PROXY", "https://example.invalid")]
    {
        let shown = run_alone("through_a_proxy", &[(variable, "http://user:s3cret@127.0.0.1:1"), ("TARGET", url)]);
        let port = if url.starts_with("https") { 443 } else { 80 };
        let message = format!("cannot connect to example.invalid:{port} through the proxy 127.0.0.1:1");
        assert!(shown.contains(&format!("{message} / Connection refused (os error 111) / unsent: true")), "{shown}");
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}

#[tokio::test]
async fn through_a_proxy() {
    if is_alone() {
        let url = std::env::var("TARGET").unwrap();
        let error = send(&ReqwestTransport::new(1000).unwrap(), &url, 0).await.unwrap_err();
        println!("{error} / {} / unsent: {}", reason(&error), error.is_unsent());
        println!("{error:?}");
    }
}

#[test]
fn a_program_without_tokio_gets_an_error() {
    let shown = run_alone("without_tokio", &[]);
    let message = "the client requires a Tokio runtime; programs without one can use `graphwright::blocking`";
    assert!(shown.contains(message) && !shown.contains("panicked"), "{shown}");
}

#[test]
fn without_tokio() {
    if is_alone() {
        let transport = ReqwestTransport::new(1000).unwrap();
        let error = transport.send(request("http://127.0.0.1:1", 0)).now_or_never().unwrap().unwrap_err();
        assert!(error.is_permanent() && error.is_unsent());
        println!("{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn recordings_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old");
    std::fs::write(&old, "old").unwrap();
    std::fs::set_permissions(&old, PermissionsExt::from_mode(0o644)).unwrap();
    for path in [old, folder.path().join("new")] {
        let inner = Arc::new(graphwright::transport::MockTransport::json("{}"));
        let recorder = Recorder::new(inner, &path).unwrap();
        send(&recorder, "http://example.com/?key=s3cret", 1).await.unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with('{') && !text.contains("s3cret"), "{text}");
    }
}
