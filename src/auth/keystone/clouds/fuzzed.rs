//! What the fuzz target of `clouds.yaml` calls.

use super::Files;
use super::files::parse;
use crate::Result;
use crate::auth::keystone::yaml::Node;
use crate::auth::keystone::{Keystone, wire};

/// The cloud of two texts, each value of an option that is a secret replaced by `secret`.
pub(crate) fn cloud(clouds: &str, secure: &str, cloud: &str, secret: &str) -> Result<Keystone> {
    const SECRETS: [&str; 4] = ["password", "application_credential_secret", "token", "auth_token"];
    let mut clouds = parse(clouds, "clouds.yaml")?;
    clouds.merge(parse(secure, "secure.yaml")?);
    let files = Files { clouds, public: Node::Null, name: "clouds.yaml".to_owned() };
    let mut options = files.pick(cloud, None)?;
    for (key, value) in options.auth.iter_mut().chain(&mut options.rest) {
        if SECRETS.contains(&key.as_str()) {
            secret.clone_into(value);
        }
    }
    let keystone = options.keystone()?;
    wire::login(&keystone.settings)?;
    Ok(keystone)
}
