//! `clouds.yaml`, `secure.yaml` and `clouds-public.yaml`, as openstacksdk reads them.

mod files;
#[cfg(any(fuzzing, test))]
pub(crate) mod fuzzed;
#[cfg(test)]
mod openstacksdk;
#[cfg(test)]
mod tests;

use super::options::Options;
use super::yaml::Node;
use crate::auth::optional;
use crate::{Error, ErrorKind, Result};
use files::{find, load};
use std::collections::BTreeMap;

/// Options of a cloud that have a structure of their own.
const STRUCTURED: [&str; 5] = ["auth", "regions", "region_name", "profile", "cloud"];

/// The options of a cloud of the user's files, for the region in `OS_REGION_NAME` if that is set.
pub(super) fn options(cloud: &str) -> Result<Options> {
    let file = find("OS_CLIENT_CONFIG_FILE", "clouds")?.ok_or_else(|| no_file(cloud))?;
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

fn no_file(cloud: &str) -> Error {
    configuration(format!(
        "there is no clouds.yaml with the cloud {cloud:?} in the current directory, ~/.config/openstack \
         (or $XDG_CONFIG_HOME/openstack) or /etc/openstack: create one, or set OS_CLIENT_CONFIG_FILE to \
         its path"
    ))
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
    let names = all.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    if names.is_empty() { "none".to_owned() } else { names }
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

fn configuration(message: impl AsRef<str>) -> Error {
    Error::new(ErrorKind::Configuration, message.as_ref())
}
