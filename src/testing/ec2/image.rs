//! An image: its fields as they are on the wire, and what the service knows besides.

use super::ACCOUNT;
use super::refusal::Refusal;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// When the images of the seed, and those that say nothing, were created.
pub(super) const CREATED: &str = "2026-11-18T06:30:00.000Z";

#[derive(Clone, Debug)]
pub(super) struct Ami {
    pub fields: Map<String, Value>,
    pub permissions: Vec<Value>,
    /// How many looks see it `pending`.
    pub pending: u32,
}

impl Ami {
    /// An image with these fields, and what the service adds to them.
    pub fn new(given: Map<String, Value>) -> Self {
        let mut fields = Map::new();
        let defaults = json!({
            "imageState": "available",
            "imageOwnerId": ACCOUNT,
            "creationDate": CREATED,
            "isPublic": false,
            "architecture": "x86_64",
            "imageType": "machine",
            "hypervisor": "xen",
            "virtualizationType": "hvm",
            "rootDeviceType": "ebs",
            "rootDeviceName": "/dev/sda1",
            "enaSupport": true,
            "platformDetails": "Linux/UNIX",
            "usageOperation": "RunInstances",
        });
        let given = given.into_iter().filter(|(_, value)| !value.is_null());
        fields.extend(defaults.as_object().cloned().unwrap_or_default());
        fields.extend(given);
        let mut image = Self { fields, permissions: Vec::new(), pending: 0 };
        for date in ["creationDate", "deprecationTime", "lastLaunchedTime"] {
            if let Ok(time) = image.text(date).parse::<DateTime<Utc>>() {
                image.set(date, time.to_rfc3339_opts(SecondsFormat::Millis, true));
            }
        }
        if !image.fields.contains_key("imageLocation") {
            let location = format!("{}/{}", image.text("imageOwnerId"), image.text("name"));
            image.set("imageLocation", location);
        }
        if image.is_own() && !image.fields.contains_key("deregistrationProtection") {
            image.set("deregistrationProtection", "disabled");
        }
        image
    }

    pub fn text(&self, field: &str) -> &str {
        self.fields.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn id(&self) -> &str {
        self.text("imageId")
    }

    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.fields.insert(field.to_owned(), value.into());
    }

    pub fn is_own(&self) -> bool {
        self.text("imageOwnerId") == ACCOUNT
    }

    pub fn is_public(&self) -> bool {
        self.fields.get("isPublic") == Some(&Value::Bool(true))
    }

    /// Whether the account sees it.
    pub fn is_visible(&self) -> bool {
        self.is_own() || self.is_public() || self.admits(ACCOUNT)
    }

    /// Whether an account is permitted to launch it by name.
    pub fn admits(&self, account: &str) -> bool {
        self.permissions.iter().any(|permission| permission["userId"] == account)
    }

    pub fn is_deprecated(&self) -> bool {
        let time = DateTime::parse_from_rfc3339(self.text("deprecationTime"));
        time.is_ok_and(|time| time <= Utc::now())
    }

    pub fn is_disabled(&self) -> bool {
        self.text("imageState") == "disabled"
    }

    pub fn permit(&mut self, permission: Value) {
        if !self.permissions.contains(&permission) {
            self.permissions.push(permission);
        }
        self.note_permissions();
    }

    pub fn withdraw(&mut self, permission: &Value) {
        self.permissions.retain(|given| given != permission);
        self.note_permissions();
    }

    fn note_permissions(&mut self) {
        let is_public = self.permissions.iter().any(|permission| permission["group"] == "all");
        self.set("isPublic", is_public);
    }

    pub fn fail(&mut self, reason: &str) {
        self.pending = 0;
        self.set("imageState", "failed");
        self.set("stateReason", json!({ "code": "Client.InternalError", "message": reason }));
    }

    /// The record in a list. A look lets a pending image come nearer to its end.
    pub fn look(&mut self) -> Value {
        let record = Value::Object(self.fields.clone());
        if self.text("imageState") == "pending" {
            self.pending = self.pending.saturating_sub(1);
            if self.pending == 0 {
                self.set("imageState", "available");
            }
        }
        record
    }

    /// Refuses what only the owner may do.
    pub fn own(&self) -> Result<(), Refusal> {
        if self.is_own() {
            return Ok(());
        }
        Err(Refusal::new(403, "AuthFailure", format!("Not authorized for image:{}", self.id())))
    }

    /// The snapshots of its disks.
    pub fn snapshots(&self) -> Vec<String> {
        let devices = self.fields.get("blockDeviceMapping").and_then(Value::as_array);
        let devices = devices.into_iter().flatten();
        let ids = devices.filter_map(|device| device.pointer("/ebs/snapshotId")?.as_str());
        ids.map(str::to_owned).collect()
    }
}

/// Whether a text has the form of an image's id.
pub(super) fn is_id(id: &str) -> bool {
    let digits = id.strip_prefix("ami-").unwrap_or_default();
    matches!(digits.len(), 8 | 17)
        && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}
