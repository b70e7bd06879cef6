//! Lists of images of two days, and what is between them.

use crate::catalog::Image;
use crate::catalog::shown::json_error;
use crate::types::Text;
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// The images of one day, from a JSON array or from one JSON object per line (NDJSON).
///
/// A line `{"incomplete":"otc"}` says that the list of this source is [`incomplete`](Self::incomplete).
///
/// ```
/// use cloud_images::catalog::Snapshot;
///
/// let monday: Snapshot = r#"{"source":"otc","id":"1","name":"Debian 12"}"#.parse()?;
/// let tuesday: Snapshot = r#"[{"source":"otc","id":"1","name":"Debian 12","status":"disabled"}]"#.parse()?;
/// let diff = monday.diff(&tuesday);
/// assert_eq!(diff.changed[0].fields[0].name, "status");
/// # Ok::<_, cloud_images::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    images: Vec<Image>,
    incomplete: BTreeSet<Text>,
}

/// The differences between two snapshots, sorted by source, region and id.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Diff {
    /// Images that are only in the newer snapshot.
    pub new: Vec<Image>,
    /// Images that are only in the older snapshot.
    pub gone: Vec<Image>,
    /// Images that are only in the older snapshot, but whose source was incomplete in the newer one: they may still
    /// exist.
    pub unknown: Vec<Image>,
    /// Images that are in both snapshots and differ.
    pub changed: Vec<Change>,
}

/// An image that differs between two snapshots.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The image of the newer snapshot.
    pub image: Image,
    /// The fields that differ, in alphabetical order.
    pub fields: Vec<FieldChange>,
}

/// A field of an image that differs between two snapshots, by its name and values in JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FieldChange {
    /// The name of the field.
    pub name: String,
    /// Its value in the older snapshot.
    pub old: Value,
    /// Its value in the newer snapshot.
    pub new: Value,
}

impl Snapshot {
    /// Creates a snapshot. If several images have the same source, region and id, the last one is used.
    pub fn new(images: impl IntoIterator<Item = Image>) -> Self {
        Self { images: images.into_iter().collect(), incomplete: BTreeSet::new() }
    }

    /// Marks the list of a source as incomplete, because the source failed. [`diff`](Self::diff) then reports no image
    /// of that source as gone.
    #[must_use]
    pub fn incomplete(mut self, source: impl Into<Text>) -> Self {
        self.incomplete.insert(source.into());
        self
    }

    /// The images.
    #[must_use]
    pub fn images(&self) -> &[Image] {
        &self.images
    }

    /// What has changed from this snapshot to a newer one.
    #[must_use]
    pub fn diff(&self, newer: &Self) -> Diff {
        let (old, new) = (self.by_place(), newer.by_place());
        let mut diff = Diff::default();
        for (place, image) in &new {
            match old.get(place) {
                None => diff.new.push((*image).clone()),
                Some(before) if before != image => {
                    let fields = fields(before, image);
                    diff.changed.push(Change { image: (*image).clone(), fields });
                }
                Some(_) => {}
            }
        }
        for (place, image) in old.into_iter().filter(|(place, _)| !new.contains_key(place)) {
            let list =
                if newer.incomplete.contains(place.0) { &mut diff.unknown } else { &mut diff.gone };
            list.push(image.clone());
        }
        diff
    }

    fn by_place(&self) -> BTreeMap<(&str, Option<&str>, &str), &Image> {
        self.images
            .iter()
            .map(|image| {
                ((image.source.as_str(), image.region.as_deref(), image.id.as_str()), image)
            })
            .collect()
    }
}

impl Diff {
    /// Whether no difference is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty() && self.changed.is_empty()
    }
}

/// The fields that differ. By the JSON of the images, so that no field is forgotten.
fn fields(old: &Image, new: &Image) -> Vec<FieldChange> {
    let map = |image: &Image| match serde_json::to_value(image) {
        Ok(Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    };
    let mut old = map(old);
    let fields = map(new).into_iter().filter_map(|(name, new)| {
        let old = old.remove(&name).unwrap_or(Value::Null);
        (old != new).then_some(FieldChange { name, old, new })
    });
    let mut fields: Vec<FieldChange> = fields.collect();
    fields.sort_by(|one, other| one.name.cmp(&other.name));
    fields
}

impl fmt::Display for Snapshot {
    /// Writes NDJSON: one image per line, then one line per source that is incomplete.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for image in &self.images {
            let line = serde_json::to_string(image).map_err(|_| fmt::Error)?;
            writeln!(f, "{line}")?;
        }
        for source in &self.incomplete {
            let line = Incomplete { incomplete: source.clone() };
            writeln!(f, "{}", serde_json::to_string(&line).map_err(|_| fmt::Error)?)?;
        }
        Ok(())
    }
}

impl FromStr for Snapshot {
    type Err = Error;

