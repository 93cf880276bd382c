//! The arithmetic of a limit: the space between requests, and the time of the next one.
//!
//! This is the generic cell rate algorithm with space T and tolerance τ = (b - 1)·T + c, for n requests in a window W
//! with a burst of b. Any window then has at most b + (W + c)/T requests. With T = h·W/(n - b + 1) that is less than
//! n + 1, as long as 1 + c/W < h. The script in Redis uses the same two numbers. Deciding about several limits at one
//! instant requires checking each without taking from it, which the crate `governor` does not support.

use std::time::{Duration, Instant};

/// The factor by which the space between requests is wider than needed (h).
const HEADROOM: f64 = 1.03;

/// The factor for a limit that several processes share, whose requests are delayed independently.
#[cfg(feature = "redis")]
const SHARED_HEADROOM: f64 = 1.01;

/// The part of the window that late requests may catch up (c/W). The rest of the headroom, 2.2 % of
/// the window, allows for variations of the time between sending and arriving at the server.
const CATCH_UP: f64 = 0.008;

/// The part of the window for which an unused slot stays valid: half of the headroom for jitter.
#[cfg(feature = "redis")]
const SLACK: f64 = 0.01;

/// The longest window: a year.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// A maximum number of requests in any window of a given length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    requests: u32,
    window: Duration,
    burst: u32,
}

impl Limit {
    /// Creates a limit for any window of this length, with evenly spaced requests; 0 requests means no limit.
    ///
    /// Windows are at most a year long.
    pub fn new(requests: u32, window: Duration) -> Self {
        Self { requests, window: window.min(LONGEST), burst: 1 }
    }

    /// Creates a limit for any second.
    pub fn per_second(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(1))
    }

    /// Creates a limit for any minute.
    pub fn per_minute(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(60))
    }

    /// Allows a burst of requests after a time of rest. They count: the limit applies to any window, so the space
    /// between the other requests is wider.
    #[must_use]
    pub fn burst(mut self, requests: u32) -> Self {
        self.burst = requests.clamp(1, self.requests.max(1));
        self
    }

    /// Returns the time between two requests once a burst is used up.
    pub(super) fn space(&self) -> Duration {
        let spaces = self.requests.saturating_sub(self.burst).saturating_add(1);
        self.window.mul_f64(HEADROOM / f64::from(spaces))
    }

    /// Returns how far requests may be ahead of an even schedule: the burst, and the allowance for late ones.
    pub(super) fn tolerance(&self) -> Duration {
        self.space().saturating_mul(self.burst - 1) + self.window.mul_f64(CATCH_UP)
    }

    pub(super) fn is_none(&self) -> bool {
        self.requests == 0 || self.window.is_zero()
    }

    /// Describes the limit for error messages.
    pub(super) fn describe(&self) -> String {
        format!("{} requests in {:?}", self.requests, self.window)
    }

    /// Returns the earliest time for a caller with a number of callers ahead, if nothing is sent before `from`.
    pub(super) fn earliest_after(&self, arrival: Option<Instant>, from: Instant, ahead: usize) -> Instant {
        let arrival = arrival.map_or(from, |arrival| arrival.max(from));
        let ahead = self.space().saturating_mul(u32::try_from(ahead).unwrap_or(u32::MAX));
        let at = arrival.checked_add(ahead).and_then(|at| at.checked_sub(self.tolerance()));
        at.map_or(from, |at| at.max(from))
    }

    /// Returns the time between two requests of a fleet once a burst is used up.
    #[cfg(feature = "redis")]
    pub(super) fn shared_space(&self) -> Duration {
        self.space().mul_f64(SHARED_HEADROOM)
    }

    #[cfg(feature = "redis")]
    pub(super) fn slack(&self) -> Duration {
        self.window.mul_f64(SLACK)
    }

    #[cfg(feature = "redis")]
    pub(super) fn window(&self) -> Duration {
        self.window
    }

    /// Returns the part of the limit for one of several processes; a tenth less, since their requests are not spaced
    /// from each other.
    #[cfg(feature = "redis")]
    pub(super) fn share(&self, of: u32) -> Self {
        let whole = self.requests / of.max(1);
        match whole {
            // Less than one request in a window is one in a longer window.
            0 => Self::new(1, self.window.saturating_mul(of.max(1).div_ceil(self.requests.max(1)))),
            some => Self::new(some, self.window.mul_f64(1.1)),
        }
    }
}

