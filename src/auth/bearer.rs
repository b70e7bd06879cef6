//! `Authorization: Bearer`.

use super::{Authenticate, Refusal, required, set_secret};
use crate::{BoxFuture, Result};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A bearer token, fixed or asked for with every attempt.
///
/// ```
/// use cloud_images::auth::Bearer;
///
/// let fixed = Bearer::new("token");
/// let fresh = Bearer::from_fn(|| async { Ok("token of this minute".to_owned()) });
/// ```
#[derive(Clone)]
pub struct Bearer {
    source: Source,
    forget: Option<Arc<dyn Fn() + Send + Sync>>,
    /// The header with the token that the function gave last, as long as it was not refused.
    given: Arc<Mutex<Option<SecretString>>>,
}

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
        Self::of(Source::Fixed(Arc::new(SecretString::from(token.into()))))
    }

    /// A function that gives the token for each attempt. It is to keep the token while it is valid;
    /// its error is the error of the call.
    pub fn from_fn<F, R>(function: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<String>> + Send + 'static,
    {
        Self::of(Source::Function(Arc::new(move || Box::pin(function()))))
    }

    /// What is called when the service answers 401 to a token of [`from_fn`](Self::from_fn): it is to make
    /// the function give a new one. The call is then made once more, with what the function gives.
    ///
    /// Called once for each refused token, however many calls were refused with it. Without it, and for a
    /// fixed token, a 401 is the error of the call.
    ///
    /// ```
    /// use cloud_images::auth::Bearer;
    /// use std::sync::{Arc, Mutex};
    ///
    /// # async fn login() -> cloud_images::Result<String> { Ok("token".to_owned()) }
    /// let kept = Arc::new(Mutex::new(None::<String>));
    /// let (cache, stale) = (Arc::clone(&kept), kept);
    /// let auth = Bearer::from_fn(move || {
    ///     let cache = Arc::clone(&cache);
    ///     async move {
    ///         let known = cache.lock().unwrap().clone();
    ///         if let Some(token) = known {
    ///             return Ok(token);
    ///         }
    ///         let token = login().await?;
    ///         *cache.lock().unwrap() = Some(token.clone());
    ///         Ok(token)
    ///     }
    /// })
    /// .on_unauthorized(move || *stale.lock().unwrap() = None);
    /// ```
    #[must_use]
    pub fn on_unauthorized(mut self, forget: impl Fn() + Send + Sync + 'static) -> Self {
        self.forget = Some(Arc::new(forget));
        self
    }

    /// The token in `ACCESS_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the variable is not set.
    pub fn from_env() -> Result<Self> {
        required(&["ACCESS_TOKEN"]).map(Self::new)
    }

    fn of(source: Source) -> Self {
        Self { source, forget: None, given: Arc::default() }
    }

    fn given(&self) -> MutexGuard<'_, Option<SecretString>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Authenticate for Bearer {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let value = match &self.source {
                Source::Fixed(token) => {
                    SecretString::from(format!("Bearer {}", token.expose_secret()))
                }
                Source::Function(function) => {
                    let value = SecretString::from(format!("Bearer {}", function().await?));
                    *self.given() = Some(value.clone());
                    value
                }
            };
            set_secret(request.headers_mut(), "authorization", value.expose_secret())
        })
    }

    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let (Source::Function(_), Some(forget)) = (&self.source, &self.forget) else {
                return false;
            };
            if !refusal.is_unauthorized() {
                return false;
            }
            // Another call that was refused with the same token may have told it already.
            let told = self.given().take_if(|value| refusal.carried(value.expose_secret()));
            if told.is_some() {
                forget();
            }
            true
        })
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer([redacted])")
    }
}