    /// Reads a JSON array, or one JSON object per line; empty lines are skipped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] that names the line, the column and the problem.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_start().starts_with('[') {
            let images: Vec<Image> =
                serde_json::from_str(text).map_err(|error| wrong(error.line(), error))?;
            return Ok(Self::new(images));
        }
        let mut snapshot = Self::default();
        for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            if let Ok(Incomplete { incomplete }) = serde_json::from_str(line) {
                snapshot.incomplete.insert(incomplete);
                continue;
            }
            let image = serde_json::from_str(line).map_err(|error| wrong(place + 1, error))?;
            snapshot.images.push(image);
        }
        Ok(snapshot)
    }
}

/// The line of a source whose list is incomplete.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Incomplete {
    incomplete: Text,
}

fn wrong(line: usize, error: serde_json::Error) -> Error {
    let column = error.column();
    let said = json_error(&error);
    // The line of the error is that of the line of NDJSON, always 1.
    let said = said.split(" at line ").next().unwrap_or_default();
    let message = format!("line {line}, column {column} of the snapshot: {said}");
    Error::new(ErrorKind::InvalidRequest, message).caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::Snapshot;
    use crate::catalog::{Image, Status};

    fn image(source: &str, region: &str, id: &str) -> Image {
        let mut image = Image::new(source, "aws", id, "a");
        image.region = Some(region.into());
        image
    }

    fn ids(images: &[Image]) -> Vec<&str> {
        images.iter().map(|image| image.id.as_str()).collect()
    }

    #[test]
    fn new_gone_and_changed_images_are_distinguished() {
        let old = Snapshot::new([image("a", "x", "1"), image("a", "x", "2"), image("a", "y", "1")]);
        let mut changed = image("a", "x", "1");
        changed.status = Some(Status::Disabled);
        changed.name = "b".to_owned();
        let new = Snapshot::new([image("a", "z", "1"), changed, image("a", "y", "1")]);
        let diff = old.diff(&new);
        assert_eq!((ids(&diff.new), ids(&diff.gone)), (vec!["1"], vec!["2"]));
        assert_eq!(diff.new[0].region.as_deref(), Some("z"));
        let [change] = &diff.changed[..] else { panic!("{diff:?}") };
        let fields: Vec<_> = change
            .fields
            .iter()
            .map(|field| (field.name.as_str(), &field.old, &field.new))
            .collect();
        assert_eq!(
            fields,
            [
                ("name", &"a".into(), &"b".into()),
                ("status", &serde_json::Value::Null, &"disabled".into())
            ]
        );
        assert!(old.diff(&old).is_empty() && !diff.is_empty());
    }

    #[test]
    fn what_a_source_that_failed_does_not_list_is_not_gone() {
        let old = Snapshot::new([image("a", "x", "1"), image("b", "x", "2")]);
        let diff = old.diff(&Snapshot::default().incomplete("b"));
        assert_eq!((ids(&diff.gone), ids(&diff.unknown)), (vec!["1"], vec!["2"]));
    }

    #[test]
    fn that_a_source_failed_is_written_and_read() {
        let old = Snapshot::new([image("a", "x", "1"), image("b", "x", "2")]);
        let new = Snapshot::new([image("a", "x", "1")]).incomplete("b");
        let read: Snapshot = new.to_string().parse().unwrap();
        assert_eq!(read, new);
        let diff = old.diff(&read);
        assert_eq!((ids(&diff.gone), ids(&diff.unknown)), (vec![], vec!["2"]));
    }

    #[test]
    fn both_forms_of_json_are_read() {
        let snapshot = Snapshot::new([image("a", "x", "1"), image("a", "x", "2")]);
        let lines = snapshot.to_string();
        assert_eq!(lines.lines().count(), 2);
        assert_eq!(lines.parse::<Snapshot>().unwrap(), snapshot);
        let array = format!("\n [{}]\n", lines.trim().replace('\n', ",\n"));
        assert_eq!(array.parse::<Snapshot>().unwrap(), snapshot);
        assert_eq!("\r\n\r\n".parse::<Snapshot>().unwrap(), Snapshot::default());
    }

    #[test]
    fn an_error_names_the_line_and_the_column() {
        for (text, said) in [
            ("{\"id\":\"1\"}\n\n{\"id\":1}\n", "line 3, column 7 of the snapshot: invalid type"),
            (
                "[\n{\"id\":\"1\"},\n{\"id\":}\n]",
                "line 3, column 7 of the snapshot: expected value",
            ),
            ("{\"id\":\"1\",\"status\":\"\u{1b}[31m\"}", "line 1, column"),
        ] {
            let error = text.parse::<Snapshot>().unwrap_err();
            assert!(error.message().starts_with(said), "{}", error.message());
            assert!(!error.message().contains('\u{1b}'), "{}", error.message());
        }
    }
}
