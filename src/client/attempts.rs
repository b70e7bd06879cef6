//! The attempts of a call: prepare, authenticate, send, classify, decide; and again, if need be.

use super::authenticate::Refusal;
use super::call::Call;
use super::classify::classify;
use super::decide::{Decision, Failed, Why, decide};
use super::error_response::without_secrets;
use super::prepare::{Build, Prepared};
use super::random::random;
use super::raw_response::RawResponse;
use super::send::{Sent, exchange};
use super::success::check;
use super::telemetry::{self, Attempt, Observer};
use crate::redact::Secrets;
use crate::{Error, ErrorKind, Result};
use futures_util::FutureExt;
use http::StatusCode;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tracing::Instrument;

impl Call {
    /// Sends the request until it succeeds or another attempt would not help.
    pub(crate) async fn execute(&self, build: &Build<'_>) -> Result<RawResponse> {
        let mut prepared = Prepared::new(self, build)?;
        let span = telemetry::span_of_call(self.operation);
        let progress = Progress::default();
        let outcome = {
            // Pinned here and handed on by reference: a future that is handed on is moved, and this one is large.
            let attempts = std::pin::pin!(self.attempts(&mut prepared, &progress));
            let attempts = attempts.instrument(span.clone()).map(Ok);
            self.in_time(attempts).await.unwrap_or_else(|error| Err(progress.explain(error)))
        };
        // A success may say in its body that it is none.
        let outcome = outcome
            .and_then(|response| check(&response).map(|()| response))
            .map_err(|error| error.with_operation(self.operation).with_attempts(progress.sent()));
        if !span.is_disabled() {
            let attempts = progress.sent();
            span.record("attempts", i64::from(attempts));
            let elapsed = self.started.elapsed();
            Attempt::of(self.operation, attempts, outcome.as_ref(), elapsed, None).record(&span);
        }
        outcome
    }

    async fn attempts(
        &self,
        prepared: &mut Prepared<'_>,
        progress: &Progress,
    ) -> Result<RawResponse> {
        let mut history = History::default();
        loop {
            let (attempt, outcome) = self.attempt(prepared, progress).await?;
            match outcome {
                Ok(response) => {
                    self.shared.budget.refund();
                    self.report(&attempt, Ok(&response), None);
                    return Ok(response);
                }
                Err(error) => {
                    self.pause(error, &attempt, prepared, progress, &mut history).await?;
                }
            }
        }
    }

    /// Waits until it is time for the next attempt. If there is to be none, it fails with the error of this one.
    async fn pause(
        &self,
        error: Error,
        attempt: &Sent,
        prepared: &mut Prepared<'_>,
        progress: &Progress,
        history: &mut History,
    ) -> Result<()> {
        let refreshed = self.refresh(&error, attempt, history).await;
        let decision = self.decide(&error, attempt, refreshed);
        self.report(attempt, Err(&error), decision);
        let Some(delay) = decision else { return Err(history.explain(error, prepared)) };
        tracing::debug!(parent: &attempt.span, %error, ?delay, "the request is sent again");
        history.note(&error);
        progress.failed(error);
        tokio::time::sleep(delay).await;
        Ok(())
    }

    /// One attempt. An outer error is one of this client, before anything was sent.
    async fn attempt(
        &self,
        prepared: &mut Prepared<'_>,
        progress: &Progress,
    ) -> Result<(Sent, Result<RawResponse>)> {
        let permit = self.shared.limits.acquire(self.operation).await;
        // Another request of this client may feed the stream, and must not wait for this one.
        let permit = permit.filter(|_| !self.sends_stream);
        let began = Instant::now();
        let request = prepared.current()?;
        if !self.signed {
            self.credential(self.shared.auth.authenticate(request)).await?;
        }
        let number = progress.sent.fetch_add(1, Ordering::Relaxed) + 1;
        let secrets = Secrets::of(request.headers()).and(&self.secrets);
        let span = telemetry::span(self.operation, number, request);
        let attempt = Sent { number, began, sent_at: Instant::now(), secrets, span };
        let encoded_slash = request.url().path().contains("%2F");
        let outcome = {
            let exchanged = std::pin::pin!(exchange(self, prepared, &attempt));
            exchanged.instrument(attempt.span.clone()).await
        };
        drop(permit);
        let outcome = outcome
            .map_err(|error| without_secrets(error, &attempt.secrets))
            .and_then(|response| classify(response, encoded_slash));
        Ok((attempt, outcome))
    }

