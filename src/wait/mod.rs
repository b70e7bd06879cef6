//! Waiting for operations that take time: builds, imports, deletions.
//!
//! A [`Wait`] polls a resource until it reaches the expected state. Create it from the request that shows the
//! resource, `describe_image("my-image").wait_for_build()`, and use it in one of two ways:
//!
//! * `.await` returns the final state, or an error that says why it was not reached.
//! * As a [`Stream`] it yields each state that differs from the one before, and then ends.
//!
//! Nothing runs in the background: if you drop a wait, polling stops, and the service continues its work.

mod status;
mod watch;

#[allow(unused_imports)] // not every service leaves a status out
pub(crate) use status::{Verdict, status_label};
pub(crate) use watch::{Failure, Seen};

use crate::{BoxFuture, Error, ErrorKind, Result};
use futures_core::{FusedStream, Stream};
use futures_util::StreamExt;
use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use sync_wrapper::SyncWrapper;
use watch::{Settings, Watch};

/// Polls a resource until it reaches the expected state: a future of the final state, or a stream of states.
///
/// The first request is sent at once, and each further one after a delay. The delay grows from request to request,
/// and is short again after the state has changed:
///
/// | setting | default |
/// |---|---|
/// | [`interval`](Self::interval), the first pause | 5 s |
/// | [`backoff`](Self::backoff), how the pause grows | 1.5 times |
/// | [`max_interval`](Self::max_interval) | 60 s |
/// | [`deadline`](Self::deadline) | none: it waits as long as it takes |
/// | [`tolerate`](Self::tolerate), failed looks in a row | 5 |
///
/// Two kinds of failure do not end the wait: a transient error ([`Error::is_retryable`]), and a resource that was
/// there before and is not found for a moment. `tolerate` limits how many may follow each other, because some
/// services also answer 500 to a request that can never succeed.
///
/// # Errors
///
/// [`ErrorKind::Failed`] if the resource reaches a failed state. The message has the reason of the service, if it
/// can be read within 10 s and before the deadline; a stream yields the failed state first. [`ErrorKind::Timeout`]
/// at the deadline, with the last state in the message. All other errors are those of the request. After an error
/// the stream ends.
#[must_use = "a wait does nothing until it is awaited or polled"]
pub struct Wait<S> {
    settings: Settings,
    /// Taken out during a step.
    watch: Option<Watch<S>>,
    step: Option<Step<S>>,
}

/// One step: gives the watch back, with the next item.
type Step<S> = SyncWrapper<BoxFuture<'static, (Watch<S>, Option<Result<S>>)>>;

impl<S: Clone + Send + Sync + 'static> Wait<S> {
    /// Watches `subject`, such as `image my-image`. States with the same label are the same to a stream.
    pub(crate) fn new(
        subject: String,
        label: fn(&S) -> String,
        probe: impl FnMut() -> BoxFuture<'static, Result<Seen<S>>> + Send + Sync + 'static,
    ) -> Self {
        let watch = Watch::new(subject, label, Box::new(probe));
        Self { settings: Settings::default(), watch: Some(watch), step: None }
    }

    /// The delay after the first request and after each change of the state. At least 10 ms. The default is 5 s.
    pub fn interval(mut self, pause: Duration) -> Self {
        self.settings.backoff.first = pause;
        self
    }

    /// The factor by which each delay is longer than the one before. With 1 all delays are equal; a smaller factor
    /// counts as 1. The default is 1.5.
    pub fn backoff(mut self, factor: f64) -> Self {
        self.settings.backoff.factor = if factor > 1.0 { factor } else { 1.0 };
        self
    }

    /// The maximum delay. The default is 60 s.
    pub fn max_interval(mut self, pause: Duration) -> Self {
        self.settings.backoff.longest = pause;
        self
    }

    /// The time limit of the wait, counted from the first poll. By default there is none.
    pub fn deadline(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.deadline = limit.into();
        self
    }

    /// The number of requests in a row that may fail with a transient error before the wait fails. The default is
    /// 5.
    ///
    /// A request is first retried by its own retry policy, and then counts as one failure.
    pub fn tolerate(mut self, failures: u32) -> Self {
        self.settings.tolerated = failures;
        self
    }

    /// Lets a thing be missing at first, as often as other looks may fail.
    #[allow(dead_code)] // not every service shows what it made at once
    pub(crate) fn may_be_missing(mut self) -> Self {
        self.settings.missing = true;
        self
    }

    /// The next state that differs from the one before, or `None` at the end.
    ///
    /// The same as `next()` of `StreamExt`, without an import. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// As [`Wait`] says.
    pub async fn next_state(&mut self) -> Option<Result<S>> {
        self.next().await
    }
}

