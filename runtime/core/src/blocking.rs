//! The client for programs without async.
//!
//! ```no_run
//! # use graphwright_core::{Client, blocking};
//! # fn main() -> Result<(), graphwright_core::Error> {
//! let client = blocking::Client::new(Client::builder("https://example.com/graphql").build()?)?;
//! let nothing = std::collections::BTreeMap::<String, String>::new();
//! let answer = client.execute_raw::<_, serde_json::Value>("{ me { name } }", &nothing, None)?;
//! # let _ = answer; Ok(())
//! # }
//! ```

use crate::error::Error;
use crate::operation::SingleResponse;
use crate::pagination::{self, Paginated};
use crate::response::Response;
use crate::task::block_on;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::coop::poll_proceed;

/// Sends operations and waits for the responses. Clones are cheap and share all state; several threads may use them
/// concurrently.
#[derive(Debug, Clone)]
pub struct Client {
    client: crate::Client,
    worker: Arc<Worker>,
}

/// A thread with a runtime that runs the calls.
#[derive(Debug)]
struct Worker {
    runtime: Option<Runtime>,
}

impl Worker {
    fn wait<F: Future>(&self, work: F) -> Result<F::Output, Error> {
        if is_async() {
            let message =
                "a blocking client was called from async code, which it would block; use `graphwright::Client` instead";
            return Err(Error::request(message));
        }
        match &self.runtime {
            Some(runtime) => {
                let _entered = runtime.enter();
                Ok(block_on(work))
            }
            None => Err(Error::request("the client cannot be used, since its runtime has ended")),
        }
    }
}

/// Returns true in async code, which must not be blocked, but not on Tokio's threads for blocking code. Tokio has no
/// API for this, but limits the number of steps of async code before it has to yield (`tokio::task::coop`), and not
/// that of other code.
fn is_async() -> bool {
    /// A number of steps above Tokio's limit.
    const STEPS: usize = 1024;
    let mut context = Context::from_waker(Waker::noop());
    // Dropping the first step restores the budget.
    let Poll::Ready(_first) = poll_proceed(&mut context) else { return true };
    let mut steps = std::iter::repeat_with(|| poll_proceed(&mut context).map(|step| step.made_progress())).take(STEPS);
    Handle::try_current().is_ok() && steps.any(|step| step.is_pending())
}

/// Shuts the runtime down without waiting, since it may be dropped in async code.
impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Client {
    /// Creates a blocking client from another client.
    ///
    /// # Errors
    /// The required thread cannot be started.
    pub fn new(client: crate::Client) -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("graphwright").enable_all().build();
        let runtime =
            runtime.map_err(|error| Error::request("cannot start a thread for the client").with_source(error))?;
        Ok(Self { client, worker: Arc::new(Worker { runtime: Some(runtime) }) })
    }

    /// Sends an operation and returns its data.
    ///
    /// # Errors
    /// As for [`Client::send`](crate::Client::send); or this is called from async code.
    pub fn send<O: SingleResponse>(&self, operation: O) -> Result<O::Data, Error> {
        self.worker.wait(self.client.send(operation))?
    }

    /// Sends an operation and returns the whole response.
    ///
    /// # Errors
    /// As for [`Client::execute`](crate::Client::execute); or this is called from async code.
    pub fn execute<O: SingleResponse>(&self, operation: O) -> Result<Response<O::Data>, Error> {
        self.worker.wait(self.client.execute(operation))?
    }

    /// Sends any document with any variables.
    ///
    /// # Errors
    /// As for [`Client::execute_raw`](crate::Client::execute_raw); or this is called from async code.
    pub fn execute_raw<V: Serialize, D: DeserializeOwned>(
        &self,
        document: &str,
        variables: &V,
        operation_name: Option<&str>,
    ) -> Result<Response<D>, Error> {
        self.worker.wait(self.client.execute_raw(document, variables, operation_name))?
    }

    /// Runs calls with their own settings: sets up a `Call`, and waits for it.
    ///
    /// ```ignore
    /// client.wait(|client| client.call(CreateOrder::new(key)).idempotent().send())?;
    /// ```
    ///
    /// Errors of the call; or this is called from async code.
    /// Those of the work; or this is called from async code.
    pub fn wait<'c, T, F>(&'c self, work: impl FnOnce(&'c crate::Client) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.worker.wait(work(&self.client))?
    }

    /// Returns all pages of a list.
    pub fn pages<O: Paginated>(&self, operation: O) -> Pages<O> {
        Pages { pages: self.client.pages(operation), worker: self.worker.clone() }
    }

    /// Returns all items of a list.
    pub fn nodes<O: Paginated>(&self, operation: O) -> Nodes<O> {
        Nodes { nodes: self.client.nodes(operation), worker: self.worker.clone() }
    }
}

/// The pages of a list, as an iterator.
#[derive(Debug)]
#[must_use = "iterators do nothing unless they are asked"]
pub struct Pages<O: Paginated> {
    pages: pagination::Pages<O>,
    worker: Arc<Worker>,
}

/// The items of a list, as an iterator.
#[derive(Debug)]
#[must_use = "iterators do nothing unless they are asked"]
pub struct Nodes<O: Paginated> {
    nodes: pagination::Nodes<O>,
    worker: Arc<Worker>,
}

impl<O: Paginated> Pages<O> {
    /// Returns the cursor after the last received page; see [`Pages::cursor`](crate::Pages::cursor).
    pub fn cursor(&self) -> Option<&str> {
        self.pages.cursor()
    }
}

impl<O> Iterator for Pages<O>
where
    O: Paginated + Clone + Send + 'static,
    O::Data: Send + 'static,
{
    type Item = Result<O::Data, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.worker.wait(self.pages.next()).unwrap_or_else(|error| Some(Err(error)))
    }
}

impl<O> Iterator for Nodes<O>
where
    O: Paginated + Clone + Send + 'static,
    O::Data: Send + 'static,
{
    type Item = Result<O::Node, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.worker.wait(self.nodes.next()).unwrap_or_else(|error| Some(Err(error)))
    }
}
