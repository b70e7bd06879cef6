//! Services whose operations are not paths: each request goes to one address and names its action.

#[cfg(feature = "aws-query")]
mod query;

use super::call::Call;
use crate::operation::Protocol;
use crate::{Error, ErrorKind, Result};
use http::header::CONTENT_TYPE;
use serde::Serialize;

/// A request whose body is a form.
#[cfg(feature = "aws-query")]
pub(crate) fn query(call: &Call, body: &impl Serialize) -> Result<Box<reqwest::Request>> {
    let pairs = query::pairs(body).map_err(unsent)?;
    request(call, pairs.into_bytes())
}

/// A request whose body is JSON.
pub(crate) fn json(call: &Call, body: &impl Serialize) -> Result<Box<reqwest::Request>> {
    request(call, serde_json::to_vec(body).map_err(unsent)?)
}

fn request(call: &Call, written: Vec<u8>) -> Result<Box<reqwest::Request>> {
    let request = call.http().post(call.url("/")?);
    let request = match call.operation.protocol {
        #[cfg(feature = "aws-query")]
        Protocol::AwsQuery { action, version } => {
            let mut form = format!("Action={action}&Version={version}").into_bytes();
            form.extend(written);
            request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8")
                .body(form)
        }
        Protocol::AwsJson { target } => request
            .header(CONTENT_TYPE, "application/x-amz-json-1.1")
            .header("x-amz-target", target)
            .body(written),
        _ => {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                "the operation has no action to send",
            ));
        }
    };
    request.build().map(Box::new).map_err(super::error_response::of_http)
}

fn unsent(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::InvalidRequest, "the body of the request cannot be written")
        .caused_by(error)
}
