//! Stores of tokens between runs.

mod file;
#[cfg(feature = "keyring")]
mod keyring;
mod orphans;

use super::Tokens;
use crate::error::Error;
use crate::transport::BoxFuture;
use std::fmt;
use std::sync::{Mutex, PoisonError};

pub use file::FileStore;
#[cfg(feature = "keyring")]
pub use keyring::KeyringStore;

/// Excludes other renewals with the same store until it is dropped.
pub type StoreLock = Box<dyn Send>;

/// Stores tokens between runs, or between clients.
///
/// # Examples
/// A store that encrypts tokens with a key management service:
/// ```
/// use graphwright_core::auth::{TokenStore, Tokens};
/// use graphwright_core::transport::BoxFuture;
/// use graphwright_core::{Error, ErrorKind};
/// use std::sync::Mutex;
/// # #[derive(Debug, Default)]
/// # struct Kms;
/// # impl Kms {
/// #     async fn encrypt(&self, text: &str) -> std::io::Result<Vec<u8>> { Ok(text.bytes().rev().collect()) }
/// #     async fn decrypt(&self, sealed: &[u8]) -> std::io::Result<Vec<u8>> { Ok(sealed.iter().rev().copied().collect()) }
/// # }
///
/// #[derive(Debug, Default)]
/// struct KmsStore {
///     kms: Kms,
///     sealed: Mutex<Option<Vec<u8>>>,
/// }
///
/// fn away(error: std::io::Error) -> Error {
///     Error::new(ErrorKind::Authentication, "the key management service cannot be reached").with_source(error).retryable()
/// }
///
/// impl TokenStore for KmsStore {
///     fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Error>> {
///         Box::pin(async move {
///             let Some(sealed) = self.sealed.lock().unwrap().clone() else { return Ok(None) };
///             let text = self.kms.decrypt(&sealed).await.map_err(away)?;
///             // The cause is left out: it could show a piece of the token.
///             let token = String::from_utf8(text)
///                 .map_err(|_| Error::new(ErrorKind::Decode, "the sealed refresh token is not text"))?;
///             Ok(Some(Tokens::refresh(token)))
///         })
///     }
///
///     fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
///         Box::pin(async move {
///             // Access tokens are short-lived: the refresh token is enough for the next run.
///             let Some(token) = &tokens.refresh else { return Ok(()) };
///             let sealed = self.kms.encrypt(token.expose()).await.map_err(away)?;
///             *self.sealed.lock().unwrap() = Some(sealed);
///             Ok(())
///         })
///     }
///
///     fn clear(&self) -> BoxFuture<'_, Result<(), Error>> {
///         *self.sealed.lock().unwrap() = None;
///         Box::pin(std::future::ready(Ok(())))
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
///
/// let store = KmsStore::default();
/// store.save(&Tokens::refresh("kept")).await?;
/// assert_eq!(store.load().await?, Some(Tokens::refresh("kept")));
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
pub trait TokenStore: Send + Sync + fmt::Debug + 'static {
    /// Returns the stored tokens, if any. Changes nothing.
    ///
    /// # Errors
    /// An error of [`ErrorKind::Decode`](crate::ErrorKind::Decode) means that the stored content is damaged: no process
    /// can read it, and another attempt fails as well. Other errors mean that the store cannot be reached.
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Error>>;

    /// Replaces the stored tokens. When this returns, a later [`load`](TokenStore::load) of any process finds them.
    ///
    /// # Errors
    /// The tokens could not be stored; the earlier ones remain.
    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>>;

    /// Removes the stored tokens.
    ///
    /// # Errors
    /// The store cannot be reached.
    fn clear(&self) -> BoxFuture<'_, Result<(), Error>>;

    /// Waits for other renewals to end, and excludes them until the lock is dropped. Stores that are not shared between
    /// processes need no lock: the default returns at once.
    ///
    /// # Errors
    /// The store cannot be locked.
    fn lock(&self) -> BoxFuture<'_, Result<StoreLock, Error>> {
        Box::pin(std::future::ready(Ok(Box::new(()) as StoreLock)))
    }
}

/// Stores tokens in memory, where several clients may share them.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tokens: Mutex<Option<Tokens>>,
}

impl TokenStore for MemoryStore {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Error>> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(std::future::ready(Ok(tokens)))
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
        *self.tokens.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
        Box::pin(std::future::ready(Ok(())))
    }

    fn clear(&self) -> BoxFuture<'_, Result<(), Error>> {
        *self.tokens.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Box::pin(std::future::ready(Ok(())))
    }
}

impl<S: TokenStore + ?Sized> TokenStore for std::sync::Arc<S> {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Error>> {
        (**self).load()
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
        (**self).save(tokens)
    }

    fn clear(&self) -> BoxFuture<'_, Result<(), Error>> {
        (**self).clear()
    }

    fn lock(&self) -> BoxFuture<'_, Result<StoreLock, Error>> {
        (**self).lock()
    }
}
