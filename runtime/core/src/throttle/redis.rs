//! One limit for many processes and hosts: a script in Redis, on the server's clock.

use super::limit::Local;
use super::{Limit, pass};
use crate::error::Error;
use crate::secret::Secret;
use crate::time::Deadline;
use crate::{trace, url};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError, Script};
use std::fmt;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

/// How long connecting, and each answer, may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long until the next try, while Redis is away.
const RETRY: Duration = Duration::from_millis(250);
/// After Redis has come back, for how long the local share holds as well: by then all others have come back, too.
const CAREFUL: Duration = Duration::from_secs(3);
/// How long Redis remembers what nobody asks for.
const FORGET: Duration = Duration::from_secs(3600);

/// The generic cell rate algorithm, with reservation: whoever asks gets a time of its own to go at.
///
/// KEYS: where the theoretical arrival time is. ARGV: space between requests, tolerance, longest wait (microseconds),
/// time to live (milliseconds). Answers how long to wait, in microseconds; or, if that is too long, the same less one,
/// negative, and reserves nothing.
const RESERVE: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local space, tolerance, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local arrival = tonumber(redis.call('GET', KEYS[1]) or now)
local slot = math.max(now, arrival - tolerance)
local wait = slot - now
if wait > longest then return -wait - 1 end
redis.call('SET', KEYS[1], string.format('%.0f', math.max(arrival, slot) + space), 'PX', ARGV[4])
return wait
";

/// What a [`RedisLimit`] does while Redis cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenAway {
    /// Calls fail with [`ErrorKind::Throttle`](crate::ErrorKind::Throttle), unless a retry finds Redis again in time.
    Fail,
    /// This process takes its share of the limit: one of so many. Nothing is sent for the length of one window, since
    /// the others may just have used the whole limit.
    LocalShare {
        /// How many processes there are.
        of: u32,
    },
}

/// A limit that all processes share which use the same key on the same Redis server (version 5 or later).
#[derive(Clone)]
pub struct RedisLimit {
    url: Secret,
    key: String,
    limit: Limit,
    when_away: WhenAway,
}

impl RedisLimit {
    /// A limit under a key, on the server at a URL like `redis://:password@host:6379/0`. If Redis is away, calls fail.
    pub fn new(url: impl Into<Secret>, key: impl Into<String>, limit: Limit) -> Self {
        Self { url: url.into(), key: key.into(), limit, when_away: WhenAway::Fail }
    }

    /// What is done while Redis cannot be reached.
    #[must_use]
    pub fn when_away(mut self, what: WhenAway) -> Self {
        self.when_away = what;
        self
    }

    fn server(&self) -> String {
        url::without_secrets(self.url.expose())
    }
}

/// A shared limit in use.
pub(super) struct Shared {
    settings: RedisLimit,
    script: Script,
    /// The share of this process.
    share: Option<Local>,
    state: Mutex<State>,
}

struct State {
    connection: Option<MultiplexedConnection>,
    connecting: Option<JoinHandle<Result<MultiplexedConnection, RedisError>>>,
    /// The time that this process has got and not yet used.
    reserved: Option<Instant>,
    away: Option<Away>,
    /// Until when nothing is sent after Redis has come back.
    quiet_until: Option<Instant>,
    /// Until when the local share holds, too.
    careful_until: Option<Instant>,
}

struct Away {
    since: Instant,
    next_try: Instant,
    why: String,
}

impl Shared {
    pub fn new(settings: RedisLimit) -> Self {
        let share = match settings.when_away {
            WhenAway::Fail => None,
            WhenAway::LocalShare { of } => Local::new(settings.limit.share(of)),
        };
        let state = State {
            connection: None,
            connecting: None,
            reserved: None,
            away: None,
            quiet_until: None,
            careful_until: None,
        };
        Self { script: Script::new(RESERVE), share, state: Mutex::new(state), settings }
    }

    pub fn limit(&self) -> Limit {
        self.settings.limit
    }

