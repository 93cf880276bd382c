//! A shared limit in use: reservations, and outages of Redis.

use super::connect::Server;
use super::{RedisLimit, WhenAway};
use crate::error::Error;
use crate::throttle::Limit;
use crate::throttle::limit::Schedule;
use crate::time::{Deadline, Sleep};
use crate::trace;
use redis::aio::MultiplexedConnection;
use redis::{RedisError, Script};
use std::fmt;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

/// The time until the next attempt while Redis cannot be reached.
const RETRY: Duration = Duration::from_millis(250);
/// The time after an outage during which the local share also applies: by then all others are back.
const CAREFUL: Duration = Duration::from_secs(3);
/// The time for which Redis keeps an unused key: 30 days. A missing key costs a window without requests.
const FORGET: Duration = Duration::from_secs(30 * 24 * 3600);

/// The generic cell rate algorithm with reservation: each caller gets its own time.
///
/// KEYS: the key of the theoretical arrival time. ARGV: space between requests, tolerance, longest wait, wait if the
/// key is missing (microseconds), time to live (milliseconds). Returns the wait in microseconds; or, if that is too
/// long, the negative wait minus one, without a reservation.
const RESERVE: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local space, tolerance, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local function keep(arrival) redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', ARGV[5]) end
local arrival = tonumber(redis.call('GET', KEYS[1]) or '')
if not arrival then
  arrival = now + tonumber(ARGV[4]) + tolerance
  keep(arrival)
end
local slot = math.max(now, arrival - tolerance)
local wait = slot - now
if wait > longest then return -wait - 1 end
keep(math.max(arrival, slot) + space)
return wait
";

/// A shared limit in use.
pub(in crate::throttle) struct Shared {
    settings: RedisLimit,
    script: Script,
    state: Mutex<State>,
    handed_out: std::sync::Mutex<HandedOut>,
}

/// The slots of this limit.
#[derive(Default)]
struct HandedOut {
    last: Option<Instant>,
    /// The last slot, if its request was not sent.
    returned: Option<Instant>,
}

