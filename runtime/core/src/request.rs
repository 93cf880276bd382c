//! The one place where a request body is made.

use crate::error::Error;
use crate::operation::OperationKind;
use crate::retry::Repeatable;
use bytes::Bytes;
use serde::Serialize;

/// The body of a request (GraphQL over HTTP, "Request Parameters").
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a, V> {
    query: &'a str,
    variables: &'a V,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_name: Option<&'a str>,
}

/// A request as it is going to be sent, however often.
pub(crate) struct Outgoing<'a> {
    pub name: Option<&'a str>,
    /// None for a document of the caller's.
    pub kind: Option<OperationKind>,
    /// Whether it may run twice.
    pub repeatable: Repeatable,
    pub body: Bytes,
}

impl<'a> Outgoing<'a> {
    pub fn new<V: Serialize>(
        document: &'a str,
        kind: Option<OperationKind>,
        name: Option<&'a str>,
        variables: &V,
    ) -> Result<Self, Error> {
        let body = Body { query: document, variables, operation_name: name };
        let mut text = Vec::with_capacity(document.len() + 256);
        serde_json::to_writer(&mut text, &body).map_err(|error| match error.is_data() {
            // The message is that of a type, which may show its value.
            true => Error::request("the variables cannot be written as JSON: the type of one refuses its value"),
            false => Error::request("the variables cannot be written as JSON").with_source(error),
        })?;
        Ok(Self { name, kind, repeatable: Repeatable::of(kind, document), body: text.into() })
    }
}

impl Outgoing<'static> {
    /// Returns an operation's.
    pub fn of<O: crate::Operation>(operation: &O) -> Result<Self, Error> {
        Self::new(O::DOCUMENT, Some(O::KIND), O::NAME, operation)
    }
}
