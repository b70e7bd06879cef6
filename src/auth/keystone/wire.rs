//! The body of a login, and that of its answer.

use super::settings::{Credential, Domain, Named, Scope, Settings};
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
        Credential::Password { user: None, .. } => {
            return missing("user: call `user()` or `user_id()`");
        }
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
                    return missing(
                        "user, which an application credential by name needs: call `user()` or `user_id()`",
                    );
                }
                (None, None, _) => {
                    return missing("application credential: call `id()` or `name()`");
                }
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
    if let Some(scope) = &settings.scope
        && !matches!(settings.credential, Credential::Application { .. })
    {
        auth["scope"] = match scope {
            Scope::Project(project) => json!({ "project": named(project) }),
            Scope::Domain(domain) => json!({ "domain": by(domain) }),
            Scope::System => json!({ "system": { "all": true } }),
            Scope::Trust(id) => json!({ "OS-TRUST:trust": { "id": id } }),
        };
    }
    Ok(json!({ "auth": auth }))
}

fn named(named: &Named) -> Value {
    match named {
        Named::Id(id) => json!({ "id": id }),
        Named::Name(name, domain) => json!({ "name": name, "domain": by(domain) }),
    }
}

fn by(domain: &Domain) -> Value {
    match domain {
        Domain::Id(id) => json!({ "id": id }),
        Domain::Name(name) => json!({ "name": name }),
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
    project: Option<Project>,
    domain: Option<IgnoredAny>,
    system: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "nulls_left_out")]
    pub catalog: Vec<Service>,
}

#[derive(Deserialize)]
struct Project {
    id: Option<String>,
}

impl TokenBody {
    pub fn is_scoped(&self) -> bool {
        self.project.is_some() || self.domain.is_some() || self.system.is_some()
    }

    /// The id of the project that the token is for.
    pub fn project_id(&self) -> Option<&str> {
        self.project.as_ref()?.id.as_deref()
    }
}

/// A service of the catalogue.
#[derive(Deserialize)]
pub(super) struct Service {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    #[serde(default, deserialize_with = "nulls_left_out")]
    pub endpoints: Vec<Address>,
}

/// An address of a service.
#[derive(Deserialize)]
pub(super) struct Address {
    interface: Option<String>,
    region: Option<String>,
    region_id: Option<String>,
    url: Option<String>,
}

impl Address {
    pub fn interface(&self) -> &str {
        self.interface.as_deref().unwrap_or_default()
    }

    pub fn region(&self) -> &str {
        let id = self.region_id.as_deref().filter(|id| !id.is_empty());
        id.or(self.region.as_deref()).unwrap_or_default()
    }

    pub fn url(&self) -> &str {
        self.url.as_deref().unwrap_or_default()
    }
}

/// A list without its nulls; `null` is an empty one.
fn nulls_left_out<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list = Option::<Vec<Option<T>>>::deserialize(deserializer)?;
    Ok(list.unwrap_or_default().into_iter().flatten().collect())
}
