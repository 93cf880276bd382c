//! A call with its own settings.

use super::Client;
use crate::auth::Credential;
use crate::error::Error;
use crate::operation::SingleResponse;
use crate::pagination::{Nodes, Pages, Paginated};
use crate::request::Outgoing;
use crate::response::Response;
use crate::retry::Repeatable;
use crate::secret::Secret;
use http::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The settings of a call that differ from those of its client.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    repeatable: Option<Repeatable>,
    pub timeout: Option<Duration>,
    pub headers: HeaderMap,
}

impl Options {
    /// Returns whether a request may run twice: queries may, other operations if the caller allows it.
    pub fn repeatable(&self, outgoing: &Outgoing<'_>) -> Repeatable {
        self.repeatable.unwrap_or(outgoing.repeatable)
    }
}

/// A call with its own settings; see [`Client::call`] and [`Client::call_raw`].
///
/// ```ignore
/// client.call(CreateOrder::new(key)).idempotent().timeout(Duration::from_secs(5)).send().await?;
/// client.call(ListOrders::new()).header("X-Tenant", "7").nodes();
/// ```
///
/// `Debug` does not show the variables.
#[must_use = "nothing is sent before `send` or `execute`"]
pub struct Call<'c, T> {
    client: &'c Client,
    what: T,
    /// The settings, or the reason why the call cannot be made.
    options: Result<Options, Error>,
}

/// A document that was not generated, with its variables; see [`Client::call_raw`].
pub struct Raw<'d, V> {
    document: &'d str,
    variables: &'d V,
    operation_name: Option<&'d str>,
}

impl<'c, T> Call<'c, T> {
    pub(super) fn new(client: &'c Client, what: T) -> Self {
        Self { client, what, options: Ok(Options::default()) }
    }

    /// Declares that the operation has the same effect if it runs twice, so that it is sent again like queries.
    pub fn idempotent(self) -> Self {
        self.with(|options| Ok(Options { repeatable: Some(Repeatable::Yes), ..options }))
    }

    /// Sets the timeout of the call, including all attempts and waits. Each page of a list is a call.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|options| Ok(Options { timeout: Some(timeout), ..options }))
    }

    /// Sends a header with this call, replacing the client's header of that name. Its value is treated as a
    /// secret.
    ///
    /// A header that the client's authentication would set is sent as given here; if the server rejects it, the
    /// client's own credential is not renewed.
    pub fn header(self, name: &str, value: impl Into<Secret>) -> Self {
        self.with(|mut options| {
            Credential::header(name, &value.into())?.apply(&mut options.headers);
            Ok(options)
        })
    }

    /// Applies a setting; the first invalid setting is reported.
    fn with(self, set: impl FnOnce(Options) -> Result<Options, Error>) -> Self {
        Self { options: self.options.and_then(set), ..self }
    }
}

impl<O: SingleResponse> Call<'_, O> {
    /// Sends the operation and returns its data.
    ///
    /// # Errors
    /// As for [`Client::send`].
    pub async fn send(self) -> Result<O::Data, Error> {
        self.execute().await?.into_result()
    }

    /// Sends the operation and returns the whole response.
    ///
    /// # Errors
    /// As for [`Client::execute`]; or a header is invalid.
    pub async fn execute(self) -> Result<Response<O::Data>, Error> {
        self.client.perform(&Outgoing::of(&self.what)?, &self.options?, O::read_data).await
    }
}

impl<O: Paginated> Call<'_, O> {
    /// Returns all pages of a list; see [`Client::pages`].
    pub fn pages(self) -> Pages<O> {
        Pages::new(self.client.clone(), self.what, self.options.map(Arc::new))
    }

    /// Returns all items of a list; see [`Client::nodes`].
    pub fn nodes(self) -> Nodes<O> {
        self.pages().nodes()
    }
}

impl<'d, V: Serialize> Raw<'d, V> {
    pub(super) fn new(document: &'d str, variables: &'d V, operation_name: Option<&'d str>) -> Self {
        Self { document, variables, operation_name }
    }
}

impl<V: Serialize> Call<'_, Raw<'_, V>> {
    /// Sends the document and returns the whole response.
    ///
    /// # Errors
    /// As for [`Client::execute`]; or a header is invalid.
    pub async fn execute_raw<D: DeserializeOwned>(self) -> Result<Response<D>, Error> {
        let Raw { document, variables, operation_name } = self.what;
        let outgoing = Outgoing::new(document, None, operation_name, variables)?;
        self.client.perform(&outgoing, &self.options?, |reader| reader.serde()).await
    }
}

impl<T> fmt::Debug for Call<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("client", &self.client).field("options", &self.options).finish_non_exhaustive()
    }
}

impl<V> fmt::Debug for Raw<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Raw").field("operation_name", &self.operation_name).finish_non_exhaustive()
    }
}
