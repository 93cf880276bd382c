//! TLS with a private certificate authority and with client certificates.

use super::{reason, send};
use graphwright::transport::rustls::client::WantsClientCert;
use graphwright::transport::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use graphwright::transport::rustls::server::WebPkiClientVerifier;
use graphwright::transport::rustls::{
    ClientConfig, ConfigBuilder, RootCertStore, ServerConfig, WantsVersions, crypto::ring,
};
use graphwright::transport::{ReqwestTransport, reqwest};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Returns a configuration that trusts these authorities only.
pub fn configuration(roots: RootCertStore) -> ConfigBuilder<ClientConfig, WantsClientCert> {
    let builder: ConfigBuilder<ClientConfig, WantsVersions> =
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots)
}

/// A private certificate authority.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut parameters = CertificateParams::new([]).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        roots
    }

    fn issue(&self, name: &str) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &self.0).unwrap();
        (vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
    }
}

/// Returns a server of HTTP/1.1 that wants a certificate of its clients if there is an authority for them.
async fn server(authority: &Authority, clients: Option<&Authority>) -> String {
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().unwrap();
    let builder = match clients {
        Some(clients) => {
            let roots = Arc::new(clients.roots());
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
        None => builder.with_no_client_auth(),
    };
    let (certificates, key) = authority.issue("localhost");
    let acceptor = TlsAcceptor::from(Arc::new(builder.with_single_cert(certificates, key).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await?;
                let mut request = vec![0; 4096];
                let _ = stream.read(&mut request).await?;
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").await?;
                stream.shutdown().await
            });
        }
    });
    url
}

fn transport(tls: ClientConfig) -> ReqwestTransport {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .tls_backend_preconfigured(tls)
        .no_proxy();
    ReqwestTransport::from_client(client.build().unwrap(), 1000)
}

/// Returns the URL of a server with a private authority, without a path, and a transport that trusts it.
pub async fn private() -> (String, ReqwestTransport) {
    let authority = Authority::new();
    let url = server(&authority, None).await;
    (url, transport(configuration(authority.roots()).with_no_client_auth()))
}

#[tokio::test]
async fn a_private_authority() {
    let (url, trusting) = private().await;
    assert_eq!(send(&trusting, &url, 0).await.unwrap().body(), "{}");
    let error = send(&ReqwestTransport::new(1000).unwrap(), &url, 0).await.unwrap_err();
    assert!(error.to_string().starts_with("cannot connect to localhost:") && error.is_unsent(), "{error}");
    assert_eq!(reason(&error), "invalid peer certificate: UnknownIssuer");
}

#[tokio::test]
async fn client_certificates() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let url = server(&authority, Some(&clients)).await;
    let (certificates, key) = clients.issue("client");
    let tls = configuration(authority.roots()).with_client_auth_cert(certificates, key).unwrap();
    assert_eq!(send(&transport(tls), &url, 0).await.unwrap().body(), "{}");
    let without = transport(configuration(authority.roots()).with_no_client_auth());
    let error = send(&without, &url, 0).await.unwrap_err();
    assert_eq!(reason(&error), "received fatal alert: CertificateRequired");
}
