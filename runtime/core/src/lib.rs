//! The client that graphwright's generated code calls.
//!
//! Users depend on the crate `graphwright`, which re-exports all of this and adds the macros.
//! This crate is separate so that the command line tool, on which the macros depend,
//! can use the same client.

mod answer;
pub mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod classify;
mod client;
mod error;
mod headers;
mod id;
mod input;
mod json;
mod layer;
mod observe;
mod operation;
mod pagination;
mod payload;
pub mod prismatic;
mod read;
mod redact;
mod request;
mod response;
mod retry;
pub mod scalars;
mod secret;
mod task;
pub mod throttle;
mod time;
mod trace;
pub mod transport;
mod type_name;
mod url;
mod write;

#[doc(hidden)]
pub mod __private;

pub use answer::Answer;
pub use client::{Call, Client, ClientBuilder, Raw};
pub use error::{Error, ErrorKind, GraphqlError, Location, PathSegment};
pub use id::Id;
pub use input::Input;
pub use layer::{Attempt, Layer, Next};
pub use observe::{AttemptReport, CallReport, Observer};
pub use operation::{Operation, OperationKind, SingleResponse};
pub use pagination::{Nodes, PageInfo, Pages, Paginated};
pub use payload::{Payload, PayloadErrors, Refusal};
pub use response::Response;
pub use retry::Retry;
pub use secret::Secret;
pub use throttle::{Limit, Pause, Throttle, ThrottleBuilder};
pub use type_name::TypeName;

/// Re-exported since it is part of the public interface.
pub use {bytes, http, serde, serde_json};
