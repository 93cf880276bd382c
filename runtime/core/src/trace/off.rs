//! Replaces tracing if it is disabled.

use crate::error::Error;
use crate::observe::{AttemptReport, CallReport};
use crate::operation::OperationKind;
use http::{StatusCode, Uri};
use std::time::{Duration, SystemTime};

#[derive(Clone)]
pub(crate) struct CallSpan;
pub(crate) struct AttemptSpan;

impl CallSpan {
    pub fn around<F: Future>(self, work: F) -> F {
        work
    }

    pub fn finish(&self, _: &CallReport<'_>) {}
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Propagation(());

impl AttemptSpan {
    pub fn propagate(&self, _: Propagation, _: &mut http::HeaderMap) {}

    pub fn around<F: Future>(&self, work: F) -> F {
        work
    }

    pub fn finish(&self, _: &AttemptReport<'_>) {}
}

pub(crate) fn call(_: &Uri, _: Option<&str>, _: Option<OperationKind>) -> CallSpan {
    CallSpan
}

pub(crate) fn attempt(_: &Uri, _: u32, _: u64, _: Duration) -> AttemptSpan {
    AttemptSpan
}

pub(crate) fn retry(_: Option<&Error>, _: Option<StatusCode>, _: u32, _: Duration) {}
pub(crate) fn paused(_: Duration) {}
pub(crate) fn tokens_renewed(_: Option<SystemTime>) {}
pub(crate) fn tokens_revoked() {}
pub(crate) fn tokens_not_renewed(_: &Error) {}
pub(crate) fn tokens_not_loaded(_: &Error) {}
pub(crate) fn token_unusable(_: &Error) {}
pub(crate) fn tokens_not_kept(_: &Error) {}
#[cfg(feature = "redis")]
pub(crate) fn shared_limit_away(_: &str, _: &str) {}
#[cfg(feature = "redis")]
pub(crate) fn shared_limit_back(_: &str) {}
