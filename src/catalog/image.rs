//! An image of any source, in the same words.

mod words;

pub use words::{Status, Visibility};

use crate::catalog::{Architecture, Distribution, Hints, Reading, Version};
use crate::types::Text;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// An image of any source, in one form for all of them.
///
/// A value that is not certain is `None`. The name is as the source returns it.
///
/// # JSON
///
/// Each field is a key, in this order. Every key is always present, with `null` for an unknown value, and no value is
/// nested:
///
/// | keys | values |
/// |---|---|
/// | `source` `provider` `id` `name` | strings, never `null` |
/// | `region` `owner` `codename` `edition` `hash` | strings |
/// | `distribution` | a word, see [`Distribution`] |
/// | `version` `driver` `cuda` `parallelcluster` | strings, such as `22.04` and `2012 R2`, see [`Version`] |
/// | `lts` | booleans |
/// | `architecture` `status` `visibility` | a word of [`Architecture`], [`Status`], [`Visibility`] |
/// | `created` `updated` `deprecated` | times as RFC 3339 in UTC, `2026-03-01T12:00:00Z` |
/// | `size_bytes` `min_disk_gib` `min_ram_mib` | whole numbers |
/// | `extras` | a list of strings, empty where nothing is known |
///
/// When an object is read, missing keys are `null`, and unknown ones are skipped. Later versions of this crate may
/// add keys at the end.
///
/// Images with one object per line (NDJSON) are a table for DuckDB and Polars. DuckDB reads the times as
/// `TIMESTAMP WITH TIME ZONE` and `extras` as `VARCHAR[]`. For a column that is `null` in every row, set the type with
/// `columns`:
///
/// ```sql
/// SELECT distribution, version, count(*) FROM read_json('images.ndjson')
/// WHERE status = 'available' AND created >= '2026-01-01' GROUP BY ALL;
/// ```
///
/// ```
/// use cloud_images::catalog::Image;
///
/// let image = Image::new("otc", "otc", "3fc8", "Standard_Debian_12_amd64_bios_latest");
/// let line = serde_json::to_string(&image)?;
/// assert!(line.starts_with(r#"{"source":"otc","provider":"otc","region":null,"id":"3fc8","#));
/// assert_eq!(serde_json::from_str::<Image>(&line)?, image);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Image {
    /// The name of the source in the catalogue.
    pub source: Text,
    /// The kind of cloud behind the source: `aws`, `otc`, `openstack`.
    pub provider: Text,
    /// The region, as the provider names it.
    pub region: Option<Text>,
    /// The id, unique in its source and region.
    pub id: Text,
    /// The name as the source returns it. It may contain any characters: to print it, use [`Image::display_name`].
    pub name: String,
    /// The id of the account or project that owns the image, never a display name.
    pub owner: Option<Text>,
    /// The operating system.
    pub distribution: Option<Distribution>,
    /// The version of the operating system, as precise as it is known.
    pub version: Option<Version>,
    /// The code name of the version, one lower-case word: `jammy`.
    pub codename: Option<Text>,
    /// The edition, one lower-case word: `datacenter`, `server`, `minimal`.
    pub edition: Option<Text>,
    /// Whether the vendor calls the version a long-term support release.
    pub lts: Option<bool>,
    /// The processor architecture.
    pub architecture: Option<Architecture>,
    /// The state of the image.
    pub status: Option<Status>,
    /// Who can see the image.
    pub visibility: Option<Visibility>,
    /// When the image was created.
    pub created: Option<DateTime<Utc>>,
    /// When the image or its properties were last changed.
    pub updated: Option<DateTime<Utc>>,
    /// The size of the image data, in bytes.
    pub size_bytes: Option<u64>,
    /// The minimum disk size that the image needs, in GiB.
    pub min_disk_gib: Option<u64>,
    /// The minimum memory that the image needs, in MiB.
    pub min_ram_mib: Option<u64>,
    /// The NVIDIA driver: a branch (`535`) or a full version (`550.54.15`).
    pub driver: Option<Version>,
    /// The version of CUDA.
    pub cuda: Option<Version>,
    /// The version of AWS ParallelCluster.
    pub parallelcluster: Option<Version>,
    /// Further software in the image: a name (`docker`, `ofed`) or a name with a version (`kernel=6.1`).
    pub extras: Vec<Text>,
    /// The hash of the image data, its algorithm first: `sha512:9f86...`.
    pub hash: Option<Text>,
    /// The time from which the image is deprecated by its owner.
    pub deprecated: Option<DateTime<Utc>>,
    #[serde(skip)]
    original: Original,
}

