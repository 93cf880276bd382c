//! The client that graphwright's generated code calls.
//!
//! Users depend on the crate `graphwright`, which re-exports all of this and adds the macros.
//! This crate is apart so that the command line tool, which the macros' compiler is part of,
//! can use the same client.

mod client;
mod error;
mod id;
mod input;
mod operation;
pub mod prismatic;
mod response;
pub mod scalars;
mod secret;
mod throttle;
pub mod transport;
mod type_name;

#[doc(hidden)]
pub mod __private;

pub use client::{Client, ClientBuilder};
pub use error::{Error, ErrorKind, GraphqlError, Location, PathSegment};
pub use id::Id;
pub use input::Input;
pub use operation::{Operation, OperationKind};
pub use response::Response;
pub use secret::Secret;
pub use throttle::Throttle;
pub use type_name::TypeName;

/// Re-exported since it is part of the public interface.
pub use {bytes, http, serde, serde_json};
