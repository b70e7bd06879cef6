//! The time that signatures carry, corrected by what services say about theirs.

use super::Refusal;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// Our clock, and how far a service's is ahead of it.
#[derive(Debug)]
pub(super) struct Clock {
    tolerated: TimeDelta,
    correction: Mutex<Correction>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Correction {
    skew: TimeDelta,
    at: Option<Instant>,
}

impl Clock {
    /// A clock that is off by less than this is not the reason of a refusal.
    pub fn tolerating(tolerated: TimeDelta) -> Self {
        Self { tolerated, correction: Mutex::default() }
    }

    /// The time of the service, as far as it is known.
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        now.checked_add_signed(self.correction().skew).unwrap_or(now)
    }

    /// Whether the time explains a refusal: the clock is then right for the next attempt.
    pub fn explains(&self, refusal: &Refusal<'_>) -> bool {
        // No signature can carry another year.
        let time = refusal.server_time().filter(|time| (2000..9999).contains(&time.year()));
        let Some(time) = time else { return false };
        let skew = time - Utc::now();
        let mut correction = self.correction.lock().unwrap_or_else(PoisonError::into_inner);
        if (skew - correction.skew).abs() > self.tolerated {
            *correction = Correction { skew, at: Some(Instant::now()) };
            return true;
        }
        // Signed before another call corrected the clock.
        correction.at.is_some_and(|at| refusal.begun() <= at)
    }

    fn correction(&self) -> Correction {
        *self.correction.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
