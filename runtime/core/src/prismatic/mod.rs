//! Prismatic (prismatic.io): its stacks, login, and limits.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! // PRISM_REFRESH_TOKEN and the other variables of Prismatic's command line tool.
//! let client = graphwright_core::prismatic::Login::from_environment()?.client().build()?;
//! # let _ = client; Ok(())
//! # }
//! ```

mod login;
#[cfg(feature = "prism-profiles")]
mod profile;

use crate::auth::{RefreshEndpoint, Tokens};
use crate::client::{Client, ClientBuilder, default_transport};
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::throttle::{Limit, Throttle};
use crate::time::{Elapsed, within};
use crate::transport::Transport;
use crate::url;
use bytes::Bytes;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

pub use login::Login;

/// The default URL of the API, without another region or a private cloud.
pub const DEFAULT_URL: &str = Region::UsEast2.url();

/// The timeout of a session request.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The maximum number of requests a second of a user.
pub const REQUESTS_PER_SECOND: u32 = 20;

/// The maximum page size.
pub const MAX_PAGE_SIZE: u32 = 100;

/// The header, with the value `true`, that makes introspection return the documented schema to any user.
pub const DOCS_INTROSPECTION: &str = "Prismatic-Docs-Introspection";

/// Prismatic's public regions. Users and data are not shared between them. A private cloud has its own URL.
/// Source: Prismatic's documentation, "Deployment regions".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// US Commercial (Ohio), the default.
    UsEast2,
    /// US GovCloud.
    UsGovWest1,
    /// Ireland.
    EuWest1,
    /// London.
    EuWest2,
    /// Canada.
    CaCentral1,
    /// Australia.
    ApSoutheast2,
    /// South Africa.
    AfSouth1,
}

impl Region {
    /// All regions.
    pub const ALL: [Self; 7] = [
        Self::UsEast2,
        Self::UsGovWest1,
        Self::EuWest1,
        Self::EuWest2,
        Self::CaCentral1,
        Self::ApSoutheast2,
        Self::AfSouth1,
    ];

    /// Returns the URL of the region's stack.
    pub const fn url(self) -> &'static str {
        match self {
            Self::UsEast2 => "https://app.prismatic.io",
            Self::UsGovWest1 => "https://app.us-gov-west-1.prismatic.io",
            Self::EuWest1 => "https://app.eu-west-1.prismatic.io",
            Self::EuWest2 => "https://app.eu-west-2.prismatic.io",
            Self::CaCentral1 => "https://app.ca-central-1.prismatic.io",
            Self::ApSoutheast2 => "https://app.ap-southeast-2.prismatic.io",
            Self::AfSouth1 => "https://app.af-south-1.prismatic.io",
        }
    }
}

/// Returns a builder for a client of a stack's API, with at most 20 requests a second and an access token that is not
/// renewed; for other tokens, see [`Login`].
pub fn client(base_url: &str, access_token: impl Into<Secret>) -> ClientBuilder {
    unauthenticated(base_url).bearer(access_token)
}

fn unauthenticated(base_url: &str) -> ClientBuilder {
    Client::builder(format!("{}/api", base(base_url))).limit(Limit::per_second(REQUESTS_PER_SECOND))
}

/// Returns a throttle with the limit of one user, to be shared by all of that user's clients.
pub fn throttle() -> Throttle {
    Throttle::per_second(REQUESTS_PER_SECOND)
}

fn base(url: &str) -> &str {
    let url = url.trim().trim_end_matches('/');
    url.strip_suffix("/api").unwrap_or(url)
}

/// Returns the endpoints `POST /auth/refresh` and `POST /auth/revoke` of a stack. For a refresh token with access to
/// several tenants, the default tenant is the one that the token was created for. Revoking ends all refresh tokens of
/// the user.
pub fn refresh_endpoint(base_url: &str, tenant_id: Option<&str>) -> RefreshEndpoint {
    let base = base(base_url);
    let endpoint = RefreshEndpoint::json(format!("{base}/auth/refresh")).revocation(format!("{base}/auth/revoke"));
    match tenant_id {
        Some(tenant) => endpoint.field("tenant_id", tenant),
        None => endpoint,
    }
}

/// Requests the short-lived access token of a user who is logged in to the web application, `GET /get_auth_token/`, by
/// the value of the cookie `session`.
///
/// # Errors
/// The session is rejected, or the server cannot be reached or sends something else.
pub async fn session_tokens(base_url: &str, session: &Secret) -> Result<Tokens, Error> {
    session_tokens_through(default_transport(1 << 20)?, base_url, session).await
}

/// Does the same as [`session_tokens`], with another transport.
///
/// # Errors
/// As for [`session_tokens`].
pub async fn session_tokens_through(
    transport: Arc<dyn Transport>,
    base_url: &str,
    session: &Secret,
) -> Result<Tokens, Error> {
    #[derive(Deserialize)]
    struct Answer {
        access_token: String,
        #[serde(default)]
        expires_in: Option<f64>,
    }
    let (address, basic) = url::split_credentials(url::endpoint(&format!("{}/get_auth_token/", base(base_url)))?);
    let mut cookie = http::HeaderValue::from_str(&format!("session={}", session.expose()))
        .map_err(|error| Error::request("the session cannot be sent in a header").with_source(error))?;
    cookie.set_sensitive(true);
    let mut request = http::Request::get(address)
        .header(http::header::COOKIE, cookie)
        .header(http::header::ACCEPT, "application/json")
        .body(Bytes::new())
        .map_err(|error| Error::request("invalid URL").with_source(error))?;
    request.headers_mut().extend(basic.map(|value| (http::header::AUTHORIZATION, value)));
    let answer = within(TIMEOUT, transport.send(request)).await.map_err(|Elapsed| Error::timeout(TIMEOUT))?;
    let (parts, body) = answer.map_err(Error::transport)?.into_parts();
    if !parts.status.is_success() {
        return Err(Error::token_endpoint(parts.status, &parts.headers, "invalid session"));
    }
    // The body contains a token, so it is not shown.
    let answer = serde_json::from_slice::<Answer>(&body)
        .map_err(|_| Error::new(ErrorKind::Protocol, "the response for the session contains no access token"))?;
    let lifetime = answer.expires_in.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Ok(Tokens::access(answer.access_token).received_now(lifetime))
}
