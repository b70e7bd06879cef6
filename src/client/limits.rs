//! How many requests a client has under way, and how many it starts.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// The limits of a client, shared by its clones. Without any, nothing is waited for.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub in_flight: Option<Arc<Semaphore>>,
    pub rate: Option<Rate>,
}

/// The place of a request among those under way. It is free again when dropped.
pub(super) type Permit = Option<OwnedSemaphorePermit>;

impl Limits {
    /// Waits for a turn.
    pub(super) async fn turn(&self) -> Permit {
        let place = match &self.in_flight {
            // Never closed, so there is always a permit to come.
            Some(places) => Arc::clone(places).acquire_owned().await.ok(),
            None => None,
        };
        // After the wait for a place, or what waited there would all start at once.
        if let Some(rate) = &self.rate {
            rate.turn().await;
        }
        place
    }
}

/// A token bucket, kept as the time at which it will be full.
#[derive(Debug)]
pub(super) struct Rate {
    interval: Duration,
    burst: u32,
    /// Held by the one who waits for the next token: the others queue behind, and who gives up has
    /// taken none.
    full_at: Mutex<Instant>,
}

/// The slowest rate is one request in this time.
const LONGEST_INTERVAL: f64 = 86_400.0;

impl Rate {
    pub(super) fn new(per_second: f64, burst: u32) -> Self {
        Self {
            interval: Duration::from_secs_f64((1.0 / per_second).clamp(0.0, LONGEST_INTERVAL)),
            burst: burst.clamp(1, 1 << 20),
            full_at: Mutex::new(Instant::now()),
        }
    }

    /// Waits for a token and takes it.
    async fn turn(&self) {
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
            rate.turn().await;
            waits.push(start.elapsed().as_millis());
        }
        waits
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_at_once_and_the_rest_in_its_interval() {
        let rate = Rate::new(10.0, 3);
        assert_eq!(waits(&rate, 5).await, [0, 0, 0, 100, 100]);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(waits(&rate, 4).await, [0, 0, 0, 100]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_takes_nothing() {
        let rate = Rate::new(1.0, 1);
        rate.turn().await;
        for _ in 0..100 {
            assert!(rate.turn().now_or_never().is_none());
        }
        assert_eq!(waits(&rate, 2).await, [1000, 1000]);
    }

    #[tokio::test(start_paused = true)]
    async fn extreme_rates_neither_overflow_nor_lift_the_limit() {
        for (per_second, burst) in [(f64::MIN_POSITIVE, u32::MAX), (f64::INFINITY, 0), (1e300, 1)] {
            Rate::new(per_second, burst).turn().await;
        }
        let slow = Rate::new(f64::MIN_POSITIVE, 1);
        slow.turn().await;
        assert!(slow.turn().now_or_never().is_none());
    }
}
