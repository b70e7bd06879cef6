//! `clouds.yaml`, `secure.yaml` and `clouds-public.yaml`, as openstacksdk reads them.

use super::options::Options;
use super::yaml::Node;
use crate::auth::optional;
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Options of a cloud that have a structure of their own.
const STRUCTURED: [&str; 5] = ["auth", "regions", "region_name", "profile", "cloud"];

/// The options of a cloud of the user's files, for the region in `OS_REGION_NAME` if that is set.
pub(super) fn options(cloud: &str) -> Result<Options> {
    let file = find("OS_CLIENT_CONFIG_FILE", "clouds")?
        .ok_or_else(|| configuration("there is no clouds.yaml"))?;
    let mut clouds = load(&file)?;
    if let Some(secure) = find("OS_CLIENT_SECURE_FILE", "secure")? {
        clouds.merge(load(&secure)?);
    }
    let public = match find("OS_CLIENT_VENDOR_FILE", "clouds-public")? {
        Some(file) => load(&file)?,
        None => Node::Null,
    };
    let region = optional("OS_REGION_NAME")?;
    let mut options = Files { clouds, public, name: file.display().to_string() }
        .pick(cloud, region.as_deref())?;
    for name in ["cacert", "insecure"] {
        if let Some(value) = optional(&format!("OS_{}", name.to_uppercase()))? {
            options.rest.insert(name.to_owned(), value);
        }
    }
    Ok(options)
}

/// The contents of the files.
struct Files {
    clouds: Node,
    public: Node,
    /// The name of `clouds.yaml`, for messages.
    name: String,
}

impl Files {
    /// The options of a cloud in one of its regions.
    fn pick(&self, cloud: &str, region: Option<&str>) -> Result<Options> {
        let file = &self.name;
        let own = named(&self.clouds, "clouds", cloud).ok_or_else(|| {
            let names = names(&self.clouds, "clouds");
            configuration(format!("{file} has no cloud {cloud:?}; it has {names}"))
        })?;
        let source = format!("the cloud {cloud:?} of {file}");
        let mut options = Options { source, ..Options::default() };
        let profile = self.profile(own, &options.source)?;
        let layers = profile.iter().chain([own]);
        for layer in layers.clone() {
            add(&mut options, layer);
        }
        let regions = layers.map(regions).fold(Vec::new(), |all, own| match own.is_empty() {
            true => all,
            false => own,
        });
        choose_region(&mut options, &regions, region)?;
        Ok(options)
    }

    /// The profile that a cloud names with `profile`, or with `cloud` as it was called before.
    fn profile(&self, cloud: &Node, source: &str) -> Result<Option<Node>> {
        let name = ["profile", "cloud"].iter().find_map(|key| cloud.get(key)?.as_text());
        let Some(name) = name else { return Ok(None) };
        let known = named(&self.public, "public-clouds", name).cloned().or_else(|| built_in(name));
        known.map(Some).ok_or_else(|| {
            configuration(format!(
                "{source} has the profile {name:?}, which no clouds-public.yaml has: write its auth_url \
                 and region_name into the cloud"
            ))
        })
    }
}

/// The profiles of this crate's own clouds. Source: `openstack/config/vendors` of openstacksdk.
fn built_in(name: &str) -> Option<Node> {
    let text = match name {
        "otc" => {
            "{auth: {auth_url: 'https://iam.{region_name}.otc.t-systems.com/v3'}, \
             regions: [eu-de, eu-nl]}"
        }
        "otc-swiss" => {
            "{auth: {auth_url: 'https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3'}, \
             regions: [eu-ch2]}"
        }
        _ => return None,
    };
    Node::parse(text).ok()
}

/// An entry of a section.
fn named<'a>(file: &'a Node, section: &str, name: &str) -> Option<&'a Node> {
    file.get(section)?.get(name)
}

