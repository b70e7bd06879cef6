//! The two ways to log in, up to the secret. What follows is the same for both.

use super::Keystone;
use super::settings::{Credential, Domain, Named, Settings};
use secrecy::SecretString;

/// A login by password that still needs the password.
#[derive(Clone, Debug)]
#[must_use = "a login does nothing until its `password()` is set"]
pub struct PasswordLogin {
    auth_url: String,
    user: Option<Named>,
}

impl PasswordLogin {
    pub(super) fn new(auth_url: String) -> Self {
        Self { auth_url, user: None }
    }

    /// The name of the user, and the domain of the user.
    pub fn user(mut self, name: impl Into<String>, domain: impl Into<Domain>) -> Self {
        self.user = Some(Named::Name(name.into(), domain.into()));
        self
    }

    /// The id of the user.
    pub fn user_id(mut self, id: impl Into<String>) -> Self {
        self.user = Some(Named::Id(id.into()));
        self
    }

    /// Sets the password and completes the credential.
    #[must_use]
    pub fn password(self, secret: impl Into<String>) -> Keystone {
        let password = SecretString::from(secret.into());
        let credential = Credential::Password { user: self.user, password };
        Keystone::of(Settings::new(self.auth_url, credential))
    }
}

/// A login by application credential that still needs the secret.
#[derive(Clone, Debug)]
#[must_use = "a login does nothing until its `secret()` is set"]
pub struct ApplicationCredentialLogin {
    auth_url: String,
    id: Option<String>,
    name: Option<String>,
    user: Option<Named>,
}

impl ApplicationCredentialLogin {
    pub(super) fn new(auth_url: String) -> Self {
        Self { auth_url, id: None, name: None, user: None }
    }

    /// The id of the application credential.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The name of the application credential. It also needs its [`user`](Self::user) or
    /// [`user_id`](Self::user_id).
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The name of the user who owns the application credential, and the domain of the user.
    pub fn user(mut self, name: impl Into<String>, domain: impl Into<Domain>) -> Self {
        self.user = Some(Named::Name(name.into(), domain.into()));
        self
    }

    /// The id of the user who owns the application credential.
    pub fn user_id(mut self, id: impl Into<String>) -> Self {
        self.user = Some(Named::Id(id.into()));
        self
    }

    /// Sets the secret and completes the credential.
    #[must_use]
    pub fn secret(self, secret: impl Into<String>) -> Keystone {
        let Self { auth_url, id, name, user } = self;
        let secret = SecretString::from(secret.into());
        let credential = Credential::Application { id, name, user, secret };
        Keystone::of(Settings::new(auth_url, credential))
    }
}
