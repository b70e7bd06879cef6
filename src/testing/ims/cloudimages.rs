//! The API that IMS has of its own: lists, and what starts a job.

use super::errors::ims;
use super::filters::Filters;
use super::{Api, jobs};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::{Route, lock};
use serde_json::{Value, json};
use std::cmp::Reverse;

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "list_images",
        method: "GET",
        path: "/v2/cloudimages",
        handler: list_images,
    },
    Route {
        operation: "create_image",
        method: "POST",
        path: "/v2/cloudimages/action",
        handler: create_image,
    },
    Route {
        operation: "copy_image_in_region",
        method: "POST",
        path: "/v1/cloudimages/{image_id}/copy",
        handler: copy_image_in_region,
    },
    Route {
        operation: "export_image",
        method: "POST",
        path: "/v1/cloudimages/{image_id}/file",
        handler: export_image,
    },
];

const DEFAULT_LIMIT: usize = 500;

/// As on Open Telekom Cloud: the images alone, without a hint at the next page.
fn list_images(api: &Api, call: &Call<'_>) -> Outcome {
    let refuse = |message: String| ims(400, "IMG.0144", &message);
    let limit = match call.parameter("limit").map(str::parse::<usize>) {
        None => DEFAULT_LIMIT,
        Some(Ok(limit)) if limit > 0 => limit,
        Some(_) => return Err(refuse("The parameter limit is invalid.".to_owned())),
    };
    let filters = Filters::of(call).map_err(refuse)?;
    let images = lock(&api.images);
    let mut found: Vec<_> = images.iter().filter(|image| filters.admit(image)).collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found.sort_by_cached_key(|image| {
        Reverse((text(image.field("created_at")), text(image.field("id"))))
    });
    let begin = match call.parameter("marker") {
        None => 0,
        Some(marker) => {
            let place = found.iter().position(|image| image.field("id") == marker);
            let missing = || ims(400, "IMG.0027", &format!("The image {marker} does not exist."));
            place.ok_or_else(missing)? + 1
        }
    };
    let page: Vec<_> = found.iter().skip(begin).take(limit).map(|image| &image.fields).collect();
    Ok(Reply::json(200, &json!({ "images": page })))
}

fn create_image(api: &Api, call: &Call<'_>) -> Outcome {
    let sent = body(call)?;
    let has = |name: &str| sent.get(name).is_some_and(|value| !value.is_null());
    let disks = sent["data_images"].as_array().cloned().unwrap_or_default();
    if disks.is_empty() && !has("name") {
        return Err(ims(400, "IMG.0029", "The image name is required."));
    }
    let (kind, names) = if has("instance_id") {
        ("imsCreateImageByInstance", vec![sent["name"].clone()])
    } else if !disks.is_empty() {
        let names = disks.iter().map(|disk| disk["name"].clone()).collect();
        ("imsVolumesToSysDataImagesJob", names)
    } else if has("image_url") {
        ("imsImportImageJob", vec![sent["name"].clone()])
    } else if has("volume_id") {
        ("imsVolumeCreateImageJob", vec![sent["name"].clone()])
    } else {
        return Err(ims(400, "IMG.0015", "The source of the image is missing."));
    };
    jobs::start(api, kind, names, sent["image_url"].as_str())
}

fn copy_image_in_region(api: &Api, call: &Call<'_>) -> Outcome {
    exists(api, call)?;
    jobs::start(api, "imsCopyImageInRegionJob", vec![body(call)?["name"].clone()], None)
}

fn export_image(api: &Api, call: &Call<'_>) -> Outcome {
    exists(api, call)?;
    let sent = body(call)?;
    if sent["is_quick_export"] == true && sent.get("file_format").is_some() {
        return Err(ims(400, "IMG.0029", "A quick export has no file_format."));
    }
    jobs::start(api, "imsNativeExportImageJob", Vec::new(), sent["bucket_url"].as_str())
}

fn exists(api: &Api, call: &Call<'_>) -> Result<(), Reply> {
    let id = call.path("image_id");
    if lock(&api.images).iter().any(|image| image.field("id") == id) {
        return Ok(());
    }
    Err(ims(400, "IMG.0027", &format!("The image {id} does not exist.")))
}

fn body(call: &Call<'_>) -> Result<Value, Reply> {
    serde_json::from_slice(&call.request.body)
        .map_err(|_| ims(400, "IMG.0008", "The request body is not JSON."))
}
