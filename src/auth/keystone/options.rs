//! The options of the OpenStack tools, by the names that they have in `clouds.yaml` and, with `OS_` before
//! them, in the environment.
//!
//! The rules are those of openstacksdk (`openstack.config.loader`) and keystoneauth: the same options make
//! the same login. What would change the login and is not offered here is an error that names it.

mod identity;
#[cfg(test)]
mod tests;

use super::Keystone;
use super::settings::{Settings, Tls, interface};
use crate::{Error, ErrorKind, Result};
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

/// The options of one cloud. Lists are separated by commas, as in the environment.
#[derive(Default)]
pub(super) struct Options {
    /// Where they come from, for messages.
    pub source: String,
    /// Whether messages name them as variables.
    pub in_environment: bool,
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

    fn require(&self, keys: &[&str], needed_by: &str) -> Result<&str> {
        self.first(keys).ok_or_else(|| self.missing(keys, needed_by))
    }

    fn missing(&self, keys: &[&str], needed_by: &str) -> Error {
        let names = keys.iter().map(|key| self.shown(key)).collect::<Vec<_>>().join(" or ");
        self.fail(format!("has no {names}, which {needed_by} needs"))
    }

    /// The name of an option as the user writes it.
    fn shown(&self, key: &str) -> String {
        if self.in_environment { format!("OS_{}", key.to_uppercase()) } else { key.to_owned() }
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
        let mut rest = self.require(&["auth_url"], "a login")?;
        let mut url = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            let value = self.require(&[name], "its auth_url")?;
            url.push_str(before);
            url.push_str(value);
            rest = after;
        }
        Ok(url + rest)
    }

    fn refuse_what_is_not_offered(&self) -> Result<()> {
        for key in ["cert", "key"] {
            if self.get(key).is_some() {
                let way = "client certificates are set on a `reqwest::Client`, see `http_client()`";
                return Err(self.fail(format!("has {}: {way}", self.shown(key))));
            }
        }
        if self.get("identity_api_version").is_some_and(|version| version.starts_with('2')) {
            let key = self.shown("identity_api_version");
            return Err(self.fail(format!("has {key} 2: only 3 is supported")));
        }
        Ok(())
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
