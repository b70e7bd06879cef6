//! Changes of an image.

use super::requests::UpdateImage;
use super::types::{
    ContainerFormat, DiskFormat, Image, JsonPatchOp, JsonPatchOperation, Visibility,
};
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
const BASE: [(&str, Fits); 10] = [
    ("name", nullable_text),
    ("visibility", Value::is_string),
    ("owner", Value::is_string),
    ("container_format", nullable_text),
    ("disk_format", nullable_text),
    ("min_disk", Value::is_u64),
    ("min_ram", Value::is_u64),
    ("protected", Value::is_boolean),
    ("os_hidden", Value::is_boolean),
    ("tags", Value::is_array),
];

fn nullable_text(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

/// Changes of an image, for [`update_image`](super::ImageOperationsApi::update_image).
///
/// A later change of a field replaces an earlier one. The service makes all changes or none.
///
/// ```
/// # async fn example(images: cloud_images::ims::ImageOperationsApi) -> cloud_images::Result<()> {
/// use cloud_images::ims::Patch;
///
/// let patch = Patch::new()
///     .name("ubuntu-24.04")
///     .min_disk(10)
///     .property("hw_disk_bus", "scsi")
///     .property("vendor/build~id", "17")
///     .remove_property("os_admin_user");
/// let image = images.update_image("bc6bed6e-ba3a-4447-afcc-449174a3eb52", patch).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "a patch does nothing until it is sent"]
pub struct Patch(BTreeMap<String, (JsonPatchOp, Option<Value>)>);

impl Patch {
    /// An empty patch, which changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name, up to 255 characters.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.set("name", name.into())
    }

    /// Who can see the image. Only administrators may set `public`.
    pub fn visibility(self, visibility: impl Into<Visibility>) -> Self {
        self.set("visibility", visibility.into().as_str())
    }

    /// The container format. Can be changed only while the image has no data.
    pub fn container_format(self, format: impl Into<ContainerFormat>) -> Self {
        self.set("container_format", format.into().as_str())
    }

    /// The format of the data. Can be changed only while the image has no data.
    pub fn disk_format(self, format: impl Into<DiskFormat>) -> Self {
        self.set("disk_format", format.into().as_str())
    }

    /// The smallest disk that the image boots from, in GiB.
    pub fn min_disk(self, gib: impl Into<i64>) -> Self {
        self.set("min_disk", gib.into())
    }

    /// The least memory that the image boots with, in MiB.
    pub fn min_ram(self, mib: impl Into<i64>) -> Self {
        self.set("min_ram", mib.into())
    }

    /// Whether the service refuses to delete the image.
    pub fn protected(self, protected: bool) -> Self {
        self.set("protected", protected)
    }

    /// Whether lists leave the image out, unless they request hidden images.
    pub fn os_hidden(self, hidden: bool) -> Self {
        self.set("os_hidden", hidden)
    }

    /// Replaces all tags.
    pub fn tags<T: Into<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        let tags = tags.into_iter().map(|tag| Value::String(tag.into())).collect::<Vec<_>>();
        self.set("tags", tags)
    }

    /// Sets a custom property, whether the image has it or not.
    pub fn property(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(name, value.into())
    }

    /// Sets the properties that another image has: see [`Image::copyable_properties`].
    ///
    /// ```
    /// # async fn example(images: cloud_images::ims::ImageOperationsApi) -> cloud_images::Result<()> {
    /// use cloud_images::ims::Patch;
    ///
    /// let golden = images.show_image("bc6bed6e-ba3a-4447-afcc-449174a3eb52").await?;
    /// let patch = Patch::new().properties_of(&golden);
    /// images.update_image("6e7a5d28-4a1f-4a57-9fa2-b0b6d2ee6cd2", patch).await?;
    /// # Ok(()) }
    /// ```
    pub fn properties_of(self, image: &Image) -> Self {
        self.properties(image.copyable_properties())
    }

    /// Sets several custom properties.
    pub fn properties<N: Into<String>, V: Into<String>>(
        self,
        properties: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        properties.into_iter().fold(self, |patch, (name, value)| patch.property(name, value))
    }

    /// Changes an existing custom property. Without it the service answers 409 and changes nothing.
    pub fn replace_property(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.change(name, JsonPatchOp::Replace, Some(value.into().into()))
    }

    /// Removes an existing custom property. Without it the service answers 409 and changes nothing.
    pub fn remove_property(self, name: impl Into<String>) -> Self {
        self.change(name, JsonPatchOp::Remove, None)
    }

    /// Whether the patch changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn set(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.change(name, JsonPatchOp::Add, Some(value.into()))
    }

    fn change(mut self, name: impl Into<String>, op: JsonPatchOp, value: Option<Value>) -> Self {
        self.0.insert(name.into(), (op, value));
        self
    }
}

impl Image {
    /// The properties that make sense on another image too, by the names that the service has for them:
    /// `hw_firmware_type` and the other ones that are fields of this type, and those in `extra`.
    ///
    /// Left out are the fields that every image has, such as its name, those that only the service writes, and
    /// those of IMS that describe this image's own data, such as `__image_size`.
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
                && !BASE.iter().any(|(base, _)| *base == name)
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

impl From<Patch> for Vec<JsonPatchOperation> {
    fn from(patch: Patch) -> Self {
        patch
            .0
            .into_iter()
            .map(|(name, (op, value))| {
                let path = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
                JsonPatchOperation { op, path, value }
            })
            .collect()
    }
}

/// The raw operations, for what [`Patch`] has no method for: the locations of an image's data, on clouds that
/// show them.
///
/// ```
/// use cloud_images::ims::Patch;
/// use cloud_images::ims::types::JsonPatchOperation;
/// use serde_json::json;
///
/// let place = json!({"url": "https://example.com/ubuntu.img", "metadata": {}});
/// let mut changes: Vec<JsonPatchOperation> = Patch::new().name("ubuntu-24.04").into();
/// changes.push(JsonPatchOperation::add("/locations/-", place));
/// changes.push(JsonPatchOperation::remove("/locations/0"));
/// ```
///
/// The paths that Glance documents: `add` to `/locations/-`, at the end, or `/locations/0`, before the
/// first; `replace` of `/locations` by a list; `remove` of `/locations/0`.
impl JsonPatchOperation {
    /// Sets the value at a JSON pointer, or inserts it into a list.
    pub fn add(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { op: JsonPatchOp::Add, path: path.into(), value: Some(value.into()) }
    }

    /// Replaces the value at a JSON pointer.
    pub fn replace(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { op: JsonPatchOp::Replace, path: path.into(), value: Some(value.into()) }
    }

    /// Removes the value at a JSON pointer.
    pub fn remove(path: impl Into<String>) -> Self {
        Self { op: JsonPatchOp::Remove, path: path.into(), value: None }
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
    let base = BASE.iter().find(|(base, _)| *base == name);
    match (op, value, base) {
        (JsonPatchOp::Remove, _, Some(_)) => {
            Err(format!("{name} is a field of every image and cannot be removed"))
        }
        (JsonPatchOp::Remove, _, None) => Ok(()),
        (_, None, _) => Err(format!("{name} is set without a value")),
        (_, Some(value), Some((_, fits))) if !fits(value) => {
            Err(format!("{name} cannot be {value}"))
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
        assert!(refused(Patch::new().property("min_ram", "512")).contains("min_ram"));
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
