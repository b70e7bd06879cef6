//! Imports, stores and the tasks of images.
//!
//! Time is counted in looks: each time that an image is shown, its import goes one step further.

use super::errors::webob;
use super::records::{own, with_image};
use super::{Api, PROJECT, data};
use crate::testing::exchange::{Call, Outcome, Reply};
use crate::testing::imitation::{Route, lock};
use crate::testing::numbers;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "stage_image_file",
        method: "PUT",
        path: "/v2/images/{image_id}/stage",
        handler: stage_image_file,
    },
    Route {
        operation: "import_image",
        method: "POST",
        path: "/v2/images/{image_id}/import",
        handler: import_image,
    },
    Route {
        operation: "show_import_info",
        method: "GET",
        path: "/v2/info/import",
        handler: show_import_info,
    },
    Route {
        operation: "list_stores",
        method: "GET",
        path: "/v2/info/stores",
        handler: list_stores,
    },
    Route {
        operation: "list_image_tasks",
        method: "GET",
        path: "/v2/images/{image_id}/tasks",
        handler: list_image_tasks,
    },
];

/// The stores: the default one, another one, and one that nothing can be written to.
const STORES: [&str; 3] = ["fast", "cheap", "web"];
const READ_ONLY: &str = "web";
const METHODS: [&str; 3] = ["glance-direct", "web-download", "copy-image"];

/// An import at work.
pub(super) struct Import {
    task: Value,
    /// What the source gives, unless it fails.
    data: Option<Vec<u8>>,
    /// A copy leaves the status of the image alone.
    is_copy: bool,
    stores: Vec<String>,
    /// Whether each store has to succeed.
    all: bool,
    looks: u8,
}

/// As Glance writes the times of tasks: without a zone.
fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true).trim_end_matches('Z').to_owned()
}

fn stage_image_file(api: &Api, call: &Call<'_>) -> Outcome {
    data::check_media_type(call)?;
    with_image(api, call, |image| {
        own(call, image)?;
        if image.field("status") != "queued" {
            let message = format!(
                "Image status transition from {} to uploading is not allowed",
                image.field("status")
            );
            return Err(webob(call.request, 409, &message));
        }
        data::check_size(call)?;
        image.fields.insert("status".to_owned(), "uploading".into());
        lock(&api.staged).insert(call.path("image_id").to_owned(), call.request.body.clone());
        Ok(Reply::empty(204))
    })
}

fn show_import_info(_: &Api, _: &Call<'_>) -> Outcome {
    let methods = json!({
        "description": "Import methods available.", "type": "array", "value": METHODS,
    });
    Ok(Reply::json(200, &json!({ "import-methods": methods })))
}

fn list_stores(_: &Api, _: &Call<'_>) -> Outcome {
    let stores = STORES.map(|name| {
        let mut store = json!({ "id": name, "description": format!("the store {name}") });
        if name == STORES[0] {
            store["default"] = "true".into();
        }
        if name == READ_ONLY {
            store["read-only"] = "true".into();
        }
        store
    });
    Ok(Reply::json(200, &json!({ "stores": stores })))
}

fn list_image_tasks(api: &Api, call: &Call<'_>) -> Outcome {
    with_image(api, call, |_| Ok(()))?;
    let (tasks, imports) = (lock(&api.tasks), lock(&api.imports));
    let id = call.path("image_id");
    let done = tasks.iter().filter(|task| task["image_id"] == id);
    let running = imports.get(id).map(|import| &import.task);
    let all: Vec<&Value> = done.chain(running).collect();
    Ok(Reply::json(200, &json!({ "tasks": all })))
}