    /// Reports a refused credential, and returns whether there is a new one. That is done even if the request
    /// cannot be sent again: the next call then has the new credential.
    async fn refresh(&self, error: &Error, attempt: &Sent, history: &mut History) -> bool {
        if history.refreshed || self.signed {
            return false;
        }
        let Some(refusal) = Refusal::of(error, &attempt.secrets, attempt.began) else {
            return false;
        };
        history.refreshed = true;
        let refused = async { Ok(self.shared.auth.refused(&refusal).await) };
        self.credential(refused).await.unwrap_or(false)
    }

    /// How long to wait before the next attempt, or `None` if there is to be none.
    fn decide(&self, error: &Error, attempt: &Sent, refreshed: bool) -> Option<Duration> {
        let decision = decide(&Failed {
            operation: self.operation,
            policy: self.shared.policy(self.retry.as_deref()),
            error,
            attempts: attempt.number,
            repeatable: !self.sends_stream,
            refreshed,
            left: self.left(),
            random: random(),
        });
        match decision {
            Decision::Retry { why: Why::TransientFailure, .. } if !self.shared.budget.take() => {
                tracing::debug!(
                    "the request is not sent again: the retry budget of the client is used up"
                );
                None
            }
            Decision::Retry { after, .. } => Some(after),
            Decision::GiveUp(why) => {
                tracing::trace!(?why, "the request is not sent again");
                None
            }
        }
    }

    /// Reports an attempt to its span, and to the function that watches.
    fn report(&self, sent: &Sent, outcome: Result<&RawResponse, &Error>, delay: Option<Duration>) {
        let observer = self.shared.observer.as_ref();
        if sent.span.is_disabled() && observer.is_none() {
            return;
        }
        let elapsed = sent.sent_at.elapsed();
        let attempt = Attempt::of(self.operation, sent.number, outcome, elapsed, delay);
        attempt.record(&sent.span);
        if let Some(Observer(observer)) = observer {
            observer(&attempt);
        }
    }
}

/// Makes a future in its box. `Box::pin` makes it elsewhere and moves it, and that of a call is large.
#[inline(always)]
pub(super) fn in_place<F: Future>(make: impl FnOnce() -> F) -> std::pin::Pin<Box<F>> {
    Box::into_pin(Box::write(Box::new_uninit(), make()))
}

/// What is known of the attempts where a deadline ends them.
#[derive(Default)]
struct Progress {
    sent: AtomicU32,
    last: Mutex<Option<Error>>,
}

impl Progress {
    fn sent(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }

    fn failed(&self, error: Error) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// The error of a deadline, with that of the last attempt that ended before it.
    fn explain(&self, error: Error) -> Error {
        match self.last.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(last) => error.caused_by(last),
            None => error,
        }
    }
}

/// What the attempts before leave behind.
#[derive(Default)]
struct History {
    /// Whether a refused credential was reported.
    refreshed: bool,
    /// Whether an attempt may have been processed.
    maybe_processed: bool,
}

impl History {
    fn note(&mut self, error: &Error) {
        self.maybe_processed |= match error.status() {
            // A success whose body was lost, too.
            Some(status) if status.is_success() => true,
            Some(status) => status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE,
            None => matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Interrupted),
        };
    }

    /// The error of the last attempt, in the light of those before.
    fn explain(&self, error: Error, prepared: &Prepared<'_>) -> Error {
        if self.maybe_processed && prepared.deletes() && error.is_not_found() {
            error.with_note("an earlier attempt of this call may have deleted it")
        } else {
            error
        }
    }
}
