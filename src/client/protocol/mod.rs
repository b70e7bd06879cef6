//! Services whose operations are not paths: each request goes to one address and names its action.

#[cfg(feature = "aws-query")]
mod query;

use super::call::Call;
#[cfg(feature = "aws-query")]
use super::format::Xml;
use super::raw_response::RawResponse;
use super::response::Response;
use crate::operation::{Operation, Protocol};
use crate::{Error, ErrorKind, Result};
use http::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Sends a form, and reads XML.
#[cfg(feature = "aws-query")]
pub(crate) async fn send_query<B: Serialize, T: DeserializeOwned>(
    operation: &'static Operation,
    http: &reqwest::Client,
    call: &Call,
    body: &B,
) -> Result<Response<T>> {
    let pairs = query::pairs(body).map_err(|error| unsent(operation, error));
    let reply = exchange(operation, http, call, pairs.map(String::into_bytes)).await?;
    reply.decode_as::<Xml, T>()
}

/// Sends JSON, and reads JSON.
pub(crate) async fn send_json<B: Serialize, T: DeserializeOwned>(
    operation: &'static Operation,
    http: &reqwest::Client,
    call: &Call,
    body: &B,
) -> Result<Response<T>> {
    let text = serde_json::to_vec(body).map_err(|error| unsent(operation, error));
    exchange(operation, http, call, text).await?.decode()
}

/// Sends what was written of a request.
async fn exchange(
    operation: &'static Operation,
    http: &reqwest::Client,
    call: &Call,
    written: Result<Vec<u8>>,
) -> Result<RawResponse> {
    let request = request(operation, http.post(call.url("/")?), written?);
    let request = request.map_err(|error| error.with_operation(operation))?;
    super::success::check(call.execute(request).await?)
}

fn request(
    operation: &Operation,
    request: reqwest::RequestBuilder,
    written: Vec<u8>,
) -> Result<reqwest::Request> {
    let request = match operation.protocol {
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
    request.build().map_err(super::error_response::of_http)
}

fn unsent(
    operation: &'static Operation,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    Error::new(ErrorKind::InvalidRequest, "the body of the request cannot be written")
        .caused_by(error)
        .with_operation(operation)
}