fn import_image(api: &Api, call: &Call<'_>) -> Outcome {
    let refuse = |code, message: &str| Err(webob(call.request, code, message));
    let sent: Value = serde_json::from_slice(&call.request.body).unwrap_or_default();
    let method = sent["method"]["name"].as_str().unwrap_or_default().to_owned();
    if !METHODS.contains(&method.as_str()) {
        return refuse(400, &format!("Unknown import method name '{method}'."));
    }
    if method == "web-download" && !sent["method"]["uri"].is_string() {
        return refuse(400, "URI is required for the method 'web-download'.");
    }
    let named = |name: &Value| name.as_str().unwrap_or_default().to_owned();
    let mut stores: Vec<String> =
        sent["stores"].as_array().into_iter().flatten().map(named).collect();
    stores.extend(call.header("x-image-meta-store").map(str::to_owned));
    if sent["all_stores"] == true {
        if !stores.is_empty() {
            return refuse(
                400,
                "all_stores parameter can't be used with x-image-meta-store header or stores",
            );
        }
        let writable = STORES.iter().filter(|name| **name != READ_ONLY);
        stores = writable.map(|name| (*name).to_owned()).collect();
    }
    if let Some(unknown) = stores.iter().find(|name| !STORES.contains(&name.as_str())) {
        return refuse(409, &format!("Unknown store {unknown}"));
    }
    if stores.is_empty() {
        stores.push(STORES[0].to_owned());
    }
    with_image(api, call, |image| {
        own(call, image)?;
        let refuse = |code, message: String| Err(webob(call.request, code, &message));
        let id = call.path("image_id");
        if lock(&api.imports).contains_key(id) {
            return refuse(409, "Image has active task".to_owned());
        }
        if image.field("disk_format").is_null() || image.field("container_format").is_null() {
            let message = "'disk_format' and 'container_format' needs to be set before import";
            return refuse(409, message.to_owned());
        }
        let (wanted, data) = match method.as_str() {
            "glance-direct" => ("uploading", lock(&api.staged).remove(id)),
            "copy-image" => ("active", lock(&api.data).get(id).cloned()),
            _ => ("queued", downloaded(sent["method"]["uri"].as_str().unwrap_or_default())),
        };
        if image.field("status") != wanted {
            return refuse(
                409,
                format!("Image needs to be in {wanted} state to use {method} method"),
            );
        }
        let is_copy = method == "copy-image";
        if is_copy {
            let has = image.field("stores").as_str().unwrap_or(STORES[0]).to_owned();
            stores.retain(|store| !has.split(',').any(|has| has == store));
        }
        if stores.is_empty() {
            return Ok(Reply::new(202, "text/html; charset=UTF-8", String::new()));
        }
        let task = numbers::uuid(1 << 50 | api.next());
        image.fields.insert("os_glance_import_task".to_owned(), task.clone().into());
        let (now, input) = (time(Utc::now()), json!({ "image_id": id, "import_req": sent }));
        let task = json!({
            "id": task, "type": "api_image_import", "status": "processing", "owner": PROJECT,
            "image_id": id, "input": input, "message": "", "result": null, "expires_at": null,
            "created_at": now, "updated_at": now, "deleted": false, "deleted_at": null,
        });
        let all = sent["all_stores_must_succeed"] != false;
        let import = Import { task, data, is_copy, stores: stores.clone(), all, looks: 0 };
        lock(&api.imports).insert(id.to_owned(), import);
        Ok(Reply::new(202, "text/html; charset=UTF-8", String::new()))
    })
}

/// `.../blob/1000` stands for a thousand bytes; no other address answers.
fn downloaded(uri: &str) -> Option<Vec<u8>> {
    let size = uri.rsplit_once("/blob/")?.1.parse::<usize>().ok()?;
    (size <= 64 << 20).then(|| vec![b'x'; size])
}

/// One step of the import of an image, before the image is shown.
pub(super) fn step(api: &Api, id: &str) {
    let mut imports = lock(&api.imports);
    let Some(import) = imports.get_mut(id) else { return };
    let mut images = lock(&api.images);
    let Some(image) = images.iter_mut().find(|image| image.field("id") == id) else {
        imports.remove(id);
        return;
    };
    import.looks += 1;
    match import.looks {
        // The task is there, and the status is the old one.
        1 => {}
        2 => {
            if !import.is_copy {
                image.fields.insert("status".to_owned(), "importing".into());
            }
            let left = import.stores.join(",");
            image.fields.insert("os_glance_importing_to_stores".to_owned(), left.into());
            image.fields.insert("os_glance_failed_import".to_owned(), "".into());
        }
        _ => {
            if let Some(import) = imports.remove(id) {
                let task = finish(api, &mut image.fields, import);
                lock(&api.tasks).push(task);
            }
        }
    }
}

/// Ends an import, and gives its task.
fn finish(api: &Api, image: &mut Map<String, Value>, import: Import) -> Value {
    let Import { mut task, data, is_copy, stores, all, .. } = import;
    let (failed, mut filled): (Vec<String>, Vec<String>) =
        stores.into_iter().partition(|store| data.is_none() || store == READ_ONLY);
    let works = if all { failed.is_empty() } else { !filled.is_empty() };
    let id = image.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    if works {
        if is_copy {
            let has = image.get("stores").and_then(Value::as_str).unwrap_or(STORES[0]);
            filled.insert(0, has.to_owned());
        } else if let Some(data) = data {
            image.extend(data::facts(&data));
            lock(&api.data).insert(id, data);
        }
        image.insert("stores".to_owned(), filled.join(",").into());
    } else if !is_copy {
        image.insert("status".to_owned(), "queued".into());
    }
    image.insert("os_glance_importing_to_stores".to_owned(), "".into());
    image.insert("os_glance_failed_import".to_owned(), failed.join(",").into());
    image.remove("os_glance_import_task");
    task["status"] = if works { "success" } else { "failure" }.into();
    if !works {
        task["message"] = "Task failed due to Internal Error".into();
    }
    let now = Utc::now();
    task["updated_at"] = time(now).into();
    task["expires_at"] = time(now + chrono::TimeDelta::hours(48)).into();
    task
}
