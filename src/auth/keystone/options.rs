//! The options of the OpenStack tools, by the names that they have in `clouds.yaml` and, with `OS_` before
//! them, in the environment.
//!
//! The rules are those of openstacksdk (`openstack.config.loader`) and keystoneauth: the same options make
//! the same login. What would change the login and is not offered here is an error that names it.

use super::Keystone;
use super::settings::{Credential, Domain, Named, Scope, Settings, Tls, interface};
use crate::{Error, ErrorKind, Result};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Options that a value outside of `auth` decides, even if there is one inside of it.
const OUTSIDE_FIRST: &[&str] = &[
    "domain_id",
    "domain_name",
    "user_domain_id",
    "user_domain_name",
    "project_domain_id",
    "project_domain_name",
    "token",
    "auth_token",
    "project_id",
    "project_name",
    "tenant_id",
    "tenant_name",
];

/// The domain of a user or project that names none, as the `openstack` command has it.
const DEFAULT_DOMAIN: &str = "default";

/// The options of one cloud. Lists are separated by commas, as in the environment.
#[derive(Default)]
pub(super) struct Options {
    /// Where they come from, for messages.
    pub source: String,
    pub auth: BTreeMap<String, String>,
    pub rest: BTreeMap<String, String>,
}

impl Options {
    pub fn get(&self, key: &str) -> Option<&str> {
        let (auth, rest) = (self.auth.get(key), self.rest.get(key));
        let value = if OUTSIDE_FIRST.contains(&key) { rest.or(auth) } else { auth.or(rest) };
        value.map(String::as_str).filter(|value| !value.is_empty())
    }

    fn first(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.get(key))
    }

    fn require(&self, keys: &[&str]) -> Result<&str> {
        self.first(keys).ok_or_else(|| self.fail(format!("has no {}", keys.join(" or "))))
    }

    fn fail(&self, message: impl AsRef<str>) -> Error {
        let message = format!("{} {}", self.source, message.as_ref());
        Error::new(ErrorKind::Configuration, message)
    }

    /// The login that the options make.
    pub fn keystone(&self) -> Result<Keystone> {
        self.refuse_what_is_not_offered()?;
        let mut settings = Settings::new(self.auth_url()?, self.credential()?);
        settings.scope = self.scope()?;
        settings.region = self.first(&["image_region_name", "region_name"]).map(str::to_owned);
        let interfaces = ["image_interface", "image_endpoint_type", "interface", "endpoint_type"];
        if let Some(names) = self.first(&interfaces) {
            settings.interfaces = names.split(',').map(interface).collect();
        }
        settings.endpoints = self.endpoints();
        settings.tls = Tls {
            ca_file: self.get("cacert").map(expand_home),
            insecure: self.get("insecure").is_some_and(is_true)
                || self.get("verify").is_some_and(|verify| !is_true(verify)),
            ..Tls::default()
        };
        Ok(Keystone::of(settings))
    }

    /// `https://iam.{region_name}.example.com/v3` with the values of the options that it names.
    fn auth_url(&self) -> Result<String> {
        let mut rest = self.require(&["auth_url"])?;
        let mut url = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            let value = self
                .get(name)
                .ok_or_else(|| self.fail(format!("has no {name}, which its auth_url needs")))?;
            url.push_str(before);
            url.push_str(value);
            rest = after;
        }
        Ok(url + rest)
    }

    fn credential(&self) -> Result<Credential> {
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
                let password = SecretString::from(self.require(&["password"])?);
                if user.is_none() {
                    return Err(self.fail("has no username or user_id"));
                }
                Ok(Credential::Password { user, password })
            }
            "v3applicationcredential" => {
                let secret = self.require(&["application_credential_secret"])?;
                let owned = |key| self.get(key).map(str::to_owned);
                Ok(Credential::Application {
                    id: owned("application_credential_id"),
                    name: owned("application_credential_name"),
                    user,
                    secret: SecretString::from(secret),
                })
            }
            "token" | "v3token" => {
                Ok(Credential::Token(SecretString::from(self.require(&["token", "auth_token"])?)))
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
                "it does not log in to Keystone: set the endpoint and the credential on the client"
            }
            _ => "supported are password, token and v3applicationcredential",
        };
        self.fail(format!("has the auth_type {kind:?}: {reason}"))
    }

    fn refuse_what_is_not_offered(&self) -> Result<()> {
        for key in ["cert", "key"] {
            if self.get(key).is_some() {
                let way = "client certificates are set on a reqwest::Client, see http_client()";
                return Err(self.fail(format!("has {key}: {way}")));
            }
        }
        if self.get("identity_api_version").is_some_and(|version| version.starts_with('2')) {
            return Err(self.fail(format!("has identity_api_version 2: {}", "only 3 is supported")));
        }
        Ok(())
    }

    fn scope(&self) -> Result<Option<Scope>> {
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
                return Err(self.fail(format!("has the system_scope {other:?}; there is only all")));
            }
        }
        if let Some(trust) = self.get("trust_id") {
            scopes.push(("trust_id", Scope::Trust(trust.to_owned())));
        }
        if let [(first, _), (second, _), ..] = scopes.as_slice() {
            let message = format!("has {first} and {second}, and a token is for one of them");
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

    /// `image_endpoint_override` and the like.
    fn endpoints(&self) -> BTreeMap<String, String> {
        let mut endpoints = BTreeMap::new();
        for suffix in ["_endpoint", "_endpoint_override"] {
            for (key, value) in &self.rest {
                if let Some(service) = key.strip_suffix(suffix)
                    && !value.is_empty()
                {
                    endpoints.insert(service.replace('_', "-"), value.clone());
                }
            }
        }
        endpoints
    }
}

