//! The trace context of requests, and `Debug` output.

use graphwright::transport::MockTransport;
use graphwright::{Client, Operation, OperationKind, Response, SingleResponse, blocking};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use tracing_subscriber::layer::SubscriberExt;

/// `traceparent` has the trace of the caller's span, and the span of the request as its parent.
#[tokio::test]
async fn requests_carry_the_context_of_their_span() {
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let provider = SdkTracerProvider::builder().build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let _traced = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let transport = Arc::new(MockTransport::json(r#"{"data":{"a":1}}"#));
    let client = Client::builder("https://example.com").transport(transport.clone()).propagate_trace_context();
    let client = client.build().unwrap();
    for _ in 0..2 {
        client.execute_raw::<_, Value>("{ a }", &json!({}), None).await.unwrap();
    }
    let parents: Vec<String> = transport
        .requests()
        .iter()
        .map(|request| request.headers["traceparent"].to_str().unwrap().to_owned())
        .collect();
    // W3C Trace Context, 3.2: version, trace, parent, flags.
    for parent in &parents {
        let parts: Vec<&str> = parent.split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [2, 32, 16, 2], "{parent}");
        assert!(parts[1].bytes().any(|digit| digit != b'0'), "{parent}");
    }
    assert_ne!(parents[0], parents[1]);
    let silent = Client::builder("https://example.com").transport(transport.clone()).build().unwrap();
    silent.execute_raw::<_, Value>("{ a }", &json!({}), None).await.unwrap();
    assert!(!transport.requests()[2].headers.contains_key("traceparent"));
}

/// Debug does not show its variables in the client's own types.
#[derive(Debug, Clone, Serialize)]
struct Secretive {
    variable: String,
}

impl Operation for Secretive {
    const NAME: Option<&'static str> = Some("Secretive");
    const KIND: OperationKind = OperationKind::Query;
    const DOCUMENT: &'static str = "query Secretive($variable:String!){a(b:$variable)}";
    const ID: &'static str = "00";
    type Data = Value;
}

impl SingleResponse for Secretive {}

#[tokio::test]
async fn debug_of_calls_and_responses_shows_no_values() {
    let body =
        r#"{"data":{"a":"s3cret"},"errors":[{"message":"m","extensions":{"x":"s3cret"}}],"extensions":{"y":"s3cret"}}"#;
    let transport = Arc::new(MockTransport::json(body));
    let client = Client::builder("https://example.com").transport(transport).build().unwrap();
    let operation = Secretive { variable: "s3cret".to_owned() };
    let call = client.call(operation.clone()).header("X-Key", "s3cret");
    let raw = json!({ "variable": "s3cret" });
    let response: Response<Value> = client.execute(operation).await.unwrap();
    let shown = format!("{call:?} {:?} {response:?} {:?}", client.call_raw("{ a }", &raw, None), response.errors);
    assert!(shown.contains("X-Key") || shown.contains("x-key"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

/// A blocking client in async code is an error, without a panic that a hook would print.
#[test]
fn a_blocking_client_in_async_code_does_not_panic() {
    let panics = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = panics.clone();
    let name = std::thread::current().name().map(str::to_owned);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name().map(str::to_owned) == name {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
        before(panic);
    }));
    let transport = Arc::new(MockTransport::json(r#"{"data":{"a":1}}"#));
    let client = Client::builder("https://example.com").transport(transport).build().unwrap();
    let client = blocking::Client::new(client).unwrap();
    let ask = || client.execute_raw::<_, Value>("{ a }", &json!({}), None);
    assert!(ask().is_ok());
    for runtime in [
        tokio::runtime::Builder::new_current_thread().build().unwrap(),
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap(),
    ] {
        let error = runtime.block_on(async { ask().unwrap_err() });
        assert!(error.to_string().contains("async code"), "{error}");
        // The budget of the task in Tokio is unchanged.
        runtime.block_on(async { assert!(tokio::task::coop::has_budget_remaining()) });
    }
    assert!(ask().is_ok());
    assert_eq!(panics.load(std::sync::atomic::Ordering::SeqCst), 0);
}
