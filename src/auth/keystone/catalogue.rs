//! Finds a service in the catalogue, and says what is there if it does not.

use super::wire::{Address, Service};
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeSet;

pub(super) fn find(
    services: &[Service],
    kind: &str,
    region: Option<&str>,
    interface: &str,
) -> Result<String> {
    let fail = |message| Err(Error::new(ErrorKind::Configuration, message));
    if services.is_empty() {
        return fail(format!("the token has no catalogue to find the {kind} service in"));
    }
    let all: Vec<&Address> =
        services.iter().filter(|service| service.kind == kind).flat_map(|s| &s.endpoints).collect();
    if all.is_empty() {
        let kinds = list(services.iter().map(|service| service.kind.as_str()));
        return fail(format!("the catalogue has no {kind} service; it has {kinds}"));
    }
    let here: Vec<&Address> =
        all.iter().copied().filter(|address| address.interface == interface).collect();
    if here.is_empty() {
        let interfaces = list(all.iter().map(|address| address.interface.as_str()));
        return fail(format!(
            "the {kind} service has no {interface} endpoint in the catalogue; it has {interfaces}"
        ));
    }
    let regions = || list(here.iter().map(|address| address.region()));
    match region {
        Some(region) => match here.iter().find(|address| address.region() == region) {
            Some(address) => Ok(address.url.clone()),
            None => fail(format!(
                "the {kind} service has no {interface} endpoint in region {region}; it has {}",
                regions()
            )),
        },
        None if here.iter().any(|address| address.region() != here[0].region()) => fail(format!(
            "the {kind} service is in several regions, {}: choose one with region or OS_REGION_NAME",
            regions()
        )),
        None => Ok(here[0].url.clone()),
    }
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
            { "type": "image", "name": "glance", "endpoints": [
                { "interface": "public", "region_id": "north", "region": "north", "url": "https://n" },
                { "interface": "public", "region": "south", "url": "https://s" },
                { "interface": "internal", "region": "south", "url": "https://inside" },
            ] },
        ]))
        .unwrap()
    }

    #[test]
    fn the_endpoint_is_the_one_of_region_and_interface() {
        let find = |region, interface| find(&services(), "image", region, interface).unwrap();
        assert_eq!(find(Some("north"), "public"), "https://n");
        assert_eq!(find(Some("south"), "public"), "https://s");
        assert_eq!(find(None, "internal"), "https://inside");
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let message = |kind, region, interface| {
            find(&services(), kind, region, interface).unwrap_err().message().to_owned()
        };
        assert!(message("volume", None, "public").ends_with("it has identity, image"));
        assert!(message("image", None, "admin").ends_with("it has internal, public"));
        assert!(message("image", Some("west"), "public").ends_with("it has north, south"));
        assert!(message("image", None, "public").contains("several regions, north, south"));
    }
}
