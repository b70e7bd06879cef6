//! A future with a time limit.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// What the future gives, or `None` after the limit. One that is ready at once needs no timer.
pub(super) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let at_once = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
    if let Poll::Ready(output) = at_once {
        return Some(output);
    }
    tokio::time::timeout(limit, future).await.ok()
}
