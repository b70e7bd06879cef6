//! The one place where a request is finished, authenticated, sent and, if need be, sent again.

use super::authenticate::Refusal;
use super::body::Body;
use super::byte_stream::Download;
use super::error_response;
use super::headers::request_id;
use super::idle_timeout::{self, IdleTimeout};
use super::limits::Permit;
use super::options::{OnBody, Options};
use super::raw_response::{self, Payload, RawResponse};
use super::retry::RetryPolicy;
use super::shared::Shared;
use super::telemetry::{self, Attempt, Observer};
use crate::operation::Operation;
use crate::redact::Secrets;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::Request;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use tracing::Instrument;

/// What one call needs beside its request.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) shared: Arc<Shared>,
    pub(super) operation: &'static Operation,
    pub(super) started: Instant,
    pub(super) read_timeout: Duration,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) retry: RetryPolicy,
    /// What is uploaded, to be read anew for another attempt.
    pub(super) data: Option<Body>,
    /// What of the body is not to be shown.
    pub(super) secrets: Secrets,
    /// Reads the body of a success before it is decoded.
    pub(super) on_body: Option<OnBody>,
}

impl Shared {
    /// What a generated client needs to send one call.
    pub(crate) async fn begin(
        self: &Arc<Self>,
        operation: &'static Operation,
        options: &Options,
    ) -> Result<(String, reqwest::Client, Call)> {
        if let Some(parameter) = options.repeated {
            let message =
                format!("{parameter} is set twice: the service would drop all but the last");
            return Err(Error::new(ErrorKind::InvalidRequest, message).with_operation(operation));
        }
        let call = Call {
            shared: Arc::clone(self),
            operation,
            data: None,
            secrets: Secrets::default(),
            on_body: options.on_body.clone(),
            started: Instant::now(),
            timeout: options.timeout.or(self.timeout),
            read_timeout: options.read_timeout.unwrap_or(self.read_timeout),
            deadline: options.deadline.or(self.deadline),
            retry: self.policy(options).clone(),
        };
        // A login that finds the endpoint is part of the call.
        let endpoint = call.in_time(self.endpoint.resolve(&*self.auth)).await;
        let endpoint = endpoint.map_err(|error| error.with_operation(operation))?;
        Ok((endpoint.to_owned(), self.http.clone(), call))
    }
}

impl Call {
    /// The same call, with the data that it uploads.
    pub(crate) fn uploading(mut self, data: &Body) -> Self {
        self.data = Some(data.clone());
        self
    }

    /// The same call, with a secret in its body.
    #[cfg(feature = "keystone")]
    pub(crate) fn hiding(mut self, secret: &str) -> Self {
        self.secrets = Secrets::of_body(secret);
        self
    }

    /// Sends the request until it succeeds or there is no point in trying again.
    pub(crate) async fn execute(&self, request: Request) -> Result<RawResponse> {
        let span = telemetry::span_of_call(self.operation);
        let sent = AtomicU32::new(0);
        let attempts = self.attempts(request, &sent).instrument(span.clone());
        let outcome = self.in_time(attempts).await.map_err(|error| {
            error.with_operation(self.operation).with_attempts(sent.load(Ordering::Relaxed))
        });
        let attempts = sent.load(Ordering::Relaxed);
        span.record("attempts", i64::from(attempts));
        Attempt::of(self.operation, attempts, outcome.as_ref(), self.started.elapsed(), None)
            .record(&span);
        let reply = outcome?;
        if let (Some(OnBody(read)), Some(body)) = (&self.on_body, reply.body())
            && read(&reply.headers, body)
        {
            tokio::task::yield_now().await;
        }
        Ok(reply)
    }

    /// A part of the call, for as long as the deadline leaves it.
    pub(super) async fn in_time<T>(&self, part: impl Future<Output = Result<T>>) -> Result<T> {
        let Some(deadline) = self.deadline else { return part.await };
        let left = deadline.saturating_sub(self.started.elapsed());
        tokio::time::timeout(left, part).await.unwrap_or_else(|_| {
            let message = format!("the call took longer than its deadline of {deadline:?}");
            Err(Error::new(ErrorKind::Timeout, message))
        })
    }

    async fn attempts(&self, mut request: Request, sent: &AtomicU32) -> Result<RawResponse> {
        self.finish_headers(request.headers_mut());
        finish_query(request.url_mut());
        // Image data takes as long as it takes; only silence ends it.
        if !self.operation.moves_data() {
            *request.timeout_mut() = self.timeout;
        }
        let deletes = request.method() == Method::DELETE;
        let (mut renewed, mut unsure) = (false, false);
        loop {
            let place = self.shared.limits.turn().await;
            let spare = self.spare(&request)?;
            let begun = Instant::now();
            self.shared.auth.authenticate(&mut request).await?;
            let number = sent.fetch_add(1, Ordering::Relaxed) + 1;
            let secrets = Secrets::of(request.headers()).and(&self.secrets);
            let span = telemetry::span(self.operation, number);
            let sent_at = Instant::now();
            // A stream may be fed by another request of this client, which is not to wait for this one.
            let place = place.filter(|_| self.data.is_none() || spare.is_some());
            let outcome = self
                .attempt(request, secrets.clone(), place, number)
                .instrument(span.clone())
                .await;
            let elapsed = sent_at.elapsed();
            let mut delay = None;
            if let Err(error) = &outcome {
                // Told even if there is nothing to send again: the next call is to have a new credential.
                let mut again = false;
                if !renewed && let Some(refusal) = Refusal::of(error, &secrets, begun) {
                    renewed = true;
                    again = self.shared.auth.refused(&refusal).await;
                }
                if spare.is_some() {
                    let next = || self.next_delay(error, number);
                    delay = if again { Some(Duration::ZERO) } else { next() };
                }
            }
            let told = Attempt::of(self.operation, number, outcome.as_ref(), elapsed, delay);
            told.record(&span);
            if let Some(Observer(observer)) = &self.shared.observer {
                observer(&told);
            }
            match (outcome, spare, delay) {
                (Err(error), Some(spare), Some(delay)) => {
                    tracing::debug!(parent: &span, %error, ?delay, "the request is sent again");
                    tokio::time::sleep(delay).await;
                    unsure |= may_be_done(&error);
                    request = spare;
                }
                (Err(error), _, _) if deletes && unsure && error.is_not_found() => {
                    return Err(
                        error.with_note("an earlier attempt of this call may have deleted it")
                    );
                }
                (outcome, _, _) => {
                    if outcome.is_ok() {
                        self.shared.budget.refund();
                    }
                    return outcome;
                }
            }
        }
    }

