//! What the specification leaves to schemas, and many of them do alike: what the linter and generated code know of it.

pub mod connection;
pub mod payload_errors;
