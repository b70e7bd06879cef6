//! Properties that the document does not name.

use super::Text;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::iter::Map;
use std::{slice, vec};

/// A map of properties by name.
///
/// Images of OpenStack clouds carry any number of them; all that Glance itself stores are strings. For
/// serde they are a plain map.
///
/// ```
/// use cloud_images::types::Properties;
///
/// let mut properties: Properties = serde_json::from_str(r#"{"hw_disk_bus": "scsi"}"#)?;
/// properties.extend([("os_distro", "ubuntu")]);
/// for (name, value) in &properties {
///     println!("{name}: {value}");
/// }
/// # let text = serde_json::to_string(&properties)?;
/// # assert_eq!(text, r#"{"hw_disk_bus":"scsi","os_distro":"ubuntu"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Properties {
    // Sorted by name. Most images have few, for which a list is smaller and faster than a tree.
    entries: Vec<(Text, Property)>,
    // How the fields of the record came, one bit each, so that they are written so again.
    nulls: u64,
    empty_lists: u64,
}

impl Properties {
    /// The value of a property.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Property> {
        Some(&self.entries[self.find(name).ok()?].1)
    }

    /// The value of a property that is a string.
    #[must_use]
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// Sets a property and returns its former value.
    pub fn insert(
        &mut self,
        name: impl Into<Text>,
        value: impl Into<Property>,
    ) -> Option<Property> {
        let (name, value) = (name.into(), value.into());
        match self.find(&name) {
            Ok(index) => Some(std::mem::replace(&mut self.entries[index].1, value)),
            Err(index) => {
                self.entries.insert(index, (name, value));
                None
            }
        }
    }

    /// Removes a property and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Property> {
        Some(self.entries.remove(self.find(name).ok()?).1)
    }

    /// The properties, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Property)> {
        self.into_iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The number of properties.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no properties.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(other, _)| other.as_str().cmp(name))
    }

    /// Appends a property and returns the place of its value; call `sort` after the last one.
    pub(crate) fn push(&mut self, name: Text) -> &mut Property {
        self.entries.push((name, Property::Json(Value::Null)));
        let end = self.entries.len() - 1;
        &mut self.entries[end].1
    }

    /// Sorts what was pushed. Of properties with the same name, the last counts.
    pub(crate) fn sort(&mut self) {
        if !self.entries.is_sorted_by(|(one, _), (next, _)| one < next) {
            self.entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            self.entries.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    std::mem::swap(&mut later.1, &mut earlier.1);
                }
                same
            });
        }
    }

    /// Notes whether a field without a value came as `null`. One that has a value is written with it in any case.
    pub(crate) fn note_null(&mut self, field: u8, null: bool) {
        self.nulls = self.nulls & !(1 << field) | u64::from(null) << field;
    }

    pub(crate) fn was_null(&self, field: u8) -> bool {
        self.nulls & (1 << field) != 0
    }

    pub(crate) fn note_empty_list(&mut self, field: u8, empty: bool) {
        self.empty_lists = self.empty_lists & !(1 << field) | u64::from(empty) << field;
    }

    pub(crate) fn was_empty_list(&self, field: u8) -> bool {
        self.empty_lists & (1 << field) != 0
    }
}

/// The properties of a record that have a value, but for some.
pub(crate) fn properties_of<T: Serialize>(record: &T, except: &[&str]) -> Properties {
    let Ok(Value::Object(object)) = serde_json::to_value(record) else {
        return Properties::default();
    };
    let given = object
        .into_iter()
        .filter(|(name, value)| !except.contains(&name.as_str()) && !value.is_null());
    given
        .map(|(name, value)| match value {
            Value::String(text) => (name, Property::Text(text.into())),
            other => (name, Property::Json(other)),
        })
        .collect()
}

