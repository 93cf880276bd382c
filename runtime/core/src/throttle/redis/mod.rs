//! A limit for several processes and hosts: a script in Redis, with the server's clock.

mod connect;
mod shared;

use super::Limit;
use crate::error::Error;
use crate::secret::Secret;
use connect::Server;
use std::fmt;

pub(in crate::throttle) use shared::Shared;

/// The behaviour of a [`RedisLimit`] while Redis cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenAway {
    /// Calls fail with [`ErrorKind::Throttle`](crate::ErrorKind::Throttle), unless Redis is back in time for a retry.
    Fail,
    /// This process uses its share of the limit. Nothing is sent for the length of one window, since
    /// the others may just have used the whole limit.
    LocalShare {
        /// The number of processes.
        of: u32,
    },
}

/// A limit that is shared by all processes with the same key on the same Redis server (version 5 or later).
///
/// The key expires after 30 days without a request. If it is missing - at the first use, after `FLUSHALL`, or after
/// a restart of Redis without persistence - nothing is sent for one window of the limit and the last wait that Redis
/// has returned to this process, since earlier requests may still be in flight.
#[derive(Clone)]
pub struct RedisLimit {
    server: Server,
    key: String,
    limit: Limit,
    when_away: WhenAway,
}

impl RedisLimit {
    /// Creates a limit under a key, on the server at a URL like `redis://:password@host:6379/0`, or
    /// `rediss://host:6380` for Redis over TLS. While Redis cannot be reached, calls fail.
    ///
    /// # Errors
    /// The URL is not a Redis URL: an error of kind [`Request`](crate::ErrorKind::Request), without the password.
    pub fn new(url: impl Into<Secret>, key: impl Into<String>, limit: Limit) -> Result<Self, Error> {
        let server = Server::new(&url.into())?;
        Ok(Self { server, key: key.into(), limit, when_away: WhenAway::Fail })
    }

    /// Sets the behaviour while Redis cannot be reached.
    #[must_use]
    pub fn when_away(mut self, what: WhenAway) -> Self {
        self.when_away = what;
        self
    }

    /// Trusts these certificates in PEM instead of the system's, for Redis over TLS with a private authority.
    ///
    /// # Errors
    /// The text contains no certificate, or an invalid one: an error of kind [`Request`](crate::ErrorKind::Request).
    pub fn root_certificates(mut self, pem: impl AsRef<[u8]>) -> Result<Self, Error> {
        self.server.trust(pem.as_ref())?;
        Ok(self)
    }
}

impl fmt::Debug for RedisLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLimit")
            .field("server", &self.server.name())
            .field("key", &self.key)
            .field("limit", &self.limit)
            .field("when_away", &self.when_away)
            .finish()
    }
}
