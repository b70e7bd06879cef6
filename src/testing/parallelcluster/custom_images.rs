//! Custom images: list, describe, delete.

use super::parameters::{bad_request, boolean, image_id, one_of, region};
use super::stacks::{Region, Stack};
use super::{Api, records, refusal};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::Route;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "list_images",
        method: "GET",
        path: "/v3/images/custom",
        handler: list_images,
    },
    Route {
        operation: "describe_image",
        method: "GET",
        path: "/v3/images/custom/{imageId}",
        handler: describe_image,
    },
    Route {
        operation: "delete_image",
        method: "DELETE",
        path: "/v3/images/custom/{imageId}",
        handler: delete_image,
    },
];

fn list_images(api: &Api, call: &Call<'_>) -> Outcome {
    let Some(status) = call.parameter("imageStatus") else {
        return Err(bad_request("Missing query parameter 'imageStatus'"));
    };
    one_of(status, &["AVAILABLE", "PENDING", "FAILED"])?;
    let region = region(api, call)?;
    let wanted: fn(&Stack) -> bool = match status {
        // The token is ignored: one response has all of them.
        "AVAILABLE" => {
            let images: Vec<_> = api.with_region(region, |held| {
                held.available.iter().map(|image| records::available(image, region)).collect()
            });
            return Ok(Reply::indented(200, &json!({ "images": images })));
        }
        "PENDING" => |stack| matches!(stack, Stack::Building(..)),
        _ => |stack| matches!(stack, Stack::Failed(_)),
    };
    // Pages are made of all stacks, and the others are removed afterwards.
    let token = call.parameter("nextToken").filter(|token| !token.is_empty());
    api.with_region(region, |held| {
        let (page, next) = held
            .page(token, api.stacks_per_page)
            .ok_or_else(|| refusal(500, "The provided NextToken is not valid"))?;
        let images: Vec<_> = page
            .iter()
            .filter(|stack| wanted(stack))
            .filter_map(|stack| records::summary(stack, region))
            .collect();
        let mut body = json!({ "images": images });
        if let Some(next) = next {
            body["nextToken"] = next.into();
        }
        Ok(Reply::indented(200, &body))
    })
}

fn describe_image(api: &Api, call: &Call<'_>) -> Outcome {
    let (id, region) = (image_id(call)?, region(api, call)?);
    api.with_region(region, |held| {
        advance(held, id);
        if let Some(image) = held.image(id) {
            return Ok(Reply::indented(200, &records::available_in_full(image, region)));
        }
        let stack = held.stack(id).ok_or_else(|| not_found(id))?;
        let described = records::build_in_full(stack, region).ok_or_else(no_image)?;
        Ok(Reply::indented(200, &described))
    })
}

/// A build becomes an image after it has been described `build_polls` times.
fn advance(held: &mut Region, id: &str) {
    match held.stack(id) {
        Some(Stack::Building(image, Some(0))) => {
            let image = image.clone();
            held.stacks.retain(|stack| stack.name() != id);
            held.available.push(image);
        }
        Some(Stack::Building(_, Some(polls))) => {
            *polls -= 1;
            let step = format!("{polls} steps to go");
            held.logs.append(id, "plain", &step);
        }
        Some(Stack::Deleting(_, 0)) => {
            held.stacks.retain(|stack| stack.name() != id);
            held.logs.remove(id);
        }
        Some(Stack::Deleting(_, polls)) => *polls -= 1,
        _ => {}
    }
}

fn delete_image(api: &Api, call: &Call<'_>) -> Outcome {
    let (id, region) = (image_id(call)?, region(api, call)?);
    boolean(call, "force")?;
    api.with_region(region, |held| {
        if let Some(image) = held.image(id).cloned() {
            held.available.retain(|image| image.id != id);
            held.logs.remove(id);
            let mut image = records::available(&image, region);
            image["imageBuildStatus"] = "DELETE_IN_PROGRESS".into();
            if let Some(fields) = image.as_object_mut() {
                fields.remove("ec2AmiInfo");
            }
            return Ok(started(image));
        }
        let stack = held.stack(id).ok_or_else(|| not_found(id))?;
        match stack {
            Stack::Building(..) => {
                let problem = "Image cannot be deleted because EC2 ImageBuilder Image has a running workflow.";
                return Err(bad_request(problem));
            }
            // The real service deletes these stacks, with the same response. Here they stay.
            Stack::Cluster(_) | Stack::Other(_) => return Err(no_image()),
            Stack::Failed(image) | Stack::Deleting(image, _) => {
                *stack = Stack::Deleting(image.clone(), api.build_polls);
            }
        }
        Ok(started(records::summary(stack, region).unwrap_or_default()))
    })
}

pub(super) fn started(image: Value) -> Reply {
    Reply::indented(202, &json!({ "image": image }))
}

fn not_found(id: &str) -> Reply {
    refusal(404, &format!("No image or stack associated with ParallelCluster image id: {id}."))
}

/// The service's response for a stack that does not belong to an image.
fn no_image() -> Reply {
    refusal(500, "No artifact directory found in image tag and cloudformation stack tag.")
}
