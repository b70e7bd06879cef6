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
//! A credential is used for nothing before the first request. The token is then kept until shortly
//! before it expires (a fifth of its life, at most a minute), and renewed once if a service refuses it. However many
//! requests wait for a token, Keystone is asked once, and a refusal is the error of all of them. While one request
//! renews a token that is still valid, the others use it; if Keystone fails or takes longer than five seconds, it is
//! used on to its end.
//!
//! A client with such a credential needs no endpoint: it is the one of the token's catalogue, by
//! [`region`](Keystone::region) and [`interface`](Keystone::interface).

mod catalogue;
#[cfg(feature = "clouds-yaml")]
mod clouds;
mod login;
mod session;
mod settings;
mod wire;

#[cfg(all(feature = "clouds-yaml", any(fuzzing, test)))]
pub(crate) use clouds::fuzzed as fuzzed_cloud;
pub use login::{ApplicationCredentialLogin, PasswordLogin};

use super::{Authenticate, Catalogue, Refusal, optional, set_secret};
use crate::{BoxFuture, Result};
use secrecy::{ExposeSecret, SecretString};
use session::Session;
use std::fmt;
use std::sync::Arc;

/// A Keystone credential, and the token that it was exchanged for.
///
/// Clones share the token. See the [module](self).
#[derive(Clone)]
pub struct Keystone {
    settings: Settings,
    session: Arc<Session>,
}

/// The domain of a user or project: by name, or by id.
///
/// Strings are names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Its name, `Default` on many clouds; the account's name on Open Telekom Cloud.
    Name(String),
    /// Its id, `default` on many clouds.
    Id(String),
}

impl Domain {
    /// A domain by its id.
    #[must_use]
    pub fn id(id: impl Into<String>) -> Self {
        Self::Id(id.into())
    }
}

impl<T: Into<String>> From<T> for Domain {
    fn from(name: T) -> Self {
        Self::Name(name.into())
    }
}

/// A user or project.
#[derive(Clone, Debug)]
pub(crate) enum Named {
    Id(String),
    Name(String, Domain),
}

#[derive(Clone)]
pub(crate) enum Credential {
    Password {
        user: Option<Named>,
        password: SecretString,
    },
    Application {
        id: Option<String>,
        name: Option<String>,
        user: Option<Named>,
        secret: SecretString,
    },
    Token(SecretString),
}

#[derive(Clone)]
pub(crate) struct Settings {
    auth_url: String,
    credential: Credential,
    project: Option<Named>,
    region: Option<String>,
    interface: String,
    allow_http: bool,
    http: Option<reqwest::Client>,
}

impl Keystone {
    /// Logs in with a user's password at an identity endpoint, given with or without `/v3`.
    pub fn password(auth_url: impl Into<String>) -> PasswordLogin {
        PasswordLogin::new(auth_url.into())
    }

    /// Logs in with an application credential, which brings its project with it.
    pub fn application_credential(auth_url: impl Into<String>) -> ApplicationCredentialLogin {
        ApplicationCredentialLogin::new(auth_url.into())
    }

    /// A token that is at hand. Without a [`project`](Self::project) it is used as it is, and only its
    /// catalogue is asked for; with one, it is exchanged for a token of that project. It is not
    /// renewed, since a token can be had from it no longer than it is valid itself.
    #[must_use]
    pub fn token(auth_url: impl Into<String>, token: impl Into<String>) -> Self {
        Self::new(auth_url.into(), Credential::Token(SecretString::from(token.into())))
    }

    /// What the `OS_*` variables say, as the OpenStack tools read them.
    ///
    /// `OS_AUTH_URL`; `OS_AUTH_TYPE` (`password`, `token`, `v3applicationcredential`; else told by what
    /// is set); `OS_USERNAME` or `OS_USER_ID`, `OS_USER_DOMAIN_NAME` or `_ID`, `OS_PASSWORD`;
    /// `OS_PROJECT_NAME` or `OS_PROJECT_ID` (or `OS_TENANT_NAME`, `OS_TENANT_ID`), `OS_PROJECT_DOMAIN_NAME`
    /// or `_ID`; `OS_DEFAULT_DOMAIN` (an id, `default` if nothing else is set) for both domains;
    /// `OS_APPLICATION_CREDENTIAL_ID` or `_NAME`, and `_SECRET`; `OS_TOKEN`; `OS_REGION_NAME`;
    /// `OS_INTERFACE` or `OS_ENDPOINT_TYPE`. With the feature `clouds-yaml` and `OS_CLOUD` set, the cloud
    /// of that name instead.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) naming what is missing.
    pub fn from_env() -> Result<Self> {
        #[cfg(feature = "clouds-yaml")]
        if let Some(cloud) = optional("OS_CLOUD")? {
            return Self::from_clouds_yaml(cloud);
        }
        settings::from_lookup("the environment", &|key| {
            optional(&format!("OS_{}", key.to_uppercase()))
        })
    }

