//! Access tokens for the client itself.

use super::token_endpoint::{ClientAuthentication, Encoding, OAuthClient, TokenEndpoint};
use super::{TokenSource, Tokens};
use crate::error::Error;
use crate::secret::Secret;
use crate::transport::{BoxFuture, Transport};
use std::sync::Arc;

/// Gets access tokens with the grant `client_credentials` of OAuth 2 (RFC 6749, 4.4): the client acts for itself, without
/// a user and without refresh tokens.
///
/// # Errors
/// As for [`RefreshEndpoint`](super::RefreshEndpoint).
///
/// # Examples
/// ```
/// use graphwright_core::auth::{ClientCredentials, Renewing};
///
/// let source = ClientCredentials::new("https://example.com/oauth/token", "app", "a secret")
///     .scope("customers:read orders:read")
///     .field("audience", "https://example.com/graphql");
/// let login = Renewing::new(source);
/// # let _ = login;
/// ```
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    endpoint: TokenEndpoint,
}

impl ClientCredentials {
    /// Creates a source for a token endpoint. The client identifies itself with [`ClientAuthentication::Basic`].
    pub fn new(url: impl Into<String>, client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        let mut endpoint = TokenEndpoint::new(url.into(), Encoding::Form);
        endpoint.parameters.push(("grant_type".to_owned(), "client_credentials".to_owned()));
        let (id, secret) = (client_id.into(), Some(client_secret.into()));
        endpoint.client = Some(OAuthClient { id, secret, by: ClientAuthentication::Basic });
        Self { endpoint }
    }

    /// Sets the requested scopes, separated by spaces (RFC 6749, 3.3).
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.endpoint.parameters.retain(|(name, _)| name != "scope");
        self.endpoint.parameters.push(("scope".to_owned(), scope.into()));
        self
    }

    /// Adds a field to every request, for example `audience`. Its value is treated as a secret.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.endpoint.add_field(name, value);
        self
    }

    /// Sets how the client identifies itself; [`ClientAuthentication::Basic`] by default.
    #[must_use]
    pub fn client_authentication(mut self, by: ClientAuthentication) -> Self {
        self.endpoint.set_client_authentication(by);
        self
    }

    /// Sets the URL that revokes access tokens (RFC 7009).
    #[must_use]
    pub fn revocation(mut self, url: impl Into<String>) -> Self {
        self.endpoint.revocation = Some(url.into());
        self
    }

    /// Sets a transport other than the default one.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.endpoint.set_transport(transport);
        self
    }
}

impl TokenSource for ClientCredentials {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        Box::pin(async move {
            let mut tokens = self.endpoint.tokens(&[]).await?;
            // A refresh token should not be present (RFC 6749, 4.4.3) and would not be used.
            tokens.refresh = None;
            Ok(tokens)
        })
    }

    fn revoke<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let token = tokens.access.as_ref();
            let token = token.ok_or_else(|| Error::authentication("no access token to revoke"))?;
            self.endpoint.revoke("access_token", token).await
        })
    }
}
