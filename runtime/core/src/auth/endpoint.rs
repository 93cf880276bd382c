//! Endpoints that exchange refresh tokens for access tokens.

use super::token_endpoint::{ClientAuthentication, Encoding, OAuthClient, TokenEndpoint};
use super::{TokenSource, Tokens};
use crate::error::Error;
use crate::secret::Secret;
use crate::transport::{BoxFuture, Transport};
use std::sync::Arc;

/// Gets access tokens with a `POST` of a refresh token.
///
/// The response is that of OAuth 2 (RFC 6749, 5.1): `access_token`, and optionally `expires_in` and another
/// `refresh_token`, which is used from then on.
///
/// A user and a password in a URL are sent as Basic authentication (RFC 7617).
///
/// # Errors
/// Errors of the endpoint contain its status and its reason, without the secrets that were sent. They are retryable if
/// the server was busy (429), failed (5xx), could not be reached, or returned something other than a token.
#[derive(Debug, Clone)]
pub struct RefreshEndpoint {
    endpoint: TokenEndpoint,
    old_tokens: OldTokens,
}

/// The validity of an access token after the next one is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OldTokens {
    KeepTheirLifetime,
    EndAtOnce,
}

impl RefreshEndpoint {
    /// Creates a source for an endpoint with JSON requests and responses: `{"refresh_token": "…"}`.
    pub fn json(url: impl Into<String>) -> Self {
        Self::new(TokenEndpoint::new(url.into(), Encoding::Json))
    }

    /// Creates a source for a token endpoint of OAuth 2, with the grant `refresh_token` (RFC 6749, 6). The client is
    /// identified by `client_id` in the body, since public clients have no secret.
    ///
    /// # Examples
    /// ```
    /// use graphwright_core::auth::{ClientAuthentication, RefreshEndpoint};
    ///
    /// // A public client.
    /// let public = RefreshEndpoint::oauth2("https://example.com/oauth/token", "app");
    /// // A confidential client, which sends its secret in a Basic header.
    /// let confidential = RefreshEndpoint::oauth2("https://example.com/oauth/token", "app")
    ///     .client_secret("a secret")
    ///     .client_authentication(ClientAuthentication::Basic);
    /// # let _ = (public, confidential);
    /// ```
    pub fn oauth2(url: impl Into<String>, client_id: impl Into<String>) -> Self {
        let mut endpoint = TokenEndpoint::new(url.into(), Encoding::Form);
        endpoint.parameters.push(("grant_type".to_owned(), "refresh_token".to_owned()));
        endpoint.client = Some(OAuthClient { id: client_id.into(), secret: None, by: ClientAuthentication::Body });
        Self::new(endpoint)
    }

    fn new(endpoint: TokenEndpoint) -> Self {
        Self { endpoint, old_tokens: OldTokens::KeepTheirLifetime }
    }

    /// Sets the secret of the client. It is sent in the body, unless [`RefreshEndpoint::client_authentication`] says
    /// otherwise; for endpoints that take JSON, as the field `client_secret`.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        match &mut self.endpoint.client {
            Some(client) => client.secret = Some(secret.into()),
            None => self.endpoint.fields.push(("client_secret".to_owned(), secret.into())),
        }
        self
    }

    /// Sets how the client identifies itself; [`ClientAuthentication::Body`] by default. It has no effect on endpoints
    /// with JSON, which have no client.
    #[must_use]
    pub fn client_authentication(mut self, by: ClientAuthentication) -> Self {
        self.endpoint.set_client_authentication(by);
        self
    }

    /// Adds a field to every request, for example `tenant_id` or `scope`. Its value is treated as a secret.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.endpoint.add_field(name, value);
        self
    }

    /// Sets the URL that revokes tokens: with JSON like the refresh, with OAuth 2 as in RFC 7009.
    #[must_use]
    pub fn revocation(mut self, url: impl Into<String>) -> Self {
        self.endpoint.revocation = Some(url.into());
        self
    }

    /// Declares that the server invalidates an access token as soon as it issues the next one: renewals wait for
    /// requests in flight, see [`TokenSource::old_tokens_end_at_once`].
    #[must_use]
    pub fn ending_old_tokens(mut self) -> Self {
        self.old_tokens = OldTokens::EndAtOnce;
        self
    }

    /// Sets a transport other than the default one.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.endpoint.set_transport(transport);
        self
    }
}

fn refresh_token(tokens: Option<&Tokens>) -> Result<&Secret, Error> {
    let token = tokens.and_then(|tokens| tokens.refresh.as_ref());
    token.ok_or_else(|| Error::authentication("no refresh token; log in again"))
}

impl TokenSource for RefreshEndpoint {
    fn renew<'a>(&'a self, known: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        Box::pin(async move { self.endpoint.tokens(&[("refresh_token", refresh_token(known)?)]).await })
    }

    fn revoke<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move { self.endpoint.revoke("refresh_token", refresh_token(Some(tokens))?).await })
    }

    fn old_tokens_end_at_once(&self) -> bool {
        self.old_tokens == OldTokens::EndAtOnce
    }
}
