//! Waiting for what takes time, without a loop of one's own.
//!
//! A [`Wait`] looks again and again until the thing it watches is where it should be. It is started
//! from the request that looks, `describe_image("my-image").wait_for_build()`, and is used in one of
//! two ways:
//!
//! * `.await` gives the state at the end, or the error that says why that was not reached;
//! * as a [`Stream`] it gives each state that differs from the one before, and then ends.
//!
//! Nothing runs in the background: dropping it stops it, and whatever it waited for goes on at the
//! service.

use crate::{BoxFuture, Error, ErrorKind, Result};
use futures_core::{FusedStream, Stream};
use futures_util::StreamExt;
use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use sync_wrapper::SyncWrapper;
use tokio::time::Instant;

/// The shortest pause, whatever was asked for: a wait must not become a loop at full speed.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// How long the service is asked for the reason of a failure.
const LONGEST_EXPLANATION: Duration = Duration::from_secs(10);

/// What one look at the thing has shown.
pub(crate) enum Seen<S> {
    /// It is on its way.
    Pending(S),
    /// It has arrived.
    Done(S),
    /// It will never arrive.
    Failed(S, Failure),
}

/// Why a thing will never arrive.
pub(crate) struct Failure {
    error: Error,
    /// Asks the service for the reason, and gives the error that tells it.
    explained: Option<SyncWrapper<BoxFuture<'static, Error>>>,
}

impl Failure {
    /// An error that stands if there is no better one in time.
    #[cfg(any(feature = "parallelcluster", test))]
    pub fn explained(
        error: Error,
        explained: impl Future<Output = Error> + Send + 'static,
    ) -> Self {
        Self { error, explained: Some(SyncWrapper::new(Box::pin(explained))) }
    }

    async fn told(self, end: Option<Instant>) -> Error {
        let Some(mut explained) = self.explained else { return self.error };
        let limit = Instant::now() + LONGEST_EXPLANATION;
        let end = end.map_or(limit, |end| end.min(limit));
        // What is known must not be lost to the search for more.
        tokio::time::timeout_at(end, explained.get_mut().as_mut()).await.unwrap_or(self.error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, explained: None }
    }
}

type Probe<S> = Box<dyn FnMut() -> BoxFuture<'static, Result<Seen<S>>> + Send + Sync>;

/// Watches something until it has arrived: a future of the last state, or a stream of states.
///
/// The first look is made at once, the next ones after a pause that grows from look to look, and
/// starts anew when the state has changed:
///
/// | setting | default |
/// |---|---|
/// | [`interval`](Self::interval), the first pause | 5 s |
/// | [`backoff`](Self::backoff), how the pause grows | 1.5 times |
/// | [`max_interval`](Self::max_interval) | 60 s |
/// | [`deadline`](Self::deadline) | none: it waits as long as it takes |
/// | [`tolerate`](Self::tolerate), failed looks in a row | 5 |
///
/// A look that fails for a passing reason, [`Error::is_retryable`], is not the end: the next one may
/// succeed. So is a thing that was there before and is not found for a moment. The number of such
/// failures in a row is limited, because services also answer 500 to what will never work.
///
/// # Errors
///
/// [`ErrorKind::Failed`] if the thing failed, with the service's own reason in the message if it could be
/// had within 10 s and before the deadline; a stream gives the failed state before it, at once.
/// [`ErrorKind::Timeout`] at the deadline, with the last state in the
/// message. Everything else is the error of a look. After an error the stream ends.
#[must_use = "a wait does nothing until it is awaited or polled"]
pub struct Wait<S> {
    pace: Pace,
    /// Taken out while a step is under way.
    watch: Option<Watch<S>>,
    step: Option<Step<S>>,
}

/// One step: the watch comes back with what it has to tell.
type Step<S> = SyncWrapper<BoxFuture<'static, (Watch<S>, Option<Result<S>>)>>;

#[derive(Clone, Debug)]
struct Pace {
    interval: Duration,
    backoff: f64,
    max_interval: Duration,
    deadline: Option<Duration>,
    tolerated: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(5),
            backoff: 1.5,
            max_interval: Duration::from_secs(60),
            deadline: None,
            tolerated: 5,
        }
    }
}

impl Pace {
    /// The pause after another one, or after a change.
    fn after(&self, pause: Option<Duration>) -> Duration {
        let grown = pause.map_or(self.interval, |pause| {
            Duration::try_from_secs_f64(pause.as_secs_f64() * self.backoff).unwrap_or(Duration::MAX)
        });
        grown.min(self.max_interval).max(SHORTEST_PAUSE)
    }
}

