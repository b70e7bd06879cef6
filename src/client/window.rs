//! A number of calls in a time, as services count them.

use crate::operation::Quota;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The service counts calls when they arrive, and one that opens a connection arrives later than the next.
const MARGIN: Duration = Duration::from_secs(1);

/// No more calls than the quota in any window of its length, wherever the service lets its own begin: a token
/// bucket would let twice as many through after a pause.
#[derive(Debug)]
pub(super) struct Window {
    calls: usize,
    length: Duration,
    /// When the last calls began, the oldest first. Locked by the one that waits: the others queue behind it.
    began: Mutex<VecDeque<Instant>>,
}

impl Window {
    pub(super) fn new(quota: &Quota) -> Self {
        let length = Duration::from_secs(quota.seconds.into());
        Self {
            calls: usize::try_from(quota.calls).unwrap_or(usize::MAX).max(1),
            length: length + MARGIN.min(length / 4),
            began: Mutex::default(),
        }
    }

    /// Waits until a further call is within the quota.
    pub(super) async fn acquire(&self) {
        let mut began = self.began.lock().await;
        if began.len() >= self.calls
            && let Some(oldest) = began.front()
        {
            tokio::time::sleep_until(*oldest + self.length).await;
            began.pop_front();
        }
        began.push_back(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test(start_paused = true)]
    async fn no_window_has_more_calls_than_the_quota() {
        let window = Window::new(&Quota { name: "lists", calls: 3, seconds: 60 });
        let start = Instant::now();
        let mut began = Vec::new();
        for pause in [0, 0, 50, 0, 0, 0, 200, 0, 0, 0] {
            tokio::time::advance(Duration::from_secs(pause)).await;
            window.acquire().await;
            began.push(start.elapsed().as_secs());
        }
        assert_eq!(began, [0, 0, 50, 61, 61, 111, 311, 311, 311, 372]);
        assert!(began.windows(4).all(|calls| calls[3] - calls[0] >= 60));
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_takes_nothing() {
        let window = Window::new(&Quota { name: "calls", calls: 1, seconds: 1 });
        window.acquire().await;
        for _ in 0..100 {
            assert!(window.acquire().now_or_never().is_none());
        }
        let start = Instant::now();
        window.acquire().await;
        window.acquire().await;
        assert_eq!(start.elapsed(), Duration::from_millis(2500));
    }
}
