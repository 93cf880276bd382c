//! Where tokens are kept between runs.

mod file;
#[cfg(feature = "keyring")]
mod keyring;

use super::Tokens;
use crate::error::Error;
use crate::transport::BoxFuture;
use std::fmt;
use std::sync::{Mutex, PoisonError};

pub use file::FileStore;
#[cfg(feature = "keyring")]
pub use keyring::KeyringStore;

/// Held by the one who renews, among all that use the same store.
pub type StoreLock = Box<dyn Send>;

/// Keeps tokens.
pub trait TokenStore: Send + Sync + fmt::Debug + 'static {
    /// What is kept, if anything.
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Error>>;

    /// Keeps these instead.
    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>>;

    /// Forgets everything.
    fn clear(&self) -> BoxFuture<'_, Result<(), Error>>;

    /// Waits until nobody else renews; others are kept out until the lock is dropped. Stores that are not shared
    /// between processes need none.
    fn lock(&self) -> BoxFuture<'_, Result<StoreLock, Error>> {
        Box::pin(std::future::ready(Ok(Box::new(()) as StoreLock)))
    }
}

/// Keeps tokens in memory, where several clients may share them.
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
