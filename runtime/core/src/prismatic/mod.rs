//! Prismatic (prismatic.io): where its stacks are, how to log in, and what its limits are.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! // PRISM_REFRESH_TOKEN and its kin, as Prismatic's command line tool reads them.
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

/// Where the API is unless another region or a private cloud is used.
pub const DEFAULT_URL: &str = Region::UsEast2.url();

/// How long the answer for a session may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Requests a second that one user may make.
pub const REQUESTS_PER_SECOND: u32 = 20;

/// The most items that a page has.
pub const MAX_PAGE_SIZE: u32 = 100;

/// The header, with the value `true`, that makes introspection tell the documented schema, whoever asks.
pub const DOCS_INTROSPECTION: &str = "Prismatic-Docs-Introspection";

/// Prismatic's public regions. Users and data are not shared between them. A private cloud has a URL of its own.
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
    /// All of them.
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

/// Returns a client for the API of a stack, at most 20 requests a second, with an access token that is not renewed; for
/// others see [`Login`].
pub fn client(base_url: &str, access_token: impl Into<Secret>) -> ClientBuilder {
    unauthenticated(base_url).bearer(access_token)
}

fn unauthenticated(base_url: &str) -> ClientBuilder {
    Client::builder(format!("{}/api", base(base_url))).limit(Limit::per_second(REQUESTS_PER_SECOND))
}

/// Returns the limit of one user, to be shared by all of that user's clients.
pub fn throttle() -> Throttle {
    Throttle::per_second(REQUESTS_PER_SECOND)
}

fn base(url: &str) -> &str {
    let url = url.trim().trim_end_matches('/');
    url.strip_suffix("/api").unwrap_or(url)
}

/// `POST /auth/refresh` and `POST /auth/revoke` of a stack. A refresh token that reaches several tenants wants to be told
/// which; without, it is the one that the token was made for. Revoking ends all refresh tokens of the user.
pub fn refresh_endpoint(base_url: &str, tenant_id: Option<&str>) -> RefreshEndpoint {
    let base = base(base_url);
    let endpoint = RefreshEndpoint::json(format!("{base}/auth/refresh")).revocation(format!("{base}/auth/revoke"));
    match tenant_id {
        Some(tenant) => endpoint.field("tenant_id", tenant),
        None => endpoint,
    }
}

/// `GET /get_auth_token/`: the short-lived access token of somebody who is logged in to the web application, by the
/// value of the cookie `session`.
///
/// # Errors
/// The session is refused, or the server cannot be reached or answers something else.
pub async fn session_tokens(base_url: &str, session: &Secret) -> Result<Tokens, Error> {
    session_tokens_through(default_transport(1 << 20)?, base_url, session).await
}

/// [`session_tokens`], through a transport of the caller's.
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
        .map_err(|error| Error::request("the URL is not valid").with_source(error))?;
    request.headers_mut().extend(basic.map(|value| (http::header::AUTHORIZATION, value)));
    let answer = within(TIMEOUT, transport.send(request)).await.map_err(|Elapsed| Error::timeout(TIMEOUT))?;
    let (parts, body) = answer.map_err(Error::transport)?.into_parts();
    if !parts.status.is_success() {
        return Err(Error::token_endpoint(parts.status, &parts.headers, "the session is not valid"));
    }
    // The body holds a token: nothing of it is shown.
    let answer = serde_json::from_slice::<Answer>(&body)
        .map_err(|_| Error::new(ErrorKind::Protocol, "the answer for the session is not an access token"))?;
    let lifetime = answer.expires_in.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Ok(Tokens::access(answer.access_token).received_now(lifetime))
}
