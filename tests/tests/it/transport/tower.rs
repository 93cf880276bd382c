//! Layers of tower around and below a transport.

use super::{reason, send};
use crate::support::{Act, misbehaving};
use graphwright::bytes::Bytes;
use graphwright::http::{HeaderValue, Request};
use graphwright::transport::{MockTransport, ReqwestTransport, Tower, TransportError, TransportService};
use std::sync::Arc;
use std::time::Duration;
use tower::{BoxError, ServiceBuilder};

#[tokio::test]
async fn layers_fit_between() {
    let mock = Arc::new(MockTransport::json("{}"));
    let service = ServiceBuilder::new()
        .timeout(Duration::from_secs(5))
        .map_request(|mut request: Request<Bytes>| {
            request.headers_mut().insert("x-tenant", HeaderValue::from_static("acme"));
            request
        })
        .service(TransportService::new(mock.clone()));
    let response = send(&Tower::new(service), "http://example.com", 1).await.unwrap();
    assert_eq!(response.body(), "{}");
    assert_eq!(mock.requests()[0].headers["x-tenant"], "acme");
}

#[tokio::test]
async fn errors_keep_their_answers_through_layers() {
    for error in [
        || TransportError::new("a").unsent(),
        || TransportError::new("a").timed_out(),
        || TransportError::new("a").permanent(),
        || TransportError::new("a"),
    ] {
        let inner = TransportService::new(Arc::new(MockTransport::new(move |_| Err(error()))));
        let same = send(&Tower::new(inner.clone()), "http://example.com", 1).await.unwrap_err();
        let layered = ServiceBuilder::new().timeout(Duration::from_secs(5)).service(inner.clone());
        let layered = send(&Tower::new(layered), "http://example.com", 1).await.unwrap_err();
        let wrapping =
            ServiceBuilder::new().map_err(|error: TransportError| std::io::Error::other(error)).service(inner);
        let wrapped = send(&Tower::new(wrapping), "http://example.com", 1).await.unwrap_err();
        assert_eq!((same.to_string(), layered.to_string()), ("a".into(), "a".into()));
        assert_eq!(wrapped.to_string(), "the transport service failed");
        for found in [same, layered, wrapped] {
            let flags = |error: &TransportError| (error.is_unsent(), error.is_timeout(), error.is_permanent());
            assert_eq!(flags(&found), flags(&error()));
        }
    }
}

#[tokio::test]
async fn a_timeout_of_a_layer() {
    let url = misbehaving(vec![Act::Hang]);
    let reqwest = Arc::new(ReqwestTransport::new(1000).unwrap());
    let service =
        ServiceBuilder::new().timeout(Duration::from_millis(50)).service(TransportService::new(reqwest.clone()));
    let error = send(&Tower::new(service), &url, 1).await.unwrap_err();
    assert_eq!((reason(&error).as_str(), error.is_unsent()), ("request timed out", false));
    let mapped = ServiceBuilder::new()
        .map_err(|_: BoxError| TransportError::new("no response within 50 ms").timed_out())
        .timeout(Duration::from_millis(50))
        .service(TransportService::new(reqwest));
    assert!(send(&Tower::new(mapped), &url, 1).await.unwrap_err().is_timeout());
}
