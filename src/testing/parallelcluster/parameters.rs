//! Checks of parameters, with the messages of the service.

use super::{Api, refusal};
use crate::testing::exchange::{Call, Reply};

/// The regions in which ParallelCluster works.
const REGIONS: [&str; 30] = [
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ca-central-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-west-1",
    "us-west-2",
];

pub(super) fn bad_request(problem: &str) -> Reply {
    refusal(400, &format!("Bad Request: {problem}"))
}

/// The requested region, or the server's own. An empty one counts as absent.
pub(super) fn region<'a>(api: &'a Api, call: &'a Call<'_>) -> Result<&'a str, Reply> {
    let own = api.region.as_str();
    match call.parameter("region").filter(|region| !region.is_empty()) {
        None => Ok(own),
        Some(region) if region == own || REGIONS.contains(&region) => Ok(region),
        Some(region) => Err(bad_request(&format!("invalid or unsupported region '{region}'"))),
    }
}

/// The image id in the path.
pub(super) fn image_id<'a>(call: &'a Call<'_>) -> Result<&'a str, Reply> {
    let id = call.path("imageId");
    checked_image_id(id).map(|()| id)
}

pub(super) fn checked_image_id(id: &str) -> Result<(), Reply> {
    let fits = id.len() > 1
        && id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits {
        return Ok(());
    }
    Err(bad_request(&format!("'{id}' does not match '^[a-zA-Z][a-zA-Z0-9-]+$'")))
}

/// Whether a value is one of an enum's; case counts.
pub(super) fn one_of(value: &str, allowed: &[&str]) -> Result<(), Reply> {
    if allowed.contains(&value) {
        return Ok(());
    }
    Err(bad_request(&format!("'{value}' is not one of {}", list(allowed))))
}

/// A list as Python writes it.
pub(super) fn list(values: &[&str]) -> String {
    let values: Vec<_> = values.iter().map(|value| format!("'{value}'")).collect();
    format!("[{}]", values.join(", "))
}

pub(super) fn boolean(call: &Call<'_>, name: &str) -> Result<bool, Reply> {
    match call.parameter(name) {
        None | Some("false" | "False" | "FALSE") => Ok(false),
        Some("true" | "True" | "TRUE") => Ok(true),
        Some(_) => {
            let problem = format!("Wrong type, expected 'boolean' for query parameter '{name}'");
            Err(bad_request(&problem))
        }
    }
}
