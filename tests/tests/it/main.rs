//! Workspace-level tests, as one binary.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod answers;
mod auth;
mod cases;
mod changes;
mod chaos;
mod check;
mod command_line;
mod editions;
mod fleet;
mod generate;
mod hostile;
mod http2_server;
mod interop;
mod introspect;
mod introspection_property;
mod layers;
mod lint;
mod lint_rules;
mod login;
mod macros;
mod mistakes;
mod observability;
mod pages;
mod quickstart_api;
mod renewal;
mod runtime;
mod secrets;
mod server;
mod settings;
mod stores;
mod support;
mod throttle;
mod torture;
mod transport;
mod usage;
