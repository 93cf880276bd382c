//! The HTTP library logs neither tokens, nor bodies, nor passwords and queries of URLs.

use super::{http2, request};
use crate::http2_server::{Http2Act, Http2Server};
use crate::support::{http, misbehaving};
use graphwright::http::HeaderValue;
use graphwright::transport::{ReqwestTransport, Transport};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// All events and spans of `tracing`, and all records of `log`, as text.
static LINES: Mutex<String> = Mutex::new(String::new());

struct Everything;

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(LINES.lock().unwrap(), " {field}={value:?}").unwrap();
    }
}

impl<S: tracing::Subscriber> Layer<S> for Everything {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        write!(LINES.lock().unwrap(), "\n{} {}", event.metadata().level(), event.metadata().target()).unwrap();
        event.record(&mut Everything);
    }

    fn on_new_span(&self, attributes: &tracing::span::Attributes<'_>, _: &tracing::Id, _: Context<'_, S>) {
        write!(LINES.lock().unwrap(), "\nspan {}", attributes.metadata().target()).unwrap();
        attributes.record(&mut Everything);
    }

    fn on_record(&self, _: &tracing::Id, values: &tracing::span::Record<'_>, _: Context<'_, S>) {
        values.record(&mut Everything);
    }
}

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        write!(LINES.lock().unwrap(), "\nlog {} {}", record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}

#[tokio::test]
async fn the_library_logs_no_secrets() {
    log::set_logger(&Everything).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(Everything));
    let server = Http2Server::start(|_| Http2Act::Answer).await;
    let http1 = misbehaving(vec![http("200 OK", "application/json", "{}")]);
    let (https, trusting) = super::tls::private().await;
    let cases: [(String, Arc<dyn Transport>); 3] = [
        (http1, Arc::new(ReqwestTransport::new(1 << 20).unwrap())),
        (server.url.clone(), Arc::new(http2())),
        (https, Arc::new(trusting)),
    ];
    for (url, transport) in cases {
        let mut request = request(&format!("{url}/path?key=qu3ry-s3cret"), 4_815_162_342);
        let mut token = HeaderValue::from_static("Bearer t0ken-s3cret");
        token.set_sensitive(true);
        request.headers_mut().insert("authorization", token);
        request.headers_mut().insert("x-api-key", HeaderValue::from_static("h3ader-s3cret"));
        transport.send(request).await.unwrap();
    }
    log::set_max_level(log::LevelFilter::Off);
    let lines = LINES.lock().unwrap();
    if let Some(path) = std::env::var_os("GRAPHWRIGHT_LOGS") {
        std::fs::write(path, &*lines).unwrap();
    }
    for library in ["h2", "hyper_util", "reqwest"] {
        assert!(lines.contains(&format!(" {library}::")), "{library} logs");
    }
    for secret in ["qu3ry-s3cret", "t0ken-s3cret", "h3ader-s3cret", "4815162342"] {
        let found: Vec<&str> = lines.lines().filter(|line| line.contains(secret)).collect();
        assert!(found.is_empty(), "{secret}: {found:#?}");
    }
}