struct State {
    /// The share of this process, for outages.
    share: Option<Schedule>,
    /// The last wait that Redis has returned: an estimate of the reservations of other processes.
    last_wait: Duration,
    connection: Option<MultiplexedConnection>,
    connecting: Option<JoinHandle<Result<MultiplexedConnection, RedisError>>>,
    /// The reserved time that is not used yet.
    reserved: Option<Instant>,
    away: Option<Away>,
    /// The time until which nothing is sent after an outage.
    quiet_until: Option<Instant>,
    /// The time until which the local share also applies.
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
            WhenAway::LocalShare { of } => Some(Schedule::new(settings.limit.share(of))),
        };
        let state = State {
            share,
            last_wait: Duration::ZERO,
            connection: None,
            connecting: None,
            reserved: None,
            away: None,
            quiet_until: None,
            careful_until: None,
        };
        Self {
            script: Script::new(RESERVE),
            state: Mutex::new(state),
            handed_out: std::sync::Mutex::default(),
            settings,
        }
    }

    pub fn limit(&self) -> Limit {
        self.settings.limit
    }

    fn handed_out(&self) -> MutexGuard<'_, HandedOut> {
        self.handed_out.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the last slot to the next caller.
    pub fn give_back(&self) {
        let mut handed_out = self.handed_out();
        handed_out.returned = handed_out.last.take();
    }

    /// Waits for a slot; only the head of the queue calls this.
    pub async fn leave(&self, deadline: Deadline) -> Result<(), Error> {
        if self.settings.limit.is_none() {
            return Ok(());
        }
        let mut state = self.state.lock().await;
        loop {
            let now = Instant::now();
            let returned = self.handed_out().returned.take();
            // The caller of a reservation may have stopped waiting, and the reservation may have expired.
            state.reserved = returned.or(state.reserved).filter(|at| *at + self.settings.limit.slack() > now);
            if let Some(at) = state.reserved {
                self.pass(at, deadline).await?;
                state.reserved = None;
                self.handed_out().last = Some(at);
                return Ok(());
            }
            let connection = match self.connection(&mut state).await {
                Ok(connection) => connection,
                Err(why) => return self.without(&mut state, why, deadline).await,
            };
            if let Some(until) = state.quiet_until {
                self.pass(until, deadline).await?;
                state.quiet_until = None;
            }
            let careful = state.careful_until.is_some_and(|until| until > Instant::now());
            if careful && let Some(share) = &mut state.share {
                self.take(share, deadline).await?;
            }
            match self.reserve(connection, state.last_wait, deadline).await {
                Ok(Reserved::After(wait)) => {
                    state.last_wait = wait;
                    state.reserved = Some(Instant::now() + wait);
                }
                Ok(Reserved::TooLate(wait)) => return Err(self.no_room(wait)),
                Err(error) => {
                    state.connection = None;
                    return self.without(&mut state, error.to_string(), deadline).await;
                }
            }
        }
    }

    fn no_room(&self, wait: Duration) -> Error {
        let (key, limit) = (&self.settings.key, self.settings.limit.describe());
        let message = format!(
            "the shared limit `{key}` of {limit} leaves no turn before the deadline; the next one is in {wait:.1?}"
        );
        Error::throttle(message, Some(wait))
    }

    /// Waits for a time, unless it is after the deadline.
    async fn pass(&self, until: Instant, deadline: Deadline) -> Result<(), Error> {
        if deadline.is_before(until) {
            return Err(self.no_room(until.saturating_duration_since(Instant::now())));
        }
        Sleep::until(until).await;
        Ok(())
    }

    /// Waits for a slot of the local share.
    async fn take(&self, share: &mut Schedule, deadline: Deadline) -> Result<(), Error> {
        let now = Instant::now();
        self.pass(share.earliest(now), deadline).await?;
        share.take(Instant::now());
        Ok(())
    }

    /// Reserves the next free time.
    async fn reserve(
        &self,
        mut connection: MultiplexedConnection,
        last_wait: Duration,
        deadline: Deadline,
    ) -> Result<Reserved, RedisError> {
        let limit = self.settings.limit;
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX).min(1 << 52);
        let wait: i64 = self
            .script
            .key(&self.settings.key)
            .arg(micros(limit.shared_space()))
            .arg(micros(limit.tolerance()))
            .arg(micros(deadline.left()))
            .arg(micros(limit.window() + last_wait))
            .arg((FORGET + limit.window() * 2).as_millis() as u64)
            .invoke_async(&mut connection)
            .await?;
        Ok(match u64::try_from(wait) {
            Ok(wait) => Reserved::After(Duration::from_micros(wait)),
            Err(_) => Reserved::TooLate(Duration::from_micros((-1 - wait).unsigned_abs())),
        })
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
            none => none.insert(tokio::spawn(Server::connect(self.settings.server.clone()))),
        };
        // With a local share, callers do not wait for a connection.
        if let (Some(away), Some(_)) = (&state.away, &state.share)
            && !connecting.is_finished()
        {
            return Err(away.why.clone());
        }
        let connected = connecting.await;
        state.connecting = None;
        let connection = connected.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        if let Some(away) = state.away.take() {
            trace::shared_limit_back(self.settings.server.name());
            state.careful_until = Some(now + CAREFUL.max(self.settings.limit.window() * 2));
            // Requests that were admitted before the outage may still be in flight.
            state.quiet_until = Some(away.since + self.settings.limit.window());
        }
        state.connection = Some(connection.clone());
        Ok(connection)
    }

    /// Handles a call without Redis.
    async fn without(&self, state: &mut State, why: String, deadline: Deadline) -> Result<(), Error> {
        let now = Instant::now();
        if state.away.is_none() {
            trace::shared_limit_away(self.settings.server.name(), &why);
        }
        let since = state.away.as_ref().map_or(now, |away| away.since);
        let next_try = match &state.away {
            Some(away) if away.next_try > now => away.next_try,
            _ => now + RETRY,
        };
        state.away = Some(Away { since, next_try, why: why.clone() });
        self.handed_out().last = None;
        match &mut state.share {
            None => {
                let (server, key) = (self.settings.server.name(), &self.settings.key);
                Err(Error::throttle(format!("Redis at {server} with the limit `{key}` does not respond: {why}"), None))
            }
            Some(share) => {
                self.pass(since + self.settings.limit.window(), deadline).await?;
                self.take(share, deadline).await
            }
        }
    }
}

/// The reply of Redis to a caller.
enum Reserved {
    After(Duration),
    /// The wait would be this long, which is more than the caller has; nothing is reserved.
    TooLate(Duration),
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}