fn names(file: &Node, section: &str) -> String {
    let all = file.get(section).and_then(Node::as_map).into_iter().flatten();
    all.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Lays the options of a cloud, profile or region over what is there.
fn add(options: &mut Options, node: &Node) {
    for (key, value) in node.get("auth").and_then(Node::as_map).into_iter().flatten() {
        set(&mut options.auth, key, value);
    }
    for (key, value) in node.as_map().into_iter().flatten() {
        set(&mut options.rest, key, value);
    }
}

/// Sets an option, whose name has underscores or hyphens.
fn set(options: &mut BTreeMap<String, String>, key: &str, value: &Node) {
    let key = key.replace('-', "_");
    if STRUCTURED.contains(&key.as_str()) {
        return;
    }
    let text = match value {
        Node::Text(text) => text.clone(),
        Node::List(list) => list.iter().filter_map(Node::as_text).collect::<Vec<_>>().join(","),
        Node::Null => String::new(),
        Node::Map(_) => return,
    };
    options.insert(key, text);
}

/// The regions of a cloud: `regions`, a list of names or of maps with `name` and `values`; or else
/// `region_name`, one name or several.
fn regions(cloud: &Node) -> Vec<Node> {
    let region_name = cloud.get("region_name").or_else(|| cloud.get("region-name"));
    match (cloud.get("regions"), region_name) {
        (Some(Node::List(regions)), _) | (None, Some(Node::List(regions))) => regions.clone(),
        (_, Some(Node::Text(names))) => {
            names.split(',').map(|name| Node::Text(name.to_owned())).collect()
        }
        _ => Vec::new(),
    }
}

/// The region that is asked for, or else the first.
fn choose_region(options: &mut Options, regions: &[Node], wanted: Option<&str>) -> Result<()> {
    let name = |region: &'_ Node| -> Option<String> {
        region.as_text().or_else(|| region.get("name")?.as_text()).map(str::to_owned)
    };
    let chosen = match wanted {
        Some(wanted) => regions.iter().find(|region| name(region).as_deref() == Some(wanted)),
        None => regions.first(),
    };
    if chosen.is_none()
        && let Some(wanted) = wanted
        && !regions.is_empty()
    {
        let all = regions.iter().filter_map(name).collect::<Vec<_>>().join(", ");
        let source = &options.source;
        return Err(configuration(format!("{source} has no region {wanted:?}; it has {all}")));
    }
    if let Some(values) = chosen.and_then(|region| region.get("values")) {
        add(options, values);
    }
    if let Some(name) = chosen.and_then(name).or(wanted.map(str::to_owned)) {
        options.rest.insert("region_name".to_owned(), name);
    }
    Ok(())
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

fn load(path: &Path) -> Result<Node> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        configuration(format!("{name} cannot be read: {error}")).caused_by(error)
    })?;
    parse(&text, &name.to_string())
}

fn parse(text: &str, file: &str) -> Result<Node> {
    // The parser's own message may show a line of the file, and with it a password.
    Node::parse(text).map_err(|error| {
        let place =
            error.location().map(|at| format!(", line {} column {}", at.line(), at.column()));
        configuration(format!("{file} is not valid YAML{}", place.unwrap_or_default()))
    })
}

fn configuration(message: impl AsRef<str>) -> Error {
    Error::new(ErrorKind::Configuration, message.as_ref())
}

/// The cloud of two texts, each value of an option that is a secret replaced by `secret`.
#[cfg(any(fuzzing, test))]
pub(crate) fn fuzzed(
    clouds: &str,
    secure: &str,
    cloud: &str,
    secret: &str,
) -> Result<super::Keystone> {
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
    super::wire::login(&keystone.settings)?;
    Ok(keystone)
}

#[cfg(test)]
mod openstacksdk;

#[cfg(test)]
mod tests {
    use super::super::Keystone;
    use super::super::wire::login;
    use super::*;

    fn files(clouds: &str, public: &str) -> Files {
        let [clouds, public] = [clouds, public].map(|text| Node::parse(text).unwrap());
        Files { clouds, public, name: "clouds.yaml".to_owned() }
    }

    fn pick(clouds: &str, region: Option<&str>) -> Result<Keystone> {
        files(clouds, "~").pick("c", region)?.keystone()
    }

    const CLOUD: &str = "clouds: {c: {auth: {auth_url: u, user_id: i, password: 1e3}";

