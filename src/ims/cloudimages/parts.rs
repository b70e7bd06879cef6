//! Parts of request bodies.

use super::types::{DataDiskImage, ImageChange, ImageChangeOp, ImageTag, ResourceTag, TagValues};
use crate::types::Unreadable;

impl DataDiskImage {
    /// An image to make from a data disk: the name of the image and the id of the disk.
    #[must_use]
    pub fn new(name: impl Into<String>, volume_id: impl Into<String>) -> Self {
        Self { name: name.into(), volume_id: volume_id.into(), description: None, tags: Vec::new() }
    }
}

impl ResourceTag {
    /// A tag. The key has up to 36 characters, the value up to 43.
    #[must_use]
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.into(), unreadable: Unreadable::default() }
    }
}

impl ImageTag {
    /// A tag. The key has up to 36 characters, the value up to 43.
    #[must_use]
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: Some(key.into()), value: Some(value.into()) }
    }
}

impl TagValues {
    /// A key with any of these values.
    #[must_use]
    pub fn new(
        key: impl Into<String>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self { key: key.into(), values, unreadable: Unreadable::default() }
    }
}

impl ImageChange {
    /// Sets a field that the image does not have, such as `hw_firmware_type`.
    #[must_use]
    pub fn add(field: &str, value: impl Into<String>) -> Self {
        Self::of(ImageChangeOp::Add, field, value.into())
    }

    /// Changes a field that the image has.
    #[must_use]
    pub fn replace(field: &str, value: impl Into<String>) -> Self {
        Self::of(ImageChangeOp::Replace, field, value.into())
    }

    /// Removes a field.
    #[must_use]
    pub fn remove(field: &str) -> Self {
        // The service wants a value for this, too.
        Self::of(ImageChangeOp::Remove, field, String::new())
    }

    fn of(op: ImageChangeOp, field: &str, value: String) -> Self {
        Self { op, path: format!("/{}", field.replace('~', "~0").replace('/', "~1")), value }
    }
}
