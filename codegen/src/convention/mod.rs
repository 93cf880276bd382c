//! Conventions of schemas beyond the specification, shared by the linter and generated code.

pub mod connection;
pub mod payload_errors;
