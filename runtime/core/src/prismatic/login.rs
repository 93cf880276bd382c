//! Credentials from the environment variables and the profiles of Prismatic's command line tool.

#[cfg(feature = "prism-profiles")]
use super::base;
use super::{DEFAULT_URL, refresh_endpoint, unauthenticated};
use crate::auth::{Renewing, RenewingBuilder, Tokens};
use crate::client::ClientBuilder;
use crate::error::Error;
use crate::secret::Secret;
use crate::url;
use std::fmt;

/// A stack, a tenant, and tokens for them. `Debug` shows neither the tokens nor a password in the URL.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The URL of the stack, for example `https://app.prismatic.io`.
    pub url: String,
    /// The tenant, for tokens with access to several.
    pub tenant_id: Option<String>,
    /// An access token, a refresh token, or both.
    pub tokens: Tokens,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("url", &url::without_secrets(&self.url))
            .field("tenant_id", &self.tenant_id)
            .field("tokens", &self.tokens)
            .finish()
    }
}

impl Login {
    /// Creates a login to a stack.
    pub fn new(url: impl Into<String>, tokens: Tokens) -> Self {
        Self { url: url.into(), tenant_id: None, tokens }
    }

    /// Reads the environment variables that Prismatic's tool reads: `PRISM_ACCESS_TOKEN` and `PRISM_REFRESH_TOKEN` with
    /// `PRISMATIC_URL` and `PRISMATIC_TENANT_ID`. Without tokens there, and with the feature `prism-profiles`, reads
    /// the tool's file `~/.config/prism/config.yml` (or `PRISM_CONFIG_FILE`): the profile `PRISM_PROFILE`, or the
    /// default one. The file is not modified.
    ///
    /// # Errors
    /// There are no tokens; the file cannot be read; or `PRISMATIC_URL` is not the stack of the profile.
    pub fn from_environment() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// Does the same as [`Login::from_environment`], with other variables than those of the process.
    ///
    /// # Errors
    /// As for [`Login::from_environment`].
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        // A blank variable counts as unset, as for the tool.
        let variable = |name: &str| {
            let value = variable(name)?.trim().to_owned();
            (!value.is_empty()).then_some(value)
        };
        let (access, refresh) = (variable("PRISM_ACCESS_TOKEN"), variable("PRISM_REFRESH_TOKEN"));
        let tokens = match (access, refresh) {
            (Some(access), Some(refresh)) => Tokens::access(access).with_refresh(refresh),
            (Some(access), None) => Tokens::access(access),
            (None, Some(refresh)) => Tokens::refresh(refresh),
            (None, None) => return Self::from_files(&variable),
        };
        let url = variable("PRISMATIC_URL").unwrap_or_else(|| DEFAULT_URL.to_owned());
        Ok(Self { url, tenant_id: variable("PRISMATIC_TENANT_ID"), tokens })
    }

    #[cfg(feature = "prism-profiles")]
    fn from_files(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let login = super::profile::read(variable)?;
        match variable("PRISMATIC_URL") {
            Some(url) if base(&url) != base(&login.url) => {
                let (wanted, found) = (url::without_secrets(&url), url::without_secrets(&login.url));
                let message = format!(
                    "PRISMATIC_URL is {wanted}, but the profile is for {found}; unset it, or set PRISM_PROFILE to \
                     a profile of that stack"
                );
                Err(Error::authentication(message))
            }
            _ => Ok(login),
        }
    }

    #[cfg(not(feature = "prism-profiles"))]
    fn from_files(_: &dyn Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let message = "no tokens; set PRISM_REFRESH_TOKEN or PRISM_ACCESS_TOKEN (profiles of Prismatic's \
                       tool require the feature `prism-profiles`)";
        Err(Error::authentication(message))
    }

    /// Sets another tenant.
    #[must_use]
    pub fn tenant(mut self, tenant_id: impl Into<String>) -> Self {
        self.tenant_id = Some(tenant_id.into());
        self
    }

    /// Returns a builder for tokens that are renewed at the stack.
    pub fn renewing(&self) -> RenewingBuilder {
        Renewing::builder(refresh_endpoint(&self.url, self.tenant_id.as_deref())).tokens(self.tokens.clone())
    }

    /// Returns a builder for a client of the stack's API, with at most 20 requests a second and renewed tokens.
    pub fn client(&self) -> ClientBuilder {
        unauthenticated(&self.url).authentication(self.renewing().build())
    }

    /// Returns the access token, if one is known, for programs that do not renew it.
    pub fn access_token(&self) -> Option<&Secret> {
        self.tokens.access.as_ref()
    }
}
