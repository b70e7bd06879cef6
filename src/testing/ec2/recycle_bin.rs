//! Deregistration, and the recycle bin that images go to.

use super::Api;
use super::filters::Filters;
use super::form::Form;
use super::pages::page;
use super::refusal::Refusal;
use super::region::{Here, dry_run, not_found};
use crate::testing::imitation::Route;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "deregister_image",
        method: "POST",
        path: "/DeregisterImage",
        handler: |api, call| api.answer(call, deregister_image),
    },
    Route {
        operation: "list_images_in_recycle_bin",
        method: "POST",
        path: "/ListImagesInRecycleBin",
        handler: |api, call| api.answer(call, list_images_in_recycle_bin),
    },
    Route {
        operation: "restore_image_from_recycle_bin",
        method: "POST",
        path: "/RestoreImageFromRecycleBin",
        handler: |api, call| api.answer(call, restore_image_from_recycle_bin),
    },
];

fn deregister_image(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let region = here.region();
    let image = region.own_image(form)?;
    if image.text("deregistrationProtection") != "disabled" {
        let message = format!("The image {} is deregistration protected", image.id());
        return Err(Refusal::bad("OperationNotPermitted", message));
    }
    dry_run(form)?;
    let id = image.id().to_owned();
    let Some(image) = region.images.remove(&id) else { return Err(not_found(&[&id])) };
    let mut answer = json!({ "return": true });
    if form.is("DeleteAssociatedSnapshots") {
        let deleted = image.snapshots().into_iter().map(|snapshot| {
            let is_used = region.images.values().any(|other| other.snapshots().contains(&snapshot));
            if !is_used {
                region.snapshots.remove(&snapshot);
            }
            let code = if is_used { "skipped" } else { "success" };
            json!({ "snapshotId": snapshot, "returnCode": code })
        });
        answer["deleteSnapshotResultSet"] = deleted.collect();
    }
    region.recycle_bin.insert(id, (image, Utc::now()));
    Ok(answer)
}

fn list_images_in_recycle_bin(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    dry_run(form)?;
    let ids = form.list("ImageId");
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
    let region = here.region();
    let binned = region.recycle_bin.iter();
    let records = binned
        .filter(|(id, _)| ids.is_empty() || ids.contains(&id.as_str()))
        .map(|(id, (image, entered))| {
            let record = json!({
                "imageId": id,
                "name": image.text("name"),
                "description": image.text("description"),
                "recycleBinEnterTime": time(*entered),
                "recycleBinExitTime": time(*entered + TimeDelta::days(1)),
            });
            (id.clone(), record)
        })
        .collect();
    let none = Filters::named(Vec::new(), &[])?;
    let (found, next) = page(form, records, &none, 1..=1000, !ids.is_empty())?;
    Ok(json!({ "imageSet": found, "nextToken": next }))
}

fn restore_image_from_recycle_bin(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let id = form.text("ImageId").ok_or_else(|| Refusal::missing("ImageId"))?;
    let region = here.region();
    if !region.recycle_bin.contains_key(id) {
        return Err(not_found(&[id]));
    }
    dry_run(form)?;
    if let Some((image, _)) = region.recycle_bin.remove(id) {
        region.images.insert(id.to_owned(), image);
    }
    Ok(json!({ "return": true }))
}