/// The schedule of the requests of a limit.
#[derive(Debug)]
pub(super) struct Schedule {
    limit: Limit,
    /// The theoretical arrival time: when the next request would arrive if all were spaced evenly.
    arrival: Option<Instant>,
    /// The last slot, and the arrival time before it.
    last: Option<(Instant, Option<Instant>)>,
}

impl Schedule {
    pub fn new(limit: Limit) -> Self {
        Self { limit, arrival: None, last: None }
    }

    pub fn limit(&self) -> Limit {
        self.limit
    }

    /// Returns the earliest time of the next request: now or later.
    pub fn earliest(&self, now: Instant) -> Instant {
        self.limit.earliest_after(self.arrival, now, 0)
    }

    /// Returns a lower bound of the time for a caller with a number of others ahead, if nothing is sent before `from`.
    pub fn earliest_after(&self, from: Instant, ahead: usize) -> Instant {
        self.limit.earliest_after(self.arrival, from, ahead)
    }

    /// Takes the slot of a request that is sent now.
    pub fn take(&mut self, now: Instant) {
        self.last = Some((now, self.arrival));
        self.arrival = self.arrival.map_or(now, |arrival| arrival.max(now)).checked_add(self.limit.space());
    }

    /// Returns the slot taken at a time, unless another was taken after it.
    pub fn give_back(&mut self, taken: Instant) {
        if let Some((_, before)) = self.last.take_if(|(at, _)| *at == taken) {
            self.arrival = before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the maximum number of requests in any window, and the used part of the limit, with wake-ups that are
    /// late by up to a given time.
    fn simulate(limit: Limit, windows: u32, late: impl Fn() -> Duration) -> (usize, f64) {
        let start = Instant::now();
        let end = start + limit.window * windows;
        let mut schedule = Schedule::new(limit);
        let mut times = Vec::new();
        let mut now = start;
        while now < end {
            let at = schedule.earliest(now);
            now = if at > now { at + late() } else { now };
            schedule.take(now);
            times.push(now);
        }
        let within = |(at, first): (usize, &Instant)| {
            times[at..].iter().take_while(|time| **time < *first + limit.window).count()
        };
        let most = times.iter().enumerate().map(within).max().unwrap();
        (most, times.len() as f64 / f64::from(windows * limit.requests))
    }

    #[test]
    fn no_window_has_more_and_late_wake_ups_are_made_up_for() {
        for (requests, burst) in [(1, 1), (7, 1), (20, 1), (20, 5), (20, 20), (200, 1), (1000, 1), (1000, 300)] {
            for most_late in [0, 500, 3_000, 7_000] {
                let limit = Limit::per_second(requests).burst(burst);
                let late = || Duration::from_micros(fastrand::u64(0..=most_late));
                let (most, used) = simulate(limit, 30, late);
                assert!(most <= requests as usize, "{requests} burst {burst} late {most_late}: {most}");
                assert!(burst > 1 || used > 0.96, "{requests} burst {burst} late {most_late}: {used}");
            }
        }
    }

    #[test]
    fn a_leave_can_be_given_back() {
        let mut schedule = Schedule::new(Limit::per_second(2));
        let now = Instant::now();
        schedule.take(now);
        assert!(schedule.earliest(now) > now);
        schedule.give_back(now);
        assert_eq!(schedule.earliest(now), now);
        schedule.take(now);
        let later = schedule.earliest(now);
        schedule.take(later);
        schedule.give_back(now);
        assert!(schedule.earliest(later) > later);
    }
}