impl Image {
    /// Creates an image with a source, a provider, an id and a name. All other fields are empty.
    ///
    /// `source` is the name of the source in the catalogue, `provider` the kind of cloud behind it.
    #[inline]
    pub fn new(
        source: impl Into<Text>,
        provider: impl Into<Text>,
        id: impl Into<Text>,
        name: impl Into<String>,
    ) -> Self {
        Self {
            source: source.into(),
            provider: provider.into(),
            id: id.into(),
            name: name.into(),
            ..Self::default()
        }
    }

    /// Creates an image without a source, for implementations of [`Source`](super::Source). The catalogue fills the
    /// source in.
    #[inline]
    pub fn unplaced(
        provider: impl Into<Text>,
        id: impl Into<Text>,
        name: impl Into<String>,
    ) -> Self {
        Self::new(Text::default(), provider, id, name)
    }

    /// Fills in what the name and the fields of the service say; see [`Reading::with`].
    ///
    /// Fields that have a value are not changed.
    ///
    /// ```
    /// use cloud_images::catalog::{Hints, Image};
    ///
    /// let hints = Hints { architecture: Some("x86_64"), ..Hints::default() };
    /// let image = Image::new("otc", "otc", "3fc8", "Standard_Debian_12_latest").read(&hints);
    /// assert_eq!(image.version, Some("12".parse()?));
    /// assert_eq!(image.architecture, Some("x86_64".parse()?));
    /// # Ok::<_, cloud_images::Error>(())
    /// ```
    #[must_use]
    pub fn read(self, hints: &Hints<'_>) -> Self {
        let reading = Reading::with(&self.name, hints);
        self.with_reading(reading)
    }

    /// Fills in what was read. Fields that have a value are not changed.
    #[must_use]
    pub fn with_reading(mut self, reading: Reading) -> Self {
        self.add_reading(reading);
        self
    }

    /// As [`with_reading`](Self::with_reading), without a move of the image.
    pub(super) fn add_reading(&mut self, reading: Reading) {
        if self.distribution.is_none() {
            self.distribution = reading.distribution;
            self.version = reading.version;
            self.codename = reading.codename;
            self.edition = reading.edition;
            self.lts = reading.lts;
        }
        self.architecture = self.architecture.or(reading.architecture);
        self.driver = self.driver.take().or(reading.driver);
        self.cuda = self.cuda.take().or(reading.cuda);
        self.parallelcluster = self.parallelcluster.take().or(reading.parallelcluster);
        if self.extras.is_empty() {
            self.extras = reading.extras;
        }
    }

    /// Adds the object that the service sent; see [`Image::original`].
    #[must_use]
    pub fn with_original<T: Any + Send + Sync>(mut self, original: T) -> Self {
        self.set_original(original);
        self
    }

    /// As [`with_original`](Self::with_original), without a move of the image.
    #[inline]
    pub(super) fn set_original<T: Any + Send + Sync>(&mut self, original: T) {
        self.original = Original(Some(Arc::new(original)));
    }

    /// The object that the service sent, untouched; `None` if it is of another type, or the image was read
    /// from JSON.
    #[must_use]
    pub fn original<T: Any>(&self) -> Option<&T> {
        (**self.original.0.as_ref()?).downcast_ref()
    }

    /// The name to show: one line without control, bidirectional and invisible characters, at most 255
    /// characters.
    #[must_use]
    pub fn display_name(&self) -> String {
        self.name.chars().filter(|&character| is_shown(character)).take(255).collect()
    }
}

