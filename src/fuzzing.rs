//! What the fuzz targets reach inside for. Only there with `--cfg fuzzing`.

use crate::client::fuzzed_failure;
use crate::pagination::fuzzed_position;

/// The position in what a page says about the next one, by each style.
pub fn next_position(said: &str) {
    fuzzed_position(said);
}

/// The error of a status, with its message, and all the ways to look at it.
pub fn failure(status: &[u8], retry_after: &[u8], date: &[u8], body: &[u8]) {
    if let Some(error) = fuzzed_failure(status, retry_after, date, body) {
        let text = format!("{error}");
        assert!(!text.contains('\n') && text.len() < 10_000);
        let _ = (format!("{error:?}"), error.retry_after(), error.is_retryable());
    }
}
