//! Telemetry: the span of a call, the span of each attempt, and the function that observes attempts.

use super::headers::request_id;
use super::raw_response::RawResponse;
use crate::operation::Operation;
use crate::{Error, ErrorKind};
use bytes::Bytes;
use http::StatusCode;
use reqwest::Request;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tracing::Span;
use tracing::field::Empty;

/// One attempt of a call, for [`ClientBuilder::observer`](crate::ClientBuilder::observer). Holds no
/// credential.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The API, by the name of its module: `parallelcluster`.
    pub api: &'static str,
    /// The operation, `list_images`.
    pub operation: &'static str,
    /// 1 for the first attempt of a call.
    pub number: u32,
    /// The status of the answer, if there was one.
    pub status: Option<StatusCode>,
    /// What went wrong; `None` if the attempt succeeded. A body that cannot be decoded is not a failure of the
    /// attempt.
    pub error: Option<ErrorKind>,
    /// The id that the service assigned to the request.
    pub request_id: Option<&'a str>,
    /// The size of the response body after decompression; `None` for a download, whose body is still to come.
    pub bytes: Option<usize>,
    /// From the start of the request to the end of the response; for a download, to its first byte.
    pub elapsed: Duration,
    /// The delay before the next attempt; `None` if this was the last one.
    pub retry_delay: Option<Duration>,
}

impl<'a> Attempt<'a> {
    pub(super) fn of(
        operation: &'static Operation,
        number: u32,
        outcome: Result<&'a RawResponse, &'a Error>,
        elapsed: Duration,
        retry_delay: Option<Duration>,
    ) -> Self {
        let (status, error, id, bytes) = match outcome {
            Ok(reply) => {
                (Some(reply.status), None, request_id(&reply.headers), reply.body().map(Bytes::len))
            }
            Err(error) => (
                error.status(),
                Some(error.kind()),
                error.request_id(),
                error.raw_body().map(<[u8]>::len),
            ),
        };
        Self {
            api: operation.api,
            operation: operation.name,
            number,
            status,
            error,
            request_id: id,
            bytes,
            elapsed,
            retry_delay,
        }
    }

    /// Completes the span of the attempt, or of the call that this is the outcome of.
    pub(super) fn record(&self, span: &Span) {
        let status = self.status.map(|status| i64::from(status.as_u16()));
        span.record("http.response.status_code", status);
        // By the conventions: the status where there is one, else the kind of failure.
        match (self.error, self.status) {
            (Some(_), Some(status)) if !status.is_success() => {
                span.record("error.type", status.as_str());
            }
            (Some(kind), _) => {
                span.record("error.type", kind.name());
            }
            (None, _) => {}
        }
        span.record("otel.status_code", self.error.map(|_| "ERROR"));
        span.record("request_id", self.request_id);
        span.record("bytes", self.bytes.and_then(|bytes| i64::try_from(bytes).ok()));
        span.record("elapsed_ms", milliseconds(self.elapsed));
        span.record("retry_delay_ms", self.retry_delay.map(milliseconds));
    }
}

// Numbers are signed in spans: OpenTelemetry knows no others, and unsigned ones arrive there as text.
fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// The span of a call. Programs leave it on: there is one for each call, failed or not.
pub(super) fn span_of_call(operation: &'static Operation) -> Span {
    tracing::info_span!(
        "cloud_images.call",
        api = operation.api,
        operation = operation.name,
        attempts = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
        request_id = Empty,
        bytes = Empty,
        elapsed_ms = Empty,
        otel.name = operation.name,
        otel.status_code = Empty,
    )
}

/// The span of one attempt, below the one of its call. Names follow OpenTelemetry's conventions for HTTP
/// clients.
pub(super) fn span(operation: &'static Operation, number: u32, request: &Request) -> Span {
    let url = request.url();
    tracing::debug_span!(
        "cloud_images.attempt",
        api = operation.api,
        operation = operation.name,
        attempt = i64::from(number),
        http.request.method = request.method().as_str(),
        http.request.resend_count = i64::from(number) - 1,
        server.address = url.host_str(),
        server.port = url.port_or_known_default().map(i64::from),
        http.response.status_code = Empty,
        error.type = Empty,
        request_id = Empty,
        bytes = Empty,
        elapsed_ms = Empty,
        retry_delay_ms = Empty,
        otel.name = operation.name,
        otel.kind = "client",
        otel.status_code = Empty,
    )
}

/// The function that observes attempts.
#[derive(Clone)]
pub(super) struct Observer(pub Arc<dyn Fn(&Attempt<'_>) + Send + Sync>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
