//! The application chooses the process-wide TLS provider: a client does not install one.
#![allow(clippy::unwrap_used, reason = "tests")]

use graphwright_core::Client;
use rustls::crypto::{CryptoProvider, ring};

#[test]
fn a_client_leaves_the_default_provider_to_the_application() {
    Client::builder("https://example.com/graphql").build().unwrap();
    assert!(CryptoProvider::get_default().is_none());
    assert!(ring::default_provider().install_default().is_ok());
    Client::builder("https://example.com/graphql").build().unwrap();
}
