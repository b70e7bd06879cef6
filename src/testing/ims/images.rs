//! Images: list and show.

use super::filters::Filters;
use super::imports;
use super::links::link;
use super::sorting::Order;
use super::{Api, errors::webob};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::{Route, lock};
use serde_json::{Value, json};
use std::cmp::Ordering;

const DEFAULT_LIMIT: usize = 25;
const MAX_LIMIT: usize = 1000;

pub(super) const ROUTES: &[Route<Api>] = &[
    Route { operation: "list_images", method: "GET", path: "/v2/images", handler: list_images },
    Route {
        operation: "show_image",
        method: "GET",
        path: "/v2/images/{image_id}",
        handler: show_image,
    },
];

fn list_images(api: &Api, call: &Call<'_>) -> Outcome {
    let bad_request = |message: String| webob(call.request, 400, &message);
    let limit = limit(call).map_err(bad_request)?;
    let filters = Filters::of(call).map_err(bad_request)?;
    let order = Order::of(call).map_err(bad_request)?;

    let images = lock(&api.images);
    let mut found: Vec<_> = images.iter().filter(|image| filters.admit(image)).collect();
    found.sort_unstable_by(|one, other| order.compare(one, other));
    if let Some(marker) = call.parameter("marker") {
        let marker = images
            .iter()
            .find(|image| image.field("id") == marker)
            .ok_or_else(|| bad_request(format!("No image found with ID {marker}")))?;
        found.retain(|image| order.compare(image, marker) == Ordering::Greater);
    }
    found.truncate(limit);

    // A full page has a link even if it is the last.
    let last = found.last().filter(|_| found.len() == limit);
    let next = last.and_then(|image| image.field("id").as_str());
    let mut body = json!({
        "images": found.iter().map(|image| &image.fields).collect::<Vec<_>>(),
        "first": link(call.query(), None),
        "schema": "/v2/schemas/images",
    });
    if let Some(marker) = next {
        body["next"] = link(call.query(), Some(marker)).into();
    }
    Ok(Reply::json(200, &body))
}

fn limit(call: &Call<'_>) -> Result<usize, String> {
    let Some(limit) = call.parameter("limit") else { return Ok(DEFAULT_LIMIT) };
    let limit: i64 = limit.parse().map_err(|_| "limit param must be an integer".to_owned())?;
    let limit = usize::try_from(limit).map_err(|_| "limit param must be positive".to_owned())?;
    Ok(limit.min(MAX_LIMIT))
}

fn show_image(api: &Api, call: &Call<'_>) -> Outcome {
    let id = call.path("image_id");
    imports::step(api, id);
    let images = lock(&api.images);
    let image = images.iter().find(|image| image.field("id") == id);
    let not_found = || webob(call.request, 404, &format!("No image found with ID {id}"));
    image.map(|image| Reply::json(200, &Value::Object(image.fields.clone()))).ok_or_else(not_found)
}