/// Two are equal if they hold the same properties.
impl PartialEq for Properties {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<N: Into<Text>, V: Into<Property>> FromIterator<(N, V)> for Properties {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(iter: I) -> Self {
        let mut properties = Self::default();
        properties.extend(iter);
        properties
    }
}

/// A property that exists already gets the new value.
impl<N: Into<Text>, V: Into<Property>> Extend<(N, V)> for Properties {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, iter: I) {
        self.entries.extend(iter.into_iter().map(|(name, value)| (name.into(), value.into())));
        self.sort();
    }
}

/// Sorted by name.
impl IntoIterator for Properties {
    type Item = (Text, Property);
    type IntoIter = vec::IntoIter<(Text, Property)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

/// Sorted by name.
impl<'a> IntoIterator for &'a Properties {
    type Item = (&'a Text, &'a Property);
    type IntoIter = Map<slice::Iter<'a, (Text, Property)>, fn(&'a (Text, Property)) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter().map(|(name, value)| (name, value))
    }
}

/// As a map.
impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

/// From a map. If a name occurs twice, the last value is used.
impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = BTreeMap::<Text, Property>::deserialize(deserializer)?;
        Ok(entries.into_iter().collect())
    }
}

/// The value of a property, which is nearly always a string.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Property {
    /// A string.
    Text(Text),
    /// Any other JSON.
    Json(Value),
}

impl Property {
    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(_) => None,
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.pad(text),
            Self::Json(json) => write!(f, "{json}"),
        }
    }
}

impl PartialEq<&str> for Property {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(*other)
    }
}

impl<T: Into<Text>> From<T> for Property {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

impl Serialize for Property {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::Json(json) => json.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Property {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PropertyVisitor)
    }
}

struct PropertyVisitor;

impl<'de> Visitor<'de> for PropertyVisitor {
    type Value = Property;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Property, E> {
        Ok(Property::Text(text.into()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Property, E> {
        Ok(Property::Json(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Property, E> {
        Ok(Property::Json(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Property, E> {
        Ok(Property::Json(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Property, E> {
        Ok(Property::Json(value.into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Property, E> {
        Ok(Property::Json(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Property, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(Property::Json(Value::Array(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Property, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some((name, value)) = map.next_entry()? {
            object.insert(name, value);
        }
        Ok(Property::Json(Value::Object(object)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Properties, Property};
    use crate::types::Text;
    use serde_json::json;

    #[test]
    fn properties_are_a_plain_map_to_serde() {
        let object = json!({"a": "text", "b": 7, "c": null, "d": ["x"]});
        let properties: Properties = serde_json::from_value(object.clone()).unwrap();
        assert_eq!(properties.get_str("a"), Some("text"));
        assert_eq!(serde_json::to_value(&properties).unwrap(), object);
    }

    #[test]
    fn properties_go_in_and_out_of_loops() {
        let mut properties = Properties::from_iter([("b", "1"), ("a", "2")]);
        properties.extend([("b", "3"), ("c", "4")]);
        let seen: Vec<_> = (&properties).into_iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(seen, ["a", "b", "c"]);
        let owned: Vec<(Text, Property)> = properties.into_iter().collect();
        assert!(owned[1].0 == "b" && owned[1].1 == "3");
    }

    #[test]
    fn the_last_of_equal_names_counts() {
        let text = r#"{"b": "1", "a": "2", "b": "3", "c": "4", "a": "5"}"#;
        let mut properties: Properties = serde_json::from_str(text).unwrap();
        assert_eq!(properties, Properties::from_iter([("c", "4"), ("a", "5"), ("b", "3")]));
        assert_eq!(properties.insert("b", "6"), Some("3".into()));
        assert_eq!(properties.insert("aa", "7"), None);
        assert_eq!(properties.remove("a"), Some("5".into()));
        assert_eq!(properties.remove("a"), None);
        let text = serde_json::to_string(&properties).unwrap();
        assert_eq!(text, r#"{"aa":"7","b":"6","c":"4"}"#);
    }
}
