//! A credential, and for how long it is good.

use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// When a credential without a known expiry is refreshed.
const UNKNOWN_EXPIRY: Duration = Duration::from_secs(15 * 60);

/// A credential with the times that its cache needs.
#[derive(Clone, Debug)]
pub(in crate::auth) struct Lease<T> {
    pub value: T,
    /// When to start a refresh in the background; `None` for never.
    pub refresh_at: Option<Instant>,
    /// When the credential expires; `None` for never, or if it is not known.
    pub expires_at: Option<Instant>,
}

impl<T> Lease<T> {
    /// A credential that stays the same for as long as the program runs.
    pub fn fixed(value: T) -> Self {
        Self { value, refresh_at: None, expires_at: None }
    }

    /// A credential that is refreshed `margin` before it expires, or after 15 minutes if it has no
    /// expiry.
    pub fn new(value: T, expires_at: Option<SystemTime>, margin: Duration) -> Self {
        let now = Instant::now();
        let Some(time) = expires_at else {
            return Self { value, refresh_at: Some(now + UNKNOWN_EXPIRY), expires_at: None };
        };
        let left = time.duration_since(SystemTime::now()).unwrap_or_default();
        Self {
            value,
            refresh_at: Some(now + left.saturating_sub(margin)),
            // Beyond the range of the clock is as good as never.
            expires_at: now.checked_add(left),
        }
    }

    /// `now` is called only where there is a time to compare it with: a fixed credential has none.
    pub fn is_valid(&self, now: impl FnOnce() -> Instant) -> bool {
        self.expires_at.is_none_or(|end| now() < end)
    }

    pub fn is_due(&self, now: impl FnOnce() -> Instant) -> bool {
        self.refresh_at.is_some_and(|time| now() >= time)
    }
}