/// Whether a character is safe in a line of text.
pub(super) fn is_shown(character: char) -> bool {
    let invisible = matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}');
    !character.is_control() && !invisible
}

/// The object that the service sent. No part of what an image is compared by.
#[derive(Clone, Default)]
struct Original(Option<Arc<dyn Any + Send + Sync>>);

impl fmt::Debug for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Some(..)" } else { "None" })
    }
}

impl PartialEq for Original {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Image, Status, Visibility};

    #[test]
    fn the_original_comes_back_untouched() {
        let image = Image::new("hpc", "aws", "ami-1", "a").with_original(vec![1, 2, 3]);
        assert_eq!(image.original::<Vec<i32>>(), Some(&vec![1, 2, 3]));
        assert_eq!(image.original::<String>(), None);
    }

    #[test]
    fn a_row_has_every_key_and_reads_back() {
        let mut image = Image::new("otc", "otc", "7", "Debian 12");
        image.status = Some(Status::Available);
        image.visibility = Some(Visibility::Public);
        image.created = Some("2026-03-01T12:00:00Z".parse().unwrap());
        image.extras = vec!["docker".into(), "kernel=6.1".into()];
        let line = serde_json::to_string(&image).unwrap();
        let expected = r#"{"source":"otc","provider":"otc","region":null,"id":"7","name":"Debian 12","owner":null,"distribution":null,"version":null,"codename":null,"edition":null,"lts":null,"architecture":null,"status":"available","visibility":"public","created":"2026-03-01T12:00:00Z","updated":null,"size_bytes":null,"min_disk_gib":null,"min_ram_mib":null,"driver":null,"cuda":null,"parallelcluster":null,"extras":["docker","kernel=6.1"],"hash":null,"deprecated":null}"#;
        assert_eq!(line, expected);
        assert_eq!(serde_json::from_str::<Image>(&line).unwrap(), image);
    }

    #[test]
    fn a_row_of_which_everything_is_known_has_these_types() {
        let line = r#"{"source":"prod","provider":"aws","region":"eu-west-1","id":"ami-1","name":"Windows 2012","owner":"0123","distribution":"windows-server","version":"2012 R2","codename":"jammy","edition":"datacenter","lts":true,"architecture":"x86_64","status":"pending","visibility":"community","created":"2026-03-01T12:00:00Z","updated":"2026-03-01T12:00:00.500Z","size_bytes":18446744073709551615,"min_disk_gib":100,"min_ram_mib":2048,"driver":"550.54.15","cuda":"12.4","parallelcluster":"3.13.0","extras":["docker","kernel=6.1"],"hash":"sha512:9f86","deprecated":"2028-03-01T00:00:00Z"}"#;
        let image: Image = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&image).unwrap(), line);
        assert_eq!(image.version, Some("2012 R2".parse().unwrap()));
        assert_eq!(image.size_bytes, Some(u64::MAX));
        let nulls = serde_json::to_string(&Image::default()).unwrap();
        let keys = |line: &str| -> Vec<String> {
            serde_json::from_str::<serde_json::Map<_, _>>(line).unwrap().keys().cloned().collect()
        };
        assert_eq!(keys(&nulls), keys(line));
    }

    #[test]
    fn a_row_of_another_version_is_read() {
        let image: Image =
            serde_json::from_str(r#"{"id":"7","name":"x","a_later_column":1}"#).unwrap();
        assert_eq!((image.id.as_str(), image.name.as_str(), image.status), ("7", "x", None));
    }

    #[test]
    fn a_hostile_name_is_one_clean_line() {
        let image = Image::new(
            "a",
            "b",
            "c",
            format!("Ubu\u{202e}ntu\n\u{1b}[31m 22.04\u{200b}{}", "x".repeat(1000)),
        );
        let shown = image.display_name();
        assert!(shown.starts_with("Ubuntu[31m 22.04x"), "{shown}");
        assert_eq!(shown.chars().count(), 255);
    }
}
