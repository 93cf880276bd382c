//! Authentication: the credentials that requests are sent with, and their renewal.
//!
//! A client has one [`Authentication`]. Ready ones are [`Header`] and [`Renewing`], whose tokens come from
//! an environment variable, a file, a command, or an endpoint that takes refresh tokens or client credentials:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use graphwright_core::{Client, auth::{Renewing, RefreshEndpoint, Tokens, FileStore}};
//!
//! let endpoint = RefreshEndpoint::json("https://example.com/auth/refresh");
//! let login = Renewing::builder(endpoint)
//!     .tokens(Tokens::refresh("a refresh token"))
//!     .store(FileStore::new("/var/lib/app/tokens.json"))
//!     .build();
//! let client = Client::builder("https://example.com/api").authentication(login).build()?;
//! # let _ = client; Ok(())
//! # }
//! ```

pub(crate) mod basic;
mod client_credentials;
mod endpoint;
mod renewing;
mod scrub;
mod source;
mod store;
mod token_endpoint;
mod tokens;

use crate::error::Error;
use crate::secret::Secret;
use crate::transport::BoxFuture;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use std::fmt;
use tokio::sync::OwnedRwLockReadGuard;

pub use client_credentials::ClientCredentials;
pub use endpoint::RefreshEndpoint;
pub use renewing::{Renewing, RenewingBuilder};
pub use source::{CommandSource, EnvironmentSource, FileSource, TokenSource};
#[cfg(feature = "keyring")]
pub use store::KeyringStore;
pub use store::{FileStore, MemoryStore, StoreLock, TokenStore};
pub use token_endpoint::ClientAuthentication;
pub use tokens::Tokens;

/// Authenticates requests.
///
/// For every request, the client gets a [`Credential`], waits for its throttle, and checks with
/// [`Authentication::admit`] whether the credential is still valid. If the server rejects the credential, usually with
/// 401, the client calls [`Authentication::refused`], and sends the request again if there is a new credential and the
/// operation may be sent again.
///
/// # Examples
/// Credentials of a cloud's metadata service, with its own errors:
/// ```
/// use graphwright_core::auth::{Authentication, Credential};
/// use graphwright_core::transport::BoxFuture;
/// use graphwright_core::{Client, Error, ErrorKind, Secret};
///
/// #[derive(Debug)]
/// struct Metadata;
///
/// async fn token() -> Result<Secret, std::io::Error> {
///     Err(std::io::Error::other("no route to the metadata service"))
/// }
///
/// impl Authentication for Metadata {
///     fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
///         Box::pin(async {
///             let token = token().await.map_err(|cause| {
///                 Error::new(ErrorKind::Authentication, "there is no token of this machine")
///                     .with_source(cause)
///                     .retryable()
///             })?;
///             Credential::bearer(&token)
///         })
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// let client = Client::builder("https://example.com/graphql").authentication(Metadata).build()?;
/// # let _ = client; Ok(())
/// # }
/// ```
pub trait Authentication: Send + Sync + fmt::Debug + 'static {
    /// Returns the credential to send; waits until there is one.
    ///
    /// # Errors
    /// There is no credential. A [retryable](Error::retryable) error is retried within the deadline of the call.
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>>;

    /// Returns the header that credentials are sent in. Calls that set it themselves are sent without a credential.
    fn header(&self) -> HeaderName {
        AUTHORIZATION
    }

    /// Called right before a request is sent: returns a permit that is kept until the response, or
    /// `None` if another credential must be requested.
    fn admit(&self, credential: &Credential) -> Option<Permit> {
        let _ = credential;
        Some(Permit::default())
    }

    /// Called after the server has rejected a credential: returns true if there is a new one. Dropping the future does
    /// not stop a renewal that it has started.
    fn refused<'a>(&'a self, credential: &'a Credential) -> BoxFuture<'a, Result<bool, Error>> {
        let _ = credential;
        Box::pin(std::future::ready(Ok(false)))
    }
}

/// A request header with a credential. `Debug` does not show its value.
#[derive(Debug, Clone)]
pub struct Credential {
    name: HeaderName,
    value: HeaderValue,
    version: u64,
}

/// Held while a request is in flight, so that a renewal can wait for it.
#[derive(Debug, Default)]
pub struct Permit {
    _in_flight: Option<OwnedRwLockReadGuard<()>>,
}

