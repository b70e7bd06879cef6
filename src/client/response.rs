//! A typed body with what came along with it.

use super::headers::request_id;
use super::rate_limit::RateLimit;
use http::{HeaderMap, StatusCode};

/// The response to one request: the typed body, the status, the headers and the request id.
#[derive(Clone, Debug)]
pub struct Response<T> {
    pub(crate) body: T,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) attempts: u32,
}

impl<T> Response<T> {
    /// The body.
    #[must_use]
    pub fn body(&self) -> &T {
        &self.body
    }

    /// The body alone.
    #[must_use]
    pub fn into_body(self) -> T {
        self.body
    }

    /// The status, always a 2xx: everything else is an [`Error`](crate::Error).
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id that the service assigned to the request; at most its first 128 characters.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The rate limit that the service reports in its headers, if it reports one.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::of(&self.headers)
    }

    /// The number of times that the request was sent: 1 without a retry.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}
