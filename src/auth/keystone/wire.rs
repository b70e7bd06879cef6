//! What is said to Keystone, and what it answers.

use super::{Credential, Domain, Named, Settings};
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

/// The body of a login.
pub(super) fn login(settings: &Settings) -> Result<Value> {
    let missing =
        |what| Err(Error::new(ErrorKind::Configuration, format!("the login has no {what}")));
    let mut auth = match &settings.credential {
        Credential::Password { user: None, .. } => return missing("user"),
        Credential::Password { user: Some(user), password } => {
            let mut user = named(user);
            user["password"] = password.expose_secret().into();
            json!({ "identity": { "methods": ["password"], "password": { "user": user } } })
        }
        Credential::Application { id, name, user, secret } => {
            let mut credential = match (id, name, user) {
                (Some(id), ..) => json!({ "id": id }),
                (None, Some(name), Some(user)) => json!({ "name": name, "user": named(user) }),
                (None, Some(_), None) => {
                    return missing("user, which an application credential by name needs");
                }
                (None, None, _) => return missing("application credential id or name"),
            };
            credential["secret"] = secret.expose_secret().into();
            json!({ "identity": {
                "methods": ["application_credential"], "application_credential": credential,
            } })
        }
        Credential::Token(token) => {
            json!({ "identity": { "methods": ["token"], "token": { "id": token.expose_secret() } } })
        }
    };
    // Keystone refuses a scope with an application credential, which has its project.
    if let Some(project) = &settings.project
        && !matches!(settings.credential, Credential::Application { .. })
    {
        auth["scope"] = json!({ "project": named(project) });
    }
    Ok(json!({ "auth": auth }))
}

fn named(named: &Named) -> Value {
    match named {
        Named::Id(id) => json!({ "id": id }),
        Named::Name(name, Domain::Id(id)) => json!({ "name": name, "domain": { "id": id } }),
        Named::Name(name, Domain::Name(domain)) => {
            json!({ "name": name, "domain": { "name": domain } })
        }
    }
}

impl Credential {
    pub(super) fn secret(&self) -> &SecretString {
        match self {
            Self::Password { password: secret, .. }
            | Self::Application { secret, .. }
            | Self::Token(secret) => secret,
        }
    }

    /// Whose credential it is, for messages.
    pub(super) fn whose(&self) -> String {
        let of = |user: &Option<Named>| match user {
            Some(Named::Id(name) | Named::Name(name, _)) => format!(" of user {name:?}"),
            None => String::new(),
        };
        match self {
            Self::Password { user, .. } => format!("the password{}", of(user)),
            Self::Application { id: Some(id), .. } => format!("the application credential {id}"),
            Self::Application { name, user, .. } => {
                let name = name.as_deref().unwrap_or_default();
                format!("the application credential {name:?}{}", of(user))
            }
            Self::Token(_) => "the token".to_owned(),
        }
    }
}

/// The body of the answer.
#[derive(Deserialize)]
pub(super) struct Answer {
    pub token: TokenBody,
}

#[derive(Deserialize)]
pub(super) struct TokenBody {
    #[serde(deserialize_with = "crate::types::read_time")]
    pub expires_at: DateTime<Utc>,
    #[serde(default, deserialize_with = "crate::types::read_optional_time")]
    pub issued_at: Option<DateTime<Utc>>,
    project: Option<IgnoredAny>,
    domain: Option<IgnoredAny>,
    system: Option<IgnoredAny>,
    #[serde(default)]
    pub catalog: Vec<Service>,
}

impl TokenBody {
    pub fn is_scoped(&self) -> bool {
        self.project.is_some() || self.domain.is_some() || self.system.is_some()
    }
}

/// A service of the catalogue.
#[derive(Deserialize)]
pub(super) struct Service {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub endpoints: Vec<Address>,
}

/// An address of a service.
#[derive(Deserialize)]
pub(super) struct Address {
    pub interface: String,
    pub region: Option<String>,
    pub region_id: Option<String>,
    pub url: String,
}

impl Address {
    pub fn region(&self) -> &str {
        self.region_id.as_deref().or(self.region.as_deref()).unwrap_or_default()
    }
}
