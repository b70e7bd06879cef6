//! Services whose operations are not paths: each request goes to one address and names its action.

#[cfg(feature = "aws-query")]
mod query;

use super::call::Call;
use super::response::Response;
use crate::operation::{Operation, Protocol};
use crate::{Error, ErrorKind, Result};
use http::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Sends a request by the protocol of its operation.
pub(crate) async fn send<B: Serialize, T: DeserializeOwned>(
    operation: &'static Operation,
    endpoint: &str,
    http: &reqwest::Client,
    call: &Call,
    body: &B,
) -> Result<Response<T>> {
    let request = request(operation, endpoint, http, body);
    let request = request.map_err(|error| error.with_operation(operation))?;
    let reply = call.execute(request).await?;
    super::success::check(reply)?.decode()
}

fn request<B: Serialize>(
    operation: &Operation,
    endpoint: &str,
    http: &reqwest::Client,
    body: &B,
) -> Result<reqwest::Request> {
    let request = http.post(format!("{}/", endpoint.trim_end_matches('/')));
    let request = match operation.protocol {
        #[cfg(feature = "aws-query")]
        Protocol::AwsQuery { action, version } => {
            let pairs = query::pairs(body).map_err(unsent)?;
            request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8")
                .body(format!("Action={action}&Version={version}{pairs}"))
        }
        Protocol::AwsJson { target } => request
            .header(CONTENT_TYPE, "application/x-amz-json-1.1")
            .header("x-amz-target", target)
            .body(serde_json::to_vec(body).map_err(unsent)?),
        _ => return Err(Error::new(ErrorKind::InvalidRequest, "the operation has a path")),
    };
    request.build().map_err(super::error_response::of_http)
}

fn unsent(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::InvalidRequest, "the request cannot be written").caused_by(error)
}
