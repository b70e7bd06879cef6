//! Which of several images is chosen.

use crate::catalog::shown::shown;
use crate::{Error, ErrorKind, Result};
use chrono::TimeDelta;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The rule that chooses one of several images: the newest, or an earlier one.
///
/// Its text form, for `Display` and `FromStr`, is `latest minus=1 min_age=7d`.
///
/// ```
/// use cloud_images::catalog::Policy;
/// use std::time::Duration;
///
/// let policy = Policy::latest().minus(1).min_age(Duration::from_secs(7 * 86_400));
/// assert_eq!(policy.to_string(), "latest minus=1 min_age=7d");
/// assert_eq!("latest minus=1 min_age=7d".parse::<Policy>()?, policy);
/// # Ok::<_, cloud_images::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    pub(super) minus: usize,
    pub(super) min_age: Duration,
}

impl Policy {
    /// Chooses the image that was created last. If several have the same date, the one with the largest id.
    #[must_use]
    pub fn latest() -> Self {
        Self::default()
    }

    /// Skips this many of the newest images: 1 chooses the second newest.
    #[must_use]
    pub fn minus(mut self, images: usize) -> Self {
        self.minus = images;
        self
    }

    /// Considers only images that are at least this old. Fractions of a second are ignored.
    #[must_use]
    pub fn min_age(mut self, age: Duration) -> Self {
        self.min_age = Duration::from_secs(age.as_secs());
        self
    }

    /// The age as a difference of dates; more than those can hold is more than any image has.
    pub(super) fn age(&self) -> TimeDelta {
        TimeDelta::from_std(self.min_age).unwrap_or(TimeDelta::MAX)
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("latest")?;
        if self.minus > 0 {
            write!(f, " minus={}", self.minus)?;
        }
        match self.min_age.as_secs() {
            0 => Ok(()),
            seconds if seconds.is_multiple_of(86_400) => {
                write!(f, " min_age={}d", seconds / 86_400)
            }
            seconds => write!(f, " min_age={seconds}s"),
        }
    }
}

impl FromStr for Policy {
    type Err = Error;

    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if it is not a policy.
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || {
            let message = format!(
                "`{}` is not a policy: write `latest`, with `minus=1` or `min_age=7d` after it if need be",
                shown(text)
            );
            Error::new(ErrorKind::InvalidRequest, message)
        };
        let mut words = text.split_whitespace();
        if words.next() != Some("latest") {
            return Err(wrong());
        }
        let mut policy = Self::latest();
        for word in words {
            match word.split_once('=') {
                Some(("minus", count)) => policy.minus = count.parse().map_err(|_| wrong())?,
                Some(("min_age", age)) => {
                    policy.min_age = Duration::from_secs(seconds(age).ok_or_else(wrong)?);
                }
                _ => return Err(wrong()),
            }
        }
        Ok(policy)
    }
}

fn seconds(age: &str) -> Option<u64> {
    let (number, unit) = match age.strip_suffix('d') {
        Some(days) => (days, 86_400),
        None => (age.strip_suffix('s')?, 1),
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}
