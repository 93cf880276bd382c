//! Work that goes on when nobody waits for it.

use crate::transport::BoxFuture;
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

/// Work that is not stopped when nobody waits any more. Outside of a Tokio runtime it rests meanwhile.
pub(crate) fn detached<T: Send + 'static>(work: BoxFuture<'static, T>) -> BoxFuture<'static, Option<T>> {
    match Handle::try_current() {
        Ok(runtime) => {
            let task = runtime.spawn(work);
            Box::pin(async move { task.await.ok() })
        }
        Err(_) => Box::pin(async move { Some(work.await) }),
    }
}
