//! A typed GraphQL client.
//!
//! The output of `graphwright generate` calls this crate. An operation is a struct of its
//! variables, and sending it returns its data:
//!
//! ```ignore
//! let client = graphwright::Client::builder("https://api.example.com/graphql").bearer(token).build()?;
//! let page = client.send(ListCustomers::new().first(20)).await?;
//! for customer in page.customers.nodes { println!("{}", customer.name); }
//! ```
//!
//! # Features
//! - `macros` (default): the attributes [`macro@operations`] and [`macro@operation`], which generate code at compile
//!   time.
//! - `prebuilt`: the same attributes with the output of `graphwright generate`, without compiling the generator.
//! - `reqwest` (default): the default transport.
//! - `tracing` (default): spans and events of calls.
//! - `opentelemetry`: the trace context of each request in its headers. `tower`: services of `tower` as transports.
//! - `blocking`: `blocking::Client`, for programs without async.
//! - `tower`: services of `tower` as transports, and transports as services.
//! - `redis`: a limit that several processes share. `keyring`: a token store in the operating system's keyring.
//! - `prism-profiles`: profiles of Prismatic's command line tool.
//! - `chrono`, `jiff`, `rust_decimal`, `time`, `url`, `uuid`: types for custom scalars, see [`scalars`].

pub use graphwright_core::*;
#[cfg(any(feature = "macros", feature = "prebuilt"))]
pub use graphwright_macros::{operation, operations};
