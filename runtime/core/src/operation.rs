//! What generated code implements for every operation.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The kinds of operations (specification 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Reads; may be repeated.
    Query,
    /// Changes something.
    Mutation,
    /// A stream of answers.
    Subscription,
}

impl OperationKind {
    /// `query`, `mutation` or `subscription`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

/// An operation with its variables: serializing it gives the JSON object of the variables.
pub trait Operation: Serialize {
    /// The name that is sent as `operationName`; an anonymous operation has none.
    const NAME: Option<&'static str>;
    /// Query, mutation or subscription.
    const KIND: OperationKind;
    /// The document: the operation and the fragments that it uses.
    const DOCUMENT: &'static str;
    /// SHA-256 of the document in hexadecimal, for persisted and trusted documents.
    const ID: &'static str;
    /// What `data` of the answer holds.
    type Data: DeserializeOwned + Serialize;
}

/// An operation that the server answers once: a query or a mutation (specification 6.2.1, 6.2.2).
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
