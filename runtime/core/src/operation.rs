//! The traits that generated code implements for every operation.

use crate::read::{Failed, Reader};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The kinds of operations (specification 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// An operation that only reads, and may be repeated.
    Query,
    /// An operation that changes data.
    Mutation,
    /// An operation with a stream of responses.
    Subscription,
}

impl OperationKind {
    /// Returns `query`, `mutation` or `subscription`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

/// An operation with its variables, which serializes to the JSON object of the variables.
pub trait Operation: Serialize {
    /// The value of `operationName`; `None` for an anonymous operation.
    const NAME: Option<&'static str>;
    /// Query, mutation or subscription.
    const KIND: OperationKind;
    /// The document: the operation and the fragments that it uses.
    const DOCUMENT: &'static str;
    /// SHA-256 of the document in hexadecimal, for persisted and trusted documents.
    const ID: &'static str;
    /// The type of `data` in the response.
    type Data: DeserializeOwned + Serialize;

    /// Reads the data. Generated code has a faster way than serde.
    #[doc(hidden)]
    fn read_data(reader: &mut Reader<'_>) -> Result<Self::Data, Failed> {
        reader.serde()
    }
}

/// An operation with a single response: a query or a mutation (specification 6.2.1, 6.2.2).
///
/// A subscription does not implement it, because it yields a stream of responses (specification 6.2.3). The generator
/// implements it; a handwritten [`Operation`] needs it before it can be sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query or a mutation: a subscription has no single response",
    label = "expected a query or a mutation",
    note = "the responses to a subscription are a stream; send a query that selects the current value instead",
    note = "a handwritten query or mutation needs `impl graphwright::SingleResponse for {Self} {{}}`"
)]
pub trait SingleResponse: Operation {}
