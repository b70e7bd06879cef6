//! Secrets that go into a header as they are.

use super::{Authenticate, required, set_secret};
use crate::{BoxFuture, Error, ErrorKind, Result};
use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;

/// A key in a service-specific header, such as `api_key` or `x-api-key`.
///
/// ```
/// use cloud_images::auth::ApiKey;
///
/// # fn main() -> cloud_images::Result<()> {
/// let auth = ApiKey::new("api_key", "key of the account")?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct ApiKey {
    header: HeaderName,
    key: Arc<SecretString>,
}

impl ApiKey {
    /// Sends `key` in the header with this name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if `header` is not the name of a header.
    pub fn new(header: impl AsRef<str>, key: impl Into<String>) -> Result<Self> {
        let name = header.as_ref();
        let header = HeaderName::try_from(name).map_err(|error| {
            let message = format!("{name:?} is not the name of a header");
            Error::new(ErrorKind::Configuration, message).caused_by(error)
        })?;
        Ok(Self { header, key: Arc::new(SecretString::from(key.into())) })
    }

    /// Sends the value of the first of these environment variables that is set, in the header with this name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if none of the variables is set, or `header` is not the name of a
    /// header.
    pub fn from_env(header: impl AsRef<str>, variables: &[&str]) -> Result<Self> {
        Self::new(header, required(variables)?)
    }
}

impl Authenticate for ApiKey {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            set_secret(request.headers_mut(), self.header.clone(), self.key.expose_secret())
        })
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey").field("header", &self.header.as_str()).finish_non_exhaustive()
    }
}

/// `Authorization: Basic`: a user name and a password (RFC 7617).
///
/// ```
/// use cloud_images::auth::Basic;
///
/// // An API key as the user name, as some services want it.
/// let auth = Basic::new("api key", "");
/// ```
#[derive(Clone)]
pub struct Basic(Arc<SecretString>);

impl Basic {
    /// A user name without a colon, and a password. Both are sent in UTF-8.
    #[must_use]
    pub fn new(user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        let pair = format!("{}:{}", user.as_ref(), password.as_ref());
        Self(Arc::new(SecretString::from(format!("Basic {}", base64(pair.as_bytes())))))
    }
}

impl Authenticate for Basic {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let name = http::header::AUTHORIZATION;
            set_secret(request.headers_mut(), name, self.0.expose_secret())
        })
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Basic([redacted])")
    }
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            let digit = (group >> (18 - 6 * position)) & 63;
            let is_padding = position > chunk.len();
            text.push(if is_padding { '=' } else { char::from(DIGITS[digit as usize]) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(auth: impl Authenticate, header: &str) -> http::HeaderValue {
        let url = "https://example.com".parse().unwrap();
        let mut request = reqwest::Request::new(http::Method::GET, url);
        auth.authenticate(&mut request).await.unwrap();
        request.headers()[header].clone()
    }

    #[tokio::test]
    async fn a_key_goes_into_the_header_of_that_name() {
        let auth = ApiKey::new("api_key", "the-key").unwrap();
        assert!(!format!("{auth:?}").contains("the-key"));
        let value = sent(auth, "api_key").await;
        assert!(value == "the-key" && value.is_sensitive());
        assert_eq!(ApiKey::new("api key", "k").unwrap_err().kind(), ErrorKind::Configuration);
    }

    #[tokio::test]
    async fn user_and_password_are_encoded_as_the_rfc_shows() {
        let auth = Basic::new("Aladdin", "open sesame");
        assert!(!format!("{auth:?}").contains("QWxh"));
        let value = sent(auth, "authorization").await;
        assert!(value == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" && value.is_sensitive());
        let value = sent(Basic::new("test", "123\u{a3}"), "authorization").await;
        assert_eq!(value, "Basic dGVzdDoxMjPCow==");
    }

    #[test]
    fn base64_is_padded() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (text, encoded) in cases {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }
}
