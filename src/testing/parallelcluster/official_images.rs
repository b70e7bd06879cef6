//! Official images.

use super::parameters::{bad_request, list, region};
use super::{Api, VERSION};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::Route;
use crate::testing::numbers;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[Route {
    operation: "list_official_images",
    method: "GET",
    path: "/v3/images/official",
    handler: list_official_images,
}];

/// The operating systems of release 3.16.1, and what they are called in the names of images.
const SYSTEMS: [(&str, &str); 7] = [
    ("alinux2023", "amzn2023"),
    ("ubuntu2204", "ubuntu-2204-lts"),
    ("ubuntu2404", "ubuntu-2404-lts"),
    ("rhel8", "rhel8"),
    ("rocky8", "rocky8"),
    ("rhel9", "rhel9"),
    ("rocky9", "rocky9"),
];

const ARCHITECTURES: [&str; 2] = ["x86_64", "arm64"];

fn list_official_images(api: &Api, call: &Call<'_>) -> Outcome {
    let region = region(api, call)?;
    let (os, architecture) = (call.parameter("os"), call.parameter("architecture"));
    let unknown = |value: Option<&str>, allowed: &[&str]| {
        let value = value.filter(|value| !allowed.contains(value))?;
        Some(format!("{value} is not one of {}", list(allowed)))
    };
    let problems: Vec<_> =
        [unknown(os, &SYSTEMS.map(|(os, _)| os)), unknown(architecture, &ARCHITECTURES)]
            .into_iter()
            .flatten()
            .collect();
    if !problems.is_empty() {
        return Err(bad_request(&problems.join("; ")));
    }
    let fits = |image: &Value| {
        os.is_none_or(|os| image["os"] == os)
            && architecture.is_none_or(|architecture| image["architecture"] == architecture)
    };
    let images: Vec<_> = images(region).into_iter().filter(fits).collect();
    Ok(Reply::indented(200, &json!({ "images": images })))
}

/// The image of the document's example, and those of the release.
fn images(region: &str) -> Vec<Value> {
    let mut images = vec![json!({
        "amiId": "ami-015cfeb4e0d6306b2",
        "architecture": "x86_64",
        "name": "aws-parallelcluster-3.2.1-ubuntu-2004-lts-hvm-x86_64-202202261505 2022-02-26T15-08-34.759Z",
        "os": "ubuntu2004",
        "version": "3.2.1",
    })];
    for (os, name) in SYSTEMS {
        for architecture in ARCHITECTURES {
            let name = format!("aws-parallelcluster-{VERSION}-{name}-hvm-{architecture}");
            let seed = numbers::of_text(region) ^ numbers::of_text(&name);
            images.push(json!({
                "amiId": format!("ami-{}", numbers::hex(seed, 17)),
                "architecture": architecture,
                "name": format!("{name}-202601150900 2026-01-15T09-00-00.000Z"),
                "os": os,
                "version": VERSION,
            }));
        }
    }
    images
}
