//! What is the same in all documents: the names of what they have in common, and what is never repeated.

use serde_json::Value;
use std::path::Path;

/// The clouds whose operations are named by this crate.
const CLOUDS: [&str; 7] =
    ["computing", "digitalocean", "hetzner", "hyperstack", "lambda", "linode", "vultr"];

fn document(api: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("specs/{api}.yaml"));
    yaml_serde::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The operations with their methods and paths.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "delete", "patch", "head"] {
            found.extend(item.get(method).map(|operation| (method, path.as_str(), operation)));
        }
    }
    found
}

fn name(operation: &Value) -> &str {
    operation["x-name"].as_str().or(operation["operationId"].as_str()).unwrap()
}

#[test]
fn every_api_lists_its_images_as_a_stream() {
    for api in crate::places::apis() {
        let document = document(&api);
        // A part of another API has no client of its own, and the actions of AWS are named by AWS.
        if document.get("x-module").is_some() || document.get("x-protocol").is_some() {
            continue;
        }
        let found = operations(&document);
        let list = found.iter().find(|(_, _, operation)| name(operation) == "ListImages");
        let (method, _, list) = list.unwrap_or_else(|| panic!("{api} has no ListImages"));
        assert_eq!((*method, &list["tags"][0]), ("get", &"Image Operations".into()), "{api}");
        assert!(list.get("x-pagination").is_some(), "{api}: ListImages has no items()");
    }
}

#[test]
fn what_clouds_do_with_images_has_one_name() {
    for cloud in CLOUDS {
        let document = document(cloud);
        let found = operations(&document);
        let list = found.iter().find(|(_, _, operation)| name(operation) == "ListImages").unwrap();
        let one = format!("{}/{{", list.1);
        for (method, path, operation) in &found {
            let is_one = path
                .strip_prefix(&one)
                .is_some_and(|rest| rest.ends_with('}') && !rest.contains('/'));
            let expected = match *method {
                "post" if path == &list.1 => "CreateImage",
                "get" if is_one => "ShowImage",
                "delete" if is_one => "DeleteImage",
                "put" | "patch" if is_one => "UpdateImage",
                _ => continue,
            };
            assert_eq!(name(operation), expected, "{cloud}: {method} {path}");
            assert_eq!(operation["tags"][0], "Image Operations", "{cloud}: {expected}");
        }
        // Every list is a stream, also one of other things than images.
        for (_, path, operation) in &found {
            let is_list = name(operation).starts_with("List");
            // The vendor does not say what it answers.
            if is_list && name(operation) != "ListSnapshotEvents" {
                assert!(operation.get("x-pagination").is_some(), "{cloud}: {path} has no items()");
            }
        }
    }
}

#[test]
fn a_get_that_changes_state_is_never_repeated() {
    let mut found = Vec::new();
    for api in crate::places::apis() {
        for (method, path, operation) in operations(&document(&api)) {
            let verb = path.rsplit('/').next().unwrap();
            let changes =
                ["start", "stop", "reboot", "restart", "reset", "shutdown"].contains(&verb);
            if method == "get" && changes {
                assert_eq!(operation["x-retry"]["idempotent"], false, "{api}: {path}");
                let statuses = operation["x-retry"]["statuses"].as_array().unwrap();
                assert!(statuses.iter().all(|status| *status == 429), "{api}: {path}");
                found.push(name(operation).to_owned());
            }
        }
    }
    found.sort();
    assert_eq!(found, ["RebootInstance", "StartInstance", "StopInstance"]);
}

#[test]
fn known_limits_are_in_the_documents() {
    let quota =
        |node: &Value| (node["x-quota"]["calls"].as_u64(), node["x-quota"]["seconds"].as_u64());
    assert_eq!(quota(&document("lambda")), (Some(1), Some(1)));
    let linode = document("linode");
    let operations = operations(&linode);
    let limited: Vec<_> = operations
        .iter()
        .filter(|(_, _, operation)| operation.get("x-quota").is_some())
        .map(|(_, _, operation)| (name(operation), quota(operation)))
        .collect();
    assert_eq!(limited, [("ListImages", (Some(20), Some(60)))]);
}