impl<S: Clone + Send + Sync + 'static> Wait<S> {
    /// Watches `subject`, `image my-image`. States with the same label are the same to a stream.
    pub(crate) fn new(
        subject: String,
        label: fn(&S) -> String,
        probe: impl FnMut() -> BoxFuture<'static, Result<Seen<S>>> + Send + Sync + 'static,
    ) -> Self {
        let watch = Watch {
            subject,
            label,
            probe: Box::new(probe),
            started: None,
            last: None,
            pause: None,
            failures: 0,
            verdict: None,
            phase: Phase::Watching,
        };
        Self { pace: Pace::default(), watch: Some(watch), step: None }
    }

    /// The pause after the first look and after each change. At least 10 ms.
    pub fn interval(mut self, pause: Duration) -> Self {
        self.pace.interval = pause;
        self
    }

    /// By how much each pause is longer than the one before; 1 keeps it as it is. Anything below is
    /// taken for 1.
    pub fn backoff(mut self, factor: f64) -> Self {
        self.pace.backoff = if factor > 1.0 { factor } else { 1.0 };
        self
    }

    /// The longest pause.
    pub fn max_interval(mut self, pause: Duration) -> Self {
        self.pace.max_interval = pause;
        self
    }

    /// How long to wait at most, counted from the first poll.
    pub fn deadline(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.pace.deadline = limit.into();
        self
    }

    /// How many looks in a row may fail for a passing reason before the last error is given.
    ///
    /// Each look is repeated as the retry policy of the request says before it counts as failed.
    pub fn tolerate(mut self, failures: u32) -> Self {
        self.pace.tolerated = failures;
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Watching,
    Arrived,
    Failed,
}

/// What goes from step to step.
struct Watch<S> {
    subject: String,
    label: fn(&S) -> String,
    probe: Probe<S>,
    started: Option<Instant>,
    last: Option<S>,
    /// The pause before the next look.
    pause: Option<Duration>,
    /// Looks in a row that failed for a passing reason.
    failures: u32,
    /// Told after the failed state was given.
    verdict: Option<Failure>,
    phase: Phase,
}

impl<S: Clone> Watch<S> {
    async fn next(mut self, pace: Pace) -> (Self, Option<Result<S>>) {
        let started = *self.started.get_or_insert_with(Instant::now);
        let end = pace.deadline.and_then(|limit| started.checked_add(limit));
        if let Some(failure) = self.verdict.take() {
            let error = failure.told(end).await;
            return (self, Some(Err(error)));
        }
        if self.phase != Phase::Watching {
            return (self, None);
        }
        let outcome = match end {
            Some(end) => match tokio::time::timeout_at(end, self.change(&pace)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(self.timed_out(&pace)),
            },
            None => self.change(&pace).await,
        };
        if outcome.is_err() {
            self.phase = Phase::Failed;
        }
        (self, Some(outcome))
    }

    /// Looks until there is something new to tell.
    async fn change(&mut self, pace: &Pace) -> Result<S> {
        loop {
            if let Some(pause) = self.pause {
                tokio::time::sleep(pause).await;
            }
            match (self.probe)().await {
                Ok(seen) => {
                    self.failures = 0;
                    if let Some(state) = self.take_in(seen, pace) {
                        return Ok(state);
                    }
                }
                Err(error) => self.forgive(error, pace)?,
            }
        }
    }

    fn take_in(&mut self, seen: Seen<S>, pace: &Pace) -> Option<S> {
        let state = match seen {
            Seen::Pending(state) => state,
            Seen::Done(state) => {
                self.phase = Phase::Arrived;
                state
            }
            Seen::Failed(state, failure) => {
                self.phase = Phase::Failed;
                self.verdict = Some(failure);
                state
            }
        };
        let last = self.last.replace(state.clone());
        let changed = last.is_none_or(|last| (self.label)(&last) != (self.label)(&state));
        self.pause = Some(pace.after(self.pause.filter(|_| !changed)));
        (changed || self.phase != Phase::Watching).then_some(state)
    }

    /// Passes over an error that may not come again.
    fn forgive(&mut self, error: Error, pace: &Pace) -> Result<()> {
        let vanished = error.is_not_found() && self.last.is_some();
        if !(error.is_retryable() || vanished) || self.failures >= pace.tolerated {
            return Err(error);
        }
        self.failures += 1;
        tracing::debug!(%error, failures = self.failures, subject = self.subject, "looks again");
        let pause = pace.after(self.pause);
        // What a service asks for is not to outlast the idle of who waits.
        let asked = error.retry_after().map(|asked| asked.min(pace.max_interval));
        self.pause = Some(asked.map_or(pause, |asked| asked.max(pause)));
        Ok(())
    }

    fn timed_out(&self, pace: &Pace) -> Error {
        let last = self.last.as_ref().map(self.label);
        let last = last.unwrap_or_else(|| "nothing".to_owned());
        let limit = pace.deadline.unwrap_or_default();
        let message = format!("{}: not there after {limit:?}, last seen: {last}", self.subject);
        Error::new(ErrorKind::Timeout, message)
    }
}

// Nothing in it is pinned in place.
impl<S> Unpin for Wait<S> {}

impl<S: Clone + Send + Sync + 'static> Stream for Wait<S> {
    type Item = Result<S>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(watch) = this.watch.take() {
            this.step = Some(SyncWrapper::new(Box::pin(watch.next(this.pace.clone()))));
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
        self.watch
            .as_ref()
            .is_some_and(|watch| watch.phase != Phase::Watching && watch.verdict.is_none())
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
            let watch = self.watch.filter(|watch| watch.phase == Phase::Arrived);
            watch.and_then(|watch| watch.last).ok_or_else(|| {
                Error::new(ErrorKind::InvalidRequest, "this wait has given its error before")
            })
        })
    }
}

impl<S> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("subject", &self.watch.as_ref().map(|watch| &watch.subject))
            .field("pace", &self.pace)
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
}
