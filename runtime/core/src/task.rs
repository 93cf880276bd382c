//! Work that goes on when nobody waits for it.

use crate::transport::BoxFuture;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// Work of its own, stopped when this is dropped.
pub(crate) struct Task<T>(JoinHandle<T>);

impl<T: Send + 'static> Task<T> {
    /// Starts work, if this is a task of a Tokio runtime.
    pub fn start(work: BoxFuture<'static, T>) -> Result<Self, BoxFuture<'static, T>> {
        match Handle::try_current() {
            Ok(runtime) => Ok(Self(runtime.spawn(work))),
            Err(_) => Err(work),
        }
    }

    /// What came of it; nothing if it broke down.
    pub async fn done(mut self) -> Option<T> {
        (&mut self.0).await.ok()
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts work that is not stopped when its result is no longer waited for: in the Tokio runtime of the caller, or, without
/// one, on a thread of its own.
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

/// Wakes a thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
