//! Endpoints that give access tokens for refresh tokens.

use super::{TokenSource, Tokens};
use crate::client::default_transport;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::transport::{BoxFuture, Transport};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The largest answer that is read: tokens are small.
const MOST_BYTES: usize = 1 << 20;

/// How requests and answers are written.
#[derive(Debug, Clone, Copy)]
enum Encoding {
    Json,
    Form,
}

/// `POST` to a URL, with a refresh token, for an access token.
///
/// The answer is that of OAuth 2 (RFC 6749, 5.1): `access_token`, and if the server likes `expires_in` and another
/// `refresh_token`, which is used from then on.
#[derive(Clone)]
pub struct RefreshEndpoint {
    url: String,
    revocation: Option<String>,
    encoding: Encoding,
    fields: Vec<(String, Secret)>,
    transport: Arc<OnceLock<Arc<dyn Transport>>>,
}

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

/// The ways in which servers say why (the first is RFC 6749, 5.2).
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

impl RefreshEndpoint {
    /// An endpoint that takes and gives JSON: `{"refresh_token": "…"}`.
    pub fn json(url: impl Into<String>) -> Self {
        Self::new(url.into(), Encoding::Json)
    }

    /// The token endpoint of OAuth 2, for the grant `refresh_token` (RFC 6749, 6).
    pub fn oauth2(url: impl Into<String>, client_id: impl Into<String>) -> Self {
        let grant = Self::new(url.into(), Encoding::Form).field("grant_type", "refresh_token");
        grant.field("client_id", client_id.into())
    }

    fn new(url: String, encoding: Encoding) -> Self {
        Self { url, revocation: None, encoding, fields: Vec::new(), transport: Arc::default() }
    }

    /// Sends one more field with every request, for example `tenant_id`, `client_secret` or `scope`. Its value is
    /// treated as a secret.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Where tokens are revoked: with JSON like the refresh, with OAuth 2 as RFC 7009 says.
    #[must_use]
    pub fn revocation(mut self, url: impl Into<String>) -> Self {
        self.revocation = Some(url.into());
        self
    }

    /// Sends through another transport than the default one.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Arc::new(OnceLock::from(transport));
        self
    }

    fn request(&self, url: &str, fields: &[(&str, &str)]) -> Result<http::Request<Bytes>, Error> {
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
        http::Request::post(url)
            .header(CONTENT_TYPE, ty)
            .header(ACCEPT, "application/json")
            .body(Bytes::from(body))
            .map_err(|error| Error::request("the URL of the token endpoint is not valid").with_source(error))
    }

    /// The body of an answer that means success.
    async fn post(&self, url: &str, fields: &[(&str, &str)], secret: &Secret) -> Result<Bytes, Error> {
        let request = self.request(url, fields)?;
        let transport = match self.transport.get() {
            Some(transport) => transport.clone(),
            None => {
                let fresh = default_transport(MOST_BYTES)?;
                self.transport.get_or_init(|| fresh).clone()
            }
        };
        let (parts, body) = transport.send(request).await.map_err(Error::transport)?.into_parts();
        if parts.status.is_success() {
            return Ok(body);
        }
        let secrets = self.fields.iter().map(|(_, value)| value).chain([secret]);
        let secrets = secrets.map(Secret::expose).filter(|secret| !secret.is_empty());
        let said = secrets.fold(reason(&body).unwrap_or_default(), |said, secret| said.replace(secret, "…"));
        Err(Error::token_endpoint(parts.status, &parts.headers, &said))
    }

    fn refresh_token(tokens: Option<&Tokens>) -> Result<&Secret, Error> {
        let token = tokens.and_then(|tokens| tokens.refresh.as_ref());
        token.ok_or_else(|| Error::authentication("there is no refresh token: log in again"))
    }

    async fn refresh(&self, known: Option<&Tokens>) -> Result<Tokens, Error> {
        let token = Self::refresh_token(known)?;
        let own = self.fields.iter().map(|(name, value)| (name.as_str(), value.expose()));
        let fields: Vec<(&str, &str)> = own.chain([("refresh_token", token.expose())]).collect();
        let body = self.post(&self.url, &fields, token).await?;
        // The body holds tokens, and serde's messages show pieces of it: nothing of either is shown.
        let answer = serde_json::from_slice::<Answer>(&body).map_err(|_| {
            Error::new(ErrorKind::Protocol, "the token endpoint answered something else than an access token")
        })?;
        if let Some(ty) = answer.token_type.filter(|ty| !ty.eq_ignore_ascii_case("bearer")) {
            return Err(Error::authentication(format!("the token endpoint gives no bearer tokens, but `{ty}`")));
        }
        let mut tokens = Tokens::access(answer.access_token).received_now(answer.expires_in.and_then(seconds));
        tokens.refresh = answer.refresh_token.filter(|token| !token.is_empty()).map(Secret::new);
        Ok(tokens)
    }

    async fn revoked(&self, tokens: &Tokens) -> Result<(), Error> {
        let url = self.revocation.as_ref();
        let url = url.ok_or_else(|| Error::authentication("it is not known where these tokens are revoked"))?;
        let token = Self::refresh_token(Some(tokens))?;
        let fields = match self.encoding {
            Encoding::Json => vec![("refresh_token", token.expose())],
            Encoding::Form => {
                let client = self.fields.iter().filter(|(name, _)| name.starts_with("client_"));
                let client = client.map(|(name, value)| (name.as_str(), value.expose()));
                client.chain([("token", token.expose()), ("token_type_hint", "refresh_token")]).collect()
            }
        };
        self.post(url, &fields, token).await.map(drop)
    }
}

/// What the server says, in one of the usual forms.
fn reason(body: &[u8]) -> Option<String> {
    let refused: Refused = serde_json::from_slice(body).ok()?;
    let first = refused.errors.into_iter().next().map(|error| error.message);
    refused.error_description.or(refused.message).or(refused.error).or(first)
}

/// `expires_in` is a number; some servers send it as text.
fn seconds(value: Value) -> Option<Duration> {
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    Duration::try_from_secs_f64(number).ok()
}

impl TokenSource for RefreshEndpoint {
    fn renew<'a>(&'a self, known: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        Box::pin(self.refresh(known))
    }

    fn revoke<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(self.revoked(tokens))
    }
}

impl fmt::Debug for RefreshEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshEndpoint")
            .field("url", &crate::url::without_secrets(&self.url))
            .field("encoding", &self.encoding)
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}
