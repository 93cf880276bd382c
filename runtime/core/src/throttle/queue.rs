//! The queue of a throttle.
//!
//! Callers wait for a fair lock; only its holder, the head, checks pauses and limits. All limits of this process are
//! taken at one instant, after all other waiting: a slot taken earlier would add to the
//! next ones.

use super::builder::Parts;
use super::limit::Schedule;
use super::pause::Pauses;
#[cfg(feature = "redis")]
use super::redis;
use super::{Limit, Throttle};
use crate::error::Error;
use crate::time::{Deadline, Sleep, within};
use futures_util::future::{BoxFuture, select};
use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, Notify, Semaphore};

/// The state that clones of a throttle share.
pub(super) struct Shared {
    schedules: std::sync::Mutex<Vec<Schedule>>,
    /// Whether it has no limits of its own.
    unlimited: bool,
    #[cfg(feature = "redis")]
    redis: Vec<redis::Shared>,
    pauses: Pauses,
    in_flight: Semaphore,
    max_in_flight: usize,
    max_queued: Option<usize>,
    queue: Mutex<()>,
    /// The number of waiting callers, including the head.
    waiting: AtomicUsize,
    /// Wakes the head when a slot was returned.
    given_back: Notify,
    inner: Option<Throttle>,
}

/// The permission to send one request. Occupies a place in flight until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    shared: Arc<Shared>,
    /// The time at which the limits admitted it; `None` without limits.
    taken: Option<Instant>,
    inner: Option<Box<Turn>>,
}

/// A caller that is counted as waiting.
struct Waiting<'t>(&'t AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Shared {
    pub fn new(parts: Parts) -> Self {
        let schedules: Vec<Schedule> = parts.limits.into_iter().map(Schedule::new).collect();
        #[cfg(feature = "redis")]
        let unlimited = schedules.is_empty() && parts.redis.is_empty();
        #[cfg(not(feature = "redis"))]
        let unlimited = schedules.is_empty();
        Self {
            schedules: std::sync::Mutex::new(schedules),
            unlimited,
            #[cfg(feature = "redis")]
            redis: parts.redis,
            pauses: Pauses::new(parts.longest_pause),
            in_flight: Semaphore::new(parts.max_in_flight),
            max_in_flight: parts.max_in_flight,
            max_queued: parts.max_queued,
            queue: Mutex::new(()),
            waiting: AtomicUsize::new(0),
            given_back: Notify::new(),
            inner: parts.inner,
        }
    }

    /// Returns the pauses: those of the additional throttle if there is one, so that all its clients pause together.
    pub fn pauses(&self) -> &Pauses {
        self.inner.as_ref().map_or(&self.pauses, |inner| inner.shared.pauses())
    }

    pub fn resume(&self) {
        self.pauses().resume();
    }

    /// Returns a turn if no waiting is needed: the fast path of most calls.
    pub fn at_once(this: &Arc<Self>) -> Option<Turn> {
        if !this.unlimited || this.pauses.is_slow() || this.waiting.load(Ordering::Acquire) > 0 {
            return None;
        }
        let permit = this.in_flight.try_acquire().ok()?;
        let inner = match &this.inner {
            None => None,
            Some(inner) => Some(Box::new(Self::at_once(&inner.shared)?)),
        };
        permit.forget();
        Some(Turn { shared: this.clone(), taken: None, inner })
    }

    /// Waits for a turn.
    pub async fn queued(this: &Arc<Self>, deadline: Deadline) -> Result<Turn, Error> {
        let ahead = this.waiting.fetch_add(1, Ordering::AcqRel);
        let _waiting = Waiting(&this.waiting);
        this.admit(ahead, deadline)?;
        let Ok(_head) = within(deadline.left(), this.queue.lock()).await else {
            let message =
                format!("callers waiting for their turn: {}; none was admitted before the deadline", ahead + 1);
            return Err(Error::throttle(message, None));
        };
        let permit = within(deadline.left(), this.in_flight.acquire()).await;
        // Places become free when other calls reach the same deadline, which is too late for this one.
        let (Ok(Ok(permit)), false) = (permit, deadline.left().is_zero()) else {
            let message = format!("all {} places in flight were taken until the deadline", this.max_in_flight);
            return Err(Error::throttle(message, None));
        };
        permit.forget();
        // From here on, dropping the turn returns the place.
        let mut turn = Turn { shared: this.clone(), taken: None, inner: None };
        loop {
            this.pauses.wait(deadline).await?;
            this.wait_for_limits(deadline).await?;
            if let (Some(inner), None) = (&this.inner, &turn.inner) {
                turn.inner = Some(Box::new(Self::boxed(&inner.shared, deadline).await?));
            }
            #[cfg(feature = "redis")]
            for limit in &this.redis {
                limit.leave(deadline).await?;
            }
            // The server may have demanded a pause in the meantime.
            if this.pauses.is_paused() {
                #[cfg(feature = "redis")]
                this.redis.iter().for_each(redis::Shared::give_back);
                continue;
            }
            let now = Instant::now();
            this.schedules().iter_mut().for_each(|schedule| schedule.take(now));
            turn.taken = Some(now);
            return Ok(turn);
        }
    }

