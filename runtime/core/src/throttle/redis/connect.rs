//! Connections to Redis, with and without TLS.
//!
//! TLS is implemented here, since the `redis` crate uses rustls's process-wide provider, and installs one if there is
//! none. Libraries must leave that choice to the program.

use crate::error::Error;
use crate::secret::Secret;
use crate::time::{Elapsed, within};
use crate::url;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisError};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// The timeout of connecting and of each reply.
const PATIENCE: Duration = Duration::from_secs(1);

/// The address of Redis, and the verification of its certificate.
#[derive(Clone)]
pub(super) struct Server {
    name: String,
    info: ConnectionInfo,
    tls: Tls,
}

#[derive(Clone)]
enum Tls {
    Off,
    SystemRoots,
    Roots(Arc<RootCertStore>),
}

impl Server {
    pub fn new(url: &Secret) -> Result<Self, Error> {
        let text = url.expose().trim();
        let name = url::without_secrets(text);
        let (plain, tls) = match text.split_once("://") {
            Some(("rediss" | "valkeys", rest)) => (format!("redis://{rest}"), Tls::SystemRoots),
            _ => (text.to_owned(), Tls::Off),
        };
        let expected = "expected `redis://user:password@host:port/database`, or `rediss://` for TLS";
        if text.contains('#') {
            return Err(Error::request(format!("the Redis URL `{name}` has a fragment; {expected}")));
        }
        let info = plain
            .as_str()
            .into_connection_info()
            .map_err(|error| Error::request(format!("`{name}` is not a Redis URL; {expected}")).with_source(error))?;
        Ok(Self { name, info, tls })
    }

    /// Returns the URL without its secrets.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Trusts only these certificates.
    pub fn trust(&mut self, pem: &[u8]) -> Result<(), Error> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate =
                certificate.map_err(|error| Error::request("invalid PEM of root certificates").with_source(error))?;
            roots.add(certificate).map_err(|error| Error::request("invalid root certificate").with_source(error))?;
        }
        if roots.is_empty() {
            return Err(Error::request("no root certificate; expected at least one in PEM"));
        }
        self.tls = match self.tls {
            Tls::Off => Tls::Off,
            Tls::SystemRoots | Tls::Roots(_) => Tls::Roots(Arc::new(roots)),
        };
        Ok(())
    }

    pub async fn connect(self) -> Result<MultiplexedConnection, RedisError> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE));
        let roots = match self.tls {
            Tls::Off => return Client::open(self.info)?.get_multiplexed_async_connection_with_config(&config).await,
            Tls::SystemRoots => Arc::new(system_roots()),
            Tls::Roots(roots) => roots,
        };
        match within(PATIENCE, connect_with_tls(&self.info, roots, config)).await {
            Ok(connected) => connected,
            Err(Elapsed) => Err(failed(std::io::ErrorKind::TimedOut, "no TLS connection in time")),
        }
    }
}

async fn connect_with_tls(
    info: &ConnectionInfo,
    roots: Arc<RootCertStore>,
    config: AsyncConnectionConfig,
) -> Result<MultiplexedConnection, RedisError> {
    let ConnectionAddr::Tcp(host, port) = info.addr() else {
        return Err(failed(std::io::ErrorKind::InvalidInput, "TLS requires a host"));
    };
    let name = ServerName::try_from(host.clone()).map_err(|error| failed(std::io::ErrorKind::InvalidInput, error))?;
    let stream = TcpStream::connect((host.as_str(), *port)).await?;
    stream.set_nodelay(true)?;
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(std::io::ErrorKind::InvalidInput, error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TlsConnector::from(Arc::new(tls)).connect(name, stream).await?;
    let (connection, driver) = MultiplexedConnection::new_with_config(info.redis_settings(), stream, config).await?;
    tokio::spawn(driver);
    Ok(connection)
}

/// Returns the system's certificates; unreadable ones are ignored, so that verification may fail.
fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

fn failed(kind: std::io::ErrorKind, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> RedisError {
    RedisError::from(std::io::Error::new(kind, why))
}
