//! Requests to a token endpoint and its responses, shared by the token sources that use one.

use super::scrub::scrub;
use super::{Tokens, basic};
use crate::client::default_transport;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::transport::Transport;
use crate::url;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The maximum size of a response, since tokens are small.
const MOST_BYTES: usize = 1 << 20;

/// The encoding of requests.
#[derive(Debug, Clone, Copy)]
pub(super) enum Encoding {
    Json,
    Form,
}

/// The authentication of a client at a token endpoint of OAuth 2 (RFC 6749, 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// `client_id` and `client_secret` in an `Authorization: Basic` header. Every server must support it for clients
    /// with a secret.
    Basic,
    /// `client_id` and `client_secret` in the body.
    Body,
}

/// The client of an OAuth 2 token endpoint.
#[derive(Debug, Clone)]
pub(super) struct OAuthClient {
    pub id: String,
    pub secret: Option<Secret>,
    pub by: ClientAuthentication,
}

/// A `POST` request for tokens.
#[derive(Clone)]
pub(super) struct TokenEndpoint {
    url: String,
    pub revocation: Option<String>,
    pub encoding: Encoding,
    /// Fields whose values may be shown, such as `grant_type`.
    pub parameters: Vec<(String, String)>,
    pub fields: Vec<(String, Secret)>,
    pub client: Option<OAuthClient>,
    transport: Arc<OnceLock<Arc<dyn Transport>>>,
}

/// A successful response (RFC 6749, 5.1).
#[derive(Deserialize)]
struct Answer {
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    token_type: Option<String>,
    #[serde(default)]
    expires_in: Option<Value>,
}

/// The common forms of error responses (the first is RFC 6749, 5.2).
#[derive(Deserialize, Default)]
struct Refused {
    #[serde(default)]
    error_description: Option<String>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    errors: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    message: String,
}

impl TokenEndpoint {
    pub fn new(url: String, encoding: Encoding) -> Self {
        Self {
            url,
            revocation: None,
            encoding,
            parameters: Vec::new(),
            fields: Vec::new(),
            client: None,
            transport: Arc::default(),
        }
    }

    /// Adds a field to every request.
    pub fn add_field(&mut self, name: impl Into<String>, value: impl Into<Secret>) {
        self.fields.push((name.into(), value.into()));
    }

    /// Sets how the client identifies itself, if the endpoint has one.
    pub fn set_client_authentication(&mut self, by: ClientAuthentication) {
        if let Some(client) = &mut self.client {
            client.by = by;
        }
    }

    pub fn set_transport(&mut self, transport: Arc<dyn Transport>) {
        self.transport = Arc::new(OnceLock::from(transport));
    }

    /// Requests tokens. `granted` is the part of the grant, such as the refresh token.
    pub async fn tokens(&self, granted: &[(&str, &Secret)]) -> Result<Tokens, Error> {
        let parameters = self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields = self.fields.iter().map(|(name, value)| (name.as_str(), value.expose()));
        let granted_fields = granted.iter().map(|(name, value)| (*name, value.expose()));
        let fields: Vec<(&str, &str)> = parameters.chain(fields).chain(granted_fields).collect();
        let body = self.post(&self.url, &fields, granted.iter().map(|(_, value)| *value)).await?;
        // The body contains tokens, and serde's messages quote it, so neither is shown.
        let garbage = || {
            let message = "the response of the token endpoint contains no access token";
            Error::new(ErrorKind::Protocol, message).retryable()
        };
        let answer = serde_json::from_slice::<Answer>(&body).map_err(|_| garbage())?;
        if answer.access_token.trim().is_empty() {
            return Err(garbage());
        }
        if answer.token_type.is_some_and(|ty| !ty.eq_ignore_ascii_case("bearer")) {
            // The type is not shown, since some servers mix up their fields.
            return Err(Error::authentication(
                "the token endpoint returned an unsupported token type; expected Bearer",
            ));
        }
        let tokens = Tokens::access(answer.access_token).received_now(answer.expires_in.and_then(seconds));
        Ok(match answer.refresh_token.filter(|token| !token.trim().is_empty()) {
            Some(refresh) => tokens.with_refresh(refresh),
            None => tokens,
        })
    }

