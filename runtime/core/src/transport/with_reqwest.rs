//! The transport that is used unless another is given: reqwest, with rustls.

use super::{BoxFuture, Transport, TransportError};
use bytes::Bytes;
use std::error::Error as _;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long making a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests with reqwest: HTTP/1.1 and HTTP/2, gzip, brotli and zstd, rustls with the
/// system's certificates, and the system's proxies.
pub struct ReqwestTransport {
    client: reqwest::Client,
    most: usize,
    /// The last address as reqwest wants it: a client has one.
    address: Mutex<Option<(http::Uri, reqwest::Url)>>,
}

impl ReqwestTransport {
    /// A transport that reads at most so many bytes of a response, counted after decompression.
    ///
    /// # Errors
    /// The TLS backend cannot be set up.
    pub fn new(most: usize) -> Result<Self, TransportError> {
        // Someone else may have installed a provider before: theirs is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .build()
            .map_err(|error| TransportError::new("the HTTP client cannot be set up").because(error))?;
        Ok(Self { client, most, address: Mutex::default() })
    }

    /// The request as reqwest wants it.
    fn request(&self, request: http::Request<Bytes>) -> Result<reqwest::Request, TransportError> {
        let (parts, body) = request.into_parts();
        let mut last = self.address.lock().unwrap_or_else(PoisonError::into_inner);
        let url = match &*last {
            Some((uri, url)) if *uri == parts.uri => url.clone(),
            _ => {
                let url = reqwest::Url::parse(&parts.uri.to_string())
                    .map_err(|error| TransportError::new(format!("the URL is not valid: {error}")).permanent())?;
                *last = Some((parts.uri, url.clone()));
                url
            }
        };
        drop(last);
        let mut request = reqwest::Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        *request.body_mut() = Some(body.into());
        Ok(request)
    }

    async fn exchange(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let request = self.request(request)?;
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let port = request.url().port_or_known_default().unwrap_or_default();
        let mut response = self.client.execute(request).await.map_err(|error| match error.is_connect() {
            true => failure(&format!("cannot connect to {host}:{port}"), error).unsent(),
            false => failure(&format!("no response from {host}:{port}"), error),
        })?;
        let mut answer = http::Response::new(Bytes::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        let broken = |error| failure(&format!("the response from {host}:{port} broke off"), error);
        let mut size = 0;
        let mut chunks = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            size += chunk.len();
            if size > self.most {
                let message = format!("the response from {host}:{port} is larger than {} bytes", self.most);
                return Err(TransportError::new(message).permanent());
            }
            chunks.push(chunk);
        }
        *answer.body_mut() = match chunks.len() {
            1 => chunks.swap_remove(0),
            _ => chunks.concat().into(),
        };
        Ok(answer)
    }
}

/// The address is left out: it can hold a password.
impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport").field("most", &self.most).finish_non_exhaustive()
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

/// What was tried, and the deepest reason why it failed. URLs are left out: they can hold secrets.
fn failure(what: &str, error: reqwest::Error) -> TransportError {
    let timeout = error.is_timeout();
    let error = error.without_url();
    let mut reason: &dyn std::error::Error = &error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    let failure = TransportError::new(format!("{what}: {reason}"));
    let failure = if timeout { failure.timed_out() } else { failure };
    let _ = error.source();
    failure.because(error)
}
