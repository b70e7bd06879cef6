//! The request that a handler gets, and the response that it returns.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;
use std::time::Duration;
use wiremock::ResponseTemplate;

/// An authenticated request of a known operation.
pub struct Call<'a> {
    pub request: &'a wiremock::Request,
    /// The name of the client's method.
    pub operation: &'static str,
    /// The parts of the path where the route has a name in braces.
    captured: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
}

impl<'a> Call<'a> {
    pub fn new(
        request: &'a wiremock::Request,
        operation: &'static str,
        captured: Vec<(&'static str, String)>,
    ) -> Self {
        let query = request.url.query_pairs().into_owned().collect();
        Self { request, operation, captured, query }
    }

    /// A part of the path, percent-decoded.
    pub fn path(&self, name: &str) -> &str {
        let part = self.captured.iter().find(|(captured, _)| *captured == name);
        part.map_or("", |(_, value)| value)
    }

    /// All query parameters in the order in which they were sent.
    pub fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// A query parameter; of several with the same name the last counts.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let sent = self.query.iter().rev().find(|(sent, _)| sent == name);
        sent.map(|(_, value)| value.as_str())
    }

    /// A header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.request.headers, name)
    }
}

pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The response of an operation, or that of a check that failed.
pub type Outcome = Result<Reply, Reply>;

/// A response.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    pub delay: Duration,
}

impl Reply {
    pub fn new(status: u16, media: &str, body: String) -> Self {
        let headers = vec![("content-type", media.to_owned())];
        Self { status, headers, body: body.into_bytes(), delay: Duration::ZERO }
    }

    /// Data.
    #[cfg(feature = "ims")]
    pub fn bytes(status: u16, media: &str, body: Vec<u8>) -> Self {
        Self { body, ..Self::new(status, media, String::new()) }
    }

    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { headers: Vec::new(), ..Self::new(status, "", String::new()) }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// JSON over several lines.
    pub fn indented(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", format!("{body:#}"))
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn into_template(self) -> ResponseTemplate {
        let mut template = ResponseTemplate::new(status(self.status))
            .set_body_bytes(self.body)
            .set_delay(self.delay);
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                template = template.insert_header(HeaderName::from_static(name), value);
            }
        }
        template
    }
}

/// The status of a number; 500 for one that is none.
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
