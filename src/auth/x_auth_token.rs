//! `X-Auth-Token`.

use super::{Authenticate, required, set_secret};
use crate::{BoxFuture, Result};
use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;

pub(super) const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// A Keystone token that was obtained elsewhere. It is not renewed.
#[derive(Clone)]
pub struct XAuthToken(Arc<SecretString>);

impl XAuthToken {
    /// A token.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(Arc::new(SecretString::from(token.into())))
    }

    /// The token in `OS_TOKEN`, or else in `OS_AUTH_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if neither is set.
    pub fn from_env() -> Result<Self> {
        required(&["OS_TOKEN", "OS_AUTH_TOKEN"]).map(Self::new)
    }
}

impl Authenticate for XAuthToken {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(
            async move { set_secret(request.headers_mut(), X_AUTH_TOKEN, self.0.expose_secret()) },
        )
    }
}

impl fmt::Debug for XAuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("XAuthToken([redacted])")
    }
}
