//! Tags, one at a time.

use super::Api;
use super::errors::webob;
use super::records::{own, with_image};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::Route;
use serde_json::Value;

const PATH: &str = "/v2/images/{image_id}/tags/{tag}";

pub(super) const ROUTES: &[Route<Api>] = &[
    Route { operation: "add_image_tag", method: "PUT", path: PATH, handler: add_image_tag },
    Route {
        operation: "delete_image_tag",
        method: "DELETE",
        path: PATH,
        handler: delete_image_tag,
    },
];

fn add_image_tag(api: &Api, call: &Call<'_>) -> Outcome {
    tags(api, call, |tags, tag| {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
        true
    })
}

fn delete_image_tag(api: &Api, call: &Call<'_>) -> Outcome {
    tags(api, call, |tags, tag| {
        let before = tags.len();
        tags.retain(|other| *other != tag);
        tags.len() < before
    })
}

/// Changes the tags; `false` stands for a tag that is not there.
fn tags(api: &Api, call: &Call<'_>, change: fn(&mut Vec<Value>, Value) -> bool) -> Outcome {
    with_image(api, call, |image| {
        own(call, image)?;
        let tags = image.fields.entry("tags").or_insert_with(|| Value::Array(Vec::new()));
        let tag = call.path("tag");
        match tags.as_array_mut().is_some_and(|tags| change(tags, tag.into())) {
            true => Ok(Reply::empty(204)),
            false => Err(webob(call.request, 404, &format!("Could not find tag {tag}"))),
        }
    })
}
