//! Spans and events for `tracing`, named by OpenTelemetry's semantic conventions: for GraphQL on the span of a
//! call, for HTTP clients on the span of each request. Does nothing without the feature `tracing`.
//!
//! Neither variables nor data nor tokens nor queries of URLs are recorded.

#[cfg(feature = "tracing")]
mod on;
#[cfg(feature = "tracing")]
use on as imp;

#[cfg(feature = "opentelemetry")]
mod propagation;

#[cfg(not(feature = "tracing"))]
mod off;
#[cfg(not(feature = "tracing"))]
use off as imp;

pub(crate) use imp::*;
