//! Keystone v3: logging in to OpenStack.
//!
//! ```
//! use cloud_images::auth::Keystone;
//!
//! let by_name = Keystone::password("https://iam.eu-de.otc.t-systems.com/v3")
//!     .user("me", "my-domain")
//!     .password("secret")
//!     .project("eu-de", "my-domain");
//! let application = Keystone::application_credential("https://keystone.example.com/v3")
//!     .id("21dced0fd20347869b93710d2b98aae0")
//!     .secret("secret")
//!     .region("RegionOne");
//! ```
//!
//! There is no login before the first request. The token is then cached, refreshed in the background
//! shortly before it expires (after four fifths of its life, or a minute before its end), and renewed once
//! if a service refuses it. See [the rules](super#credentials-that-expire) of all credentials.
//!
//! A client with such a credential needs no endpoint. It finds it in the catalogue that comes with the token, by
//! [`region`](Keystone::region) and [`interface`](Keystone::interface).

mod catalogue;
#[cfg(feature = "clouds-yaml")]
mod clouds;
mod environment;
mod login;
mod options;
mod session;
mod settings;
mod wire;
#[cfg(feature = "clouds-yaml")]
mod yaml;

#[cfg(all(feature = "clouds-yaml", any(fuzzing, test)))]
pub(crate) use clouds::fuzzed;
pub use login::{ApplicationCredentialLogin, PasswordLogin};
pub use settings::Domain;

use super::x_auth_token::X_AUTH_TOKEN;
use super::{Authenticate, Catalogue, Refusal, Trust, optional, set_secret};
use crate::{BoxFuture, Result};
use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};
use session::Session;
use settings::{Credential, Named, Scope, Settings};
use std::fmt;
use std::sync::Arc;

/// A Keystone credential, and the token that it is exchanged for.
///
/// Clones share the token. See the [module](self).
#[derive(Clone)]
pub struct Keystone {
    settings: Arc<Settings>,
    session: Arc<Session>,
}

impl Keystone {
    /// Logs in with a password. `auth_url` is the URL of Keystone, with or without `/v3`.
    pub fn password(auth_url: impl Into<String>) -> PasswordLogin {
        PasswordLogin::new(auth_url.into())
    }

    /// Logs in with an application credential, which determines the project. `auth_url` is the URL of Keystone,
    /// with or without `/v3`.
    pub fn application_credential(auth_url: impl Into<String>) -> ApplicationCredentialLogin {
        ApplicationCredentialLogin::new(auth_url.into())
    }

    /// Uses a token that you already have. It is not renewed, since an exchanged token expires together with the
    /// original one.
    ///
    /// Without a [`project`](Self::project), the token itself is sent, and only its catalogue is requested. With a
    /// project, the token is exchanged for one of that project.
    #[must_use]
    pub fn token(auth_url: impl Into<String>, token: impl Into<String>) -> Self {
        let credential = Credential::Token(SecretString::from(token.into()));
        Self::of(Settings::new(auth_url.into(), credential))
    }