impl Credential {
    /// Creates a credential with any header.
    ///
    /// # Errors
    /// The name or the value is not valid in a header.
    pub fn header(name: &str, value: &Secret) -> Result<Self, Error> {
        let header: HeaderName = name.parse().map_err(|error| Error::request(not_a_name(name)).with_source(error))?;
        let mut value = HeaderValue::from_str(value.expose())
            .map_err(|error| Error::request(format!("invalid value of header `{name}`")).with_source(error))?;
        value.set_sensitive(true);
        Ok(Self { name: header, value, version: 0 })
    }

    /// Creates a bearer token, `Authorization: Bearer TOKEN` (RFC 6750, 2.1). White space around the token is removed.
    ///
    /// # Errors
    /// The token contains characters that a header does not allow.
    pub fn bearer(token: &Secret) -> Result<Self, Error> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose().trim()))
            .map_err(|error| Error::request("the token cannot be sent in a header").with_source(error))?;
        value.set_sensitive(true);
        Ok(Self { name: AUTHORIZATION, value, version: 0 })
    }

    /// Returns the credential tagged with its version: its ordinal among those of the same source.
    #[must_use]
    pub fn with_version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// Returns the version set by [`Credential::with_version`]; 0 by default.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn value(&self) -> &HeaderValue {
        &self.value
    }

    pub(crate) fn apply(&self, headers: &mut http::HeaderMap) {
        headers.insert(self.name.clone(), self.value.clone());
    }
}

/// Returns the message for an invalid name. It shows the name only up to a space or a colon, since the rest is the
/// value of a header that was given as a whole (`Authorization: Bearer …`), or a token.
fn not_a_name(name: &str) -> String {
    match name.split_once([' ', ':']) {
        Some((start, _)) if start.parse::<HeaderName>().is_ok() => {
            format!("`{start}…` is not a header name; expected the name without the value")
        }
        _ => "invalid header name; expected letters, digits and `-`".to_owned(),
    }
}

impl Permit {
    fn in_flight(guard: OwnedRwLockReadGuard<()>) -> Self {
        Self { _in_flight: Some(guard) }
    }
}

/// A fixed header.
#[derive(Debug, Clone)]
pub struct Header(Credential);

impl Header {
    /// Creates any fixed header, for example with an API key.
    ///
    /// # Errors
    /// The name or the value is not valid in a header.
    pub fn new(name: &str, value: impl Into<Secret>) -> Result<Self, Error> {
        Credential::header(name, &value.into()).map(Self)
    }

    /// Creates a fixed bearer token.
    ///
    /// # Errors
    /// The token contains characters that a header does not allow.
    pub fn bearer(token: impl Into<Secret>) -> Result<Self, Error> {
        Credential::bearer(&token.into()).map(Self)
    }

    /// Creates the header `Authorization` with a given value.
    pub(crate) fn authorization(value: HeaderValue) -> Self {
        Self(Credential { name: AUTHORIZATION, value, version: 0 })
    }

    /// Creates Basic authentication, `Authorization: Basic …` with user and password in UTF-8 (RFC 7617).
    ///
    /// # Errors
    /// The user contains a colon, or one of both contains control characters (RFC 7617, 2).
    ///
    /// # Examples
    /// ```
    /// use graphwright_core::{Client, auth::Header};
    ///
    /// # fn main() -> Result<(), graphwright_core::Error> {
    /// let client = Client::builder("https://example.com/api").authentication(Header::basic("user", "password")?).build()?;
    /// # let _ = client; Ok(())
    /// # }
    /// ```
    pub fn basic(user: &str, password: impl Into<Secret>) -> Result<Self, Error> {
        let password = password.into();
        if user.contains(':') {
            return Err(Error::request(
                "the user of Basic authentication contains a colon; expected a name without one",
            ));
        }
        if user.chars().chain(password.expose().chars()).any(char::is_control) {
            let message = "the user or the password of Basic authentication contains a control character";
            return Err(Error::request(message));
        }
        let value = basic::value(format!("{user}:{}", password.expose()).as_bytes())
            .ok_or_else(|| Error::request("the password cannot be sent in a header"))?;
        Ok(Self::authorization(value))
    }
}

impl Authentication for Header {
    fn credential(&self) -> BoxFuture<'_, Result<Credential, Error>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }

    fn header(&self) -> HeaderName {
        self.0.name.clone()
    }
}
