//! The transport: certainly unsent requests, error messages, TLS, layers of tower, and logs.

mod logs;
mod messages;
mod tls;
mod tower;
mod unsent;

use graphwright::bytes::Bytes;
use graphwright::http;
use graphwright::transport::rustls::RootCertStore;
use graphwright::transport::{ReqwestTransport, Transport, TransportError, reqwest};

/// Returns a GraphQL request that carries a key.
fn request(url: &str, key: u64) -> http::Request<Bytes> {
    let body = format!(r#"{{"query":"mutation($key: Int!) {{ a(key: $key) }}","variables":{{"key":{key}}}}}"#);
    let request = http::Request::post(url).header("content-type", "application/json");
    request.body(body.into()).unwrap()
}

async fn send(transport: &impl Transport, url: &str, key: u64) -> Result<http::Response<Bytes>, TransportError> {
    transport.send(request(url, key)).await
}

/// Returns the settings that `ReqwestTransport::from_client` asks for.
fn settings() -> reqwest::ClientBuilder {
    let tls = tls::configuration(RootCertStore::empty()).with_no_client_auth();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never().max_retries_per_request(0))
        .tls_backend_preconfigured(tls)
        .no_proxy()
}

/// Returns a transport that speaks HTTP/2 without TLS.
pub fn http2() -> ReqwestTransport {
    ReqwestTransport::from_client(settings().http2_prior_knowledge().build().unwrap(), 1 << 20)
}

/// Returns the source's text: an error has one.
fn reason(error: &TransportError) -> String {
    let source = std::error::Error::source(error).unwrap();
    assert!(source.source().is_none(), "{source:?}");
    source.to_string()
}
