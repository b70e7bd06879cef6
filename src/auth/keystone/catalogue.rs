//! Finds the address of a service in the catalogue.

use super::wire::{Address, Service};
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeSet;

/// The address of a service in a region, by the first of the interfaces that it has there.
///
/// Entries without an address are skipped. What is not there is an error that lists what is.
pub(super) fn find(
    services: &[Service],
    kind: &str,
    region: Option<&str>,
    interfaces: &[String],
) -> Result<String> {
    let fail = |message: String| Err(Error::new(ErrorKind::Configuration, message));
    if services.is_empty() {
        return fail(format!(
            "the token has no catalogue with the endpoint of the {kind} service: pass the URL to `endpoint()`"
        ));
    }
    let of_kind = services.iter().filter(|service| service.kind.as_deref() == Some(kind));
    let all: Vec<&Address> = of_kind
        .flat_map(|service| &service.endpoints)
        .filter(|address| !address.url().is_empty())
        .collect();
    if all.is_empty() {
        let kinds = list(services.iter().filter_map(|service| service.kind.as_deref()));
        return fail(format!("the catalogue has no {kind} service; it has {kinds}"));
    }
    let wanted = interfaces.join(" or ");
    let rank = |address: &Address| interfaces.iter().position(|name| *name == address.interface());
    let mut here: Vec<&Address> =
        all.iter().copied().filter(|address| rank(address).is_some()).collect();
    if here.is_empty() {
        let found = list(all.iter().map(|address| address.interface()));
        return fail(format!(
            "the {kind} service has no {wanted} endpoint in the catalogue; it has {found}"
        ));
    }
    let regions = list(here.iter().map(|address| address.region()));
    match region {
        Some(region) => {
            here.retain(|address| address.region() == region);
            if here.is_empty() {
                return fail(format!(
                    "the {kind} service has no {wanted} endpoint in region {region}; it has {regions}"
                ));
            }
        }
        None if here.iter().any(|address| address.region() != here[0].region()) => {
            return fail(format!(
                "the {kind} service is in several regions, {regions}: choose one with `region()` or \
                 OS_REGION_NAME"
            ));
        }
        None => {}
    }
    let best = here.iter().min_by_key(|address| rank(address));
    Ok(best.map(|address| address.url().to_owned()).unwrap_or_default())
}

/// An address without the version and the project at its end, which catalogues give or leave out: the
/// paths of a client begin with a version.
pub(super) fn root<'a>(url: &'a str, project: Option<&str>) -> &'a str {
    let mut url = url.trim_end_matches('/');
    let is_project = |last: &str| {
        let id = last.strip_prefix("AUTH_").unwrap_or(last);
        project.is_some_and(|project| !project.is_empty() && project == id)
    };
    if let Some((base, last)) = url.rsplit_once('/')
        && is_project(last)
    {
        url = base;
    }
    match url.rsplit_once('/') {
        Some((base, last)) if is_version(last) && !base.ends_with('/') => base,
        _ => url,
    }
}

/// Whether this is `v2`, `v2.1` or the like.
fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or_default();
    number.starts_with(|first: char| first.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn services() -> Vec<Service> {
        serde_json::from_value(serde_json::json!([
            { "type": "identity", "endpoints": [] },
            { "type": null, "endpoints": null },
            { "type": "image", "name": "glance", "endpoints": [
                null,
                { "interface": "public", "region": "south", "url": null },
                { "interface": "public", "region": "south" },
                { "interface": "public", "region_id": "north", "region": "other", "url": "https://n" },
                { "interface": "public", "region_id": null, "region": "south", "url": "https://s" },
                { "interface": "internal", "region": "south", "url": "https://inside" },
            ] },
        ]))
        .unwrap()
    }

    fn find_in(region: Option<&str>, interfaces: &[&str]) -> Result<String> {
        let interfaces: Vec<String> = interfaces.iter().map(|name| (*name).to_owned()).collect();
        find(&services(), "image", region, &interfaces)
    }

    #[test]
    fn the_endpoint_is_the_one_of_region_and_interface() {
        let find = |region, interfaces| find_in(region, interfaces).unwrap();
        assert_eq!(find(Some("north"), &["public"]), "https://n");
        assert_eq!(find(Some("south"), &["public"]), "https://s");
        assert_eq!(find(None, &["internal"]), "https://inside");
        assert_eq!(find(Some("south"), &["internal", "public"]), "https://inside");
        assert_eq!(find(Some("north"), &["internal", "public"]), "https://n");
    }

    #[test]
    fn the_error_for_what_is_not_there_lists_what_is() {
        let message =
            |region, interface| find_in(region, &[interface]).unwrap_err().message().to_owned();
        assert!(message(None, "admin").ends_with("it has internal, public"));
        assert!(message(Some("west"), "public").ends_with("it has north, south"));
        assert!(message(None, "public").contains("several regions, north, south"));
        let none = find(&services(), "volume", None, &["public".to_owned()]).unwrap_err();
        assert!(none.message().ends_with("it has identity, image"), "{none}");
    }

    #[test]
    fn version_and_project_at_the_end_are_left_out() {
        let of = |url| root(url, Some("1bed"));
        assert_eq!(of("https://g/v2/1bed/"), "https://g");
        assert_eq!(of("https://g/image/v1/AUTH_1bed"), "https://g/image");
        assert_eq!(of("https://g:9292/v2.17/"), "https://g:9292");
        assert_eq!(of("https://g/vault"), "https://g/vault");
        assert_eq!(of("https://g"), "https://g");
        assert_eq!(of("https://v2"), "https://v2");
        assert_eq!(root("https://g/v2/1bed", None), "https://g/v2/1bed");
    }
}
