//! Sources of access tokens.

mod command;

use super::Tokens;
use crate::error::Error;
use crate::secret::Secret;
use crate::transport::BoxFuture;
use std::fmt;
use std::io;
use std::path::PathBuf;

pub use command::CommandSource;

/// Gets access tokens.
///
/// # Examples
/// A source that reads from a vault:
/// ```
/// use graphwright_core::auth::{TokenSource, Tokens};
/// use graphwright_core::transport::BoxFuture;
/// use graphwright_core::{Error, ErrorKind};
/// use std::time::Duration;
/// # #[derive(Debug)]
/// # struct Vault;
/// # impl Vault {
/// #     async fn read(&self, path: &str) -> std::io::Result<(String, Duration)> {
/// #         Err(std::io::Error::other(format!("{path}: sealed")))
/// #     }
/// # }
///
/// #[derive(Debug)]
/// struct VaultSource {
///     vault: Vault,
///     path: String,
/// }
///
/// impl TokenSource for VaultSource {
///     fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
///         Box::pin(async move {
///             let (token, lifetime) = self.vault.read(&self.path).await.map_err(|error| {
///                 // Another attempt may succeed: the vault may be unsealed by then.
///                 Error::new(ErrorKind::Authentication, "the vault gave no token").with_source(error).retryable()
///             })?;
///             Ok(Tokens::access(token).received_now(Some(lifetime)))
///         })
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
///
/// let source = VaultSource { vault: Vault, path: "api/token".to_owned() };
/// let error = source.renew(None).await.unwrap_err();
/// assert!(error.is_retryable());
/// assert_eq!(format!("{error:#}"), "the vault gave no token: api/token: sealed");
/// # });
/// ```
pub trait TokenSource: Send + Sync + fmt::Debug + 'static {
    /// Gets an access token that is valid from now on.
    ///
    /// `known` contains the current tokens, with a refresh token if there is one. A result without a refresh token
    /// keeps the current one. A result with the current access token means that there is no new one.
    ///
    /// Dropping the returned future cancels the renewal.
    ///
    /// # Errors
    /// There is no token. The error is [retryable](Error::is_retryable) if another attempt may succeed.
    fn renew<'a>(&'a self, known: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>>;

    /// Revokes the tokens on the server.
    ///
    /// # Errors
    /// The server does not accept the tokens or cannot be reached, or tokens of this source cannot be revoked.
    fn revoke<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
        let _ = tokens;
        Box::pin(std::future::ready(Err(Error::authentication("tokens of this source cannot be revoked"))))
    }

    /// Returns true if the server invalidates an access token as soon as it issues the next one; then a renewal waits
    /// for requests in flight.
    fn old_tokens_end_at_once(&self) -> bool {
        false
    }
}

/// A token in an environment variable.
#[derive(Debug, Clone)]
pub struct EnvironmentSource {
    name: String,
}

impl EnvironmentSource {
    /// Creates a source for a variable of this process.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

impl TokenSource for EnvironmentSource {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        let name = &self.name;
        let token = match std::env::var(name) {
            Ok(text) => token(&text, || format!("the environment variable `{name}` is empty")),
            Err(std::env::VarError::NotPresent) => {
                Err(Error::authentication(format!("the environment variable `{name}` for the token is not set")))
            }
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(Error::authentication(format!("the environment variable `{name}` is not valid Unicode")))
            }
        };
        Box::pin(std::future::ready(token))
    }
}

/// A token in a file that another program may replace, as Kubernetes does with service account tokens.
#[derive(Debug, Clone)]
pub struct FileSource {
    path: PathBuf,
}

impl FileSource {
    /// Creates a source for a file that contains only a token. White space around the token is ignored.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl TokenSource for FileSource {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        let path = self.path.display();
        let token = match std::fs::read_to_string(&self.path) {
            Ok(text) => token(&text, || format!("the token file {path} is empty")),
            Err(error) => {
                let message = format!("cannot read the token file {path}: {error}");
                Err(classified(Error::authentication(message), &error))
            }
        };
        Box::pin(std::future::ready(token))
    }
}

/// Marks an error as retryable if its cause is temporary.
fn classified(error: Error, cause: &io::Error) -> Error {
    match cause.kind() {
        io::ErrorKind::Interrupted | io::ErrorKind::TimedOut => error.retryable(),
        _ => error,
    }
}

/// Returns the token in a text, which must be a single word.
fn token(text: &str, empty: impl Fn() -> String) -> Result<Tokens, Error> {
    match text.trim() {
        "" => Err(Error::authentication(empty())),
        token if token.contains(char::is_whitespace) => {
            Err(Error::authentication("expected a token, found more than one word"))
        }
        token => Ok(Tokens::access(Secret::new(token))),
    }
}
