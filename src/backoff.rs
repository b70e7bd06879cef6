//! Delays that grow.

use std::time::Duration;

/// Exponential backoff: each delay is longer than the one before by a factor, up to a longest one.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    pub first: Duration,
    pub factor: f64,
    pub longest: Duration,
}

impl Backoff {
    /// The delay after this many others.
    pub fn delay(&self, number: u32) -> Duration {
        let factor = self.factor.powi(i32::try_from(number).unwrap_or(i32::MAX));
        let delay = Duration::try_from_secs_f64(self.first.as_secs_f64() * factor);
        // What is not a duration is too long for one.
        delay.unwrap_or(self.longest).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_up_to_the_longest() {
        let second = Duration::from_secs(1);
        let backoff = Backoff { first: second, factor: 2.0, longest: 10 * second };
        let delays = [0, 1, 2, 3, 4, 100, u32::MAX].map(|number| backoff.delay(number).as_secs());
        assert_eq!(delays, [1, 2, 4, 8, 10, 10, 10]);
        let constant = Backoff { factor: 1.0, ..backoff.clone() };
        assert_eq!(constant.delay(1000), second);
        let none = Backoff { first: Duration::ZERO, ..backoff };
        assert_eq!(none.delay(7), Duration::ZERO);
    }
}
