//! Parts of request bodies.

use super::types::{
    MetadefAssociationCreate, MetadefItems, MetadefObjectCreate, MetadefPropertyType,
    MetadefTagName, MetadefType,
};
use crate::types::Unreadable;
use std::collections::BTreeMap;

impl MetadefPropertyType {
    /// A property with a title and a type. Set its other fields as needed.
    #[must_use]
    pub fn new(title: impl Into<String>, type_: impl Into<MetadefType>) -> Self {
        Self {
            title: title.into(),
            type_: type_.into(),
            name: None,
            description: None,
            default: None,
            pattern: None,
            operators: Vec::new(),
            enum_: Vec::new(),
            item_type: None,
            readonly: None,
            minimum: None,
            maximum: None,
            min_length: None,
            max_length: None,
            min_items: None,
            max_items: None,
            unique_items: None,
            additional_items: None,
            unreadable: Unreadable::default(),
        }
    }
}

impl MetadefItems {
    /// The type of the elements of an `array` property.
    #[must_use]
    pub fn new(type_: impl Into<MetadefType>) -> Self {
        Self { type_: type_.into(), enum_: Vec::new(), unreadable: Unreadable::default() }
    }
}

impl MetadefObjectCreate {
    /// An object without properties.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: None,
            properties: BTreeMap::new(),
            required: Vec::new(),
        }
    }
}

impl MetadefAssociationCreate {
    /// The association with a resource type, such as `OS::Nova::Flavor`.
    #[must_use]
    pub fn new(resource_type: impl Into<String>) -> Self {
        Self { name: resource_type.into(), prefix: None, properties_target: None }
    }
}

impl MetadefTagName {
    /// A tag by its name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

impl From<&str> for MetadefTagName {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}
