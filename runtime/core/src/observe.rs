//! Observers of calls, which see neither variables nor data nor tokens.

use crate::error::Error;
use crate::operation::OperationKind;
use http::StatusCode;
use std::fmt;
use std::time::Duration;

/// Receives call metrics. It is called in the task of the caller and should return quickly.
pub trait Observer: Send + Sync + fmt::Debug + 'static {
    /// Called when a request was sent and has succeeded or failed.
    fn attempt(&self, report: &AttemptReport<'_>) {
        let _ = report;
    }

    /// Called when a call has ended. A call whose future is dropped is not reported.
    fn call(&self, report: &CallReport<'_>) {
        let _ = report;
    }
}

/// A report about a request.
#[derive(Debug)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// The name of the operation, if it has one.
    pub operation: Option<&'a str>,
    /// The number of the request, from 1; a request that is sent again after a 401 also counts.
    pub number: u32,
    /// The time it waited for the throttle and for a token.
    pub throttled: Duration,
    /// The time from sending to the end of the response.
    pub took: Duration,
    /// The status of the response, if there was one.
    pub status: Option<StatusCode>,
    /// The size of the body in bytes.
    pub bytes_sent: u64,
    /// The size of the response's body in bytes, decompressed.
    pub bytes_received: u64,
    /// The reason why there is no response.
    pub error: Option<&'a Error>,
}

/// A report about a call with all its requests.
#[derive(Debug)]
#[non_exhaustive]
pub struct CallReport<'a> {
    /// The name of the operation, if it has one.
    pub operation: Option<&'a str>,
    /// The kind of the operation; `None` for a document that was not generated.
    pub kind: Option<OperationKind>,
    /// The number of requests.
    pub attempts: u32,
    /// The total time it waited for the throttle and for tokens.
    pub throttled: Duration,
    /// The duration of the call.
    pub took: Duration,
    /// The status of the last response.
    pub status: Option<StatusCode>,
    /// The size of all request bodies in bytes.
    pub bytes_sent: u64,
    /// The size of all response bodies in bytes, decompressed.
    pub bytes_received: u64,
    /// Whether the server reported errors in the response.
    pub graphql_errors: bool,
    /// The reason why there is no response.
    pub error: Option<&'a Error>,
}
