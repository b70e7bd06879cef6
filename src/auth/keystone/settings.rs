//! What a login is made of.

use crate::client::Trust;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::PathBuf;

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
pub(super) enum Named {
    Id(String),
    Name(String, Domain),
}

#[derive(Clone)]
pub(super) enum Credential {
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

/// What a token is for.
#[derive(Clone, Debug)]
pub(super) enum Scope {
    Project(Named),
    Domain(Domain),
    /// The whole deployment, for its operators.
    System,
    /// What another user has delegated, by the id of the trust.
    Trust(String),
}

#[derive(Clone)]
pub(super) struct Settings {
    pub auth_url: String,
    pub credential: Credential,
    pub scope: Option<Scope>,
    pub region: Option<String>,
    /// In the order of preference.
    pub interfaces: Vec<String>,
    /// Addresses that replace those of the catalogue, by service type.
    pub endpoints: BTreeMap<String, String>,
    pub tls: Tls,
    pub allow_http: bool,
    pub http: Option<reqwest::Client>,
}

/// Which certificates are accepted.
#[derive(Clone, Debug, Default)]
pub(super) struct Tls {
    /// The file that `cacert` names.
    pub ca_file: Option<PathBuf>,
    /// Certificates in PEM.
    pub roots: Vec<Bytes>,
    /// `verify` or `insecure` of the options says that any certificate is accepted.
    pub insecure: bool,
    /// The user of the program has allowed that.
    pub accept_any: bool,
}

impl Tls {
    pub fn trust(&self) -> Result<Trust> {
        let fail = |message| Err(Error::new(ErrorKind::Configuration, message));
        if self.insecure && !self.accept_any {
            return fail(
                "the options of the OpenStack cloud turn off the verification of certificates (verify, \
                 insecure or OS_INSECURE): set cacert to the certificate of its authority, or call \
                 `Keystone::danger_accept_invalid_certs(true)`"
                    .to_owned(),
            );
        }
        let mut trust = Trust { accept_any: self.accept_any, roots: self.roots.clone() };
        if let Some(file) = &self.ca_file {
            match std::fs::read(file) {
                Ok(pem) => trust.roots.push(pem.into()),
                Err(error) => {
                    let name = file.display();
                    return fail(format!("cacert {name} cannot be read: {error}"));
                }
            }
        }
        Ok(trust)
    }
}

impl Settings {
    pub fn new(auth_url: String, credential: Credential) -> Self {
        Self {
            auth_url,
            credential,
            scope: None,
            region: None,
            interfaces: vec!["public".to_owned()],
            endpoints: BTreeMap::new(),
            tls: Tls::default(),
            allow_http: false,
            http: None,
        }
    }
}

/// `public` for `publicURL`, which is what version 2 of Keystone called it.
pub(super) fn interface(name: &str) -> String {
    name.trim().trim_end_matches("URL").to_owned()
}
