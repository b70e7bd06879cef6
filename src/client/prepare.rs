//! The first stage: the request is completed, and held for further attempts.

use super::body::Body;
use crate::Result;
use crate::operation::Operation;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use reqwest::Request;

/// A complete request, without a credential.
pub(super) struct Prepared {
    /// The request of the next attempt. `None` once a body that can be read only once was taken.
    request: Option<Request>,
    /// What is uploaded, to be read anew for each attempt.
    data: Option<Body>,
    deletes: bool,
}

impl Prepared {
    pub fn new(
        mut request: Request,
        operation: &'static Operation,
        user_agent: &HeaderValue,
        data: Option<Body>,
    ) -> Self {
        if operation.optional_body
            && request.body().and_then(reqwest::Body::as_bytes) == Some(b"{}")
        {
            *request.body_mut() = None;
            request.headers_mut().remove(CONTENT_TYPE);
        }
        complete_headers(request.headers_mut(), operation, user_agent);
        let deletes = request.method() == Method::DELETE;
        Self { request: Some(request), data, deletes }
    }

    /// The request of one attempt; `None` if its body was taken by the one before.
    pub fn next(&mut self) -> Result<Option<Request>> {
        let Some(request) = self.request.take() else { return Ok(None) };
        self.request = self.copy(&request)?;
        Ok(Some(request))
    }

    /// Whether there can be another attempt.
    pub fn is_repeatable(&self) -> bool {
        self.request.is_some()
    }

    /// Whether the body is read from a source that another request may feed.
    pub fn is_stream(&self) -> bool {
        self.data.is_some() && self.request.is_none()
    }

    pub fn deletes(&self) -> bool {
        self.deletes
    }

    fn copy(&self, request: &Request) -> Result<Option<Request>> {
        let Some(data) = &self.data else { return Ok(request.try_clone()) };
        let Some(body) = data.again() else { return Ok(None) };
        let mut copy = Request::new(request.method().clone(), request.url().clone());
        *copy.headers_mut() = request.headers().clone();
        *copy.body_mut() = Some(body?);
        Ok(Some(copy))
    }
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
pub(super) fn write_spaces(url: &mut url::Url) {
    if let Some(query) = url.query().filter(|query| query.contains('+')) {
        let query = query.replace('+', "%20");
        url.set_query(Some(&query));
    }
}
