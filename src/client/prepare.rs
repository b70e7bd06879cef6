//! The first stage: the request is completed, and held for further attempts.

use super::body::{Body, SENT_BEFORE};
use crate::operation::Operation;
use crate::{Error, ErrorKind, Result};
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use reqwest::Request;

/// A complete request. Passed by reference: a future that takes a request by value has to store and move it.
pub(super) struct Prepared {
    /// The request of this attempt, until it is sent.
    current: Option<Request>,
    /// The request of the next attempt, without a credential. `None` once a body that can be read only once was taken.
    next: Option<Request>,
    /// What is uploaded, to be read anew for each attempt.
    data: Option<Box<Body>>,
    deletes: bool,
}

impl Prepared {
    pub fn new(
        mut request: Request,
        operation: &'static Operation,
        user_agent: &HeaderValue,
        data: Option<Box<Body>>,
    ) -> Self {
        if operation.optional_body
            && request.body().and_then(reqwest::Body::as_bytes) == Some(b"{}")
        {
            *request.body_mut() = None;
            request.headers_mut().remove(CONTENT_TYPE);
        }
        complete_headers(request.headers_mut(), operation, user_agent);
        let deletes = request.method() == Method::DELETE;
        Self { current: None, next: Some(request), data, deletes }
    }

    /// Goes on to the next attempt. It is an error if the attempt before has taken the body.
    pub fn advance(&mut self) -> Result<()> {
        self.current = self.next.take();
        self.next = self.copy()?;
        Ok(())
    }

    /// The request of this attempt.
    pub fn current(&mut self) -> Result<&mut Request> {
        self.current.as_mut().ok_or_else(sent_before)
    }

    /// Takes the request of this attempt, to send it.
    pub fn take(&mut self) -> Result<Request> {
        self.current.take().ok_or_else(sent_before)
    }

    /// Whether there can be another attempt.
    pub fn is_repeatable(&self) -> bool {
        self.next.is_some()
    }

    /// Whether the body is read from a source that another request may feed.
    pub fn is_stream(&self) -> bool {
        self.data.is_some() && self.next.is_none()
    }

    pub fn deletes(&self) -> bool {
        self.deletes
    }

    fn copy(&self) -> Result<Option<Request>> {
        let request = self.current.as_ref().ok_or_else(sent_before)?;
        let body = match (&self.data, request.body()) {
            (Some(data), _) => match data.again() {
                Some(body) => Some(body?),
                None => return Ok(None),
            },
            (None, Some(_)) => return Ok(request.try_clone()),
            // `try_clone` makes a table for a timeout, even for one that is not set.
            (None, None) => None,
        };
        let mut copy = Request::new(request.method().clone(), request.url().clone());
        *copy.headers_mut() = request.headers().clone();
        *copy.body_mut() = body;
        Ok(Some(copy))
    }
}

fn sent_before() -> Error {
    Error::new(ErrorKind::InvalidRequest, SENT_BEFORE)
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
