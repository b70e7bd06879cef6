//! How many requests a client has in flight, and how many it starts in a second.

use super::window::Window;
use crate::operation::{Operation, Quota};
use crate::{Error, ErrorKind, Result};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// The limits of a client, shared by its clones. Without any, nothing waits.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub in_flight: Option<Arc<Semaphore>>,
    pub rate: Option<Rate>,
    /// Not used where there is a rate: who sets one knows better.
    pub quotas: Quotas,
}

/// Permits a request to be in flight until it is dropped.
pub(super) type Permit = Option<OwnedSemaphorePermit>;

impl Limits {
    /// Waits for a permit.
    pub(super) async fn acquire(&self, operation: &Operation) -> Permit {
        let permit = match &self.in_flight {
            // Never closed, so there is always a permit to come.
            Some(permits) => Arc::clone(permits).acquire_owned().await.ok(),
            None => None,
        };
        // After the wait for a permit, or all that waited for one would start at once.
        match (&self.rate, &operation.quota) {
            (Some(rate), _) => rate.acquire().await,
            (None, Some(quota)) => self.quotas.of(quota).acquire().await,
            (None, None) => {}
        }
        permit
    }
}

/// What the service is known to take, by the name of the quota.
#[derive(Debug, Default)]
pub(super) struct Quotas(std::sync::Mutex<HashMap<&'static str, Arc<Window>>>);

impl Quotas {
    fn of(&self, quota: &Quota) -> Arc<Window> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(quota.name).or_insert_with(|| Arc::new(Window::new(quota))))
    }
}

/// A token bucket, in terms of the time at which it will be full.
#[derive(Debug)]
pub(super) struct Rate {
    interval: Duration,
    burst: u32,
    /// Locked by the one that waits for the next token: the others queue behind it, and one that is cancelled
    /// takes no token.
    full_at: Mutex<Instant>,
}

/// The slowest rate is one request in this time.
const LONGEST_INTERVAL: f64 = 86_400.0;

impl Rate {
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the rate is not a positive number.
    pub(super) fn new(per_second: f64, burst: u32) -> Result<Self> {
        if !(per_second.is_finite() && per_second > 0.0) {
            let message = format!(
                "`max_rate()` takes a positive number of requests a second, not {per_second}"
            );
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        Ok(Self {
            interval: Duration::from_secs_f64((1.0 / per_second).clamp(0.0, LONGEST_INTERVAL)),
            burst: burst.clamp(1, 1 << 20),
            full_at: Mutex::new(Instant::now()),
        })
    }

    /// Waits for a token and takes it.
    async fn acquire(&self) {
        let mut full_at = self.full_at.lock().await;
        // Of a full bucket, `burst` tokens can be taken before the next has to be waited for.
        let ahead = self.interval * (self.burst - 1);
        if let Some(free_at) = full_at.checked_sub(ahead) {
            tokio::time::sleep_until(free_at).await;
        }
        *full_at = Instant::now().max(*full_at) + self.interval;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    async fn waits(rate: &Rate, requests: usize) -> Vec<u128> {
        let mut waits = Vec::new();
        for _ in 0..requests {
            let start = Instant::now();
            rate.acquire().await;
            waits.push(start.elapsed().as_millis());
        }
        waits
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_at_once_and_the_rest_in_its_interval() {
        let rate = Rate::new(10.0, 3).unwrap();
        assert_eq!(waits(&rate, 5).await, [0, 0, 0, 100, 100]);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(waits(&rate, 4).await, [0, 0, 0, 100]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_takes_nothing() {
        let rate = Rate::new(1.0, 1).unwrap();
        rate.acquire().await;
        for _ in 0..100 {
            assert!(rate.acquire().now_or_never().is_none());
        }
        assert_eq!(waits(&rate, 2).await, [1000, 1000]);
    }

    #[tokio::test(start_paused = true)]
    async fn extreme_rates_neither_overflow_nor_lift_the_limit() {
        for (per_second, burst) in [(f64::MIN_POSITIVE, u32::MAX), (f64::MAX, 0), (1e300, 1)] {
            Rate::new(per_second, burst).unwrap().acquire().await;
        }
        let slow = Rate::new(f64::MIN_POSITIVE, 1).unwrap();
        slow.acquire().await;
        assert!(slow.acquire().now_or_never().is_none());
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = Rate::new(rate, 1).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{rate}: {error}");
        }
    }
}
