//! One call, with settings of its own.

use super::Client;
use crate::auth::Credential;
use crate::error::Error;
use crate::operation::SingleResponse;
use crate::request::Outgoing;
use crate::response::Response;
use crate::secret::Secret;
use http::HeaderMap;
use std::time::Duration;

/// What one call wants otherwise than its client.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub idempotent: bool,
    pub timeout: Option<Duration>,
    pub headers: HeaderMap,
    /// Why the call cannot be made.
    pub problem: Option<Error>,
}

/// A call with settings of its own; see [`Client::call`].
///
/// ```ignore
/// client.call(CreateOrder::new(key)).idempotent().timeout(Duration::from_secs(5)).send().await?;
/// ```
#[must_use = "nothing is sent before `send` or `execute`"]
#[derive(Debug)]
pub struct Call<'c, O> {
    client: &'c Client,
    operation: O,
    options: Options,
}

impl<'c, O: SingleResponse> Call<'c, O> {
    pub(super) fn new(client: &'c Client, operation: O) -> Self {
        Self { client, operation, options: Options::default() }
    }

    /// Says that the mutation may run twice with the effect of once, so that it is sent again as queries are.
    pub fn idempotent(mut self) -> Self {
        self.options.idempotent = true;
        self
    }

    /// How long the call may take, all attempts and waits included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sends a header with this call, instead of the client's if that has one of the name. Its value is treated as a
    /// secret.
    pub fn header(mut self, name: &str, value: impl Into<Secret>) -> Self {
        match Credential::header(name, &value.into()) {
            Ok(header) => header.apply(&mut self.options.headers),
            Err(error) => self.options.problem = Some(error),
        }
        self
    }

    /// Sends it and returns the data.
    ///
    /// # Errors
    /// As for [`Client::send`].
    pub async fn send(self) -> Result<O::Data, Error> {
        self.execute().await?.into_result()
    }

    /// Sends it and returns the whole response.
    ///
    /// # Errors
    /// As for [`Client::execute`]; or a header is not valid.
    pub async fn execute(mut self) -> Result<Response<O::Data>, Error> {
        if let Some(problem) = self.options.problem.take() {
            return Err(problem);
        }
        self.client.perform(Outgoing::of(&self.operation)?, &self.options).await
    }
}
