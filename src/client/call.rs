//! One call: prepare, authenticate, send, classify, decide; and again, if need be.

use super::authenticate::Refusal;
use super::body::Body;
use super::classify::classify;
use super::decide::{Decision, Failed, Why, decide};
use super::endpoint::{join, no_endpoint};
use super::options::{OnBody, Options};
use super::prepare::{Prepared, write_spaces};
use super::random::random;
use super::raw_response::RawResponse;
use super::retry::RetryPolicy;
use super::send;
use super::shared::{Shared, check_path_segment};
use super::telemetry::{self, Attempt, Observer};
use super::within::within;
use crate::operation::Operation;
use crate::redact::Secrets;
use crate::{BoxFuture, Error, ErrorKind, Result};
use futures_util::FutureExt;
use http::StatusCode;
use reqwest::Request;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tracing::{Instrument, Span};
use url::Url;

/// What one call needs beside its request.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) shared: Arc<Shared>,
    pub(super) operation: &'static Operation,
    pub(super) started: Instant,
    pub(super) read_timeout: Duration,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    /// Instead of that of the client.
    pub(super) retry: Option<Box<RetryPolicy>>,
    /// What is uploaded, to be read anew for another attempt.
    pub(super) data: Option<Box<Body>>,
    /// What of the body is not to be shown.
    pub(super) secrets: Secrets,
    /// Whether it goes to a signed address, without the credential.
    pub(super) signed: bool,
    /// Reads the body of a success before it is decoded.
    pub(super) on_body: Option<OnBody>,
}

impl Shared {
    /// What a generated client needs to send one call.
    pub(crate) async fn begin(
        self: &Arc<Self>,
        operation: &'static Operation,
        options: &Options,
    ) -> Result<(reqwest::Client, Call)> {
        if let Some(parameter) = options.repeated {
            let message = format!(
                "{parameter} is set twice, and the service uses the last one only: set it once"
            );
            return Err(Error::new(ErrorKind::InvalidRequest, message).with_operation(operation));
        }
        if let Some(reason) = options.refused {
            return Err(Error::new(ErrorKind::InvalidRequest, reason).with_operation(operation));
        }
        let call = Call {
            shared: Arc::clone(self),
            operation,
            data: None,
            secrets: Secrets::default(),
            signed: false,
            on_body: options.on_body.clone(),
            started: Instant::now(),
            timeout: options.timeout.or(self.timeout),
            read_timeout: options.read_timeout.unwrap_or(self.read_timeout),
            deadline: options.deadline.or(self.deadline),
            retry: options.retry.clone(),
        };
        // A login that finds the endpoint is part of the call.
        if self.endpoint.known().is_none() {
            let endpoint = call.credential(self.endpoint.resolve(&*self.auth));
            let endpoint = call.in_time(Box::pin(endpoint)).await;
            endpoint.map_err(|error| error.with_operation(operation))?;
        }
        Ok((self.connections.any(), call))
    }
}

impl Call {
    /// The URL of a path at the service.
    pub(crate) fn url(&self, path: &str) -> Result<Url> {
        let endpoint = self.shared.endpoint.known().ok_or_else(no_endpoint);
        Ok(join(endpoint.map_err(|error| error.with_operation(self.operation))?, path))
    }

    /// The same call, with the data that it uploads.
    pub(crate) fn uploading(mut self, data: &Body) -> Self {
        self.data = Some(Box::new(data.clone()));
        self
    }

    /// The same call, to a signed address.
    #[allow(dead_code)]
    pub(super) fn at_signed(mut self, url: &Url) -> Self {
        self.secrets = Secrets::of_query(url);
        self.signed = true;
        self
    }

    /// The project in the path of an operation: the one that was set, or else that of the credential.
    #[allow(dead_code)] // depends on the documents
    pub(crate) async fn project_id(&self, parameter: &str, set: Option<&str>) -> Result<String> {
        let id = match set {
            Some(id) => id.to_owned(),
            None => {
                let project = self.credential(self.shared.auth.project_id());
                let project = self.in_time(project).await;
                let project = project.map_err(|error| error.with_operation(self.operation))?;
                project.ok_or_else(|| {
                    let message = format!(
                        "{parameter} is not set and {} does not know it: call `.{parameter}(...)`",
                        self.shared.auth.name()
                    );
                    Error::new(ErrorKind::InvalidRequest, message).with_operation(self.operation)
                })?
            }
        };
        check_path_segment(self.operation, parameter, &id)?;
        Ok(id)
    }

    /// The same call, with a secret in its body.
    #[cfg(feature = "keystone")]
    pub(crate) fn hiding(mut self, secret: &str) -> Self {
        self.secrets = Secrets::of_body(secret);
        self
    }

    /// Sends the request until it succeeds or another attempt would not help.
    ///
    /// Boxed, so that the future of each operation is small: it is moved several times, and compiled for each.
    pub(crate) fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<RawResponse>> {
        // A signature is one of the address as it is spelled.
        if !self.signed {
            write_spaces(request.url_mut());
        }
        let user_agent = &self.shared.user_agent;
        let mut prepared = Prepared::new(request, self.operation, user_agent, self.data.clone());
        in_place(|| async move { self.send_until_done(&mut prepared).await })
    }

