//! The third stage: one request is sent, and its response received.

use super::byte_stream::Download;
use super::call::Call;
use super::endpoint::is_loopback;
use super::headers::request_id;
use super::idle_timeout::{self, End, IdleTimeout};
use super::prepare::Prepared;
use super::raw_response::{self, Payload, RawResponse};
use super::streams::Ticket;
use crate::error_kind::ErrorKind;
use crate::redact::Secrets;
use crate::{Error, Result};
use bytes::Bytes;
use http::{StatusCode, Version};
use std::pin::pin;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Span;
use url::Url;

/// How much of an error body is read. It is a message: what comes after that is not shown, and a few
/// kilobytes of gzip may be gigabytes of text.
const LARGEST_ERROR: usize = 64 << 10;

/// An attempt, from the time it is sent.
pub(super) struct Sent {
    pub number: u32,
    /// Before it was authenticated.
    pub began: Instant,
    pub sent_at: Instant,
    pub secrets: Secrets,
    pub span: Span,
}

/// Sends a request and receives its response, of any status. The body of a download is still to come.
pub(super) async fn exchange(
    call: &Call,
    prepared: &mut Prepared<'_>,
    attempt: &Sent,
) -> Result<RawResponse> {
    let operation = call.operation;
    // Image data takes as long as it takes.
    let limit = call.timeout.filter(|_| !operation.moves_data());
    let end = limit.and_then(|limit| End::after(attempt.sent_at, limit));
    let mut response = head(call, prepared, attempt.sent_at, limit, end).await?;
    let mut idle = IdleTimeout::new(call.read_timeout);
    let status = response.status();
    let mut headers = std::mem::take(response.headers_mut());
    attempt.secrets.mark(&mut headers);
    let payload = if operation.streams && status.is_success() && status != StatusCode::NO_CONTENT {
        let secrets = attempt.secrets.clone();
        Payload::Streamed(Box::new(Download { response, idle, secrets }))
    } else {
        // What answers an upload has an attempt's time for itself.
        idle.end = end.or_else(|| call.timeout.and_then(|limit| End::after(Instant::now(), limit)));
        let body = if operation.succeeds_with(status) {
            let noted = call.beginning.as_ref().map(|beginning| (beginning, &headers));
            raw_response::collect(&mut response, &mut idle, call.shared.max_response, noted).await
        } else {
            raw_response::beginning(&mut response, &mut idle, LARGEST_ERROR).await
        };
        Payload::Complete(body.map_err(|error| {
            error.with_response(status, request_id(&headers).map(str::to_owned), Bytes::new())
        })?)
    };
    let (attempts, secrets) = (attempt.number, attempt.secrets.clone());
    Ok(RawResponse { status, headers, payload, operation, attempts, secrets, expected_items: 0 })
}

/// Sends the request and waits for the head of its response.
async fn head(
    call: &Call,
    prepared: &mut Prepared<'_>,
    sent_at: Instant,
    limit: Option<Duration>,
    end: Option<End>,
) -> Result<reqwest::Response> {
    let Call { shared, operation, .. } = call;
    // In a block, so that the future does not hold the request while it waits.
    let (pool, sent_to, taken, response) = {
        let mut request = prepared.take()?;
        // Plain HTTP carries the credential unencrypted, and a proxy is another machine.
        let direct = request.url().scheme() == "http" && is_loopback(request.url());
        let pool = shared.connections.current(direct)?;
        let is_users_own = shared.connections.may_redirect();
        let sent_to = is_users_own.then(|| Box::new(request.url().clone()));
        if is_users_own {
            // Over the timeout that such a client has of its own.
            *request.timeout_mut() = limit;
        }
        let taken = idle_timeout::watch(&mut request);
        let response = pool.client.execute(request);
        (pool, sent_to, taken, response)
    };
    let (ticket, response) = (Ticket::of(sent_at), pin!(response));
    let outcome =
        idle_timeout::head(response, taken, call.read_timeout, end, &shared.streams, ticket).await;
    if outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::Timeout)
        && shared.streams.is_multiplexed()
    {
        shared.connections.abandon(&pool);
    }
    let response = outcome?;
    if operation.is_upload()
        && response.version() < Version::HTTP_2
        && !response.status().is_success()
    {
        // The service closes such a connection as soon as it has answered, and may do so while the next request is on it.
        shared.connections.abandon(&pool);
    }
    if let Some(sent_to) = sent_to {
        refuse_redirect(&sent_to, response.url())?;
    }
    Ok(response)
}

/// An HTTP client of the user's own may follow redirects, and send the credential to another place.
fn refuse_redirect(sent_to: &Url, came_from: &Url) -> Result<()> {
    if sent_to == came_from {
        return Ok(());
    }
    let host = came_from.host_str().unwrap_or_default();
    let message = format!(
        "the HTTP client followed a redirect to {host}, and may have sent the credential there: build it \
         with `reqwest::redirect::Policy::none()`"
    );
    Err(Error::new(ErrorKind::Configuration, message))
}
