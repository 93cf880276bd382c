//! Background work.

use crate::transport::BoxFuture;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// A background task, which is stopped when this is dropped.
pub(crate) struct Task<T>(JoinHandle<T>);

impl<T: Send + 'static> Task<T> {
    /// Starts a task, if the caller runs in a Tokio runtime.
    pub fn start(work: BoxFuture<'static, T>) -> Result<Self, BoxFuture<'static, T>> {
        match Handle::try_current() {
            Ok(runtime) => Ok(Self(runtime.spawn(work))),
            Err(_) => Err(work),
        }
    }

    /// Returns the result; `None` if the task panicked.
    pub async fn done(mut self) -> Option<T> {
        (&mut self.0).await.ok()
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts work that continues when its result is no longer awaited: in the Tokio runtime of the caller, or, without
/// one, on a separate thread.
pub(crate) fn detached<T: Send + 'static>(work: BoxFuture<'static, T>) -> BoxFuture<'static, Option<T>> {
    match Handle::try_current() {
        Ok(runtime) => {
            let task = runtime.spawn(work);
            Box::pin(async move { task.await.ok() })
        }
        Err(_) => {
            let (done, result) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || done.send(block_on(work)));
            Box::pin(async move { result.await.ok() })
        }
    }
}

/// Polls work on this thread until it is done.
pub(crate) fn block_on<F: Future>(work: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut work = pin!(work);
    loop {
        match work.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(done) => return done,
            Poll::Pending => std::thread::park(),
        }
    }
}

/// Wakes a waiting thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
