//! Values that are not what the document says.

use serde_json::Value;
use std::fmt;

/// The values of a record that do not have their documented type, by their names in JSON.
///
/// Empty for nearly every record; the fields of these values are `None` or empty. `Debug` shows only the names,
/// since a value may be a secret.
///
/// ```
/// # #[cfg(feature = "ims")] {
/// let image: cloud_images::ims::types::Image =
///     serde_json::from_str(r#"{"id": "a", "min_disk": "40", "created_at": "yesterday"}"#)?;
/// assert_eq!(image.min_disk, Some(40));
/// assert_eq!(image.created_at, None);
/// assert_eq!(image.unreadable.get("created_at"), Some(&"yesterday".into()));
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
// Sorted by name. Boxed because it is rare: one word in a record that has none.
#[allow(clippy::box_collection)]
#[derive(Clone, Default, PartialEq)]
pub struct Unreadable(Option<Box<Vec<(&'static str, Value)>>>);

impl Unreadable {
    /// The value of a field, as the service sent it. For a list that was partly read, the items that could not be
    /// read.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.iter().find_map(|(other, value)| (other == name).then_some(value))
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().flat_map(|values| values.iter()).map(|(name, value)| (*name, value))
    }

    /// Whether everything was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Notes the value that a field cannot hold, in place of one noted for it earlier.
    pub(crate) fn note(&mut self, name: &'static str, odd: Option<Value>) {
        if odd.is_none() && self.0.is_none() {
            return;
        }
        let values = self.0.get_or_insert_default();
        let index = values.partition_point(|(other, _)| *other < name);
        if values.get(index).is_some_and(|(other, _)| *other == name) {
            values.remove(index);
        }
        if let Some(odd) = odd {
            values.insert(index, (name, odd));
        }
        if values.is_empty() {
            self.0 = None;
        }
    }
}

impl fmt::Debug for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}
