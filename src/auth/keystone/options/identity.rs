//! Who logs in, and what the token is for.

use super::Options;
use crate::auth::keystone::settings::{Credential, Domain, Named, Scope};
use crate::{Error, Result};
use secrecy::SecretString;

/// The domain of a user or project that names none, as the `openstack` command has it.
const DEFAULT_DOMAIN: &str = "default";

impl Options {
    pub(super) fn credential(&self) -> Result<Credential> {
        let user = self.named("user", &["user_id"], &["username", "user_name"]);
        let has = |key| self.get(key).is_some();
        let kind = match self.first(&["auth_type", "auth_plugin"]) {
            Some(kind) => kind,
            None if has("application_credential_secret") => "v3applicationcredential",
            None if !has("password") && (has("token") || has("auth_token")) => "token",
            None => "password",
        };
        match kind {
            "password" | "v3password" => {
                let password =
                    SecretString::from(self.require(&["password"], "the auth_type password")?);
                if user.is_none() {
                    return Err(self.missing(&["username", "user_id"], "the auth_type password"));
                }
                Ok(Credential::Password { user, password })
            }
            "v3applicationcredential" => {
                let secret = self.require(
                    &["application_credential_secret"],
                    "the auth_type v3applicationcredential",
                )?;
                let owned = |key| self.get(key).map(str::to_owned);
                let (id, name) = ("application_credential_id", "application_credential_name");
                if !has(id) && !has(name) {
                    return Err(self.missing(&[id, name], "the auth_type v3applicationcredential"));
                }
                if !has(id) && user.is_none() {
                    let needed_by = "an application credential that is given by name";
                    return Err(self.missing(&["username", "user_id"], needed_by));
                }
                Ok(Credential::Application {
                    id: owned(id),
                    name: owned(name),
                    user,
                    secret: SecretString::from(secret),
                })
            }
            "token" | "v3token" => {
                let token = self.require(&["token", "auth_token"], "the auth_type token")?;
                Ok(Credential::Token(SecretString::from(token)))
            }
            other => Err(self.unsupported(other)),
        }
    }

    fn unsupported(&self, kind: &str) -> Error {
        let reason = match kind {
            "v3totp" | "v3multifactor" => {
                "a one-time passcode cannot be used again when the token expires: use an \
                 application credential, or a token that `openstack token issue` gave"
            }
            _ if kind.starts_with("v3oidc")
                || ["v3websso", "v3samlpassword", "v3adfspassword"].contains(&kind) =>
            {
                "a login at an identity provider (OpenID Connect, SAML) is not supported: use an \
                 application credential, or a token that `openstack token issue` gave"
            }
            "v2password" | "v2token" => "version 2 of Keystone is not supported",
            "none" | "admin_token" | "token_endpoint" | "http_basic" => {
                "it does not log in to Keystone: pass the URL to `endpoint()` and the credential to `auth()`"
            }
            _ => "supported are password, token and v3applicationcredential",
        };
        self.fail(format!("has the {} {kind:?}: {reason}", self.shown("auth_type")))
    }

    pub(super) fn scope(&self) -> Result<Option<Scope>> {
        let mut scopes = Vec::new();
        let ids = ["project_id", "tenant_id"];
        let names = ["project_name", "tenant_name"];
        if let Some(project) = self.named("project", &ids, &names) {
            scopes.push(("project", Scope::Project(project)));
        } else if let Some(domain) = self.shared_domain() {
            // With a project it is the domain of user and project instead.
            scopes.push(("domain", Scope::Domain(domain)));
        }
        match self.get("system_scope") {
            None => {}
            Some("all") => scopes.push(("system_scope", Scope::System)),
            Some(other) => {
                let name = self.shown("system_scope");
                return Err(self.fail(format!("has the {name} {other:?}: the only value is all")));
            }
        }
        if let Some(trust) = self.get("trust_id") {
            scopes.push(("trust_id", Scope::Trust(trust.to_owned())));
        }
        if let [(first, _), (second, _), ..] = scopes.as_slice() {
            let message =
                format!("has {first} and {second}, but a token is for one of them: remove one");
            return Err(self.fail(message));
        }
        Ok(scopes.pop().map(|(_, scope)| scope))
    }

    fn named(&self, owner: &str, ids: &[&str], names: &[&str]) -> Option<Named> {
        match self.first(ids) {
            Some(id) => Some(Named::Id(id.to_owned())),
            None => Some(Named::Name(self.first(names)?.to_owned(), self.domain(owner))),
        }
    }

    /// The domain of the user or project: an id wins over a name, wherever it stands.
    fn domain(&self, owner: &str) -> Domain {
        let is_scoped =
            self.first(&["project_id", "tenant_id", "project_name", "tenant_name"]).is_some();
        let of = |kind: &str| {
            self.get(&format!("{owner}_domain_{kind}"))
                .or_else(|| self.get(&format!("domain_{kind}")).filter(|_| is_scoped))
                .or_else(|| self.get(&format!("default_domain_{kind}")))
                .map(str::to_owned)
        };
        let default = || self.get("default_domain").unwrap_or(DEFAULT_DOMAIN).to_owned();
        of("id")
            .map(Domain::Id)
            .or_else(|| of("name").map(Domain::Name))
            .unwrap_or_else(|| Domain::Id(default()))
    }

    fn shared_domain(&self) -> Option<Domain> {
        let id = self.get("domain_id").map(Domain::id);
        id.or_else(|| self.get("domain_name").map(Domain::from))
    }
}
