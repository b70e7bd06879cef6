//! The time that signatures carry, corrected by what services say about theirs.

use super::Refusal;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// Our clock, and how far a service's is ahead of it.
#[derive(Debug)]
pub(super) struct Clock {
    tolerated: TimeDelta,
    /// In milliseconds. Every signature reads it, so it has no lock.
    skew: AtomicI64,
    /// When the skew was found; locked while it is compared and set.
    corrected_at: Mutex<Option<Instant>>,
}

impl Clock {
    /// A clock that is off by less than this is not the reason of a refusal.
    pub fn tolerating(tolerated: TimeDelta) -> Self {
        Self { tolerated, skew: AtomicI64::default(), corrected_at: Mutex::default() }
    }

    /// The time of the service, as far as it is known.
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        now.checked_add_signed(self.skew()).unwrap_or(now)
    }

    /// Whether the time explains a refusal: the clock is then right for the next attempt.
    pub fn explains(&self, refusal: &Refusal<'_>) -> bool {
        // No signature can carry another year.
        let time = refusal.server_time().filter(|time| (2000..9999).contains(&time.year()));
        let Some(time) = time else { return false };
        let skew = time - Utc::now();
        let mut corrected_at = self.corrected_at.lock().unwrap_or_else(PoisonError::into_inner);
        if (skew - self.skew()).abs() > self.tolerated {
            self.skew.store(skew.num_milliseconds(), Ordering::Relaxed);
            *corrected_at = Some(Instant::now());
            return true;
        }
        // Signed before another call corrected the clock.
        corrected_at.is_some_and(|at| refusal.begun() <= at)
    }

    fn skew(&self) -> TimeDelta {
        TimeDelta::try_milliseconds(self.skew.load(Ordering::Relaxed)).unwrap_or_default()
    }
}
