//! Access keys, and where they come from.

use crate::{BoxFuture, Result};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

/// An access key, its secret key, and for temporary credentials a session token and the time at which
/// they expire.
///
/// For [`SigV4`](super::SigV4) and for `AkSk`. Cheap to clone. `Debug` shows only the access key id and the expiry.
///
/// ```
/// use cloud_images::auth::Credentials;
/// use std::time::{Duration, SystemTime};
///
/// let fixed = Credentials::new("AKIDEXAMPLE", "secret");
/// let temporary = Credentials::new("ASIAEXAMPLE", "secret")
///     .session_token("token")
///     .expires_at(SystemTime::now() + Duration::from_secs(3600));
/// ```
#[derive(Clone)]
pub struct Credentials(Arc<Keys>);

#[derive(Clone)]
struct Keys {
    access_key: String,
    secret_key: SecretString,
    session_token: Option<SecretString>,
    expires_at: Option<SystemTime>,
}

impl Credentials {
    /// An access key id and its secret key.
    #[must_use]
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self(Arc::new(Keys {
            access_key: access_key_id.into(),
            secret_key: SecretString::from(secret_access_key.into()),
            session_token: None,
            expires_at: None,
        }))
    }

    /// The session token of temporary credentials; on Huawei Cloud, the security token.
    #[must_use]
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).session_token = Some(SecretString::from(token.into()));
        self
    }

    /// When the credentials expire. A provider is asked for new ones five minutes before that.
    #[must_use]
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        Arc::make_mut(&mut self.0).expires_at = Some(time);
        self
    }

    /// The access key id.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key
    }

    /// When the credentials expire; `None` if they do not expire, or if it is unknown.
    #[must_use]
    pub fn expiry(&self) -> Option<SystemTime> {
        self.0.expires_at
    }

    pub(super) fn secret_key(&self) -> &SecretString {
        &self.0.secret_key
    }

    pub(super) fn token(&self) -> Option<&str> {
        self.0.session_token.as_ref().map(|token| token.expose_secret())
    }

    #[cfg(feature = "sigv4")]
    pub(super) fn same_secret(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || self.secret_key().expose_secret() == other.secret_key().expose_secret()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.0.access_key)
            .field("expires_at", &self.0.expires_at)
            .finish_non_exhaustive()
    }
}

/// A provider of access keys.
///
/// [`Credentials`] implement it, for keys that do not change. With the feature `aws-credentials`, every
/// `ProvideCredentials` of the AWS SDK implements it too.
///
/// ```
/// use cloud_images::auth::{CredentialProvider, Credentials};
/// use cloud_images::{BoxFuture, Result};
///
/// #[derive(Debug)]
/// struct Vault;
///
/// impl CredentialProvider for Vault {
///     fn credentials(&self) -> BoxFuture<'_, Result<Credentials>> {
///         Box::pin(async { Ok(Credentials::new("AKIDEXAMPLE", "secret")) })
///     }
/// }
/// ```
pub trait CredentialProvider: fmt::Debug + Send + Sync + 'static {
    /// Returns the current credentials.
    ///
    /// It is called again five minutes before they expire, or after 15 minutes if they have no expiry, and when the
    /// service says that they are expired or invalid. Requests are signed with the old ones until these expire. It
    /// has at most 60 seconds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`](crate::ErrorKind::Auth) with the reason, if no credentials can be obtained. The message
    /// must not contain secrets.
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials>>;

    /// Whether the provider always returns the same credentials, so that they cannot be renewed.
    fn is_fixed(&self) -> bool {
        false
    }
}

impl CredentialProvider for Credentials {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials>> {
        Box::pin(async { Ok(self.clone()) })
    }

    fn is_fixed(&self) -> bool {
        true
    }
}