    /// Waits for leave; only the head of the queue does.
    pub async fn leave(&self, deadline: Deadline) -> Result<(), Error> {
        if self.settings.limit.is_none() {
            return Ok(());
        }
        let mut state = self.state.lock().await;
        loop {
            let now = Instant::now();
            // Whoever had it has gone, and it is too late for it.
            state.reserved = state.reserved.filter(|at| *at + self.settings.limit.tolerance() > now);
            if let Some(at) = state.reserved {
                pass(at.saturating_duration_since(now), deadline, || self.no_room()).await?;
                state.reserved = None;
                return Ok(());
            }
            let connection = match self.connection(&mut state).await {
                Ok(connection) => connection,
                Err(why) => return self.without(&mut state, why, deadline).await,
            };
            if let Some(until) = state.quiet_until {
                pass(until.saturating_duration_since(Instant::now()), deadline, || self.no_room()).await?;
                state.quiet_until = None;
            }
            let careful = state.careful_until.is_some_and(|until| until > Instant::now());
            if let Some(share) = self.share.as_ref().filter(|_| careful) {
                share.leave(deadline).await?;
            }
            match self.reserve(connection, deadline).await {
                Ok(Some(wait)) => state.reserved = Some(Instant::now() + wait),
                Ok(None) => return Err(Error::throttle(self.no_room(), None)),
                Err(error) => {
                    state.connection = None;
                    return self.without(&mut state, error.to_string(), deadline).await;
                }
            }
        }
    }

    fn no_room(&self) -> String {
        format!("the shared limit `{}` leaves no room in time", self.settings.key)
    }

    /// How long until this process may send; nothing if that is too long.
    async fn reserve(
        &self,
        mut connection: MultiplexedConnection,
        deadline: Deadline,
    ) -> Result<Option<Duration>, RedisError> {
        let limit = self.settings.limit;
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX).min(1 << 52);
        let wait: i64 = self
            .script
            .key(&self.settings.key)
            .arg(micros(limit.space()))
            .arg(micros(limit.space() * (limit.burst_size().get() - 1)))
            .arg(micros(deadline.left()))
            .arg((FORGET + limit.window() * 2).as_millis() as u64)
            .invoke_async(&mut connection)
            .await?;
        Ok(u64::try_from(wait).ok().map(Duration::from_micros))
    }

    async fn connection(&self, state: &mut State) -> Result<MultiplexedConnection, String> {
        if let Some(connection) = &state.connection {
            return Ok(connection.clone());
        }
        let now = Instant::now();
        if let Some(away) = &state.away
            && state.connecting.is_none()
            && away.next_try > now
        {
            return Err(away.why.clone());
        }
        let connecting = match &mut state.connecting {
            Some(connecting) => connecting,
            none => none.insert(tokio::spawn(connect(self.settings.url.clone()))),
        };
        // While there is something else to go by, nobody waits for a connection.
        if let (Some(away), Some(_)) = (&state.away, &self.share)
            && !connecting.is_finished()
        {
            return Err(away.why.clone());
        }
        let connected = connecting.await;
        state.connecting = None;
        let connection = connected.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        if let Some(away) = state.away.take() {
            trace::shared_limit_back(&self.settings.server());
            state.careful_until = Some(now + CAREFUL.max(self.settings.limit.window() * 2));
            // What was given out before the outage may still be on its way.
            state.quiet_until = Some(away.since + self.settings.limit.window());
        }
        state.connection = Some(connection.clone());
        Ok(connection)
    }

    /// What is done without Redis.
    async fn without(&self, state: &mut State, why: String, deadline: Deadline) -> Result<(), Error> {
        let now = Instant::now();
        if state.away.is_none() {
            trace::shared_limit_away(&self.settings.server(), &why);
        }
        let since = state.away.as_ref().map_or(now, |away| away.since);
        let next_try = match &state.away {
            Some(away) if away.next_try > now => away.next_try,
            _ => now + RETRY,
        };
        state.away = Some(Away { since, next_try, why: why.clone() });
        match &self.share {
            None => {
                let server = self.settings.server();
                Err(Error::throttle(format!("the limit that is shared through {server} cannot be asked: {why}"), None))
            }
            Some(share) => {
                let quiet = (since + self.settings.limit.window()).saturating_duration_since(now);
                pass(quiet, deadline, || self.no_room()).await?;
                share.leave(deadline).await
            }
        }
    }
}

async fn connect(url: Secret) -> Result<MultiplexedConnection, RedisError> {
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE));
    Client::open(url.expose())?.get_multiplexed_async_connection_with_config(&config).await
}

impl fmt::Debug for RedisLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLimit")
            .field("server", &self.server())
            .field("key", &self.key)
            .field("limit", &self.limit)
            .field("when_away", &self.when_away)
            .finish()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}
