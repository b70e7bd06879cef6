//! Which of several images is chosen.

use crate::{Error, ErrorKind, Result};
use chrono::TimeDelta;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Which of several images is chosen: the newest, or one before it.
///
/// It is written as text and read back: `latest minus=1 min_age=7d`.
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
    /// The newest image by its date of creation; of several with the same date, the one with the largest id.
    #[must_use]
    pub fn latest() -> Self {
        Self::default()
    }

    /// This many before the newest one: 1 is the last but one.
    #[must_use]
    pub fn minus(mut self, images: usize) -> Self {
        self.minus = images;
        self
    }

    /// Only images that are at least this old. Parts of a second do not count.
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
            let message =
                "not a policy: write `latest`, with `minus=1` or `min_age=7d` (or `s`) after it";
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
