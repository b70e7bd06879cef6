//! When a request is sent again, and how long to wait before.

use crate::operation::Operation;
use crate::{Error, ErrorKind};
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// How failed requests are repeated.
///
/// The default is 3 attempts, waiting a random time of up to 100 ms, 200 ms, 400 ms and so on, at
/// most 20 s, in between; a `Retry-After` of the service up to 60 s comes on top of that. Which
/// failures are worth another attempt follows the operation: a read is repeated after a broken
/// connection, a call that makes something only if it surely was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
    max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base_delay: Duration::from_millis(100),
            max_delay: Duration::from_secs(20),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// No repetition: every failure is reported at once.
    #[must_use]
    pub fn none() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// How often a request is sent at most, the first time included; 0 is taken for 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The longest wait before the second attempt; it doubles with each one after.
    #[must_use]
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The longest wait before any attempt.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// The longest `Retry-After` that is followed. A longer one is reported at once, with
    /// [`Error::retry_after`].
    #[must_use]
    pub fn max_retry_after(mut self, delay: Duration) -> Self {
        self.max_retry_after = delay;
        self
    }

    /// How long to wait before the next attempt, or `None` to give up.
    pub(crate) fn next(
        &self,
        operation: &Operation,
        error: &Error,
        attempts: u32,
    ) -> Option<Duration> {
        if attempts >= self.max_attempts || !may_repeat(operation, error) {
            return None;
        }
        match error.retry_after() {
            _ if !self.waits_for(error) => None,
            // Not all at the same moment, when many were sent away at once.
            Some(wait) => Some(wait.saturating_add(self.jittered(attempts))),
            None => Some(self.jittered(attempts)),
        }
    }

    /// Whether the wait that the service asks for, if it does, is one to take.
    pub(crate) fn waits_for(&self, error: &Error) -> bool {
        error.retry_after().is_none_or(|wait| wait <= self.max_retry_after)
    }

    /// A random share of the exponential delay, so that clients do not come back all at once.
    fn jittered(&self, attempts: u32) -> Duration {
        let factor = 1_u32.checked_shl(attempts - 1).unwrap_or(u32::MAX);
        let longest = self.base_delay.saturating_mul(factor).min(self.max_delay);
        // The keys of a new hasher are the standard library's random numbers.
        let random = std::hash::RandomState::new().build_hasher().finish();
        longest.mul_f64((random >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

fn may_repeat(operation: &Operation, error: &Error) -> bool {
    if let Some(status) = error.status()
        && !status.is_success()
    {
        return operation.retry_statuses.contains(&status.as_u16());
    }
    match error.kind() {
        ErrorKind::Connect => true,
        ErrorKind::Timeout | ErrorKind::Interrupted => operation.idempotent,
        _ => false,
    }
}