    /// Returns the same as a boxed future, which ends the recursion of types.
    fn boxed(this: &Arc<Self>, deadline: Deadline) -> BoxFuture<'_, Result<Turn, Error>> {
        Box::pin(async move {
            match Self::at_once(this) {
                Some(turn) => Ok(turn),
                None => Self::queued(this, deadline).await,
            }
        })
    }

    /// Rejects callers that do not fit in the queue, or whose turn cannot come before their deadline.
    fn admit(&self, ahead: usize, deadline: Deadline) -> Result<(), Error> {
        if self.max_queued.is_some_and(|most| ahead > most) {
            let message = format!("the queue is full: {ahead} callers are waiting for their turn");
            return Err(Error::throttle(message, None));
        }
        self.estimate(ahead, deadline)
    }

    /// Rejects callers whose turn cannot come before their deadline, given the number of callers ahead.
    fn estimate(&self, ahead: usize, deadline: Deadline) -> Result<(), Error> {
        if let Some(inner) = &self.inner {
            let inner = &inner.shared;
            inner.estimate(ahead.max(inner.waiting.load(Ordering::Acquire)), deadline)?;
        }
        let now = Instant::now();
        let from = self.pauses.end(now, deadline)?;
        let schedules = self.schedules();
        let local = schedules.iter().map(|schedule| (schedule.limit(), schedule.earliest_after(from, ahead)));
        #[cfg(feature = "redis")]
        let local = local.chain(self.redis.iter().map(|redis| {
            let limit = redis.limit();
            (limit, limit.earliest_after(None, from, ahead))
        }));
        match local.max_by_key(|(_, at)| *at) {
            Some((limit, at)) if deadline.is_before(at) => Err(too_late(limit, ahead, at - now)),
            _ => Ok(()),
        }
    }

    /// Waits until all limits of this process have room, without taking slots.
    async fn wait_for_limits(&self, deadline: Deadline) -> Result<(), Error> {
        loop {
            let mut given_back = pin!(self.given_back.notified());
            given_back.as_mut().enable();
            let now = Instant::now();
            let next = self
                .schedules()
                .iter()
                .map(|schedule| (schedule.limit(), schedule.earliest(now)))
                .max_by_key(|(_, at)| *at);
            match next {
                Some((limit, at)) if at > now => {
                    if deadline.is_before(at) {
                        return Err(too_late(limit, 0, at - now));
                    }
                    select(Sleep::until(at), given_back).await;
                }
                _ => return Ok(()),
            }
        }
    }

    fn schedules(&self) -> MutexGuard<'_, Vec<Schedule>> {
        self.schedules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn too_late(limit: Limit, ahead: usize, wait: Duration) -> Error {
    let callers = match ahead {
        0 => String::new(),
        1 => " and 1 caller ahead".to_owned(),
        many => format!(" and {many} callers ahead"),
    };
    let message = format!(
        "the limit of {}{callers} leave no turn before the deadline; the next one is in {wait:.1?}",
        limit.describe()
    );
    Error::throttle(message, Some(wait))
}

impl Turn {
    /// Returns the slot of the limits to the next caller, since the request is not sent.
    pub fn give_back(mut self) {
        if let Some(taken) = self.taken {
            self.shared.schedules().iter_mut().for_each(|schedule| schedule.give_back(taken));
            #[cfg(feature = "redis")]
            self.shared.redis.iter().for_each(redis::Shared::give_back);
            self.shared.given_back.notify_waiters();
        }
        if let Some(inner) = self.inner.take() {
            inner.give_back();
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.shared.in_flight.add_permits(1);
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits: Vec<Limit> = self.schedules().iter().map(Schedule::limit).collect();
        let mut shown = f.debug_struct("Throttle");
        shown.field("limits", &limits);
        #[cfg(feature = "redis")]
        shown.field("shared_limits", &self.redis);
        shown.field("max_in_flight", &self.max_in_flight).field("max_queued", &self.max_queued);
        shown.field("inner", &self.inner).finish_non_exhaustive()
    }
}
