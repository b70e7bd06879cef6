//! Ends what is silent for too long: an exchange is given up when no byte moves in either direction.

use super::failure;
use crate::{Error, ErrorKind, Result};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Something that is to happen within the limit.
pub(super) async fn within<T>(
    limit: Duration,
    future: impl Future<Output = Result<T, reqwest::Error>>,
) -> Result<T> {
    match tokio::time::timeout(limit, future).await {
        Ok(outcome) => outcome.map_err(failure::of_http),
        Err(_) => Err(silent(limit)),
    }
}

/// Something that may take longer than the limit, as long as the number of bytes sent grows.
pub(super) async fn while_sending<T>(
    limit: Duration,
    sent: &AtomicU64,
    future: impl Future<Output = Result<T, reqwest::Error>>,
) -> Result<T> {
    let mut future = pin!(future);
    let mut seen = sent.load(Ordering::Relaxed);
    loop {
        match tokio::time::timeout(limit, future.as_mut()).await {
            Ok(outcome) => return outcome.map_err(failure::of_http),
            Err(_) => match sent.load(Ordering::Relaxed) {
                now if now == seen => return Err(silent(limit)),
                now => seen = now,
            },
        }
    }
}

fn silent(limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("no answer in time: silence for {limit:?}"))
}
