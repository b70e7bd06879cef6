//! Making, changing and deleting the records of images.

use super::errors::webob;
use super::image::Image;
use super::{Api, PROJECT};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::numbers;
use crate::testing::server::{Route, lock};
use chrono::{SecondsFormat, Utc};
use serde_json::{Map, Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route { operation: "create_image", method: "POST", path: "/v2/images", handler: create_image },
    Route {
        operation: "update_image",
        method: "PATCH",
        path: "/v2/images/{image_id}",
        handler: update_image,
    },
    Route {
        operation: "delete_image",
        method: "DELETE",
        path: "/v2/images/{image_id}",
        handler: delete_image,
    },
    Route {
        operation: "deactivate_image",
        method: "POST",
        path: "/v2/images/{image_id}/actions/deactivate",
        handler: deactivate_image,
    },
    Route {
        operation: "reactivate_image",
        method: "POST",
        path: "/v2/images/{image_id}/actions/reactivate",
        handler: reactivate_image,
    },
];

/// What only the service writes.
const READ_ONLY: [&str; 12] = [
    "status",
    "size",
    "virtual_size",
    "checksum",
    "os_hash_algo",
    "os_hash_value",
    "created_at",
    "updated_at",
    "self",
    "file",
    "schema",
    "id",
];
const BASE: [&str; 10] = [
    "name",
    "visibility",
    "owner",
    "container_format",
    "disk_format",
    "min_disk",
    "min_ram",
    "protected",
    "os_hidden",
    "tags",
];
const MOST: usize = 128;

pub(super) fn now() -> Value {
    Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true).into()
}

/// Runs something on an image that this project can see.
pub(super) fn with_image<T>(
    api: &Api,
    call: &Call<'_>,
    run: impl FnOnce(&mut Image) -> Result<T, Reply>,
) -> Result<T, Reply> {
    let id = call.path("image_id");
    let mut images = lock(&api.images);
    match images.iter_mut().find(|image| image.field("id") == id) {
        Some(image) => run(image),
        None => Err(webob(call.request, 404, &format!("No image found with ID {id}"))),
    }
}

/// Refuses a change of an image that belongs to another project.
pub(super) fn own(call: &Call<'_>, image: &Image) -> Result<(), Reply> {
    if image.field("owner") == PROJECT {
        return Ok(());
    }
    Err(webob(call.request, 403, "You are not authorized to complete this action."))
}

fn create_image(api: &Api, call: &Call<'_>) -> Outcome {
    let bad_request = |message: &str| webob(call.request, 400, message);
    let sent: Map<String, Value> = serde_json::from_slice(&call.request.body)
        .map_err(|_| bad_request("JSON could not be parsed"))?;
    if let Some(name) = sent.keys().find(|name| READ_ONLY.contains(&name.as_str()) && *name != "id")
    {
        let message = format!("Attribute '{name}' is read-only.");
        return Err(webob(call.request, 403, &message));
    }
    let mut images = lock(&api.images);
    let id = match sent.get("id").and_then(Value::as_str) {
        Some(id) => id.to_owned(),
        None => numbers::uuid(1 << 40 | images.len() as u64 | api.next() << 20),
    };
    if images.iter().any(|image| image.field("id") == id.as_str()) {
        let message = format!("Image ID {id} already exists!");
        return Err(webob(call.request, 409, &message));
    }
    let mut fields = json!({
        "id": id, "name": null, "status": "queued", "visibility": "shared", "owner": PROJECT,
        "protected": false, "os_hidden": false, "disk_format": null, "container_format": null,
        "min_ram": 0, "min_disk": 0, "size": null, "virtual_size": null, "checksum": null,
        "os_hash_algo": null, "os_hash_value": null, "created_at": now(), "updated_at": now(),
        "tags": [], "self": format!("/v2/images/{id}"), "file": format!("/v2/images/{id}/file"),
        "schema": "/v2/schemas/image",
    })
    .as_object()
    .cloned()
    .unwrap_or_default();
    for (name, value) in sent {
        check(call, &name, &value)?;
        fields.insert(name, value);
    }
    images.push(Image { fields: fields.clone(), member_status: None });
    let location = format!("/v2/images/{id}");
    Ok(Reply::json(201, &fields.into()).header("location", location))
}

