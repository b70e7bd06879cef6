//! When errors end a stream.

use crate::Error;

/// How many transient errors in a row end a stream.
const MOST: u32 = 3;

/// The errors in a row that a stream has given.
#[derive(Debug, Default)]
pub(crate) struct Failures(u32);

impl Failures {
    /// Counts an error, and says whether the stream is over: at once for a permanent error, after three
    /// in a row for errors that may pass.
    pub fn end_stream(&mut self, error: &Error) -> bool {
        self.0 += 1;
        !error.is_retryable() || self.0 >= MOST
    }

    /// Forgets the errors: something arrived.
    pub fn reset(&mut self) {
        self.0 = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn a_permanent_error_ends_a_stream_and_so_do_three_passing_ones_in_a_row() {
        let error = |kind| Error::new(kind, "an error");
        let (passing, permanent) = (error(ErrorKind::Timeout), error(ErrorKind::Decode));
        let mut failures = Failures::default();
        assert!(failures.end_stream(&permanent));
        failures.reset();
        assert_eq!([(); 3].map(|()| failures.end_stream(&passing)), [false, false, true]);
        failures.reset();
        assert!(!failures.end_stream(&passing));
    }
}
