//! Looking at something until it has arrived or failed.

use crate::backoff::Backoff;
use crate::{BoxFuture, Error, ErrorKind, Result};
use std::time::Duration;
use sync_wrapper::SyncWrapper;
use tokio::time::Instant;

/// The shortest pause, even if a shorter one is set: a wait must not become a busy loop.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// How long the service is asked for the reason of a failure.
const LONGEST_EXPLANATION: Duration = Duration::from_secs(10);

/// What one look has shown.
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
    /// Asks the service for the reason.
    explained: Option<SyncWrapper<BoxFuture<'static, Error>>>,
}

impl Failure {
    /// An error that is given if there is no better one in time.
    #[allow(dead_code)] // not every service explains
    pub fn explained(
        error: Error,
        explained: impl Future<Output = Error> + Send + 'static,
    ) -> Self {
        Self { error, explained: Some(SyncWrapper::new(Box::pin(explained))) }
    }

    async fn into_error(self, end: Option<Instant>) -> Error {
        let Some(mut explained) = self.explained else { return self.error };
        let limit = Instant::now() + LONGEST_EXPLANATION;
        let end = end.map_or(limit, |end| end.min(limit));
        tokio::time::timeout_at(end, explained.get_mut().as_mut()).await.unwrap_or(self.error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, explained: None }
    }
}

/// One look.
pub(super) type Probe<S> = Box<dyn FnMut() -> BoxFuture<'static, Result<Seen<S>>> + Send + Sync>;

#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub backoff: Backoff,
    pub deadline: Option<Duration>,
    pub tolerated: u32,
    /// Whether a thing that is not found at first may come yet.
    pub missing: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let (first, longest) = (Duration::from_secs(5), Duration::from_secs(60));
        Self {
            backoff: Backoff { first, factor: 1.5, longest },
            deadline: None,
            tolerated: 5,
            missing: false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Watching,
    Arrived,
    Failed,
}

/// The state of a wait between two items.
pub(super) struct Watch<S> {
    pub subject: String,
    label: fn(&S) -> String,
    probe: Probe<S>,
    started: Option<Instant>,
    last: Option<S>,
    /// The pause before the next look.
    pause: Option<Duration>,
    /// The pauses since the last change.
    pauses: u32,
    /// Looks in a row that failed for a transient reason.
    failures: u32,
    /// Given after the failed state.
    failure: Option<Failure>,
    phase: Phase,
}

impl<S: Clone> Watch<S> {
    pub fn new(subject: String, label: fn(&S) -> String, probe: Probe<S>) -> Self {
        Self {
            subject,
            label,
            probe,
            started: None,
            last: None,
            pause: None,
            pauses: 0,
            failures: 0,
            failure: None,
            phase: Phase::Watching,
        }
    }

    /// The state at the end, if it was reached.
    pub fn into_arrived(self) -> Option<S> {
        self.last.filter(|_| self.phase == Phase::Arrived)
    }

    /// Whether there is nothing more to give.
    pub fn is_over(&self) -> bool {
        self.phase != Phase::Watching && self.failure.is_none()
    }

    /// The next state that differs from the last, or why there is none.
    pub async fn next(mut self, settings: Settings) -> (Self, Option<Result<S>>) {
        let started = *self.started.get_or_insert_with(Instant::now);
        let end = settings.deadline.and_then(|limit| started.checked_add(limit));
        if let Some(failure) = self.failure.take() {
            let error = failure.into_error(end).await;
            return (self, Some(Err(error)));
        }
        if self.phase != Phase::Watching {
            return (self, None);
        }
        let outcome = match end {
            Some(end) => match tokio::time::timeout_at(end, self.change(&settings)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(self.timed_out(&settings)),
            },
            None => self.change(&settings).await,
        };
        if outcome.is_err() {
            self.phase = Phase::Failed;
        }
        (self, Some(outcome))
    }

    async fn change(&mut self, settings: &Settings) -> Result<S> {
        loop {
            if let Some(pause) = self.pause {
                tokio::time::sleep(pause).await;
            }
            match (self.probe)().await {
                Ok(seen) => {
                    self.failures = 0;
                    if let Some(state) = self.observe(seen, settings) {
                        return Ok(state);
                    }
                }
                Err(error) => self.tolerate(error, settings)?,
            }
        }
    }

    /// Notes what was seen, and gives it if it is new.
    fn observe(&mut self, seen: Seen<S>, settings: &Settings) -> Option<S> {
        let state = match seen {
            Seen::Pending(state) => state,
            Seen::Done(state) => {
                self.phase = Phase::Arrived;
                state
            }
            Seen::Failed(state, failure) => {
                self.phase = Phase::Failed;
                self.failure = Some(failure);
                state
            }
        };
        let last = self.last.replace(state.clone());
        let changed = last.is_none_or(|last| (self.label)(&last) != (self.label)(&state));
        if changed {
            self.pauses = 0;
        }
        self.pause = Some(self.next_pause(settings));
        (changed || self.phase != Phase::Watching).then_some(state)
    }

    /// Passes over an error that may not come again.
    fn tolerate(&mut self, error: Error, settings: &Settings) -> Result<()> {
        let vanished = error.is_not_found() && (settings.missing || self.last.is_some());
        if !(error.is_retryable() || vanished) || self.failures >= settings.tolerated {
            return Err(error);
        }
        self.failures += 1;
        tracing::debug!(%error, failures = self.failures, subject = self.subject, "the wait goes on after a failure");
        let pause = self.next_pause(settings);
        // A `Retry-After` is followed up to the longest pause.
        let asked = error.retry_after().map(|asked| asked.min(settings.backoff.longest));
        self.pause = Some(asked.map_or(pause, |asked| asked.max(pause)));
        Ok(())
    }

    fn next_pause(&mut self, settings: &Settings) -> Duration {
        let pause = settings.backoff.delay(self.pauses);
        self.pauses = self.pauses.saturating_add(1);
        pause.max(SHORTEST_PAUSE)
    }

    fn timed_out(&self, settings: &Settings) -> Error {
        let last = self.last.as_ref().map(self.label);
        let last =
            last.map_or_else(|| "no state seen".to_owned(), |last| format!("last seen: {last}"));
        let limit = settings.deadline.unwrap_or_default();
        let message = format!("{}: timed out after {limit:?}, {last}", self.subject);
        Error::new(ErrorKind::Timeout, message)
    }
}
