//! An image of the server.

use super::PROJECT;
use serde_json::{Map, Value, json};

/// An image: its fields as they are sent, and what the server knows besides.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub fields: Map<String, Value>,
    /// The answer of this project to an image that another one shares.
    pub member_status: Option<&'static str>,
}

impl Image {
    /// The fields of an image of this project that has just been registered.
    pub fn registered(id: &str, time: &str) -> Map<String, Value> {
        let fields = json!({
            "id": id, "name": null, "status": "queued", "visibility": "shared", "owner": PROJECT,
            "protected": false, "os_hidden": false, "disk_format": null, "container_format": null,
            "min_ram": 0, "min_disk": 0, "size": null, "virtual_size": null, "checksum": null,
            "os_hash_algo": null, "os_hash_value": null, "created_at": time, "updated_at": time,
            "tags": [], "self": format!("/v2/images/{id}"),
            "file": format!("/v2/images/{id}/file"), "schema": "/v2/schemas/image",
        });
        fields.as_object().cloned().unwrap_or_default()
    }

    /// A field or property; null if there is none.
    pub fn field(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }
}
