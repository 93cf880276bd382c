//! Creates spans and events.

use crate::error::Error;
use crate::observe::{AttemptReport, CallReport};
use crate::operation::OperationKind;
use http::{StatusCode, Uri};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tracing::dispatcher::has_been_set;
use tracing::instrument::Instrumented;
use tracing::{Instrument, Level, Span, debug, field, info, span, warn};

#[derive(Clone)]
pub(crate) struct CallSpan(Span);
pub(crate) struct AttemptSpan(Span);

/// Returns the span of a call: `query ListCustomers`.
pub(crate) fn call(uri: &Uri, name: Option<&str>, kind: Option<OperationKind>) -> CallSpan {
    // A span is not free even without a subscriber.
    if !has_been_set() {
        return CallSpan(Span::none());
    }
    let span = span!(
        Level::INFO,
        "graphql",
        otel.kind = "client",
        otel.name = field::Empty,
        otel.status_code = field::Empty,
        graphql.operation.name = name,
        graphql.operation.r#type = kind.map(OperationKind::as_str),
        server.address = field::Empty,
        server.port = field::Empty,
        graphwright.attempts = field::Empty,
        graphwright.throttled_ms = field::Empty,
        error.r#type = field::Empty,
    );
    if !span.is_disabled() {
        let kind = kind.map_or("graphql", OperationKind::as_str);
        span.record("otel.name", name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}")));
        server(&span, uri);
    }
    CallSpan(span)
}

/// Returns the span of a request.
pub(crate) fn attempt(uri: &Uri, number: u32, bytes: u64, waited: Duration) -> AttemptSpan {
    if !has_been_set() {
        return AttemptSpan(Span::none());
    }
    let span = span!(
        Level::DEBUG,
        "request",
        otel.kind = "client",
        otel.name = "POST",
        otel.status_code = field::Empty,
        http.request.method = "POST",
        http.request.body.size = bytes,
        http.request.resend_count = (number > 1).then_some(number - 1),
        http.response.status_code = field::Empty,
        http.response.body.size = field::Empty,
        server.address = field::Empty,
        server.port = field::Empty,
        graphwright.throttled_ms = millis(waited),
        error.r#type = field::Empty,
    );
    if !span.is_disabled() {
        server(&span, uri);
    }
    AttemptSpan(span)
}

fn server(span: &Span, uri: &Uri) {
    let https = uri.scheme_str() == Some("https");
    span.record("server.address", uri.host().unwrap_or_default());
    span.record("server.port", uri.port_u16().unwrap_or(if https { 443 } else { 80 }));
}

impl CallSpan {
    pub fn around<F: Future>(self, work: F) -> Instrumented<F> {
        work.instrument(self.0)
    }

    pub fn finish(&self, report: &CallReport<'_>) {
        if self.0.is_disabled() {
            return;
        }
        self.0.record("graphwright.attempts", report.attempts);
        self.0.record("graphwright.throttled_ms", millis(report.throttled));
        failed(&self.0, report.error, None);
        if report.graphql_errors {
            self.0.record("otel.status_code", "ERROR");
            self.0.record("error.type", "graphql");
        }
    }
}

/// Whether requests carry the context of their span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Propagation {
    #[default]
    Off,
    /// Carry it as OpenTelemetry's global propagator writes it.
    #[cfg(feature = "opentelemetry")]
    OpenTelemetry,
}

impl AttemptSpan {
    /// Writes the context of the span into the headers of the request, usually as `traceparent` (W3C Trace Context).
    pub fn propagate(&self, propagation: Propagation, headers: &mut http::HeaderMap) {
        match propagation {
            Propagation::Off => {
                let _ = headers;
            }
            #[cfg(feature = "opentelemetry")]
            Propagation::OpenTelemetry => super::propagation::inject(&self.0, headers),
        }
    }

    pub fn around<F: Future>(&self, work: F) -> Instrumented<F> {
        work.instrument(self.0.clone())
    }

    pub fn finish(&self, report: &AttemptReport<'_>) {
        if self.0.is_disabled() {
            return;
        }
        if let Some(status) = report.status {
            self.0.record("http.response.status_code", status.as_u16());
            self.0.record("http.response.body.size", report.bytes_received);
        }
        failed(&self.0, report.error, report.status);
    }
}

fn failed(span: &Span, error: Option<&Error>, status: Option<StatusCode>) {
    let status = status.filter(|status| status.is_client_error() || status.is_server_error());
    let ty = match (error, &status) {
        (Some(error), _) => error.kind().as_str(),
        (None, Some(status)) => status.as_str(),
        (None, None) => return,
    };
    span.record("otel.status_code", "ERROR");
    span.record("error.type", ty);
}

pub(crate) fn retry(error: Option<&Error>, status: Option<StatusCode>, attempts: u32, wait: Duration) {
    let kind = error.map_or("status", |error| error.kind().as_str());
    let status = status.map(|status| status.as_u16());
    info!(error.r#type = kind, http.response.status_code = status, attempts, wait_ms = millis(wait), "retry");
}

pub(crate) fn paused(wait: Duration) {
    warn!(wait_ms = millis(wait), "the server demands a pause");
}

pub(crate) fn tokens_renewed(expires_at: Option<SystemTime>) {
    let expires_at = expires_at.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    debug!(expires_at = expires_at.map(|time| time.as_secs()), "access token taken into use");
}

pub(crate) fn tokens_revoked() {
    info!("tokens revoked");
}

pub(crate) fn tokens_not_renewed(error: &Error) {
    warn!(error = format!("{error:#}"), "the access token could not be renewed");
}

pub(crate) fn tokens_not_loaded(error: &Error) {
    warn!(error = format!("{error:#}"), "the stored tokens could not be read");
}

pub(crate) fn token_unusable(error: &Error) {
    warn!(error = format!("{error:#}"), "the given access token cannot be sent");
}

pub(crate) fn tokens_not_kept(error: &Error) {
    warn!(error = format!("{error:#}"), "the new tokens could not be stored");
}

#[cfg(feature = "redis")]
pub(crate) fn shared_limit_away(server: &str, why: &str) {
    warn!(server, why, "the shared limit is unreachable");
}

#[cfg(feature = "redis")]
pub(crate) fn shared_limit_back(server: &str) {
    info!(server, "the shared limit is back");
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
