//! The first stage: the request of an attempt is built and completed.

use super::call::Call;
use crate::operation::Operation;
use crate::{Error, ErrorKind, Result};
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use reqwest::Request;

/// What builds the request of a call, once for each attempt: few calls have a second one, so none is copied for it.
pub(super) type Build<'a> = dyn Fn(&Call) -> Result<Request> + Send + Sync + 'a;

/// A complete request. Passed by reference: a future that takes a request by value has to store and move it.
pub(super) struct Prepared<'a> {
    call: &'a Call,
    build: &'a Build<'a>,
    /// The request of this attempt, until it is sent. The first one is built before the first attempt.
    request: Option<Request>,
    deletes: bool,
}

impl<'a> Prepared<'a> {
    pub fn new(call: &'a Call, build: &'a Build<'a>) -> Result<Self> {
        let request = built(call, build)?;
        let deletes = request.method() == Method::DELETE;
        Ok(Self { call, build, request: Some(request), deletes })
    }

    /// The request of this attempt.
    pub fn current(&mut self) -> Result<&mut Request> {
        match &mut self.request {
            Some(request) => Ok(request),
            sent => Ok(sent.insert(built(self.call, self.build)?)),
        }
    }

    /// Takes the request of this attempt, to send it.
    pub fn take(&mut self) -> Result<Request> {
        self.request.take().ok_or_else(|| {
            Error::new(ErrorKind::InvalidRequest, "the request of this attempt is sent already")
        })
    }

    pub fn deletes(&self) -> bool {
        self.deletes
    }
}

fn built(call: &Call, build: &Build) -> Result<Request> {
    let operation = call.operation;
    let mut request = build(call).map_err(|error| error.with_operation(operation))?;
    // A signature is one of the address as it is spelled.
    if !call.signed {
        write_spaces(request.url_mut());
    }
    if operation.optional_body && request.body().and_then(reqwest::Body::as_bytes) == Some(b"{}") {
        *request.body_mut() = None;
        request.headers_mut().remove(CONTENT_TYPE);
    }
    complete_headers(request.headers_mut(), operation, &call.shared.user_agent);
    Ok(request)
}

/// The headers that every request has.
fn complete_headers(headers: &mut HeaderMap, operation: &Operation, user_agent: &HeaderValue) {
    headers.insert(USER_AGENT, user_agent.clone());
    if !headers.contains_key(ACCEPT) {
        // Some services answer errors in HTML unless JSON is asked for first.
        headers.insert(ACCEPT, HeaderValue::from_static("application/json;q=1.0, */*;q=0.1"));
    }
    if operation.streams {
        // Ranges count the bytes of the data as it is stored.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    if let Some(media_type) = operation.media_type {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
}

/// Writes the spaces of a query as `%20`: a `+` is a space to some services and signatures, and a plus
/// sign to others. Plus signs themselves are encoded before.
fn write_spaces(url: &mut url::Url) {
    if let Some(query) = url.query().filter(|query| query.contains('+')) {
        let query = query.replace('+', "%20");
        url.set_query(Some(&query));
    }
}
