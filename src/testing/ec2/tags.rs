//! Tags of images and snapshots.

use super::Api;
use super::filters::Filters;
use super::form::Form;
use super::pages::page;
use super::refusal::Refusal;
use super::region::{Here, Region, dry_run, not_found};
use crate::testing::imitation::Route;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "create_tags",
        method: "POST",
        path: "/CreateTags",
        handler: |api, call| api.answer(call, create_tags),
    },
    Route {
        operation: "delete_tags",
        method: "POST",
        path: "/DeleteTags",
        handler: |api, call| api.answer(call, delete_tags),
    },
    Route {
        operation: "describe_tags",
        method: "POST",
        path: "/DescribeTags",
        handler: |api, call| api.answer(call, describe_tags),
    },
];

pub(super) type Tags = BTreeMap<String, String>;

/// The tags of a record.
pub(super) fn of(set: Option<&Value>) -> Tags {
    let set = set.and_then(Value::as_array).into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    set.map(|tag| (text(&tag["key"]), text(&tag["value"]))).collect()
}

pub(super) fn set(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

pub(super) fn merged(mut tags: Tags, more: Tags) -> Tags {
    tags.extend(more);
    tags
}

/// The tags that a request gives a new image.
pub(super) fn of_image(form: &Form) -> Result<Tags, Refusal> {
    let mut tags = Tags::new();
    for specification in form.structures("TagSpecification") {
        match specification.text("ResourceType") {
            Some("image") => tags.extend(sent(&specification)),
            Some("snapshot") => {}
            other => {
                let other = other.unwrap_or_default();
                return Err(Refusal::invalid(format!(
                    "'{other}' is not a valid taggable resource type for this operation."
                )));
            }
        }
    }
    Ok(tags)
}

fn sent(form: &Form) -> Tags {
    let text = |tag: &Form, name| tag.text(name).unwrap_or_default().to_owned();
    form.structures("Tag").iter().map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect()
}

/// The fields of each resource of a request.
fn resources<'a>(
    region: &'a mut Region,
    form: &Form,
) -> Result<Vec<&'a mut Map<String, Value>>, Refusal> {
    let ids = form.list("ResourceId");
    if ids.is_empty() {
        return Err(Refusal::missing("resourceIdSet"));
    }
    for id in &ids {
        if !region.images.contains_key(*id) && !region.snapshots.contains_key(*id) {
            return Err(not_found(&[id]));
        }
    }
    let images = region.images.iter_mut().map(|(id, image)| (id, &mut image.fields));
    let all = images.chain(region.snapshots.iter_mut());
    Ok(all.filter(|(id, _)| ids.contains(&id.as_str())).map(|(_, fields)| fields).collect())
}

fn create_tags(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let new = sent(form);
    if let Some(key) = new.keys().find(|key| key.starts_with("aws:")) {
        let message = format!("Tag keys starting with 'aws:' are reserved for internal use: {key}");
        return Err(Refusal::invalid(message));
    }
    let resources = resources(here.region(), form)?;
    dry_run(form)?;
    for fields in resources {
        let tags = merged(of(fields.get("tagSet")), new.clone());
        fields.insert("tagSet".to_owned(), set(&tags));
    }
    Ok(json!({ "return": true }))
}

/// Deletes the tags that are named, with a value only those that have it; without any, all.
fn delete_tags(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let named = form.structures("Tag");
    let resources = resources(here.region(), form)?;
    dry_run(form)?;
    for fields in resources {
        let mut tags = of(fields.get("tagSet"));
        tags.retain(|key, value| {
            let names = |tag: &Form| {
                tag.text("Key") == Some(key.as_str())
                    && tag.text("Value").is_none_or(|wanted| wanted == value.as_str())
            };
            !named.is_empty() && !named.iter().any(names)
        });
        fields.insert("tagSet".to_owned(), set(&tags));
    }
    Ok(json!({ "return": true }))
}

fn describe_tags(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    dry_run(form)?;
    let names = ["key", "resource-id", "resource-type", "value"];
    let filters = Filters::named(form.filters(), &names)?;
    let region = here.region();
    let own = region.images.iter().filter(|(_, image)| image.is_own());
    let images = own.map(|(id, image)| (id, "image", &image.fields));
    let snapshots = region.snapshots.iter().map(|(id, fields)| (id, "snapshot", fields));
    let records = images.chain(snapshots).flat_map(|(id, kind, fields)| {
        of(fields.get("tagSet")).into_iter().map(move |(key, value)| {
            let record =
                json!({ "resourceId": id, "resourceType": kind, "key": key, "value": value });
            (format!("{id} {key}"), record)
        })
    });
    let (found, next) = page(form, records.collect(), &filters, 5..=1000, false)?;
    Ok(json!({ "tagSet": found, "nextToken": next }))
}
