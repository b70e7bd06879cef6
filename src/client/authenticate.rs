//! What a client asks of a way to authenticate.

use super::trust::Trust;
use crate::redact::Secrets;
use crate::{BoxFuture, Error, ErrorKind, Result};
use std::fmt;
use std::sync::Arc;
use tokio::time::Instant;

/// Adds a credential to requests: a header or a signature.
///
/// It is called for every attempt, after all other parts of the request are final, so a signature can cover the
/// URL, all headers and the body. Mark the values of headers that are secrets with
/// [`set_sensitive`](http::HeaderValue::set_sensitive): errors and logs do not show them.
pub trait Authenticate: fmt::Debug + Send + Sync + 'static {
    /// Adds the credential to the request.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`] if no credential can be obtained.
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>>;

    /// Called when the service refuses the credential, at most once per call. Returns `true` if the credential was
    /// renewed, so that the call is sent again. The default is `false`.
    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        let _ = refusal;
        Box::pin(async { false })
    }

    /// The name of this scheme in errors. By default it is the name of the type.
    fn name(&self) -> &str {
        let name = std::any::type_name::<Self>();
        let name = name.split('<').next().unwrap_or(name);
        name.rsplit("::").next().unwrap_or(name)
    }

    /// The certificates that the configuration of the credential accepts, such as `cacert` in `clouds.yaml`, which
    /// is for all services of the cloud. A client adds them to its own settings.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the configuration is invalid. [`build`](crate::ClientBuilder::build) returns
    /// this error.
    fn certificates(&self) -> Result<Trust> {
        Ok(Trust::default())
    }

    /// The id of the project that the credential is for, if it is known. Some services need it in the path.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`] if it requires a login, and the login fails.
    fn project_id(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(None) })
    }

    /// This credential for one service in one region, for schemes whose signatures name both. `None` for all other
    /// schemes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if there is no region, or if its name is invalid.
    /// [`build`](crate::ClientBuilder::build) returns this error.
    fn regional(&self, service: &str, region: &Region) -> Result<Option<Regional>> {
        let _ = (service, region);
        Ok(None)
    }

    /// The catalogue of services that comes with the credential, if it has one.
    fn catalogue(&self) -> Option<&dyn Catalogue> {
        None
    }
}

/// The addresses of services, such as the catalogue that Keystone sends with a token.
pub trait Catalogue: Send + Sync {
    /// The base URL of a service by its type, such as `image`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`] if no catalogue can be obtained. [`ErrorKind::Configuration`] if the catalogue has no
    /// such service, or several; the message lists what it has.
    fn endpoint<'a>(&'a self, service_type: &'a str) -> BoxFuture<'a, Result<String>>;
}

/// The response with which a service refused a credential.
pub struct Refusal<'a> {
    error: &'a Error,
    secrets: &'a Secrets,
    begun: Instant,
}

impl<'a> Refusal<'a> {
    pub(crate) fn of(error: &'a Error, secrets: &'a Secrets, begun: Instant) -> Option<Self> {
        let refused = matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::Forbidden);
        (refused && error.status().is_some()).then_some(Self { error, secrets, begun })
    }

    /// When the attempt that was refused was about to be authenticated.
    pub(crate) fn begun(&self) -> Instant {
        self.begun
    }

    /// Whether the credential is missing, wrong or expired: [`ErrorKind::Unauthorized`], a 401 or a code of the
    /// service that says so. `false` for a 403.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.error.kind() == ErrorKind::Unauthorized
    }

    /// The service's own code, such as `ExpiredToken`, if the response has one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.error.code()
    }

    /// When the service answered, by its own clock. A service refuses signatures whose time is too far from its
    /// clock.
    #[must_use]
    pub fn server_time(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.error.server_time()
    }

    /// Whether the refused request carried this credential in a header that is marked as sensitive. If it did not,
    /// another call has renewed the credential since.
    #[must_use]
    pub fn carried(&self, credential: &str) -> bool {
        self.secrets.contain(credential)
    }

    /// The service's message.
    #[must_use]
    pub fn message(&self) -> &str {
        self.error.message()
    }
}

impl fmt::Debug for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal").field("error", &self.error).finish_non_exhaustive()
    }
}

/// A region of a service, and the kind of address to use there.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Region {
    /// The name, such as `eu-west-1`; `None` for the region of the credential.
    pub name: Option<String>,
    /// Whether to use an address with FIPS-validated cryptography.
    pub fips: bool,
    /// Whether to use a dual-stack address, which supports IPv6 too.
    pub dual_stack: bool,
}

/// A credential for one service in one region, and the address of the service there.
#[derive(Debug)]
#[non_exhaustive]
pub struct Regional {
    /// Signs for the service and the region.
    pub auth: Arc<dyn Authenticate>,
    /// The name of the region.
    pub region: String,
    /// The base URL of the service there. `None` if it is unknown: the user has to set an endpoint.
    pub endpoint: Option<String>,
}

impl Regional {
    /// A credential for a region, and the address there.
    #[must_use]
    pub fn new(
        auth: impl Authenticate,
        region: impl Into<String>,
        endpoint: Option<String>,
    ) -> Self {
        Self { auth: Arc::new(auth), region: region.into(), endpoint }
    }
}

/// Sends requests as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anonymous;

impl Authenticate for Anonymous {
    fn authenticate<'a>(&'a self, _: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}
