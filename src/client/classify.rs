//! The fourth stage: a response is a success or an error.

use super::error_response;
use super::headers::request_id;
use super::raw_response::{Payload, RawResponse};
use crate::error_kind::ErrorKind;
use crate::{Error, Result};
use bytes::Bytes;
use http::StatusCode;

/// The response if it is a success.
///
/// `encoded_slash` says whether the path had an encoded slash: many servers decode a path before they look up
/// what it names, and find nothing.
pub(super) fn classify(response: RawResponse, encoded_slash: bool) -> Result<RawResponse> {
    let RawResponse { status, headers, payload, operation, secrets, .. } = &response;
    if *status == StatusCode::NO_CONTENT && operation.streams {
        let id = request_id(headers).map(str::to_owned);
        let error = Error::new(ErrorKind::NoData, "there is no data yet");
        return Err(error.with_response(*status, id, Bytes::new()));
    }
    if operation.succeeds_with(*status) {
        return Ok(response);
    }
    let body = match payload {
        Payload::Complete(body) => body.clone(),
        Payload::Streamed(_) => Bytes::new(),
    };
    let error = error_response::of_status(operation, *status, headers, body, secrets);
    Err(if encoded_slash && *status == StatusCode::NOT_FOUND {
        error.with_note("the name has a slash: many services cannot find such a name")
    } else {
        error
    })
}
