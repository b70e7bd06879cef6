//! Settings by the names that the OpenStack tools give them, from wherever they are.

use super::{Credential, Domain, Keystone, Named};
use crate::{Error, ErrorKind, Result};
use secrecy::SecretString;

/// Gives a setting such as `auth_url`, if there is one.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Result<Option<String>>;

/// The credential that the settings make.
pub(super) fn from_lookup(source: &str, get: Lookup<'_>) -> Result<Keystone> {
    let fail = |message: String| Err(Error::new(ErrorKind::Configuration, message));
    let first = |keys: &[&str]| -> Result<Option<String>> {
        for key in keys {
            if let Some(value) = get(key)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    };
    let require = |keys: &[&str]| -> Result<String> {
        first(keys)?.ok_or_else(|| {
            let message = format!("{source} has no {}", keys.join(" or "));
            Error::new(ErrorKind::Configuration, message)
        })
    };
    let domain = |owner: &str| -> Result<Domain> {
        if let Some(id) = get(&format!("{owner}_domain_id"))? {
            return Ok(Domain::Id(id));
        }
        if let Some(name) = get(&format!("{owner}_domain_name"))? {
            return Ok(Domain::Name(name));
        }
        if let Some(name) = get("default_domain_name")? {
            return Ok(Domain::Name(name));
        }
        let id = first(&["default_domain_id", "default_domain"])?;
        Ok(Domain::Id(id.unwrap_or_else(|| "default".to_owned())))
    };
    let named = |owner: &str, ids: &[&str], names: &[&str]| -> Result<Option<Named>> {
        if let Some(id) = first(ids)? {
            return Ok(Some(Named::Id(id)));
        }
        Ok(match first(names)? {
            Some(name) => Some(Named::Name(name, domain(owner)?)),
            None => None,
        })
    };

    let url = require(&["auth_url"])?;
    let user = named("user", &["user_id"], &["username", "user_name"])?;
    let has = |key: &str| Ok::<_, Error>(get(key)?.is_some());
    let kind = match get("auth_type")? {
        Some(kind) => kind,
        None if has("application_credential_secret")? => "v3applicationcredential".to_owned(),
        None if has("password")? => "password".to_owned(),
        None if has("token")? => "token".to_owned(),
        None => "password".to_owned(),
    };
    let credential = match kind.as_str() {
        "password" | "v3password" => {
            let password = SecretString::from(require(&["password"])?);
            if user.is_none() {
                return fail(format!("{source} has no username or user_id"));
            }
            Credential::Password { user, password }
        }
        "v3applicationcredential" => {
            let secret = SecretString::from(require(&["application_credential_secret"])?);
            let id = get("application_credential_id")?;
            let name = get("application_credential_name")?;
            Credential::Application { id, name, user, secret }
        }
        "token" | "v3token" => {
            Credential::Token(SecretString::from(require(&["token", "auth_token"])?))
        }
        other => {
            return fail(format!("{source} has the auth_type {other:?}, which is not supported"));
        }
    };
    let mut keystone = Keystone::new(url, credential);
    keystone.settings.project =
        named("project", &["project_id", "tenant_id"], &["project_name", "tenant_name"])?;
    keystone.settings.region = get("region_name")?;
    if let Some(interface) = first(&["interface", "endpoint_type"])? {
        keystone = keystone.interface(interface);
    }
    Ok(keystone)
}

#[cfg(test)]
mod tests {
    use super::super::wire::login;
    use super::*;
    use serde_json::{Value, json};

    fn body(settings: &[(&str, &str)]) -> Result<Value> {
        let get = |key: &str| {
            Ok(settings.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned()))
        };
        login(&from_lookup("the test", &get)?.settings)
    }

    #[test]
    fn a_password_login_names_user_and_project_by_name_and_domain() {
        let auth = body(&[
            ("auth_url", "https://k/v3"),
            ("username", "me"),
            ("user_domain_name", "D"),
            ("password", "pw"),
            ("tenant_name", "p"),
        ]);
        let expected = json!({ "auth": {
            "identity": { "methods": ["password"], "password": { "user": {
                "name": "me", "domain": { "name": "D" }, "password": "pw" } } },
            "scope": { "project": { "name": "p", "domain": { "id": "default" } } },
        } });
        assert_eq!(auth.unwrap(), expected);
    }

    #[test]
    fn an_application_credential_has_no_scope() {
        let auth = body(&[
            ("auth_url", "https://k/v3"),
            ("application_credential_id", "app"),
            ("application_credential_secret", "s"),
            ("project_name", "left over"),
        ]);
        let expected = json!({ "auth": { "identity": {
            "methods": ["application_credential"],
            "application_credential": { "id": "app", "secret": "s" } } } });
        assert_eq!(auth.unwrap(), expected);
    }

    #[test]
    fn what_is_missing_is_named() {
        let message = |settings: &[(&str, &str)]| body(settings).unwrap_err().message().to_owned();
        assert_eq!(message(&[]), "the test has no auth_url");
        let url = ("auth_url", "https://k");
        assert_eq!(message(&[url, ("username", "me")]), "the test has no password");
        assert_eq!(message(&[url, ("password", "pw")]), "the test has no username or user_id");
        assert!(message(&[url, ("auth_type", "v3kerberos")]).contains("v3kerberos"));
    }
}
