//! How failed requests are retried: the settings.

use crate::Error;
use std::time::Duration;

/// How failed requests are retried.
///
/// The default is 3 attempts with exponential backoff and jitter: a random delay of up to 100 ms, 200 ms, 400 ms
/// and so on, at most 20 s. A `Retry-After` of the service up to 60 s is added to it. If the service throttles
/// without a `Retry-After`, the delay is 0.5 s to 1 s, then 1 s to 2 s, and so on.
///
/// Which failures are retried depends on the operation: an idempotent call is retried after a broken
/// connection, any other only if the service cannot have processed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    pub(super) max_attempts: u32,
    pub(super) base_delay: Duration,
    pub(super) throttled_delay: Duration,
    pub(super) max_delay: Duration,
    max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base_delay: Duration::from_millis(100),
            throttled_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(20),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// No retries: every failure is returned at once.
    #[must_use]
    pub fn none() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// The maximum number of attempts, including the first one. The default is 3; 0 counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The maximum delay before the second attempt. It doubles with each further attempt. The default is 100 ms.
    #[must_use]
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The maximum delay before the second attempt if the service throttles without a `Retry-After`. It doubles
    /// with each further attempt, and the delay is at least half of it. The default is 1 s.
    #[must_use]
    pub fn throttled_delay(mut self, delay: Duration) -> Self {
        self.throttled_delay = delay;
        self
    }

    /// The maximum delay before any attempt. The default is 20 s.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// The longest `Retry-After` that is followed. If the service asks for a longer one, the error is returned at
    /// once; see [`Error::retry_after`]. The default is 60 s.
    #[must_use]
    pub fn max_retry_after(mut self, delay: Duration) -> Self {
        self.max_retry_after = delay;
        self
    }

    /// Whether the wait that the service asks for, if it does, is one to take.
    pub(crate) fn waits_for(&self, error: &Error) -> bool {
        error.retry_after().is_none_or(|wait| wait <= self.max_retry_after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_leaves_the_others_as_they_are() {
        let seconds = Duration::from_secs;
        let policy = RetryPolicy::default()
            .max_attempts(7)
            .base_delay(seconds(1))
            .throttled_delay(seconds(2))
            .max_delay(seconds(3))
            .max_retry_after(seconds(4));
        let expected = RetryPolicy {
            max_attempts: 7,
            base_delay: seconds(1),
            throttled_delay: seconds(2),
            max_delay: seconds(3),
            max_retry_after: seconds(4),
        };
        assert_eq!(policy, expected);
        assert_eq!(policy.clone().max_attempts(3), RetryPolicy { max_attempts: 3, ..expected });
    }

    #[test]
    fn a_request_is_sent_once_at_least() {
        assert_eq!(RetryPolicy::none().max_attempts, 1);
        assert_eq!(RetryPolicy::default().max_attempts(0), RetryPolicy::none());
    }
}