    /// Reads the login from the `OS_*` variables, as the OpenStack tools do.
    ///
    /// | for | variables |
    /// |---|---|
    /// | Keystone | `OS_AUTH_URL` |
    /// | the kind of login | `OS_AUTH_TYPE`: `password`, `token`, `v3applicationcredential`; else by what is set |
    /// | the user | `OS_USERNAME` or `OS_USER_ID`, `OS_USER_DOMAIN_NAME` or `_ID`, `OS_PASSWORD` |
    /// | an application credential | `OS_APPLICATION_CREDENTIAL_ID` or `_NAME`, and `_SECRET` |
    /// | a token | `OS_TOKEN` or `OS_AUTH_TOKEN` |
    /// | the project | `OS_PROJECT_NAME` or `_ID` (or `OS_TENANT_NAME`, `_ID`), `OS_PROJECT_DOMAIN_NAME` or `_ID` |
    /// | both domains | `OS_DOMAIN_NAME` or `_ID`, `OS_DEFAULT_DOMAIN_NAME` or `_ID`, `OS_DEFAULT_DOMAIN`; else the id `default` |
    /// | another scope | `OS_DOMAIN_NAME` or `_ID` without a project, `OS_SYSTEM_SCOPE` (`all`), `OS_TRUST_ID` |
    /// | the services | `OS_REGION_NAME`, `OS_INTERFACE` or `OS_ENDPOINT_TYPE`, `OS_IMAGE_ENDPOINT_OVERRIDE` |
    /// | certificates | `OS_CACERT`, `OS_INSECURE` |
    ///
    /// If `OS_CLOUD` is set, it reads the cloud of that name from `clouds.yaml` instead, which needs the feature
    /// `clouds-yaml`. `OS_REGION_NAME`, `OS_CACERT` and `OS_INSECURE` apply in addition.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) that names the variable that is missing, or
    /// that is set and not supported.
    pub fn from_env() -> Result<Self> {
        if let Some(cloud) = optional("OS_CLOUD")? {
            return Self::of_cloud(&cloud);
        }
        environment::options()?.keystone()
    }

    #[cfg(feature = "clouds-yaml")]
    fn of_cloud(cloud: &str) -> Result<Self> {
        clouds::options(cloud)?.keystone()
    }

    #[cfg(not(feature = "clouds-yaml"))]
    fn of_cloud(cloud: &str) -> Result<Self> {
        let message = format!(
            "OS_CLOUD is {cloud:?}, but this build cannot read clouds.yaml: enable the feature \
             `clouds-yaml`, or unset OS_CLOUD"
        );
        Err(crate::Error::new(crate::ErrorKind::Configuration, message))
    }

    /// Reads a cloud from `clouds.yaml` and `secure.yaml`, as openstacksdk does.
    ///
    /// The file is the one that `OS_CLIENT_CONFIG_FILE` names, or else the first `clouds.yaml` (`.yml`,
    /// `.json`) in the current directory, `~/.config/openstack` (or `$XDG_CONFIG_HOME/openstack`) and
    /// `/etc/openstack`; likewise `OS_CLIENT_SECURE_FILE` and `secure.yaml`, and `OS_CLIENT_VENDOR_FILE`
    /// and the `clouds-public.yaml` of a `profile`. The profiles `otc` and `otc-swiss` are built in.
    ///
    /// Options have the names of the variables of [`from_env`](Self::from_env), with underscores or hyphens, in
    /// `auth` or beside it. `regions` and `region_name` may list several regions: `OS_REGION_NAME` chooses one; the
    /// default is the first. Unquoted values are read as text, exactly as written.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if there is no such file, cloud, profile or
    /// region (the message lists those that exist), if the cloud lacks an option, or if it has one that is not
    /// supported.
    #[cfg(feature = "clouds-yaml")]
    #[cfg_attr(docsrs, doc(cfg(feature = "clouds-yaml")))]
    pub fn from_clouds_yaml(cloud: impl AsRef<str>) -> Result<Self> {
        Self::of_cloud(cloud.as_ref())
    }

    fn of(settings: Settings) -> Self {
        Self { settings: Arc::new(settings), session: Arc::default() }
    }

    /// The name of the project that the token is for, and the domain of the project.
    #[must_use]
    pub fn project(self, name: impl Into<String>, domain: impl Into<Domain>) -> Self {
        self.with(|settings| {
            let project = Named::Name(name.into(), domain.into());
            settings.scope = Some(Scope::Project(project));
        })
    }

    /// The id of the project that the token is for.
    #[must_use]
    pub fn project_id(self, id: impl Into<String>) -> Self {
        self.with(|settings| settings.scope = Some(Scope::Project(Named::Id(id.into()))))
    }

    /// Requests a token for a domain instead of a project.
    #[must_use]
    pub fn domain_scope(self, domain: impl Into<Domain>) -> Self {
        self.with(|settings| settings.scope = Some(Scope::Domain(domain.into())))
    }

