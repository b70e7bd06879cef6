//! A future with a time limit.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::task::unconstrained;
use tokio::time::sleep;

/// The output of the future, or `None` after the limit. A future that is ready at once needs no timer.
pub(super) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut timer = pin!(None);
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        if timer.is_none() {
            // Not limited by the budget of the task, which a future that is always busy uses up.
            timer.set(Some(unconstrained(sleep(limit))));
        }
        match timer.as_mut().as_pin_mut() {
            Some(timer) => timer.poll(context).map(|()| None),
            None => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    const LIMIT: Duration = Duration::from_secs(1);

    #[test]
    fn what_is_ready_needs_no_runtime() {
        assert_eq!(futures::executor::block_on(within(LIMIT, ready(7))), Some(7));
    }

    #[tokio::test(start_paused = true)]
    async fn what_never_comes_ends_with_the_limit() {
        let start = tokio::time::Instant::now();
        assert_eq!(within(LIMIT, pending::<()>()).await, None);
        assert_eq!(start.elapsed(), LIMIT);
    }

    #[tokio::test]
    async fn a_future_that_uses_up_every_turn_of_its_task_ends_too() {
        let busy = async {
            loop {
                tokio::task::consume_budget().await;
            }
        };
        assert_eq!(within::<_>(Duration::from_millis(20), busy).await, None::<()>);
    }
}
