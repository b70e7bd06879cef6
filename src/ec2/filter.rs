//! What requests are made of, out of texts.

use super::types::{Filter, NewAttributeValue, NewTag, Tag, TagSpecification};

impl Filter {
    /// Creates a filter. An item must match one of the values, in which `*` matches any characters and `?` one
    /// character.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self { name: Some(name.into()), values: values.into_iter().map(Into::into).collect() }
    }
}

/// A name and the value that an item must match: `("name", "al2023-*")`.
impl<N: Into<String>> From<(N, &str)> for Filter {
    fn from((name, value): (N, &str)) -> Self {
        Self::new(name, [value])
    }
}

/// A name and several values, of which an item must match one: `("architecture", ["x86_64", "arm64"])`.
impl<N: Into<String>, V: Into<String>, const COUNT: usize> From<(N, [V; COUNT])> for Filter {
    fn from((name, values): (N, [V; COUNT])) -> Self {
        Self::new(name, values)
    }
}

/// The new value of an attribute.
impl From<&str> for NewAttributeValue {
    fn from(value: &str) -> Self {
        Self { value: Some(value.to_owned()) }
    }
}

impl NewTag {
    /// A tag with a value.
    #[must_use]
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: Some(key.into()), value: Some(value.into()) }
    }
}

/// A name and a value.
impl<K: Into<String>, V: Into<String>> From<(K, V)> for NewTag {
    fn from((key, value): (K, V)) -> Self {
        Self::new(key, value)
    }
}

impl From<Tag> for NewTag {
    fn from(tag: Tag) -> Self {
        Self { key: Some(tag.key.into()), value: tag.value }
    }
}

impl TagSpecification {
    /// Tags for a type of resource that the request creates: `image` or `snapshot`.
    #[must_use]
    pub fn new(
        resource_type: impl Into<String>,
        tags: impl IntoIterator<Item = impl Into<NewTag>>,
    ) -> Self {
        Self {
            resource_type: Some(resource_type.into()),
            tags: tags.into_iter().map(Into::into).collect(),
        }
    }
}
