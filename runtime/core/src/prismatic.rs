//! Prismatic (prismatic.io): how to log in, and what its limits are.

use crate::client::{Client, ClientBuilder, default_transport};
use crate::error::Error;
use crate::secret::Secret;
use crate::transport::Transport;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where the API is unless another region or a private cloud is used.
pub const DEFAULT_URL: &str = "https://app.prismatic.io";

/// Requests a second that one user may make.
pub const REQUESTS_PER_SECOND: u32 = 20;

/// A client for the API of a stack, at most 20 requests a second.
pub fn client(base_url: &str, access_token: impl Into<Secret>) -> ClientBuilder {
    let base = base_url.trim_end_matches('/');
    Client::builder(format!("{base}/api")).bearer(access_token).requests_per_second(REQUESTS_PER_SECOND)
}

#[derive(Serialize)]
struct RefreshRequest<'a> {
    refresh_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<&'a str>,
}

#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
}

/// Exchanges a refresh token for an access token: `POST /auth/refresh`.
///
/// # Errors
/// The token is refused, or the server cannot be reached or answers something else.
pub async fn refresh(base_url: &str, refresh_token: &Secret, tenant_id: Option<&str>) -> Result<Secret, Error> {
    refresh_through(default_transport(1 << 20)?, base_url, refresh_token, tenant_id).await
}

/// [`refresh`], through a transport of the caller's.
///
/// # Errors
/// As for [`refresh`].
pub async fn refresh_through(
    transport: Arc<dyn Transport>,
    base_url: &str,
    refresh_token: &Secret,
    tenant_id: Option<&str>,
) -> Result<Secret, Error> {
    let body = RefreshRequest { refresh_token: refresh_token.expose(), tenant_id };
    let body = serde_json::to_vec(&body).map_err(|error| Error::request("the refresh token cannot be sent", error))?;
    let base = base_url.trim_end_matches('/');
    let request = http::Request::post(format!("{base}/auth/refresh"))
        .header(http::header::CONTENT_TYPE, "application/json")
        .header(http::header::ACCEPT, "application/json")
        .body(Bytes::from(body))
        .map_err(|error| Error::request("the URL is not valid", error))?;
    let (parts, body) = transport.send(request).await.map_err(Error::transport)?.into_parts();
    if !parts.status.is_success() {
        return Err(Error::status(parts.status, &parts.headers, Vec::new(), body));
    }
    match serde_json::from_slice::<TokenResponse>(&body) {
        Ok(answer) => Ok(Secret::new(answer.access_token)),
        // The body holds tokens: nothing of it is shown.
        Err(error) => Err(Error::request("the answer to the refresh is not an access token", error)),
    }
}