    #[test]
    fn secure_yaml_adds_the_password() {
        let mut files = files(
            "clouds: {otc: {auth: {auth_url: u, username: me, user-domain-name: OTC0001}, \
             region_name: eu-de, interface: publicURL}}",
            "~",
        );
        files.clouds.merge(Node::parse("clouds: {otc: {auth: {password: 12345678}}}").unwrap());
        let settings = files.pick("otc", None).unwrap().keystone().unwrap().settings;
        let user = &login(&settings).unwrap()["auth"]["identity"]["password"]["user"];
        assert_eq!(
            (&user["password"], &user["domain"]["name"]),
            (&"12345678".into(), &"OTC0001".into())
        );
        assert_eq!(settings.region.as_deref(), Some("eu-de"));
        assert_eq!(settings.interfaces, ["public"]);
    }

    #[test]
    fn unquoted_secrets_are_sent_as_they_are_written() {
        let settings = pick(&format!("{CLOUD}}}}}"), None).unwrap().settings;
        let user = &login(&settings).unwrap()["auth"]["identity"]["password"]["user"];
        assert_eq!(user["password"], "1e3");
    }

    #[test]
    fn one_region_of_several_is_chosen() {
        let clouds = format!(
            "{CLOUD}, regions: [RegionOne, {{name: RegionTwo, values: {{interface: admin}}}}]}}}}"
        );
        let settings = |region| pick(&clouds, region).map(|keystone| keystone.settings);
        assert_eq!(settings(None).unwrap().region.as_deref(), Some("RegionOne"));
        let second = settings(Some("RegionTwo")).unwrap();
        assert_eq!(second.region.as_deref(), Some("RegionTwo"));
        assert_eq!(second.interfaces, ["admin"]);
        let error = settings(Some("North")).map(|_| ()).unwrap_err();
        assert!(error.message().ends_with("it has RegionOne, RegionTwo"), "{error}");
        let listed = pick(&format!("{CLOUD}, region_name: 'A,B'}}}}"), Some("B")).unwrap();
        assert_eq!(listed.settings.region.as_deref(), Some("B"));
        let free = pick(&format!("{CLOUD}}}}}"), Some("North")).unwrap();
        assert_eq!(free.settings.region.as_deref(), Some("North"));
    }

    #[test]
    fn a_profile_is_the_base_of_a_cloud() {
        let public = "public-clouds: {my-vendor: {auth: {auth_url: 'https://{region_name}.v'}, \
                      regions: [north], interface: internal}}";
        for key in ["profile", "cloud"] {
            let clouds =
                format!("clouds: {{c: {{{key}: my-vendor, auth: {{user_id: i, password: p}}}}}}");
            let settings =
                files(&clouds, public).pick("c", None).unwrap().keystone().unwrap().settings;
            assert_eq!(settings.auth_url, "https://north.v");
            assert_eq!(settings.interfaces, ["internal"]);
            let error = files(&clouds, "~").pick("c", None).map(|_| ()).unwrap_err();
            assert!(error.message().contains("the profile \"my-vendor\""), "{error}");
        }
        let otc =
            "clouds: {c: {profile: otc, auth: {user_id: i, password: p}, region_name: eu-nl}}";
        let settings = pick(otc, None).unwrap().settings;
        assert_eq!(settings.auth_url, "https://iam.eu-nl.otc.t-systems.com/v3");
    }

    #[test]
    fn the_error_for_an_unknown_cloud_lists_those_there_are() {
        let error =
            files("clouds: {otc: {}, a-b: {}}", "~").pick("ovh", None).map(|_| ()).unwrap_err();
        assert_eq!(error.message(), "clouds.yaml has no cloud \"ovh\"; it has a-b, otc");
    }

    #[test]
    fn names_of_several_lines_or_any_length_make_a_short_line() {
        let clouds = format!("clouds: {{\"a\\nb \\e[31m\": {{}}, {}: {{}}}}", "c".repeat(1000));
        let error = files(&clouds, "~").pick("ovh", None).map(|_| ()).unwrap_err();
        assert!(error.message().contains("it has a b [31m, ccc"), "{error}");
        assert!(error.message().len() < 700);
        let clouds =
            format!("clouds: {{c: {{auth: {{auth_url: u}}, auth_type: {}}}}}", "k".repeat(10_000));
        let error = pick(&clouds, None).map(|_| ()).unwrap_err();
        assert!(error.message().contains("auth_type \"kkk") && error.message().len() < 1000);
    }
}
