//! `Authorization: Bearer`.

use super::token_cache::{Lease, TokenCache};
use super::{Authenticate, Refusal, required, set_secret};
use crate::{BoxFuture, Result};
use http::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// Tokens of a provider are refreshed this long before they expire.
const MARGIN: Duration = Duration::from_secs(60);

/// A token, and the time at which it expires if that is known.
///
/// `Debug` shows only the expiry.
#[derive(Clone)]
pub struct Token {
    secret: Arc<SecretString>,
    expires_at: Option<SystemTime>,
}

impl Token {
    /// A token without a known expiry.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self { secret: Arc::new(SecretString::from(token.into())), expires_at: None }
    }

    /// When the token expires. The provider is asked for a new one a minute earlier.
    #[must_use]
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.expires_at = Some(time);
        self
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A provider of tokens that expire, for [`Bearer::from_provider`].
///
/// ```
/// use cloud_images::auth::{Bearer, Token, TokenProvider};
/// use cloud_images::{BoxFuture, Result};
/// use std::time::{Duration, SystemTime};
///
/// #[derive(Debug)]
/// struct Login;
///
/// impl TokenProvider for Login {
///     fn token(&self) -> BoxFuture<'_, Result<Token>> {
///         let expiry = SystemTime::now() + Duration::from_secs(3600);
///         Box::pin(async move { Ok(Token::new("token of this hour").expires_at(expiry)) })
///     }
/// }
///
/// let auth = Bearer::from_provider(Login);
/// ```
pub trait TokenProvider: fmt::Debug + Send + Sync + 'static {
    /// Returns a new token.
    ///
    /// It is called a minute before the previous token expires, or after 15 minutes if its expiry is unknown, and
    /// after the service answers 401. It has at most 60 seconds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`](crate::ErrorKind::Auth) with the reason, if no token can be obtained. The message must
    /// not contain secrets.
    fn token(&self) -> BoxFuture<'_, Result<Token>>;
}

/// A bearer token: a fixed one, one from a provider, or one from a function that is called for every attempt.
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
    on_unauthorized: Option<Arc<dyn Fn() + Send + Sync>>,
    /// The token that the function gave last, unless it was refused.
    last: Arc<Mutex<Option<SecretString>>>,
}

type TokenFn = dyn Fn() -> BoxFuture<'static, Result<String>> + Send + Sync;

#[derive(Clone)]
enum Source {
    Fixed(Arc<SecretString>),
    Function(Arc<TokenFn>),
    Provider(Arc<dyn TokenProvider>, Arc<TokenCache<Token>>),
}

async fn refresh(provider: Arc<dyn TokenProvider>) -> Result<Lease<Token>> {
    let token = provider.token().await?;
    let expires_at = token.expires_at;
    Ok(Lease::new(token, expires_at, MARGIN))
}

impl Bearer {
    /// A token that does not change.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self::of(Source::Fixed(Arc::new(SecretString::from(token.into()))))
    }

    /// Uses the tokens of a provider. They are cached, and renewed before they expire.
    pub fn from_provider(provider: impl TokenProvider) -> Self {
        Self::of(Source::Provider(Arc::new(provider), Arc::default()))
    }

    /// Calls a function for the token of each attempt. The function caches tokens itself, and the call fails with
    /// its error. With a [provider](Self::from_provider) you need no cache of your own.
    pub fn from_fn<F, R>(function: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<String>> + Send + 'static,
    {
        Self::of(Source::Function(Arc::new(move || Box::pin(function()))))
    }

    /// Sets a function that is called when the service answers 401 to a token of [`from_fn`](Self::from_fn): it
    /// drops the cached token, so that the next one is new. The call is then sent once more.
    ///
    /// It is called once for each refused token, however many calls used that token. Without it, and with a fixed
    /// token, the call fails with the 401.
    ///
    /// ```
    /// use cloud_images::auth::Bearer;
    /// use std::sync::{Arc, Mutex};
    ///
    /// # async fn login() -> cloud_images::Result<String> { Ok("token".to_owned()) }
    /// let cache = Arc::new(Mutex::new(None::<String>));
    /// let refused = Arc::clone(&cache);
    /// let auth = Bearer::from_fn(move || {
    ///     let cache = Arc::clone(&cache);
    ///     async move {
    ///         let cached = cache.lock().unwrap().clone();
    ///         if let Some(token) = cached {
    ///             return Ok(token);
    ///         }
    ///         let token = login().await?;
    ///         *cache.lock().unwrap() = Some(token.clone());
    ///         Ok(token)
    ///     }
    /// })
    /// .on_unauthorized(move || *refused.lock().unwrap() = None);
    /// ```
    #[must_use]
    pub fn on_unauthorized(mut self, forget: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_unauthorized = Some(Arc::new(forget));
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
        Self { source, on_unauthorized: None, last: Arc::default() }
    }

    fn last(&self) -> MutexGuard<'_, Option<SecretString>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls the user's function, unless another call that was refused with the same token has done so.
    fn forget(&self, refusal: &Refusal<'_>) -> bool {
        let Some(on_unauthorized) = &self.on_unauthorized else { return false };
        let refused = self.last().take_if(|token| refusal.carried(token.expose_secret()));
        if refused.is_some() {
            on_unauthorized();
        }
        true
    }
}

impl Authenticate for Bearer {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut set = |token: &SecretString| {
                let value = SecretString::from(format!("Bearer {}", token.expose_secret()));
                set_secret(request.headers_mut(), AUTHORIZATION, value.expose_secret())
            };
            match &self.source {
                Source::Fixed(token) => set(token),
                Source::Function(function) => {
                    let token = SecretString::from(function().await?);
                    set(&token)?;
                    *self.last() = Some(token);
                    Ok(())
                }
                Source::Provider(provider, cache) => {
                    set(&cache.get(|| refresh(Arc::clone(provider))).await?.secret)
                }
            }
        })
    }

    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            if !refusal.is_unauthorized() {
                return false;
            }
            match &self.source {
                Source::Fixed(_) => false,
                Source::Function(_) => self.forget(refusal),
                Source::Provider(provider, cache) => {
                    let refused = |token: &Token| refusal.carried(token.secret.expose_secret());
                    cache.renew(refused, || refresh(Arc::clone(provider))).await
                }
            }
        })
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer([redacted])")
    }
}
