//! The requests that a server received.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use wiremock::Request;

/// The headers that carry credentials.
const CREDENTIALS: [&str; 8] = [
    "api_key",
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-amz-security-token",
    "x-api-key",
    "x-auth-token",
    "x-security-token",
];

/// A request that a server received, and how the server answered it.
///
/// ```
/// use cloud_images::testing::FakeIms;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// let server = FakeIms::start().await;
/// server.client().image_operations().create_image().name("mine").await?;
///
/// let request = &server.requests()[0];
/// assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v2/images"));
/// assert_eq!(request.operation, Some("create_image"));
/// assert_eq!(request.headers["content-type"], "application/json");
/// assert_eq!(request.headers["x-auth-token"], "<redacted>");
/// assert_eq!(request.body, r#"{"name":"mine"}"#);
/// assert_eq!(request.status, Some(201));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, such as `GET`.
    pub method: String,
    /// The path as it was sent, percent-encoded.
    pub path: String,
    /// The query as it was sent, without the question mark; empty if there was none.
    pub query: String,
    /// The headers. The value of a header that carries a credential is `<redacted>`.
    pub headers: HeaderMap,
    /// The body; empty if there was none.
    pub body: Bytes,
    /// The operation, such as `list_images`; `None` if the server has none for this method and path.
    pub operation: Option<&'static str>,
    /// The status of the response; `None` if the connection was closed without one.
    pub status: Option<u16>,
}

impl RecordedRequest {
    pub(super) fn new(
        request: &Request,
        operation: Option<&'static str>,
        status: Option<u16>,
    ) -> Self {
        let mut headers = request.headers.clone();
        for name in CREDENTIALS {
            if let Some(value) = headers.get_mut(name) {
                *value = HeaderValue::from_static("<redacted>");
            }
        }
        Self {
            method: request.method.to_string(),
            path: request.url.path().to_owned(),
            query: request.url.query().unwrap_or_default().to_owned(),
            headers,
            body: request.body.clone().into(),
            operation,
            status,
        }
    }
}