    async fn send_until_done(&self, prepared: &mut Prepared) -> Result<RawResponse> {
        let span = telemetry::span_of_call(self.operation);
        let progress = Progress::default();
        let outcome = {
            // Pinned here and handed on by reference: a future that is handed on is moved, and this one is large.
            let attempts = std::pin::pin!(self.attempts(prepared, &progress));
            let attempts = attempts.instrument(span.clone()).map(Ok);
            self.in_time(attempts).await.unwrap_or_else(|error| Err(progress.explain(error)))
        };
        let outcome = outcome
            .map_err(|error| error.with_operation(self.operation).with_attempts(progress.sent()));
        if !span.is_disabled() {
            let attempts = progress.sent();
            span.record("attempts", i64::from(attempts));
            let elapsed = self.started.elapsed();
            Attempt::of(self.operation, attempts, outcome.as_ref(), elapsed, None).record(&span);
        }
        let response = outcome?;
        if let (Some(OnBody(read)), Some(body)) = (&self.on_body, response.body())
            && read(&response.headers, body)
        {
            tokio::task::yield_now().await;
        }
        Ok(response)
    }

    /// A part of the call, for as long as the deadline leaves it. Nothing is begun after the deadline.
    pub(super) async fn in_time<T>(&self, part: impl Future<Output = Result<T>>) -> Result<T> {
        let Some(left) = self.left() else { return part.await };
        let outcome = match left {
            Duration::ZERO => None,
            left => within(left, part).await,
        };
        outcome.unwrap_or_else(|| {
            let deadline = self.deadline.unwrap_or_default();
            let message = format!("the call took longer than its deadline of {deadline:?}");
            Err(Error::new(ErrorKind::Timeout, message))
        })
    }

    /// What the deadline leaves, if there is one.
    fn left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_sub(self.started.elapsed()))
    }

    async fn attempts(&self, prepared: &mut Prepared, progress: &Progress) -> Result<RawResponse> {
        let mut history = History::default();
        loop {
            let (attempt, outcome) = self.attempt(prepared, progress).await?;
            match outcome {
                Ok(response) => {
                    self.shared.budget.refund();
                    attempt.report(self, Ok(&response), None);
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
        prepared: &mut Prepared,
        progress: &Progress,
        history: &mut History,
    ) -> Result<()> {
        let refreshed = self.refresh(&error, attempt, history).await;
        let decision = self.decide(&error, attempt, prepared, refreshed);
        attempt.report(self, Err(&error), decision);
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
        prepared: &mut Prepared,
        progress: &Progress,
    ) -> Result<(Sent, Result<RawResponse>)> {
        let permit = self.shared.limits.acquire(self.operation).await;
        prepared.advance()?;
        // Another request of this client may feed the stream, and must not wait for this one.
        let permit = permit.filter(|_| !prepared.is_stream());
        let began = Instant::now();
        if !self.signed {
            self.credential(self.shared.auth.authenticate(prepared.current()?)).await?;
        }
        let request = prepared.current()?;
        let number = progress.sent.fetch_add(1, Ordering::Relaxed) + 1;
        let secrets = Secrets::of(request.headers()).and(&self.secrets);
        let span = telemetry::span(self.operation, number, request);
        let attempt = Sent { number, began, sent_at: Instant::now(), secrets, span };
        let encoded_slash = request.url().path().contains("%2F");
        let outcome = {
            let exchange = std::pin::pin!(send::exchange(self, prepared, &attempt));
            exchange.instrument(attempt.span.clone()).await
        };
        drop(permit);
        let outcome = outcome.and_then(|response| classify(response, encoded_slash));
        Ok((attempt, outcome))
    }

    /// What a credential provider does, within the time that the service itself would have.
    pub(super) async fn credential<T>(&self, part: impl Future<Output = Result<T>>) -> Result<T> {
        let limit = self.timeout.unwrap_or(LONGEST_LOGIN).min(self.read_timeout);
        within(limit, part).await.unwrap_or_else(|| {
            let provider = self.shared.auth.name();
            let message = format!("{provider} did not provide a credential within {limit:?}");
            Err(Error::new(ErrorKind::Timeout, message))
        })
    }

    /// Tells of a refused credential, and says whether there is a new one. That is done even if the request
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
    fn decide(
        &self,
        error: &Error,
        attempt: &Sent,
        prepared: &Prepared,
        refreshed: bool,
    ) -> Option<Duration> {
        let decision = decide(&Failed {
            operation: self.operation,
            policy: self.retry.as_deref().unwrap_or(&self.shared.retry),
            error,
            attempts: attempt.number,
            repeatable: prepared.is_repeatable(),
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
}

/// Makes a future in its box. `Box::pin` makes it elsewhere and moves it, and that of a call is large.
#[inline(always)]
fn in_place<F: Future>(make: impl FnOnce() -> F) -> std::pin::Pin<Box<F>> {
    Box::into_pin(Box::write(Box::new_uninit(), make()))
}

/// How long a login may take where an attempt has no timeout.
const LONGEST_LOGIN: Duration = Duration::from_secs(60);

/// An attempt that was sent.
pub(super) struct Sent {
    pub number: u32,
    /// Before it was authenticated.
    began: Instant,
    pub sent_at: Instant,
    pub secrets: Secrets,
    span: Span,
}

impl Sent {
    /// To the span, and to the function that watches.
    fn report(&self, call: &Call, outcome: Result<&RawResponse, &Error>, delay: Option<Duration>) {
        let observer = call.shared.observer.as_ref();
        if self.span.is_disabled() && observer.is_none() {
            return;
        }
        let elapsed = self.sent_at.elapsed();
        let attempt = Attempt::of(call.operation, self.number, outcome, elapsed, delay);
        attempt.record(&self.span);
        if let Some(Observer(observer)) = observer {
            observer(&attempt);
        }
    }
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
    fn explain(&self, error: Error, prepared: &Prepared) -> Error {
        if self.maybe_processed && prepared.deletes() && error.is_not_found() {
            error.with_note("an earlier attempt of this call may have deleted it")
        } else {
            error
        }
    }
}
