//! New images: registered, copied, and made of an instance.

use super::form::Form;
use super::image::Ami;
use super::refusal::Refusal;
use super::region::{Here, dry_run};
use super::tags::{self, Tags};
use super::{Api, seed};
use crate::testing::imitation::Route;
use chrono::{SecondsFormat, Utc};
use serde_json::{Map, Value, json};

pub(super) const ROUTES: &[Route<Api>] = &[
    Route {
        operation: "register_image",
        method: "POST",
        path: "/RegisterImage",
        handler: |api, call| api.answer(call, register_image),
    },
    Route {
        operation: "copy_image",
        method: "POST",
        path: "/CopyImage",
        handler: |api, call| api.answer(call, copy_image),
    },
    Route {
        operation: "create_image",
        method: "POST",
        path: "/CreateImage",
        handler: |api, call| api.answer(call, create_image),
    },
];

/// The parameters of a registration that become fields as they are.
const REGISTERED: [(&str, &str); 11] = [
    ("Name", "name"),
    ("Description", "description"),
    ("Architecture", "architecture"),
    ("ImageLocation", "imageLocation"),
    ("RootDeviceName", "rootDeviceName"),
    ("VirtualizationType", "virtualizationType"),
    ("BootMode", "bootMode"),
    ("TpmSupport", "tpmSupport"),
    ("ImdsSupport", "imdsSupport"),
    ("SriovNetSupport", "sriovNetSupport"),
    ("KernelId", "kernelId"),
];

fn name<'a>(here: &mut Here<'_>, form: &'a Form) -> Result<&'a str, Refusal> {
    let name = form.text("Name").unwrap_or_default();
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || "()[]./-'@_ ".contains(character);
    if !(3..=128).contains(&name.len()) || !name.chars().all(is_allowed) {
        let message = "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, \
                       and only the following characters: ( ) . - / _ ' @ [ ] and space";
        return Err(Refusal::bad("InvalidAMIName.Malformed", message));
    }
    let images = &here.region().images;
    let taken = images.values().find(|image| image.is_own() && image.text("name") == name);
    match taken {
        Some(other) => {
            let message = format!("AMI name {name} is already in use by AMI {}", other.id());
            Err(Refusal::bad("InvalidAMIName.Duplicate", message))
        }
        None => Ok(name),
    }
}

fn register_image(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    name(here, form)?;
    let tags = tags::of_image(form)?;
    let devices = form.structures("BlockDeviceMapping");
    let is_stored = form.text("ImageLocation").is_some();
    if devices.is_empty() && !is_stored {
        return Err(Refusal::missing("BlockDeviceMappings or ImageLocation"));
    }
    if form.text("RootDeviceName").is_none() && !is_stored {
        return Err(Refusal::missing("RootDeviceName"));
    }
    for device in &devices {
        if let Some(id) = device.text("Ebs.SnapshotId")
            && !here.region().snapshots.contains_key(id)
        {
            let message = format!("The snapshot '{id}' does not exist.");
            return Err(Refusal::bad("InvalidSnapshot.NotFound", message));
        }
    }
    dry_run(form)?;
    let sent = REGISTERED
        .iter()
        .filter_map(|(parameter, field)| Some(((*field).to_owned(), form.text(parameter)?.into())));
    let mut fields: Map<String, Value> = sent.collect();
    fields.insert("enaSupport".to_owned(), form.is("EnaSupport").into());
    let kind = if is_stored { "instance-store" } else { "ebs" };
    fields.insert("rootDeviceType".to_owned(), kind.into());
    let devices: Vec<_> = devices.iter().map(device).collect();
    fields.insert("blockDeviceMapping".to_owned(), devices.into());
    Ok(add(here, fields, tags, 0))
}

