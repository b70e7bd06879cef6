//! `Authorization: Bearer`.

use super::{Authenticate, required, set_secret};
use crate::{BoxFuture, Result};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::future::Future;
use std::sync::Arc;

/// A bearer token, fixed or asked for with every request.
///
/// ```
/// use cloud_images::auth::Bearer;
///
/// let fixed = Bearer::new("token");
/// let fresh = Bearer::from_fn(|| async { Ok("token of this minute".to_owned()) });
/// ```
#[derive(Clone)]
pub struct Bearer(Source);

type TokenFn = dyn Fn() -> BoxFuture<'static, Result<String>> + Send + Sync;

#[derive(Clone)]
enum Source {
    Fixed(Arc<SecretString>),
    Function(Arc<TokenFn>),
}

impl Bearer {
    /// A token that does not change.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(Source::Fixed(Arc::new(SecretString::from(token.into()))))
    }

    /// A function that gives the token for each attempt. It is to keep the token while it is valid;
    /// its error is the error of the call.
    pub fn from_fn<F, R>(function: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<String>> + Send + 'static,
    {
        Self(Source::Function(Arc::new(move || Box::pin(function()))))
    }

    /// The token in `ACCESS_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the variable is not set.
    pub fn from_env() -> Result<Self> {
        required(&["ACCESS_TOKEN"]).map(Self::new)
    }
}

impl Authenticate for Bearer {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let value = match &self.0 {
                Source::Fixed(token) => {
                    SecretString::from(format!("Bearer {}", token.expose_secret()))
                }
                Source::Function(function) => {
                    SecretString::from(format!("Bearer {}", function().await?))
                }
            };
            set_secret(request.headers_mut(), "authorization", value.expose_secret())
        })
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer([redacted])")
    }
}
