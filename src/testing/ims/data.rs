//! The bytes of images.

use super::Api;
use super::errors::webob;
use super::records::{own, with_image};
use crate::hex;
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::{Route, lock};
use md5::Md5;
use serde_json::Value;
use sha2::{Digest, Sha512};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "upload_image_file",
        method: "PUT",
        path: "/v2/images/{image_id}/file",
        handler: upload_image_file,
    },
    Route {
        operation: "download_image_file",
        method: "GET",
        path: "/v2/images/{image_id}/file",
        handler: download_image_file,
    },
];

const OCTETS: &str = "application/octet-stream";

fn upload_image_file(api: &Api, call: &Call<'_>) -> Outcome {
    check_media_type(call)?;
    with_image(api, call, |image| {
        own(call, image)?;
        if image.field("status") != "queued" {
            let message = format!(
                "Image status transition from {} to saving is not allowed",
                image.field("status")
            );
            return Err(webob(call.request, 409, &message));
        }
        if image.field("disk_format").is_null() || image.field("container_format").is_null() {
            let message =
                "Properties disk_format, container_format must be set prior to saving data.";
            return Err(webob(call.request, 400, message));
        }
        check_size(call)?;
        let data = &call.request.body;
        image.fields.extend(facts(data));
        if let Some(store) = call.header("x-image-meta-store") {
            image.fields.insert("stores".to_owned(), store.into());
        }
        lock(&api.data).insert(call.path("image_id").to_owned(), data.clone());
        Ok(Reply::empty(204))
    })
}

/// Data has one media type.
pub(super) fn check_media_type(call: &Call<'_>) -> Result<(), Reply> {
    if call.header("content-type") == Some(OCTETS) {
        return Ok(());
    }
    Err(webob(call.request, 415, "The server does not support this media type."))
}

/// The size that is announced has to be the one that comes.
pub(super) fn check_size(call: &Call<'_>) -> Result<(), Reply> {
    let announced = call.header("x-openstack-image-size");
    if announced.is_none_or(|size| size.parse() == Ok(call.request.body.len())) {
        return Ok(());
    }
    Err(webob(call.request, 400, "Size mismatch: the data has another size than announced."))
}

/// What the service knows of an image that has this data.
pub(super) fn facts(data: &[u8]) -> impl IntoIterator<Item = (String, Value)> + use<> {
    let facts: [(&str, Value); 5] = [
        ("status", "active".into()),
        ("size", data.len().into()),
        ("checksum", hex::encode(&Md5::digest(data)).into()),
        ("os_hash_algo", "sha512".into()),
        ("os_hash_value", hex::encode(&Sha512::digest(data)).into()),
    ];
    facts.map(|(name, value)| (name.to_owned(), value))
}

fn download_image_file(api: &Api, call: &Call<'_>) -> Outcome {
    with_image(api, call, |image| {
        if image.field("status") == "deactivated" {
            let message =
                "The requested image has been deactivated. Image data download is forbidden.";
            return Err(webob(call.request, 403, message));
        }
        let all = lock(&api.data);
        let Some(data) = all.get(call.path("image_id")) else { return Ok(Reply::empty(204)) };
        let checksum = image.field("checksum").as_str().unwrap_or_default().to_owned();
        let Some(range) = call.header("range") else {
            return Ok(Reply::bytes(200, OCTETS, data.clone()).header("content-md5", checksum));
        };
        match requested(range, data.len()) {
            Some((first, last)) => {
                let header = format!("bytes {first}-{last}/{}", data.len());
                let part = data[first..=last].to_vec();
                Ok(Reply::bytes(206, OCTETS, part).header("content-range", header))
            }
            None => Err(webob(call.request, 416, "The requested range is not satisfiable.")),
        }
    })
}

/// The first and the last byte of a range of data of this length; `None` if it has no byte.
fn requested(range: &str, length: usize) -> Option<(usize, usize)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let first: usize = first.parse().ok()?;
    let end = length.checked_sub(1)?;
    let last = if last.is_empty() { end } else { last.parse::<usize>().ok()?.min(end) };
    (first <= last).then_some((first, last))
}
