//! Building images.

use super::custom_images::started;
use super::image::Image;
use super::parameters::{bad_request, boolean, checked_image_id, one_of, region};
use super::stacks::Stack;
use super::{Api, VERSION, records, refusal};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::Route;
use serde::Deserialize;
use serde_json::json;

pub(super) const ROUTES: &[Route<Api>] = &[Route {
    operation: "build_image",
    method: "POST",
    path: "/v3/images/custom",
    handler: build_image,
}];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BuildRequest {
    image_configuration: Option<String>,
    image_id: Option<String>,
}

fn build_image(api: &Api, call: &Call<'_>) -> Outcome {
    let region = region(api, call)?;
    let dry_run = boolean(call, "dryrun")?;
    boolean(call, "rollbackOnFailure")?;
    if let Some(level) = call.parameter("validationFailureLevel") {
        one_of(level, &["INFO", "WARNING", "ERROR"])?;
    }
    let suppressed = suppressed_validators(call)?;
    let (id, configuration) = body(call)?;
    let exists =
        api.with_region(region, |held| held.image(&id).is_some() || held.stack(&id).is_some());
    if exists {
        return Err(refusal(409, &format!("ParallelCluster image {id} already exists.")));
    }
    if !configuration.contains(':') {
        return Err(refusal(500, "'str' object has no attribute 'get'"));
    }
    validate(&configuration, suppressed.iter().any(|name| name == "ALL"))?;
    if dry_run {
        return Err(refusal(412, "Request would have succeeded, but DryRun flag is set."));
    }
    api.with_region(region, |held| {
        let number = held.available.len() + held.stacks.len();
        let stack = Stack::Building(Image::new(id, VERSION, number), Some(api.build_polls));
        let summary = records::summary(&stack, region).unwrap_or_default();
        held.stacks.push(stack);
        Ok(started(summary))
    })
}

/// Repeated or in one value with commas between them.
fn suppressed_validators(call: &Call<'_>) -> Result<Vec<String>, Reply> {
    let values = call.query().iter().filter(|(name, _)| name == "suppressValidators");
    let names: Vec<_> = values.flat_map(|(_, value)| value.split(',')).map(str::to_owned).collect();
    for name in &names {
        let of_type = name.strip_prefix("type:").is_some_and(|name| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if name != "ALL" && !of_type {
            let problem = format!("'{name}' does not match '^(ALL|type:[A-Za-z0-9]+)$'");
            return Err(bad_request(&problem));
        }
    }
    Ok(names)
}

/// The id and the configuration.
fn body(call: &Call<'_>) -> Result<(String, String), Reply> {
    let media = call.header("content-type").unwrap_or_default();
    if !media.starts_with("application/json") {
        let problem = format!("Invalid Content-type ({media}), expected JSON data");
        return Err(refusal(415, &problem));
    }
    if call.request.body.is_empty() {
        return Err(bad_request("request body is required"));
    }
    let request: BuildRequest = serde_json::from_slice(&call.request.body)
        .map_err(|error| bad_request(&format!("Request body is not valid: {error}")))?;
    let missing = |name| bad_request(&format!("'{name}' is a required property"));
    let configuration = request.image_configuration.ok_or_else(|| missing("imageConfiguration"))?;
    let id = request.image_id.ok_or_else(|| missing("imageId"))?;
    checked_image_id(&id)?;
    if configuration.trim().is_empty() {
        return Err(bad_request("configuration is required and cannot be empty"));
    }
    Ok((id, configuration))
}

/// The two most frequent mistakes: the parent image is missing or does not exist.
fn validate(configuration: &str, suppressed: bool) -> Result<(), Reply> {
    let parent = configuration.lines().find_map(|line| line.trim().strip_prefix("ParentImage:"));
    let Some(parent) = parent.map(|parent| parent.trim().trim_matches(['"', '\''])) else {
        let problem = "[('Build', {'ParentImage': ['Missing data for required field.']})]";
        let message = "Invalid image configuration.";
        return Err(invalid(message, "ImageSchemaValidator", problem));
    };
    let is_image = parent.starts_with("arn:")
        || parent.strip_prefix("ami-").is_some_and(|digits| {
            matches!(digits.len(), 8 | 17) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        });
    if is_image || suppressed {
        return Ok(());
    }
    let problem = format!("Invalid image '{parent}'.");
    Err(invalid("Configuration is invalid", "InstanceTypeBaseAMICompatibleValidator", &problem))
}

fn invalid(message: &str, validator: &str, problem: &str) -> Reply {
    let error = json!({ "level": "ERROR", "message": problem, "type": validator });
    Reply::json(400, &json!({ "configurationValidationErrors": [error], "message": message }))
}