    /// Revokes a token: with a form as in RFC 7009, 2.1, or with JSON in a field of this name.
    pub async fn revoke(&self, name: &str, token: &Secret) -> Result<(), Error> {
        let url = self.revocation.as_ref();
        let url = url.ok_or_else(|| Error::authentication("no revocation URL is configured for these tokens"))?;
        let fields = match self.encoding {
            Encoding::Json => vec![(name, token.expose())],
            Encoding::Form => {
                let client = self.fields.iter().filter(|(name, _)| name.starts_with("client_"));
                let client = client.map(|(name, value)| (name.as_str(), value.expose()));
                client.chain([("token", token.expose()), ("token_type_hint", name)]).collect()
            }
        };
        self.post(url, &fields, [token]).await.map(drop)
    }

    fn request(&self, url: &str, fields: &[(&str, &str)]) -> Result<http::Request<Bytes>, Error> {
        let (uri, mut authorization) = url::split_credentials(url::endpoint(url)?);
        let mut fields = fields.to_vec();
        match &self.client {
            Some(client) if client.by == ClientAuthentication::Basic => authorization = Some(client.header()?),
            Some(client) => {
                fields.push(("client_id", &client.id));
                fields.extend(client.secret.iter().map(|secret| ("client_secret", secret.expose())));
            }
            None => {}
        }
        let (ty, body) = match self.encoding {
            Encoding::Json => {
                let object: Map<String, Value> =
                    fields.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
                ("application/json", Value::Object(object).to_string())
            }
            Encoding::Form => {
                let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                ("application/x-www-form-urlencoded", form)
            }
        };
        let mut request = http::Request::post(uri).header(CONTENT_TYPE, ty).header(ACCEPT, "application/json");
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        request
            .body(Bytes::from(body))
            .map_err(|error| Error::request("invalid URL of the token endpoint").with_source(error))
    }

    /// Sends a request and returns the body of a successful response.
    async fn post<'a>(
        &'a self,
        url: &str,
        fields: &[(&str, &str)],
        granted: impl IntoIterator<Item = &'a Secret>,
    ) -> Result<Bytes, Error> {
        let request = self.request(url, fields)?;
        let sent = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (parts, body) = self.transport()?.send(request).await.map_err(Error::transport)?.into_parts();
        if parts.status.is_success() {
            return Ok(body);
        }
        let client = self.client.iter().filter_map(|client| client.secret.as_ref());
        let fields = self.fields.iter().map(|(_, value)| value);
        let mut secrets: Vec<&str> = fields.chain(client).chain(granted).map(Secret::expose).collect();
        secrets.extend(sent.as_deref().and_then(|sent| sent.split(' ').next_back()));
        let in_url = url::secrets(url);
        secrets.extend(in_url.iter().map(String::as_str));
        let said = reason(&body).map(|said| scrub(&said, &secrets)).unwrap_or_default();
        Err(Error::token_endpoint(parts.status, &parts.headers, &said))
    }

    fn transport(&self) -> Result<Arc<dyn Transport>, Error> {
        match self.transport.get() {
            Some(transport) => Ok(transport.clone()),
            None => {
                let fresh = default_transport(MOST_BYTES)?;
                Ok(self.transport.get_or_init(|| fresh).clone())
            }
        }
    }
}

impl OAuthClient {
    /// Returns the `Authorization` header: both parts are form-urlencoded first (RFC 6749, 2.3.1).
    fn header(&self) -> Result<HeaderValue, Error> {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let secret = self.secret.as_ref().map(Secret::expose).unwrap_or_default();
        basic::value(format!("{}:{}", encoded(&self.id), encoded(secret)).as_bytes())
            .ok_or_else(|| Error::request("the client cannot be sent in a header"))
    }
}

/// Returns the reason that the server gives, in one of the common forms.
fn reason(body: &[u8]) -> Option<String> {
    let refused: Refused = serde_json::from_slice(body).ok()?;
    let first = refused.errors.into_iter().next().map(|error| error.message);
    refused.error_description.or(refused.message).or(refused.error).or(first)
}

/// Parses `expires_in`, which is a number; some servers send it as text.
fn seconds(value: Value) -> Option<Duration> {
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    Duration::try_from_secs_f64(number).ok()
}

impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenEndpoint")
            .field("url", &url::without_secrets(&self.url))
            .field("encoding", &self.encoding)
            .field("parameters", &self.parameters)
            .field("fields", &self.fields)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