fn device(form: &Form) -> Value {
    let mut device = json!({ "deviceName": form.text("DeviceName") });
    if let Some(name) = form.text("VirtualName") {
        device["virtualName"] = name.into();
    } else if form.text("NoDevice").is_some() {
        device["noDevice"] = "".into();
    } else {
        let size: Option<u64> = form.text("Ebs.VolumeSize").and_then(|size| size.parse().ok());
        device["ebs"] = json!({
            "snapshotId": form.text("Ebs.SnapshotId"),
            "volumeSize": size.unwrap_or(8),
            "volumeType": form.text("Ebs.VolumeType").unwrap_or("gp3"),
            "deleteOnTermination": form.text("Ebs.DeleteOnTermination") != Some("false"),
            "encrypted": form.is("Ebs.Encrypted"),
        });
    }
    device
}

fn copy_image(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let source_region =
        form.text("SourceRegion").ok_or_else(|| Refusal::missing("SourceRegion"))?;
    let source = here.regions.get_mut(source_region).ok_or_else(|| {
        Refusal::invalid(format!("Invalid value '{source_region}' for sourceRegion."))
    })?;
    let source = source.image(form, "SourceImageId")?.clone();
    let arguments = [source.id(), source_region, form.text("Name").unwrap_or_default()].join("\n");
    let token = form.text("ClientToken").unwrap_or_default().to_owned();
    if let Some((then, image)) = here.region().copies.get(&token) {
        if *then != arguments {
            let message = "The client token you have provided is associated with another request.";
            return Err(Refusal::bad("IdempotentParameterMismatch", message));
        }
        return Ok(json!({ "imageId": image }));
    }
    let name = name(here, form)?;
    let mut tags = tags::of_image(form)?;
    dry_run(form)?;
    if form.is("CopyImageTags") && source.is_own() {
        tags = tags::merged(tags::of(source.fields.get("tagSet")), tags);
    }
    let mut fields = source.fields.clone();
    for own in [
        "imageId",
        "imageOwnerId",
        "imageOwnerAlias",
        "imageLocation",
        "creationDate",
        "isPublic",
        "deprecationTime",
        "deregistrationProtection",
        "blockDeviceMapping",
        "stateReason",
        "tagSet",
    ] {
        fields.remove(own);
    }
    let copied = format!("[Copied {} from {source_region}] {}", source.id(), source.text("name"));
    let description = form.text("Description").map_or(copied, str::to_owned);
    fields.insert("name".to_owned(), name.into());
    fields.insert("description".to_owned(), description.into());
    fields.insert("imageState".to_owned(), "pending".into());
    fields.insert("sourceImageId".to_owned(), source.id().into());
    fields.insert("sourceImageRegion".to_owned(), source_region.into());
    let polls = here.copy_polls;
    let answer = add(here, fields, tags, polls);
    if !token.is_empty() {
        let id = answer["imageId"].as_str().unwrap_or_default().to_owned();
        here.region().copies.insert(token, (arguments, id));
    }
    Ok(answer)
}

fn create_image(here: &mut Here<'_>, form: &Form) -> Result<Value, Refusal> {
    let instance = form.text("InstanceId").ok_or_else(|| Refusal::missing("InstanceId"))?;
    if instance != seed::INSTANCE {
        let message = format!("The instance ID '{instance}' does not exist");
        return Err(Refusal::bad("InvalidInstanceID.NotFound", message));
    }
    let name = name(here, form)?;
    let tags = tags::of_image(form)?;
    dry_run(form)?;
    let fields = json!({
        "name": name,
        "description": form.text("Description"),
        "imageState": "pending",
        "sourceInstanceId": instance,
    });
    let polls = here.copy_polls;
    Ok(add(here, fields.as_object().cloned().unwrap_or_default(), tags, polls))
}

fn add(here: &mut Here<'_>, mut fields: Map<String, Value>, tags: Tags, polls: u32) -> Value {
    let id = here.new_id();
    fields.insert("imageId".to_owned(), id.as_str().into());
    let now = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    fields.insert("creationDate".to_owned(), now.into());
    if !tags.is_empty() {
        fields.insert("tagSet".to_owned(), tags::set(&tags));
    }
    let mut image = Ami::new(fields);
    image.pending = polls;
    if polls == 0 {
        image.set("imageState", "available");
    }
    here.region().add(image);
    json!({ "imageId": id })
}