    /// Requests a token for the whole deployment instead of a project. For operators of the cloud.
    #[must_use]
    pub fn system_scope(self) -> Self {
        self.with(|settings| settings.scope = Some(Scope::System))
    }

    /// Requests a token for a trust, by which another user has delegated roles. Takes the id of the trust.
    #[must_use]
    pub fn trust_id(self, id: impl Into<String>) -> Self {
        self.with(|settings| settings.scope = Some(Scope::Trust(id.into())))
    }

    /// The region whose services are used. Required if a service is in several regions.
    #[must_use]
    pub fn region(self, region: impl Into<String>) -> Self {
        self.with(|settings| settings.region = Some(region.into()))
    }

    /// The kind of service address that is used: `public` (the default), `internal` or `admin`.
    #[must_use]
    pub fn interface(self, interface: impl AsRef<str>) -> Self {
        let interface = settings::interface(interface.as_ref());
        self.with(|settings| settings.interfaces = vec![interface])
    }

    /// Allows an `http://` identity endpoint that is not on this machine. The credential then travels
    /// unencrypted.
    #[must_use]
    pub fn allow_http(self, allow: bool) -> Self {
        self.with(|settings| settings.allow_http = allow)
    }

    /// Trusts the certificates in `pem` too, of Keystone and of the services that are used with this
    /// credential. See [`ClientBuilder::root_certificate_pem`](crate::ClientBuilder::root_certificate_pem).
    #[must_use]
    pub fn root_certificate_pem(self, pem: impl Into<Bytes>) -> Self {
        self.with(|settings| settings.tls.roots.push(pem.into()))
    }

    /// Accepts any certificate of Keystone and of the services that are used with this credential. **Anyone between
    /// you and the server can then read the password and change every response.** Use it for test systems only.
    ///
    /// `verify: false` in `clouds.yaml` and `OS_INSECURE` are errors unless this is set.
    #[must_use]
    pub fn danger_accept_invalid_certs(self, accept: bool) -> Self {
        self.with(|settings| settings.tls.accept_any = accept)
    }

    /// Sends the requests to Keystone with your own HTTP client, under the same conditions as
    /// [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
    #[must_use]
    pub fn http_client(self, client: reqwest::Client) -> Self {
        self.with(|settings| settings.http = Some(client))
    }

    /// Changed settings make a new session: the token was for the old ones.
    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self.session = Arc::default();
        self
    }
}

impl Authenticate for Keystone {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let token = self.session.token(&self.settings).await?;
            set_secret(request.headers_mut(), X_AUTH_TOKEN, token.value.expose_secret())
        })
    }

    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let is_renewable = !matches!(self.settings.credential, Credential::Token(_));
            is_renewable
                && refusal.is_unauthorized()
                && self.session.renew(&self.settings, refusal).await
        })
    }

    fn certificates(&self) -> Result<Trust> {
        self.settings.tls.trust()
    }

    fn project_id(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(self.session.token(&self.settings).await?.project_id.clone()) })
    }

    fn catalogue(&self) -> Option<&dyn Catalogue> {
        Some(self)
    }
}

impl Catalogue for Keystone {
    fn endpoint<'a>(&'a self, service_type: &'a str) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            let Settings { region, interfaces, endpoints, .. } = &*self.settings;
            if let Some(url) = endpoints.get(service_type) {
                return Ok(url.clone());
            }
            let token = self.session.token(&self.settings).await?;
            let url =
                catalogue::find(&token.services, service_type, region.as_deref(), interfaces)?;
            Ok(catalogue::root(&url, token.project_id.as_deref()).to_owned())
        })
    }
}

impl fmt::Debug for Keystone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keystone")
            .field("auth_url", &self.settings.auth_url)
            .field("scope", &self.settings.scope)
            .field("region", &self.settings.region)
            .finish_non_exhaustive()
    }
}
