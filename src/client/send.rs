//! The third stage: one request is sent, and its response received.

use super::byte_stream::Download;
use super::endpoint::is_loopback;
use super::headers::request_id;
use super::idle_timeout::{self, End, IdleTimeout};
use super::raw_response::{self, Payload, RawResponse};
use super::shared::Shared;
use crate::error_kind::ErrorKind;
use crate::operation::Operation;
use crate::redact::Secrets;
use crate::{Error, Result};
use bytes::Bytes;
use http::{StatusCode, Version};
use reqwest::Request;
use std::time::Duration;
use url::Url;

/// How much of an error body is read. It is a message: what comes after that is not shown, and a few
/// kilobytes of gzip may be gigabytes of text.
const LARGEST_ERROR: usize = 64 << 10;

/// The time that one attempt has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeouts {
    /// The whole attempt; image data has no such limit.
    pub attempt: Option<Duration>,
    /// Without progress.
    pub read: Duration,
}

/// Sends a request and receives its response, of any status. The body of a download is still to come.
pub(super) async fn exchange(
    shared: &Shared,
    operation: &'static Operation,
    mut request: Request,
    timeouts: Timeouts,
    secrets: Secrets,
) -> Result<RawResponse> {
    // Plain HTTP carries the credential unencrypted, and a proxy is another machine.
    let direct = request.url().scheme() == "http" && is_loopback(request.url());
    let pool = shared.connections.current(direct)?;
    let is_users_own = shared.connections.may_redirect();
    let sent_to = is_users_own.then(|| request.url().clone());
    // Image data takes as long as it takes.
    let limit = timeouts.attempt.filter(|_| !operation.moves_data());
    let end = limit.and_then(End::after);
    if is_users_own {
        // Over the timeout that such a client has of its own.
        *request.timeout_mut() = limit;
    }
    let http = &pool.client;
    let head = idle_timeout::head(http, request, timeouts.read, end, &shared.streams).await;
    if head.as_ref().is_err_and(|error| error.kind() == ErrorKind::Timeout)
        && shared.streams.is_multiplexed()
    {
        shared.connections.abandon(&pool);
    }
    let mut response = head?;
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
    let mut idle = IdleTimeout::new(timeouts.read);
    let status = response.status();
    let mut headers = std::mem::take(response.headers_mut());
    secrets.mark(&mut headers);
    let payload = if operation.streams && status.is_success() && status != StatusCode::NO_CONTENT {
        Payload::Streamed(Box::new(Download { response, idle }))
    } else {
        // What answers an upload has an attempt's time for itself.
        idle.end = end.or_else(|| timeouts.attempt.and_then(End::after));
        let body = if operation.succeeds_with(status) {
            raw_response::collect(&mut response, &mut idle, shared.max_response).await
        } else {
            raw_response::beginning(&mut response, &mut idle, LARGEST_ERROR).await
        };
        Payload::Complete(body.map_err(|error| {
            error.with_response(status, request_id(&headers).map(str::to_owned), Bytes::new())
        })?)
    };
    Ok(RawResponse { status, headers, payload, operation, attempts: 0, secrets })
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
