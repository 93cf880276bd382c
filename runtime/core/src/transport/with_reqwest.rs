//! The default transport: reqwest with rustls.

use super::{BoxFuture, Transport, TransportError, cause};
use bytes::{Bytes, BytesMut};
use hyper_util::client::proxy::matcher::Matcher;
use rustls::crypto::{CryptoProvider, ring};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The timeout for making a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum memory reserved for the announced length of a body before it arrives.
const MOST_RESERVED: usize = 1 << 20;

/// Sends requests with reqwest: HTTP/1.1 and HTTP/2, gzip, brotli and zstd, rustls with the system's certificates,
/// and the system's proxies.
pub struct ReqwestTransport {
    client: reqwest::Client,
    most_bytes: usize,
    /// The system's proxies, to be named in errors; `None` if the client may use others.
    proxies: Option<Matcher>,
    /// The last URL, parsed, since a client uses only one.
    address: Mutex<Option<(http::Uri, reqwest::Url)>>,
}

impl ReqwestTransport {
    /// Creates a transport that reads at most `most_bytes` bytes of a response, counted after decompression.
    ///
    /// TLS uses the default [`CryptoProvider`] of the process if the application has installed one, and *ring* otherwise.
    /// The default itself is never set.
    ///
    /// # Errors
    /// TLS cannot be set up, for example because the system's certificates cannot be read.
    pub fn new(most_bytes: usize) -> Result<Self, TransportError> {
        let tls = tls().map_err(|error| TransportError::new("TLS cannot be set up").because(error).permanent())?;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // Without retries, reqwest does not clone the headers of each request.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .connect_timeout(CONNECT_TIMEOUT)
            .tls_backend_preconfigured(tls)
            .build()
            .map_err(|error| TransportError::new("the HTTP client cannot be set up").because(error).permanent())?;
        Ok(Self { client, most_bytes, proxies: Some(Matcher::from_system()), address: Mutex::default() })
    }

    /// Creates a transport from a configured client: client certificates (mTLS), a private certificate
    /// authority, proxies, connection timeouts. It reads at most `most_bytes` bytes of a response, counted after
    /// decompression.
    ///
    /// The client must come from the re-exported [`reqwest`](super::reqwest), and must be built with:
    /// - `redirect(Policy::none())`: a redirect could carry tokens and variables to another origin.
    /// - `retry(reqwest::retry::never())`: reqwest repeats requests that this crate's `Retry` neither counts nor limits.
    ///
    /// reqwest is compiled without a TLS provider, and panics in `build` if the process has no default one. The example
    /// passes a configuration instead; reqwest's own methods for certificates have no effect beside it.
    ///
    /// # Examples
    /// ```
    /// use graphwright_core::Client;
    /// use graphwright_core::transport::{ReqwestTransport, reqwest, rustls};
    /// use std::sync::Arc;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut authorities = rustls::RootCertStore::empty();
    /// // authorities.add(certificate_of_the_private_authority)?;
    /// let provider = Arc::new(rustls::crypto::ring::default_provider());
    /// let mut tls = rustls::ClientConfig::builder_with_provider(provider)
    ///     .with_safe_default_protocol_versions()?
    ///     .with_root_certificates(authorities)
    ///     .with_no_client_auth(); // mTLS: .with_client_auth_cert(certificates, key)?
    /// tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    ///
    /// let client = reqwest::Client::builder()
    ///     .tls_backend_preconfigured(tls)
    ///     .redirect(reqwest::redirect::Policy::none())
    ///     .retry(reqwest::retry::never().max_retries_per_request(0))
    ///     .build()?;
    /// let transport = ReqwestTransport::from_client(client, 64 << 20);
    /// let client = Client::builder("https://intern.example/graphql").transport(Arc::new(transport)).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_client(client: reqwest::Client, most_bytes: usize) -> Self {
        Self { client, most_bytes, proxies: None, address: Mutex::default() }
    }

    /// Converts a request. The URL is parsed only if it is not that of the last request.
    fn request(&self, request: http::Request<Bytes>) -> Result<reqwest::Request, TransportError> {
        let (parts, body) = request.into_parts();
        let mut last = self.address.lock().unwrap_or_else(PoisonError::into_inner);
        let url = match &*last {
            Some((uri, url)) if *uri == parts.uri => url.clone(),
            _ => {
                let url = reqwest::Url::parse(&parts.uri.to_string())
                    .map_err(|error| TransportError::new("the URL is invalid").because(error).permanent().unsent())?;
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
        if tokio::runtime::Handle::try_current().is_err() {
            let message = "the client requires a Tokio runtime; programs without one can use `graphwright::blocking`";
            return Err(TransportError::new(message).unsent().permanent());
        }
        let uri = request.uri().clone();
        let request = self.request(request)?;
        let mut response = self
            .client
            .execute(request)
            .await
            .map_err(|error| cause::no_response(&self.target(&uri), uri.scheme_str().unwrap_or_default(), error))?;
        let mut answer = http::Response::new(self.body(&mut response, &uri).await?);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }

    /// Reads a body. A single chunk is not copied; several are copied once, if their length is announced.
    async fn body(&self, response: &mut reqwest::Response, uri: &http::Uri) -> Result<Bytes, TransportError> {
        let announced = response.content_length().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        if announced.is_some_and(|length| length > self.most_bytes) {
            return Err(self.too_large(uri));
        }
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| cause::broke_off(&self.target(uri), error))? {
            if first.len().max(all.len()).saturating_add(chunk.len()) > self.most_bytes {
                return Err(self.too_large(uri));
            }
            if first.is_empty() {
                first = chunk;
                continue;
            }
            if all.is_empty() {
                all.reserve(announced.unwrap_or_default().min(MOST_RESERVED).max(first.len() + chunk.len()));
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&chunk);
        }
        Ok(if all.is_empty() { first } else { all.freeze() })
    }

    fn too_large(&self, uri: &http::Uri) -> TransportError {
        let message = format!("the response from {} is larger than {} bytes", self.target(uri), self.most_bytes);
        TransportError::new(message).permanent()
    }

    /// Returns the server, and the proxy in front of it, for error messages: without user, password, path and query.
    fn target(&self, uri: &http::Uri) -> String {
        match self.proxies.as_ref().and_then(|proxies| proxies.intercept(uri)) {
            Some(proxy) => format!("{} through the proxy {}", host_and_port(uri), host_and_port(proxy.uri())),
            None => host_and_port(uri),
        }
    }
}

fn host_and_port(uri: &http::Uri) -> String {
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    format!("{}:{port}", uri.host().unwrap_or_default())
}

/// Returns the configuration that reqwest would build, with its own provider instead of the default one of the
/// process.
fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
    let verifier = rustls_platform_verifier::Verifier::new(provider.clone())?;
    let mut tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

/// Does not show the address, which can contain a password.
impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport").field("most_bytes", &self.most_bytes).finish_non_exhaustive()
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request))
    }
}
