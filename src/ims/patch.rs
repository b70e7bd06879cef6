//! Changes of an image.

mod fields;

use super::types::{
    ContainerFormat, DiskFormat, Image, JsonPatchOp, JsonPatchOperation, Visibility,
};
use serde_json::Value;
use std::collections::BTreeMap;

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

    /// Who can see the image. Only administrators can set `public`.
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

    /// Copies the properties of another image: those of [`Image::copyable_properties`].
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

    /// Changes an existing custom property. If the image does not have it, the service answers 409 and changes nothing.
    pub fn replace_property(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.change(name, JsonPatchOp::Replace, Some(value.into().into()))
    }

    /// Removes an existing custom property. If the image does not have it, the service answers 409 and changes nothing.
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

/// Raw operations, for changes that [`Patch`] has no method for: the locations of an image's data, on clouds that
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
