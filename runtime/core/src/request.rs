//! Creates request bodies.

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

/// A request to send, possibly several times.
pub(crate) struct Outgoing<'a> {
    pub name: Option<&'a str>,
    /// The kind of the operation; `None` for a document of the caller.
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
            // The message is that of a type, which may contain the value.
            true => Error::request("the variables cannot be written as JSON, since a type rejects its value"),
            false => Error::request("the variables cannot be written as JSON").with_source(error),
        })?;
        Ok(Self { name, kind, repeatable: Repeatable::of(kind, document), body: text.into() })
    }
}

impl Outgoing<'static> {
    /// Creates the request of an operation.
    pub fn of<O: crate::Operation>(operation: &O) -> Result<Self, Error> {
        Self::new(O::DOCUMENT, Some(O::KIND), O::NAME, operation)
    }
}
