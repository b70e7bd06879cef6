//! How many requests a client has under way, and how many it starts.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// The limits of a client, shared by its clones. Without any, nothing is waited for.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub in_flight: Option<Arc<Semaphore>>,
    pub rate: Option<Rate>,
}

impl Limits {
    /// Waits for a turn. What is returned is the place of the request: it is free again when dropped.
    pub(super) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        if let Some(rate) = &self.rate {
            tokio::time::sleep_until(rate.reserve(Instant::now())).await;
        }
        match &self.in_flight {
            // Never closed, so there is always a permit to come.
            Some(places) => Arc::clone(places).acquire_owned().await.ok(),
            None => None,
        }
    }
}

/// A token bucket, kept as the time at which it will be full.
#[derive(Debug)]
pub(super) struct Rate {
    interval: Duration,
    burst: u32,
    full_at: Mutex<Option<Instant>>,
}

impl Rate {
    pub(super) fn new(per_second: f64, burst: u32) -> Self {
        let interval = Duration::try_from_secs_f64(1.0 / per_second).unwrap_or(Duration::ZERO);
        Self { interval, burst: burst.max(1), full_at: Mutex::new(None) }
    }

    /// Takes a token and says when it may be used.
    fn reserve(&self, now: Instant) -> Instant {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let next = full_at.map_or(now, |at| at.max(now)) + self.interval;
        *full_at = Some(next);
        // With `burst` tokens free, the bucket is full only `burst` intervals after it was used up.
        (next - self.interval * self.burst.min(1 << 20)).max(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_the_rest_in_its_interval() {
        let rate = Rate::new(10.0, 3);
        let now = Instant::now();
        let waits: Vec<_> = (0..5).map(|_| (rate.reserve(now) - now).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 100, 200]);
        let later = now + Duration::from_secs(10);
        assert_eq!(rate.reserve(later), later);
    }
}
