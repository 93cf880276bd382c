//! Tokens in the keyring of the operating system.

use super::TokenStore;
use crate::auth::Tokens;
use crate::auth::tokens::Stored;
use crate::error::{Error, ErrorKind};
use crate::transport::BoxFuture;

/// Stores tokens in macOS's Keychain, Windows's Credential Manager, or the Secret Service of other systems.
///
/// Windows stores at most 2,560 bytes, which large access tokens exceed. Processes that share an entry do not exclude
/// each other during renewals: if that matters, use a [`FileStore`](super::FileStore).
#[derive(Debug, Clone)]
pub struct KeyringStore {
    service: String,
    account: String,
}

impl KeyringStore {
    /// Creates a store for the entry of a service and an account, for example the program's name and the API's host.
    pub fn new(service: impl Into<String>, account: impl Into<String>) -> Self {
        Self { service: service.into(), account: account.into() }
    }

    /// Runs a function with the entry on a separate thread, since keyrings may prompt for a password.
    fn with_entry<T: Send + 'static>(
        &self,
        what: impl FnOnce(&keyring::Entry) -> keyring::Result<T> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, Error>> {
        let (service, account) = (self.service.clone(), self.account.clone());
        let (done, result) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || done.send(keyring::Entry::new(&service, &account).and_then(|entry| what(&entry))));
        Box::pin(async move {
            match result.await {
                Ok(Ok(value)) => Ok(value),
                Ok(Err(error)) => Err(Error::authentication(format!("cannot access the keyring: {error}"))),
                Err(_) => Err(Error::authentication("the keyring thread panicked")),
            }
        })
    }
}

impl TokenStore for KeyringStore {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Error>> {
        Box::pin(async move {
            let secret = self.with_entry(|entry| match entry.get_secret() {
                Err(keyring::Error::NoEntry) => Ok(None),
                other => other.map(Some),
            });
            let Some(secret) = secret.await? else { return Ok(None) };
            let damaged = || {
                let (service, account) = (&self.service, &self.account);
                Error::new(ErrorKind::Decode, format!("the keyring entry `{service}` of `{account}` is damaged"))
            };
            Stored::parse(&secret).map(Some).ok_or_else(damaged)
        })
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
        match serde_json::to_vec(&Stored::from(tokens)) {
            Ok(secret) => self.with_entry(move |entry| entry.set_secret(&secret)),
            Err(error) => {
                Box::pin(std::future::ready(Err(Error::request("the tokens cannot be written").with_source(error))))
            }
        }
    }

    fn clear(&self) -> BoxFuture<'_, Result<(), Error>> {
        self.with_entry(|entry| match entry.delete_credential() {
            Err(keyring::Error::NoEntry) => Ok(()),
            other => other,
        })
    }
}
