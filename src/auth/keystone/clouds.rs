//! `clouds.yaml` and `secure.yaml`.

use super::settings::from_lookup;
use super::{Keystone, optional};
use crate::{Error, ErrorKind, Result};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// The credential of a cloud.
pub(super) fn read(cloud: &str) -> Result<Keystone> {
    let file = find("OS_CLIENT_CONFIG_FILE", "clouds")?
        .ok_or_else(|| configuration("there is no clouds.yaml".to_owned()))?;
    let mut clouds = load(&file)?;
    if let Some(secure) = find("OS_CLIENT_SECURE_FILE", "secure")? {
        merge(&mut clouds, load(&secure)?);
    }
    pick(&clouds, cloud, &file.display().to_string())
}

fn pick(clouds: &Value, cloud: &str, file: &str) -> Result<Keystone> {
    let empty = Map::new();
    let all = clouds["clouds"].as_object().unwrap_or(&empty);
    let Some(entry) = all.get(cloud) else {
        let names = all.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        return Err(configuration(format!("{file} has no cloud {cloud:?}; it has {names}")));
    };
    from_lookup(&format!("the cloud {cloud:?} of {file}"), &|key| {
        let value = entry["auth"].get(key).or_else(|| entry.get(key));
        Ok(match value {
            Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
            // An unquoted project id or password may look like a number.
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        })
    })
}

/// The file that a variable names, or else the first in the places where the OpenStack tools look.
fn find(variable: &str, stem: &str) -> Result<Option<PathBuf>> {
    if let Some(path) = optional(variable)? {
        return Ok(Some(path.into()));
    }
    let config = match (optional("XDG_CONFIG_HOME")?, optional("HOME")?) {
        (Some(config), _) => Some(PathBuf::from(config)),
        (None, Some(home)) => Some(Path::new(&home).join(".config")),
        (None, None) => None,
    };
    let directories = [
        Some(PathBuf::from(".")),
        config.map(|config| config.join("openstack")),
        Some(PathBuf::from("/etc/openstack")),
    ];
    Ok(directories
        .into_iter()
        .flatten()
        .flat_map(|directory| {
            ["yaml", "yml", "json"].map(|extension| directory.join(format!("{stem}.{extension}")))
        })
        .find(|path| path.is_file()))
}

fn load(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        configuration(format!("{} cannot be read: {error}", path.display())).caused_by(error)
    })?;
    parse(&text, &path.display().to_string())
}

fn parse(text: &str, file: &str) -> Result<Value> {
    // The parser's own message may show a line of the file, and with it a password.
    yaml_serde::from_str(text).map_err(|_| configuration(format!("{file} is no valid YAML")))
}

/// Lays one document over another.
fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over,
    }
}

/// The names in the file may be of any length, and of several lines.
fn configuration(message: String) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

/// The cloud of two texts, each value of a setting that is a secret replaced by `secret`.
#[cfg(any(fuzzing, test))]
pub(crate) fn fuzzed(clouds: &str, secure: &str, cloud: &str, secret: &str) -> Result<Keystone> {
    let mut clouds = parse(clouds, "clouds.yaml")?;
    merge(&mut clouds, parse(secure, "secure.yaml")?);
    replace_secrets(&mut clouds, secret);
    let keystone = pick(&clouds, cloud, "clouds.yaml")?;
    super::wire::login(&keystone.settings)?;
    Ok(keystone)
}

#[cfg(any(fuzzing, test))]
fn replace_secrets(value: &mut Value, secret: &str) {
    const SECRETS: [&str; 4] = ["password", "application_credential_secret", "token", "auth_token"];
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                match value {
                    Value::String(text) if SECRETS.contains(&name.as_str()) => {
                        secret.clone_into(text)
                    }
                    value => replace_secrets(value, secret),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| replace_secrets(value, secret)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::login;
    use super::*;

    const CLOUDS: &str = "
clouds:
  otc:
    auth:
      auth_url: https://iam.eu-de.otc.t-systems.com/v3
      username: me
      user_domain_name: OTC00000000001000000001
      project_name: eu-de
      project_domain_name: OTC00000000001000000001
    region_name: eu-de
    interface: publicURL
";

    #[test]
    fn secure_yaml_adds_the_password() {
        let mut clouds: Value = yaml_serde::from_str(CLOUDS).unwrap();
        let secure = "clouds: {otc: {auth: {password: 12345678}}}";
        merge(&mut clouds, yaml_serde::from_str(secure).unwrap());
        let keystone = pick(&clouds, "otc", "clouds.yaml").unwrap();
        let auth = login(&keystone.settings).unwrap();
        let user = &auth["auth"]["identity"]["password"]["user"];
        assert_eq!(user["password"], "12345678");
        assert_eq!(user["domain"]["name"], "OTC00000000001000000001");
        assert_eq!(keystone.settings.region.as_deref(), Some("eu-de"));
        assert_eq!(keystone.settings.interface, "public");
    }

    #[test]
    fn an_unknown_cloud_is_told_with_those_there_are() {
        let clouds: Value = yaml_serde::from_str(CLOUDS).unwrap();
        let error = pick(&clouds, "ovh", "clouds.yaml").unwrap_err();
        assert_eq!(error.message(), "clouds.yaml has no cloud \"ovh\"; it has otc");
    }

    #[test]
    fn names_of_several_lines_or_any_length_make_a_short_line() {
        let names = format!("clouds: {{\"a\\nb \\e[31m\": {{}}, {}: {{}}}}", "c".repeat(1000));
        let clouds: Value = yaml_serde::from_str(&names).unwrap();
        let error = pick(&clouds, "ovh", "clouds.yaml").unwrap_err();
        assert!(error.message().contains("it has a b [31m, ccc"), "{error}");
        assert!(error.message().len() < 700);
        let kind =
            format!("clouds: {{a: {{auth: {{auth_url: u}}, auth_type: {}}}}}", "k".repeat(10_000));
        let clouds: Value = yaml_serde::from_str(&kind).unwrap();
        let error = pick(&clouds, "a", "clouds.yaml").unwrap_err();
        assert!(error.message().contains("auth_type \"kkk") && error.message().len() < 1000);
    }
}