fn is_true(text: &str) -> bool {
    ["true", "yes", "on", "1", "y", "t"].contains(&text.to_ascii_lowercase().as_str())
}

/// `~/ca.pem` in the home directory of the user.
fn expand_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => path.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::login;
    use super::*;
    use crate::auth::Authenticate;
    use serde_json::{Value, json};

    fn body(options: &[(&str, &str)]) -> Result<Value> {
        let rest = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let source = "the test".to_owned();
        let options = Options { source, rest: rest.collect(), ..Options::default() };
        login(&options.keystone()?.settings)
    }

    fn message(options: &[(&str, &str)]) -> String {
        body(options).unwrap_err().message().to_owned()
    }

    const URL: (&str, &str) = ("auth_url", "https://k/v3");

    #[test]
    fn a_password_login_names_user_and_project_by_name_and_domain() {
        let auth = body(&[
            URL,
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

    /// Else the password goes to the user of that name in the domain `Default`.
    #[test]
    fn one_domain_is_that_of_user_and_project() {
        let me = [URL, ("username", "me"), ("password", "pw"), ("domain_name", "D")];
        let auth = body(&[&me[..], &[("project_name", "p")]].concat()).unwrap();
        assert_eq!(auth["auth"]["identity"]["password"]["user"]["domain"]["name"], "D");
        assert_eq!(auth["auth"]["scope"]["project"]["domain"]["name"], "D");
        // Without a project it is what the token is for.
        let auth = body(&[&me[..], &[("user_domain_id", "U")]].concat()).unwrap();
        assert_eq!(auth["auth"]["identity"]["password"]["user"]["domain"]["id"], "U");
        assert_eq!(auth["auth"]["scope"], json!({ "domain": { "name": "D" } }));
    }

    #[test]
    fn an_application_credential_has_no_scope() {
        let auth = body(&[
            URL,
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
    fn a_token_may_be_for_the_system_or_a_trust() {
        let scope = |option| {
            let me = [URL, ("user_id", "1"), ("password", "pw"), option];
            body(&me).map(|auth| auth["auth"]["scope"].clone())
        };
        assert_eq!(scope(("system_scope", "all")).unwrap(), json!({ "system": { "all": true } }));
        assert_eq!(scope(("trust_id", "t")).unwrap(), json!({ "OS-TRUST:trust": { "id": "t" } }));
        assert!(scope(("system_scope", "some")).unwrap_err().message().contains("only all"));
        let both =
            [URL, ("user_id", "1"), ("password", "pw"), ("trust_id", "t"), ("project_id", "p")];
        assert!(message(&both).contains("has project and trust_id"));
    }

    #[test]
    fn a_token_is_a_login_of_its_own() {
        for key in ["token", "auth_token"] {
            let auth = body(&[URL, (key, "gAAA"), ("project_id", "p")]).unwrap();
            assert_eq!(auth["auth"]["identity"]["token"]["id"], "gAAA");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(message(&[]), "the test has no auth_url");
        assert_eq!(message(&[URL, ("username", "me")]), "the test has no password");
        assert_eq!(message(&[URL, ("password", "pw")]), "the test has no username or user_id");
        let url = ("auth_url", "https://iam.{region_name}.example.com");
        assert_eq!(message(&[url]), "the test has no region_name, which its auth_url needs");
    }

    #[test]
    fn what_is_not_offered_is_refused_by_name() {
        let kinds = [
            ("v3kerberos", "supported are password"),
            ("v3totp", "application credential"),
            ("v3oidcpassword", "OpenID Connect"),
            ("v2password", "version 2"),
            ("none", "endpoint"),
        ];
        for (kind, reason) in kinds {
            let message = message(&[URL, ("auth_type", kind)]);
            assert!(message.contains(kind) && message.contains(reason), "{message}");
        }
        assert!(message(&[URL, ("cert", "me.pem")]).contains("has cert"));
        assert!(message(&[URL, ("identity_api_version", "2.0")]).contains("identity_api_version"));
    }

    #[test]
    fn certificates_are_verified_unless_the_user_allows_otherwise() {
        let rest = [URL, ("user_id", "1"), ("password", "pw"), ("insecure", "true")];
        let rest = rest.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let keystone = Options { rest, ..Options::default() }.keystone().unwrap();
        let error = keystone.trust().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.message().contains("danger_accept_invalid_certs"), "{error}");
        assert!(keystone.clone().danger_accept_invalid_certs(true).trust().unwrap().accept_any);
        let mut settings = (*keystone.settings).clone();
        settings.tls = Tls { ca_file: Some("/nowhere/ca.pem".into()), ..Tls::default() };
        let error = Keystone::of(settings).trust().unwrap_err();
        assert!(error.message().contains("/nowhere/ca.pem cannot be read"), "{error}");
    }

    #[test]
    fn certificates_endpoints_and_interfaces_are_read() {
        let options = [
            URL,
            ("user_id", "1"),
            ("password", "pw"),
            ("cacert", "/etc/ca.pem"),
            ("verify", "False"),
            ("interface", "internalURL,public"),
            ("image_endpoint_override", "https://glance.example.com"),
        ];
        let rest = options.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let settings = Options { rest, ..Options::default() }.keystone().unwrap().settings;
        assert_eq!(settings.tls.ca_file.as_deref(), Some("/etc/ca.pem".as_ref()));
        assert!(settings.tls.insecure);
        assert_eq!(settings.interfaces, ["internal", "public"]);
        assert_eq!(settings.endpoints["image"], "https://glance.example.com");
    }
}
