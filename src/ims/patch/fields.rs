//! Which fields of an image can be changed, and which can be given to another one.

use crate::ims::requests::UpdateImage;
use crate::ims::types::{Image, JsonPatchOp, JsonPatchOperation};
use crate::{Error, ErrorKind, Result};
use serde_json::Value;
use std::collections::BTreeMap;

/// Fields that only the service writes.
const READ_ONLY: [&str; 15] = [
    "id",
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
    "direct_url",
    "stores",
    "deleted",
];

/// Properties of IMS that say where this image's own data comes from and how far its registration is.
const OF_THIS_DATA: [&str; 15] = [
    "__account_code",
    "__backup_id",
    "__data_origin",
    "__image_location",
    "__image_size",
    "__image_source_type",
    "__imagetype",
    "__isregistered",
    "__lazyloading",
    "__originalimagename",
    "__productcode",
    "__root_origin",
    "__sequence_num",
    "__system__cmkid",
    "__whole_image",
];

/// The beginning of the names that Glance keeps for itself.
const RESERVED: &str = "os_glance_";

type Fits = fn(&Value) -> bool;

/// The fields that every image has, and a value of their type.
const BASE: [(&str, Fits, &str); 10] = [
    ("name", nullable_text, "a string or null"),
    ("visibility", Value::is_string, "a string"),
    ("owner", Value::is_string, "a string"),
    ("container_format", nullable_text, "a string or null"),
    ("disk_format", nullable_text, "a string or null"),
    ("min_disk", Value::is_u64, "a whole number"),
    ("min_ram", Value::is_u64, "a whole number"),
    ("protected", Value::is_boolean, "true or false"),
    ("os_hidden", Value::is_boolean, "true or false"),
    ("tags", Value::is_array, "a list"),
];

fn nullable_text(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

impl Image {
    /// The properties to copy to another image, by the service's names: those that are fields of this type, such as
    /// `hw_firmware_type`, and those in `extra`.
    ///
    /// It leaves out the fields that every image has, such as its name, those that only the service writes, and the
    /// properties of IMS that describe the data of this image, such as `__image_size`.
    ///
    /// ```
    /// use cloud_images::ims::types::Image;
    ///
    /// let image: Image = serde_json::from_str(
    ///     r#"{"id": "x", "name": "ubuntu", "hw_firmware_type": "uefi", "__image_size": "17", "team": "hpc"}"#,
    /// )?;
    /// let properties = image.copyable_properties();
    /// assert_eq!(properties["hw_firmware_type"], "uefi");
    /// assert_eq!(properties["team"], "hpc");
    /// assert_eq!(properties.len(), 2);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn copyable_properties(&self) -> BTreeMap<String, String> {
        let Ok(Value::Object(fields)) = serde_json::to_value(self) else { return BTreeMap::new() };
        let copyable = |name: &str| {
            !READ_ONLY.contains(&name)
                && !BASE.iter().any(|(base, ..)| *base == name)
                && !OF_THIS_DATA.contains(&name)
                && !name.starts_with(RESERVED)
                && name != "locations"
        };
        let text = |value| match value {
            Value::String(text) => Some(text),
            Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
            _ => None,
        };
        let fields = fields.into_iter().filter(|(name, _)| copyable(name));
        fields.filter_map(|(name, value)| Some((name, text(value)?))).collect()
    }
}

impl UpdateImage {
    /// Refuses, before anything is sent, what the service would refuse with a less clear message.
    pub(crate) fn check(&self) -> Result<()> {
        self.body.iter().try_for_each(|operation| {
            check(operation).map_err(|message| Error::new(ErrorKind::InvalidRequest, message))
        })
    }
}

fn check(operation: &JsonPatchOperation) -> Result<(), String> {
    let JsonPatchOperation { op, path, value } = operation;
    let Some(pointer) = path.strip_prefix('/') else {
        return Err(format!("the path {path:?} must begin with a slash"));
    };
    if pointer == "locations" || pointer.starts_with("locations/") {
        return Ok(());
    }
    let name = pointer.replace("~1", "/").replace("~0", "~");
    if name.is_empty() {
        return Err("the name of a property is empty".to_owned());
    }
    if READ_ONLY.contains(&name.as_str()) {
        return Err(format!("{name} is read-only: only the service writes it"));
    }
    let base = BASE.iter().find(|(base, ..)| *base == name);
    match (op, value, base) {
        (JsonPatchOp::Remove, _, Some(_)) => {
            Err(format!("{name} is a field of every image and cannot be removed"))
        }
        (JsonPatchOp::Remove, _, None) => Ok(()),
        (_, None, _) => Err(format!("the change of {name} has no value: pass one")),
        (_, Some(value), Some((_, fits, expected))) if !fits(value) => {
            Err(format!("{name} cannot be {value}: it takes {expected}"))
        }
        (_, Some(value), None) if !value.is_string() => {
            Err(format!("the property {name} cannot be {value}: properties are strings"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ims::Patch;

    #[test]
    fn names_are_escaped_and_each_is_changed_once() {
        let patch =
            Patch::new().property("a/b~c", "1").remove_property("a/b~c").property("a/b~c", "2");
        let operations: Vec<JsonPatchOperation> = patch.into();
        let text = serde_json::to_string(&operations).unwrap();
        assert_eq!(text, r#"[{"op":"add","path":"/a~1b~0c","value":"2"}]"#);
        assert_eq!(check(&operations[0]), Ok(()));
    }

    #[test]
    fn wrong_changes_are_refused_by_name() {
        let refused = |patch: Patch| {
            let operations: Vec<JsonPatchOperation> = patch.into();
            check(&operations[0]).unwrap_err()
        };
        assert!(refused(Patch::new().property("status", "active")).contains("status"));
        assert!(refused(Patch::new().remove_property("name")).contains("cannot be removed"));
        let of_text = refused(Patch::new().property("min_ram", "512"));
        assert_eq!(of_text, "min_ram cannot be \"512\": it takes a whole number");
        assert!(refused(Patch::new().property("", "x")).contains("is empty"));
    }

    /// The document marks as `readOnly` what is listed here, as far as it has these fields.
    #[test]
    fn what_only_the_service_writes_is_given_to_no_other_image() {
        let all = READ_ONLY.iter().chain(&OF_THIS_DATA).map(|name| (*name, "1".into()));
        let mut fields: serde_json::Map<String, Value> =
            all.map(|(name, value)| (name.to_owned(), value)).collect();
        fields.insert("hw_firmware_type".to_owned(), "uefi".into());
        let image: Image = serde_json::from_value(fields.into()).unwrap();
        let copied: Vec<_> = image.copyable_properties().into_keys().collect();
        assert_eq!(copied, ["hw_firmware_type"]);
        let given = image.properties();
        let given: Vec<_> = given.iter().map(|(name, _)| name).collect();
        let beyond: Vec<_> = image.extra.iter().map(|(name, _)| name).collect();
        assert!(beyond.contains(&"__image_size") && !beyond.contains(&"__imagetype"));
        assert!(
            given.iter().all(|name| *name == "hw_firmware_type" || beyond.contains(name)),
            "{given:?}"
        );
    }
}
