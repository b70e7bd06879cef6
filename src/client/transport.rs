//! The one place where a request is finished, authenticated, sent and, if need be, sent again.

use super::body::Body;
use super::core::Core;
use super::failure;
use super::operation::Operation;
use super::reply::{self, Payload, Reply};
use super::response::{Response, request_id};
use super::retry::RetryPolicy;
use super::runtime::{self, ResponseValue};
use super::secrets::Secrets;
use super::silence;
use crate::auth::Refusal;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::Request;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

/// What one call needs beside its request.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) core: Arc<Core>,
    pub(super) operation: &'static Operation,
    /// The data of an upload, to be sent again if it can.
    pub(super) data: Option<Body>,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) retry: RetryPolicy,
}

impl Call {
    /// The same call, with the data that it uploads.
    pub(crate) fn uploading(mut self, data: &Body) -> Self {
        self.data = Some(data.clone());
        self
    }

    /// Sends the request until it succeeds or there is no point in trying again.
    pub(crate) async fn execute(&self, request: Request) -> Result<Reply> {
        let span = tracing::info_span!(
            "cloud_images.call",
            operation = self.operation.name,
            attempts = tracing::field::Empty,
            status = tracing::field::Empty,
            request_id = tracing::field::Empty,
        );
        let outcome = match self.deadline {
            None => self.attempts(request).instrument(span.clone()).await,
            Some(deadline) => {
                let attempts = self.attempts(request).instrument(span.clone());
                tokio::time::timeout(deadline, attempts).await.unwrap_or_else(|_| {
                    let message = format!("the call took longer than its deadline of {deadline:?}");
                    Err(self.failed(Error::new(ErrorKind::Timeout, message), 0))
                })
            }
        };
        match &outcome {
            Ok(reply) => {
                span.record("attempts", reply.attempts);
                span.record("status", reply.status.as_u16());
                span.record("request_id", request_id(&reply.headers));
            }
            Err(error) => {
                span.record("attempts", error.attempts());
                span.record("status", error.status().map(|status| status.as_u16()));
                span.record("request_id", error.request_id());
            }
        }
        outcome
    }

    async fn attempts(&self, mut request: Request) -> Result<Reply> {
        self.finish_headers(request.headers_mut());
        finish_query(request.url_mut());
        // Image data takes as long as it takes; only silence ends it.
        if !self.operation.streams && self.data.is_none() {
            *request.timeout_mut() = self.timeout;
        }
        let mut next = Some(request);
        let mut attempts = 0;
        let mut renewed = false;
        while let Some(mut request) = next.take() {
            let place = self.core.limits.turn().await;
            let spare = self.spare(&request)?;
            self.core
                .auth
                .authenticate(&mut request)
                .await
                .map_err(|error| self.failed(error, attempts))?;
            attempts += 1;
            let secrets = Secrets::of(request.headers());
            let error = match self.attempt(request, attempts, secrets.clone()).await {
                Ok(reply) => {
                    self.core.budget.refund();
                    return Ok(reply);
                }
                Err(error) => self.failed(error, attempts),
            };
            // Told even if there is nothing to send again: the next call is to have a new credential.
            let mut again = false;
            if !renewed && let Some(refusal) = Refusal::of(&error, &secrets) {
                renewed = true;
                again = self.core.auth.refused(&refusal).await;
            }
            let Some(spare) = spare else { return Err(error) };
            if again {
                tracing::debug!(%error, "the credential was renewed");
                next = Some(spare);
                continue;
            }
            let Some(delay) = self.retry.next(self.operation, &error, attempts) else {
                return Err(error);
            };
            if !self.core.budget.take() {
                tracing::warn!(%error, "the retries of this client are used up");
                return Err(error);
            }
            tracing::debug!(%error, attempts, ?delay, "the request is sent again");
            drop(place);
            tokio::time::sleep(delay).await;
            next = Some(spare);
        }
        Err(self.failed(Error::new(ErrorKind::InvalidRequest, "nothing to send"), attempts))
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
        headers.insert(USER_AGENT, self.core.user_agent.clone());
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

    async fn attempt(&self, request: Request, attempts: u32, secrets: Secrets) -> Result<Reply> {
        let limit = self.core.read_timeout;
        let exchange = self.core.http.execute(request);
        let response = match &self.data {
            Some(data) => silence::while_sending(limit, &data.sent, exchange).await,
            None => silence::within(limit, exchange).await,
        }?;
        let status = response.status();
        if status == StatusCode::NO_CONTENT && self.operation.streams {
            let id = request_id(response.headers()).map(str::to_owned);
            return Err(Error::new(ErrorKind::NoData, "there is no data yet").with_response(
                status,
                id,
                Bytes::new(),
            ));
        }
        if status.is_success() && self.operation.streams {
            let headers = response.headers().clone();
            let payload = Payload::Streamed(response, limit);
            let secrets = Secrets::default();
            let operation = self.operation;
            return Ok(Reply { status, headers, payload, operation, attempts, secrets });
        }
        let headers = response.headers().clone();
        let id = request_id(&headers).map(str::to_owned);
        let body = reply::collect(response, self.core.max_response, limit)
            .await
            .map_err(|error| error.with_response(status, id, Bytes::new()))?;
        if !status.is_success() {
            return Err(failure::of_status(self.operation, status, &headers, secrets.redact(body)));
        }
        let payload = Payload::Complete(body);
        Ok(Reply { status, headers, payload, operation: self.operation, attempts, secrets })
    }

    fn failed(&self, error: Error, attempts: u32) -> Error {
        error.with_operation(self.operation).with_attempts(attempts)
    }
}

/// The outcome of a generated method as the outcome of a call.
pub(crate) fn finish<T>(outcome: Result<ResponseValue<T>, runtime::Error>) -> Result<Response<T>> {
    match outcome {
        Ok(ResponseValue(response)) => Ok(response),
        Err(runtime::Error::Call(error)) => Err(error),
        Err(runtime::Error::UnexpectedResponse(reply)) => Err(reply.unexpected()),
        Err(runtime::Error::Typed(never, _)) => match never {},
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
