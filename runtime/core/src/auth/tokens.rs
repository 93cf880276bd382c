//! Tokens and their expiry.

use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// An access token, its refresh token, and its expiry. `Debug` does not show the tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// The token that requests are sent with; `None` if only a refresh token is known.
    pub access: Option<Secret>,
    /// The token that new access tokens are requested with.
    pub refresh: Option<Secret>,
    /// The expiry of the access token, if it is known.
    pub expires_at: Option<SystemTime>,
    /// The total lifetime of the access token, if it is known.
    pub(crate) lifetime: Option<Duration>,
}

/// The claims of a JWT about its lifetime (RFC 7519, 4.1.4 and 4.1.6).
#[derive(Deserialize)]
struct Claims {
    exp: Option<f64>,
    iat: Option<f64>,
}

impl Tokens {
    /// Creates tokens from an access token. White space around it is removed: a `b64token` has none (RFC 6750, 2.1). If
    /// it is a JWT, its `exp` sets the expiry; its signature is not checked.
    pub fn access(token: impl Into<Secret>) -> Self {
        let access = trimmed(token.into());
        let claims = claims(access.expose());
        let expires_at = claims.as_ref().and_then(|claims| time(claims.exp?));
        let lifetime = claims.and_then(|claims| Duration::try_from_secs_f64(claims.exp? - claims.iat?).ok());
        Self { access: Some(access), refresh: None, expires_at, lifetime }
    }

    /// Creates tokens from a refresh token alone: the first call exchanges it for an access token. White space around
    /// it is removed.
    pub fn refresh(token: impl Into<Secret>) -> Self {
        Self { access: None, refresh: Some(trimmed(token.into())), expires_at: None, lifetime: None }
    }

    /// Sets the refresh token. White space around it is removed.
    #[must_use]
    pub fn with_refresh(mut self, token: impl Into<Secret>) -> Self {
        self.refresh = Some(trimmed(token.into()));
        self
    }

    /// Sets the time at which the access token expires.
    #[must_use]
    pub fn expiring_at(mut self, time: SystemTime) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// Marks the tokens as just received: the access token has this lifetime from now on (`expires_in` of RFC 6749,
    /// 5.1).
    /// Without it, a JWT with its time of issue has its own lifetime from now on, since the server's clock may be
    /// wrong.
    #[must_use]
    pub fn received_now(mut self, expires_in: Option<Duration>) -> Self {
        if let Some(lifetime) = expires_in.or(self.lifetime) {
            self.lifetime = Some(lifetime);
            self.expires_at = SystemTime::now().checked_add(lifetime);
        }
        self
    }

    /// Returns true if the access token has expired, as far as that is known.
    pub fn is_expired(&self) -> bool {
        self.expires_at.is_some_and(|end| end <= SystemTime::now())
    }

    /// Returns the time of the renewal: some time before expiry, but never before half of the lifetime is over.
    pub(crate) fn due_at(&self, ahead: Duration) -> Option<SystemTime> {
        let ahead = self.lifetime.map_or(ahead, |lifetime| ahead.min(lifetime / 2));
        self.expires_at?.checked_sub(ahead)
    }

    pub(crate) fn is_due(&self, ahead: Duration) -> bool {
        self.access.is_none() || self.due_at(ahead).is_some_and(|due| due <= SystemTime::now())
    }
}

/// Removes white space around a token.
fn trimmed(token: Secret) -> Secret {
    match token.expose().trim() {
        text if text.len() == token.expose().len() => token,
        text => Secret::new(text),
    }
}

fn claims(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?).ok()
}

fn time(seconds: f64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

/// Tokens in the format of stores.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lifetime: Option<f64>,
}

impl Stored {
    /// Parses stored tokens; `None` if the text is damaged or contains no token.
    pub fn parse(text: &[u8]) -> Option<Tokens> {
        let tokens: Tokens = serde_json::from_slice::<Self>(text).ok()?.into();
        (tokens.access.is_some() || tokens.refresh.is_some()).then_some(tokens)
    }
}

impl From<&Tokens> for Stored {
    fn from(tokens: &Tokens) -> Self {
        let text = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        let since = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        Self {
            access_token: text(&tokens.access),
            refresh_token: text(&tokens.refresh),
            expires_at: tokens.expires_at.map(since),
            lifetime: tokens.lifetime.map(|lifetime| lifetime.as_secs_f64()),
        }
    }
}

impl From<Stored> for Tokens {
    fn from(stored: Stored) -> Self {
        Self {
            access: stored.access_token.map(Secret::new).map(trimmed),
            refresh: stored.refresh_token.map(Secret::new).map(trimmed),
            expires_at: stored.expires_at.and_then(time),
            lifetime: stored.lifetime.and_then(|lifetime| Duration::try_from_secs_f64(lifetime).ok()),
        }
    }
}
