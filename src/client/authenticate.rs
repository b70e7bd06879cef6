//! What a client asks of a way to authenticate.

use super::trust::Trust;
use crate::redact::Secrets;
use crate::{BoxFuture, Error, ErrorKind, Result};
use std::fmt;
use std::sync::Arc;
use tokio::time::Instant;

/// Signs or decorates requests.
///
/// Called for every attempt anew, after everything else of the request is final: a signature may cover
/// the URL, all headers and the body. Values of headers that are secrets are to be marked with
/// [`set_sensitive`](http::HeaderValue::set_sensitive): errors do not show what is marked.
pub trait Authenticate: fmt::Debug + Send + Sync + 'static {
    /// Makes the request one that the service accepts.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`] if there is no credential to be had.
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>>;

    /// Called when the service refused the credential; says whether another attempt is worth it,
    /// because it was renewed. Asked once per call; the default is no.
    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        let _ = refusal;
        Box::pin(async { false })
    }

    /// What errors call this way to authenticate: by default the name of its type.
    fn name(&self) -> &str {
        let name = std::any::type_name::<Self>();
        let name = name.split('<').next().unwrap_or(name);
        name.rsplit("::").next().unwrap_or(name)
    }

    /// Which certificates are accepted, where the configuration of the credential says so: `cacert` of
    /// `clouds.yaml` is for all services of the cloud. A client adds it to its own settings.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the configuration cannot be followed. It is the error of
    /// [`build`](crate::ClientBuilder::build).
    fn certificates(&self) -> Result<Trust> {
        Ok(Trust::default())
    }

    /// The project that the credential is for, by its id, if that is known: some services want it in the path.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`] if it comes with a login that fails.
    fn project_id(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(None) })
    }

    /// The same credential for a service in a region, where signatures name both; `None` if they do not.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if there is no region, or none of that name. It is the error of
    /// [`build`](crate::ClientBuilder::build).
    fn regional(&self, service: &str, region: &Region) -> Result<Option<Regional>> {
        let _ = (service, region);
        Ok(None)
    }

    /// The catalogue of services that comes with the credential, if it is of a kind that has one.
    fn catalogue(&self) -> Option<&dyn Catalogue> {
        None
    }
}

/// Knows the addresses of services: what Keystone sends along with a token.
pub trait Catalogue: Send + Sync {
    /// The base URL of a service by its type, such as `image`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`] if there is no catalogue to be had, and
    /// [`ErrorKind::Configuration`] saying what the catalogue has, if the service is not in it or is in
    /// it several times.
    fn endpoint<'a>(&'a self, service_type: &'a str) -> BoxFuture<'a, Result<String>>;
}

/// The response by which a service refused a credential.
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

    /// Whether the credential is missing, wrong or expired: [`ErrorKind::Unauthorized`], a 401 or a code
    /// of the service that says so. If not, it is a 403.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.error.kind() == ErrorKind::Unauthorized
    }

    /// The service's own code, such as `ExpiredToken`, if the response has one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.error.code()
    }

    /// When the service answered, by its own clock: a signature may be refused for the time in it.
    #[must_use]
    pub fn server_time(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.error.server_time()
    }

    /// Whether the headers of the refused request that are marked as sensitive held this text: another
    /// call may have renewed the credential since.
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

/// Which region of a service is used, and which of its addresses there.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Region {
    /// The name, such as `eu-west-1`; `None` for that of the credential.
    pub name: Option<String>,
    /// Whether the address is one with validated cryptography (FIPS).
    pub fips: bool,
    /// Whether the address has IPv6 too.
    pub dual_stack: bool,
}

/// A credential for one service in one region, and the address there.
#[derive(Debug)]
#[non_exhaustive]
pub struct Regional {
    /// Signs for the service and the region.
    pub auth: Arc<dyn Authenticate>,
    /// The name of the region.
    pub region: String,
    /// The base URL of the service there; `None` if it is not known, and has to be set.
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