// Nothing in it is pinned in place.
impl<S> Unpin for Wait<S> {}

impl<S: Clone + Send + Sync + 'static> Stream for Wait<S> {
    type Item = Result<S>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(watch) = this.watch.take() {
            this.step = Some(SyncWrapper::new(Box::pin(watch.next(this.settings.clone()))));
        }
        let Some(step) = &mut this.step else { return Poll::Ready(None) };
        let (watch, item) = ready!(step.get_mut().as_mut().poll(context));
        this.step = None;
        this.watch = Some(watch);
        Poll::Ready(item)
    }
}

impl<S: Clone + Send + Sync + 'static> FusedStream for Wait<S> {
    fn is_terminated(&self) -> bool {
        self.watch.as_ref().is_some_and(Watch::is_over)
    }
}

impl<S: Clone + Send + Sync + 'static> IntoFuture for Wait<S> {
    type Output = Result<S>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            while let Some(state) = self.next().await {
                state?;
            }
            self.watch.and_then(Watch::into_arrived).ok_or_else(|| {
                let message = "this wait has already ended with an error: start a new one";
                Error::new(ErrorKind::InvalidRequest, message)
            })
        })
    }
}

impl<S> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("subject", &self.watch.as_ref().map(|watch| &watch.subject))
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_reason_that_never_comes_is_not_waited_for() {
        for deadline in [None, Some(Duration::from_secs(1))] {
            let wait = Wait::new(
                "thing".to_owned(),
                |()| "bad".to_owned(),
                || {
                    let known = Error::new(ErrorKind::Failed, "thing: bad");
                    Box::pin(async {
                        Ok(Seen::Failed((), Failure::explained(known, std::future::pending())))
                    })
                },
            );
            let items: Vec<_> = wait.deadline(deadline).collect().await;
            assert!(matches!(&items[..], [Ok(()), Err(_)]), "{items:?}");
            let error = items[1].as_ref().unwrap_err();
            assert_eq!((error.kind(), error.message()), (ErrorKind::Failed, "thing: bad"));
        }
    }

    /// When the looks happen, in seconds, for states that change after some of them.
    async fn looks(states: &'static [&'static str]) -> Vec<u64> {
        let start = tokio::time::Instant::now();
        let times = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = std::sync::Arc::clone(&times);
        let mut number = 0;
        let wait = Wait::new(
            "thing".to_owned(),
            |state: &&str| (*state).to_owned(),
            move || {
                seen.lock().unwrap().push(start.elapsed().as_secs());
                let state = states[number];
                number += 1;
                let done = number == states.len();
                Box::pin(
                    async move { Ok(if done { Seen::Done(state) } else { Seen::Pending(state) }) },
                )
            },
        );
        let wait = wait.interval(Duration::from_secs(2)).backoff(2.0);
        wait.max_interval(Duration::from_secs(10)).await.unwrap();
        let times = times.lock().unwrap();
        times.clone()
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_and_are_short_again_after_a_change() {
        assert_eq!(looks(&["a", "a", "a", "a", "a"]).await, [0, 2, 6, 14, 24]);
        assert_eq!(looks(&["a", "a", "b", "b", "c"]).await, [0, 2, 6, 8, 12]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_ends_a_look_that_hangs_and_shows_a_clean_label() {
        let wait = Wait::new(
            "thing".to_owned(),
            |state: &&str| (*state).to_owned(),
            || Box::pin(async { Ok(Seen::Pending("odd\n\u{202e}state")) }),
        );
        let error = wait.deadline(Duration::from_secs(7)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.message(), "thing: timed out after 7s, last seen: odd state");
        let hanging =
            Wait::new("thing".to_owned(), |()| String::new(), || Box::pin(std::future::pending()));
        let error = hanging.deadline(Duration::from_secs(7)).await.unwrap_err();
        assert_eq!(error.message(), "thing: timed out after 7s, no state seen");
    }
}