    /// How long to wait before another attempt, or `None` if there is to be none.
    fn next_delay(&self, error: &Error, number: u32) -> Option<Duration> {
        let delay = self.retry.next(self.operation, error, number)?;
        // What went wrong says more than a deadline that passes in vain.
        if self
            .deadline
            .is_some_and(|deadline| self.started.elapsed().saturating_add(delay) >= deadline)
        {
            return None;
        }
        if !self.shared.budget.take() {
            tracing::debug!("the retries of this client are used up");
            return None;
        }
        Some(delay)
    }

    /// The request for another attempt. A body that can be sent once leaves none.
    fn spare(&self, request: &Request) -> Result<Option<Request>> {
        let Some(data) = &self.data else { return Ok(request.try_clone()) };
        let Some(body) = data.again() else { return Ok(None) };
        let mut spare = Request::new(request.method().clone(), request.url().clone());
        *spare.headers_mut() = request.headers().clone();
        *spare.body_mut() = Some(body?);
        Ok(Some(spare))
    }

    /// The headers that every request has; what the service does not ask for is taken out.
    fn finish_headers(&self, headers: &mut HeaderMap) {
        headers.remove("api-version");
        headers.insert(USER_AGENT, self.shared.user_agent.clone());
        if !headers.contains_key(ACCEPT) {
            // Glance answers errors in HTML to whoever does not ask for JSON first.
            headers.insert(ACCEPT, HeaderValue::from_static("application/json;q=1.0, */*;q=0.1"));
        }
        if self.operation.streams {
            // Image data is as it is, and ranges count its bytes.
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        if let Some(media_type) = self.operation.media_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
    }

    async fn attempt(
        &self,
        request: Request,
        secrets: Secrets,
        // Free again at the end of this, when the data of a download is still to come: that is read when
        // the caller likes, perhaps after another request.
        _place: Permit,
        number: u32,
    ) -> Result<RawResponse> {
        let shared = &self.shared;
        let mut response = idle_timeout::head(&shared.http, request, self.read_timeout).await?;
        let mut idle = IdleTimeout::new(self.read_timeout);
        let status = response.status();
        // A name with a slash is found by no server that decodes the path before it looks it up.
        let slash_unfound = status == 404 && response.url().path().contains("%2F");
        let mut headers = response.headers().clone();
        secrets.mark(&mut headers);
        let reply = |headers, payload, secrets| {
            let operation = self.operation;
            RawResponse { status, headers, payload, operation, attempts: number, secrets }
        };
        if status == StatusCode::NO_CONTENT && self.operation.streams {
            let id = request_id(&headers).map(str::to_owned);
            let error = Error::new(ErrorKind::NoData, "there is no data yet");
            return Err(error.with_response(status, id, Bytes::new()));
        }
        if status.is_success() && self.operation.streams {
            let download = Download { response, idle };
            return Ok(reply(headers, Payload::Streamed(download), Secrets::default()));
        }
        // The request's own timeout covers this too, but for image data it has none.
        let limit = self.timeout.unwrap_or(Duration::MAX);
        let body = raw_response::collect(&mut response, &mut idle, shared.max_response);
        let body = tokio::time::timeout(limit, body)
            .await
            .unwrap_or_else(|_| Err(Error::new(ErrorKind::Timeout, "the answer has no end")));
        let body = body.map_err(|error| {
            error.with_response(status, request_id(&headers).map(str::to_owned), Bytes::new())
        })?;
        if !status.is_success() {
            let error = error_response::of_status(self.operation, status, &headers, body, &secrets);
            return Err(if slash_unfound {
                error.with_note("a name with a slash may be out of reach of this service")
            } else {
                error
            });
        }
        Ok(reply(headers, Payload::Complete(body), secrets))
    }
}

/// Whether the service may have carried out what failed so.
fn may_be_done(error: &Error) -> bool {
    match error.status() {
        // A success whose body was lost, too.
        Some(status) if status.is_success() => true,
        Some(status) => status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE,
        None => matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Interrupted),
    }
}

/// Writes the spaces of a query as `%20`: a `+` is a space to some services and signatures, and a plus
/// sign to others. Plus signs themselves are encoded before.
fn finish_query(url: &mut url::Url) {
    if let Some(query) = url.query().filter(|query| query.contains('+')) {
        let query = query.replace('+', "%20");
        url.set_query(Some(&query));
    }
}
