//! What a region has.

use super::ACCOUNT;
use super::form::Form;
use super::image::{Ami, CREATED, is_id};
use super::refusal::Refusal;
use crate::ec2::types::Image;
use crate::testing::imitation::fields;
use crate::testing::numbers;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Default)]
pub(super) struct Region {
    pub images: BTreeMap<String, Ami>,
    pub snapshots: BTreeMap<String, Map<String, Value>>,
    /// Deregistered images and when that was.
    pub recycle_bin: BTreeMap<String, (Ami, DateTime<Utc>)>,
    /// The versions of each parameter, the first of them version 1.
    pub parameters: BTreeMap<String, Vec<String>>,
    /// What was copied with a client token: its arguments and the image.
    pub copies: BTreeMap<String, (String, String)>,
}

impl Region {
    /// Adds an image that a test gives.
    pub fn add_given(&mut self, given: &Image) {
        let mut image = Ami::new(fields(given));
        if !image.is_own() && !image.is_public() {
            image.permissions.push(json!({ "userId": ACCOUNT }));
        }
        self.add(image);
    }

    /// Adds an image, with a snapshot if it says nothing of its disks.
    pub fn add(&mut self, mut image: Ami) {
        let has_disks = image.fields.get("blockDeviceMapping").and_then(Value::as_array);
        if has_disks.is_none_or(Vec::is_empty) && image.text("rootDeviceType") == "ebs" {
            let snapshot = format!("snap-0{}", numbers::hex(numbers::of_text(image.id()), 16));
            let device = json!([{
                "deviceName": image.text("rootDeviceName"),
                "ebs": {
                    "snapshotId": snapshot, "volumeSize": 8, "volumeType": "gp3",
                    "deleteOnTermination": true, "encrypted": false,
                },
            }]);
            image.set("blockDeviceMapping", device);
        }
        if image.is_own() {
            for id in image.snapshots() {
                self.add_snapshot(id, image.id());
            }
        }
        self.images.insert(image.id().to_owned(), image);
    }

    fn add_snapshot(&mut self, id: String, image: &str) {
        let snapshot = json!({
            "snapshotId": id,
            "volumeId": "vol-ffffffff",
            "status": "completed",
            "progress": "100%",
            "startTime": CREATED,
            "ownerId": ACCOUNT,
            "volumeSize": 8,
            "encrypted": false,
            "description": format!("Created for {image}"),
        });
        let snapshot = snapshot.as_object().cloned().unwrap_or_default();
        self.snapshots.entry(id).or_insert(snapshot);
    }

    pub fn put_parameter(&mut self, name: &str, value: &str) {
        self.parameters.entry(name.to_owned()).or_default().push(value.to_owned());
    }

    /// The image that a parameter names, if the account sees it.
    pub fn image(&mut self, form: &Form, parameter: &str) -> Result<&mut Ami, Refusal> {
        let id = form.text(parameter).ok_or_else(|| Refusal::missing(parameter))?;
        check_id(id)?;
        let image = self.images.get_mut(id).filter(|image| image.is_visible());
        image.ok_or_else(|| not_found(&[id]))
    }

    /// The image of a request, if it is the account's own.
    pub fn own_image(&mut self, form: &Form) -> Result<&mut Ami, Refusal> {
        let image = self.image(form, "ImageId")?;
        image.own()?;
        Ok(image)
    }
}

pub(super) fn check_id(id: &str) -> Result<(), Refusal> {
    if is_id(id) {
        return Ok(());
    }
    Err(Refusal::bad("InvalidAMIID.Malformed", format!("Invalid id: \"{id}\"")))
}

pub(super) fn not_found(ids: &[&str]) -> Refusal {
    let (s, es) = if ids.len() == 1 { ("", "es") } else { ("s", "") };
    let message = format!("The image id{s} '[{}]' do{es} not exist", ids.join(", "));
    Refusal::bad("InvalidAMIID.NotFound", message)
}

/// Refuses a request that was only to be tried, as the service does where it would have succeeded.
pub(super) fn dry_run(form: &Form) -> Result<(), Refusal> {
    if form.is("DryRun") {
        let message = "Request would have succeeded, but DryRun flag is set.";
        return Err(Refusal::new(412, "DryRunOperation", message));
    }
    Ok(())
}

/// Where a request is answered.
pub(super) struct Here<'a> {
    pub regions: &'a mut BTreeMap<String, Region>,
    pub region: &'a str,
    pub copy_polls: u32,
    pub created: &'a AtomicU64,
}

impl Here<'_> {
    pub fn region(&mut self) -> &mut Region {
        self.regions.entry(self.region.to_owned()).or_default()
    }

    /// An id that nothing has.
    pub fn new_id(&self) -> String {
        let number = self.created.fetch_add(1, Ordering::Relaxed);
        let seed = numbers::of_text(&format!("{} {number}", self.region));
        format!("ami-0{}", numbers::hex(seed, 16))
    }
}