fn check(call: &Call<'_>, name: &str, value: &Value) -> Result<(), Reply> {
    if !BASE.contains(&name) && name != "id" && !value.is_string() {
        let message = format!(
            "Provided object does not match schema 'image': {value} is not of type 'string'"
        );
        return Err(webob(call.request, 400, &message));
    }
    if name == "visibility" && value == "public" {
        let message = "You are not authorized to complete publicize_image action.";
        return Err(webob(call.request, 403, message));
    }
    if name == "tags" && value.as_array().is_some_and(|tags| tags.len() > MOST) {
        return Err(webob(
            call.request,
            413,
            "The limit has been exceeded on the number of allowed image tags.",
        ));
    }
    Ok(())
}

fn update_image(api: &Api, call: &Call<'_>) -> Outcome {
    let media = call.header("content-type").unwrap_or_default();
    if !media.starts_with("application/openstack-images-v2.") {
        return Err(webob(call.request, 415, "The server does not support this media type."));
    }
    let bad_request = |message: &str| webob(call.request, 400, message);
    let changes: Vec<Map<String, Value>> = serde_json::from_slice(&call.request.body)
        .map_err(|_| bad_request("Request body must be a JSON array of operation objects."))?;
    with_image(api, call, |image| {
        own(call, image)?;
        let mut fields = image.fields.clone();
        for change in &changes {
            apply(call, &mut fields, change)?;
        }
        if !changes.is_empty() {
            fields.insert("updated_at".to_owned(), now());
        }
        image.fields = fields;
        Ok(Reply::json(200, &Value::Object(image.fields.clone())))
    })
}

fn apply(
    call: &Call<'_>,
    fields: &mut Map<String, Value>,
    change: &Map<String, Value>,
) -> Result<(), Reply> {
    let refuse = |code, message: &str| Err(webob(call.request, code, message));
    let text = |key: &str| change.get(key).and_then(Value::as_str).unwrap_or_default();
    let Some(name) = text("path").strip_prefix('/') else {
        return refuse(400, "Pointer does not start with \"/\".");
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    if READ_ONLY.contains(&name.as_str()) {
        return refuse(403, &format!("Attribute '{name}' is read-only."));
    }
    match (text("op"), change.get("value")) {
        ("remove", _) if BASE.contains(&name.as_str()) => {
            return refuse(403, &format!("Property {name} may not be removed."));
        }
        ("remove" | "replace", _) if !fields.contains_key(&name) => {
            return refuse(409, &format!("Property {name} does not exist."));
        }
        ("remove", _) => {
            fields.remove(&name);
        }
        ("add" | "replace", Some(value)) => {
            check(call, &name, value)?;
            fields.insert(name, value.clone());
        }
        _ => return refuse(400, "Operation is not add, replace or remove."),
    }
    Ok(())
}

fn delete_image(api: &Api, call: &Call<'_>) -> Outcome {
    with_image(api, call, |image| {
        own(call, image)?;
        if image.field("protected") == true {
            let message =
                format!("Image {} is protected and cannot be deleted.", call.path("image_id"));
            return Err(webob(call.request, 403, &message));
        }
        Ok(())
    })?;
    lock(&api.images).retain(|image| image.field("id") != call.path("image_id"));
    lock(&api.data).remove(call.path("image_id"));
    lock(&api.members).retain(|(image, _), _| image != call.path("image_id"));
    Ok(Reply::empty(204))
}

fn deactivate_image(api: &Api, call: &Call<'_>) -> Outcome {
    switch(api, call, "active", "deactivated")
}

fn reactivate_image(api: &Api, call: &Call<'_>) -> Outcome {
    switch(api, call, "deactivated", "active")
}

fn switch(api: &Api, call: &Call<'_>, from: &str, to: &str) -> Outcome {
    with_image(api, call, |image| {
        own(call, image)?;
        let status = image.field("status");
        if status != from && status != to {
            let message = format!("Not allowed to change an image that is {status} to {to}.");
            return Err(webob(call.request, 403, &message));
        }
        image.fields.insert("status".to_owned(), to.into());
        Ok(Reply::empty(204))
    })
}
