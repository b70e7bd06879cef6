//! `X-Auth-Token`.

use super::{Authenticate, optional, required, set_secret};
use crate::{BoxFuture, Result};
use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;

pub(super) const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// A Keystone token that you already have. It is not renewed.
#[derive(Clone)]
pub struct XAuthToken {
    token: Arc<SecretString>,
    project_id: Option<Arc<str>>,
}

impl XAuthToken {
    /// Sends this token.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self { token: Arc::new(SecretString::from(token.into())), project_id: None }
    }

    /// The id of the project that the token is for. Some operations need it in their path.
    #[must_use]
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into().into());
        self
    }

    /// The token in `OS_TOKEN`, or else in `OS_AUTH_TOKEN`, and its project in `OS_PROJECT_ID` if that is set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if neither is set.
    pub fn from_env() -> Result<Self> {
        let token = Self::new(required(&["OS_TOKEN", "OS_AUTH_TOKEN"])?);
        Ok(match optional("OS_PROJECT_ID")? {
            Some(project) => token.project_id(project),
            None => token,
        })
    }
}

impl Authenticate for XAuthToken {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            set_secret(request.headers_mut(), X_AUTH_TOKEN, self.token.expose_secret())
        })
    }

    fn project_id(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(self.project_id.as_deref().map(str::to_owned)) })
    }
}

impl fmt::Debug for XAuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("XAuthToken([redacted])")
    }
}