    /// A cloud of `clouds.yaml`, together with what `secure.yaml` adds to it.
    ///
    /// The file is the one that `OS_CLIENT_CONFIG_FILE` names, or else the first `clouds.yaml` (`.yml`,
    /// `.json`) in the current directory, `~/.config/openstack` (or `$XDG_CONFIG_HOME/openstack`) and
    /// `/etc/openstack`; likewise `OS_CLIENT_SECURE_FILE` and `secure.yaml`. Read are `auth_type`, `auth`,
    /// `region_name`, `interface` or `endpoint_type`. `profile`, `cacert` and `verify` are not: certificates are always
    /// verified, against those of the platform.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if there is no such file or cloud,
    /// naming those that there are, or the cloud lacks a setting.
    #[cfg(feature = "clouds-yaml")]
    #[cfg_attr(docsrs, doc(cfg(feature = "clouds-yaml")))]
    pub fn from_clouds_yaml(cloud: impl AsRef<str>) -> Result<Self> {
        clouds::read(cloud.as_ref())
    }

    fn new(auth_url: String, credential: Credential) -> Self {
        let settings = Settings {
            auth_url,
            credential,
            project: None,
            region: None,
            interface: "public".to_owned(),
            allow_http: false,
            http: None,
        };
        Self { settings, session: Arc::default() }
    }

    /// The project that the token is for, and the domain that the project is in.
    #[must_use]
    pub fn project(self, name: impl Into<String>, domain: impl Into<Domain>) -> Self {
        self.with(|settings| settings.project = Some(Named::Name(name.into(), domain.into())))
    }

    /// The project that the token is for, by its id.
    #[must_use]
    pub fn project_id(self, id: impl Into<String>) -> Self {
        self.with(|settings| settings.project = Some(Named::Id(id.into())))
    }

    /// The region whose services are used. Needed where a service is in several.
    #[must_use]
    pub fn region(self, region: impl Into<String>) -> Self {
        self.with(|settings| settings.region = Some(region.into()))
    }

    /// Which addresses of the services are used: `public` (the default), `internal` or `admin`.
    #[must_use]
    pub fn interface(self, interface: impl AsRef<str>) -> Self {
        let interface = interface.as_ref().trim_end_matches("URL").to_owned();
        self.with(|settings| settings.interface = interface)
    }

    /// Allows an `http://` identity endpoint that is not on this machine. The credential then travels
    /// unencrypted.
    #[must_use]
    pub fn allow_http(self, allow: bool) -> Self {
        self.with(|settings| settings.allow_http = allow)
    }

    /// A ready HTTP client for the requests to Keystone, under the same conditions as
    /// [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
    #[must_use]
    pub fn http_client(self, client: reqwest::Client) -> Self {
        self.with(|settings| settings.http = Some(client))
    }

    /// Another setting makes another session: a token of the old ones is not used on.
    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.session = Arc::default();
        self
    }
}

impl Authenticate for Keystone {
    fn authenticate<'a>(&'a self, request: &'a mut reqwest::Request) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let token = self.session.token(&self.settings).await?;
            set_secret(request.headers_mut(), "x-auth-token", token.value.expose_secret())
        })
    }

    /// A refused token is given up, unless another call did so already.
    fn refused<'a>(&'a self, refusal: &'a Refusal<'a>) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let renewable = !matches!(self.settings.credential, Credential::Token(_));
            if renewable && refusal.is_unauthorized() {
                self.session.give_up(refusal);
                return true;
            }
            false
        })
    }

    fn catalogue(&self) -> Option<&dyn Catalogue> {
        Some(self)
    }
}

impl Catalogue for Keystone {
    fn endpoint<'a>(&'a self, service_type: &'a str) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            let token = self.session.token(&self.settings).await?;
            let Settings { region, interface, .. } = &self.settings;
            catalogue::find(&token.services, service_type, region.as_deref(), interface)
        })
    }
}

impl fmt::Debug for Keystone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keystone")
            .field("auth_url", &self.settings.auth_url)
            .field("project", &self.settings.project)
            .field("region", &self.settings.region)
            .finish_non_exhaustive()
    }
}
