//! What the fuzz targets call of the client.

use super::raw_response::Payload;
use crate::operation::Operation;
use crate::redact::Secrets;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub(crate) use super::decide::{Decision, Failed, decide};
pub(crate) use super::error_response::of_status;
pub(crate) use super::raw_response::RawResponse;

impl RawResponse {
    /// A success with these headers and this body.
    pub(crate) fn fuzzed(
        operation: &'static Operation,
        headers: HeaderMap,
        body: Bytes,
        secrets: Secrets,
    ) -> Self {
        let (status, payload) = (StatusCode::OK, Payload::Complete(body));
        Self { status, headers, payload, operation, attempts: 1, secrets, expected_items: 0 }
    }
}
