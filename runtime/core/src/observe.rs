//! What those can see who watch over calls: neither variables nor data nor tokens.

use crate::error::Error;
use crate::operation::OperationKind;
use http::StatusCode;
use std::fmt;
use std::time::Duration;

/// Is told what calls took. For metrics: it is called in the task of the caller and should do little.
pub trait Observer: Send + Sync + fmt::Debug + 'static {
    /// A request was sent, and was answered or failed.
    fn attempt(&self, report: &AttemptReport<'_>) {
        let _ = report;
    }

    /// A call has ended. A call whose future is dropped is not reported.
    fn call(&self, report: &CallReport<'_>) {
        let _ = report;
    }
}

/// One request.
#[derive(Debug)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// The name of the operation, if it has one.
    pub operation: Option<&'a str>,
    /// Counted from 1; a request that is sent again after a 401 counts too.
    pub number: u32,
    /// How long it waited for the throttle and for a token.
    pub throttled: Duration,
    /// From sending to the end of the answer.
    pub took: Duration,
    /// The status of the answer, if there was one.
    pub status: Option<StatusCode>,
    /// Bytes of the body.
    pub bytes_sent: u64,
    /// Bytes of the answer's body, decompressed.
    pub bytes_received: u64,
    /// Why there is no answer.
    pub error: Option<&'a Error>,
}

/// A call with all its requests.
#[derive(Debug)]
#[non_exhaustive]
pub struct CallReport<'a> {
    /// The name of the operation, if it has one.
    pub operation: Option<&'a str>,
    /// What it is; none for a document that was not generated.
    pub kind: Option<OperationKind>,
    /// How many requests were sent.
    pub attempts: u32,
    /// How long it waited for the throttle and for tokens, in all.
    pub throttled: Duration,
    /// From beginning to end.
    pub took: Duration,
    /// The status of the last answer.
    pub status: Option<StatusCode>,
    /// Bytes of all request bodies.
    pub bytes_sent: u64,
    /// Bytes of all answers' bodies, decompressed.
    pub bytes_received: u64,
    /// Whether there is a response in which the server reports errors.
    pub graphql_errors: bool,
    /// Why there is no response.
    pub error: Option<&'a Error>,
}
