//! `images.lock`: which images were chosen, so that tomorrow it is the same ones.

mod check;
mod drift;

pub use check::Checked;
pub use drift::{Drift, Observed};

use crate::catalog::shown::{json_error, shown};
use crate::catalog::{Architecture, Image};
use crate::types::Text;
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::Read;
use std::str::FromStr;

/// The version of the format that this version of the crate writes and reads.
const VERSION: u64 = 1;

/// The largest file, in bytes.
const LARGEST: u64 = 16 << 20;

/// The content of an `images.lock` file: the images that were chosen.
///
/// The file is JSON, meant to be committed and read by people. `Display` writes it, and the same choice always gives
/// the same bytes: entries and keys are sorted, and a newline ends the file. [`FromStr`] and [`Lock::from_reader`] read
/// it.
///
/// ```
/// use cloud_images::catalog::{Image, Lock, Locked};
///
/// let mut image = Image::new("prod", "aws", "ami-0abc", "ubuntu-noble-24.04-amd64-server-20260101");
/// image.region = Some("eu-west-1".into());
/// image.owner = Some("099720109477".into());
///
/// let lock = Lock::new([Locked::new("ubuntu=24.04 from=canonical", "latest", &image)])?;
/// let text = lock.to_string();            // std::fs::write("images.lock", text)
/// assert_eq!(text.parse::<Lock>()?, lock);
/// # Ok::<_, cloud_images::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    entries: Vec<Locked>,
}

/// An image that was chosen, with the query and the policy that chose it.
///
/// There is one per query, source, region and architecture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Locked {
    /// The query, as text.
    pub query: String,
    /// The policy that chose among the images of the query, as text.
    pub policy: String,
    /// The name of the source in the catalogue.
    pub source: Text,
    /// The region, as the provider names it.
    pub region: Option<Text>,
    /// The processor architecture.
    pub architecture: Option<Architecture>,
    /// The id of the image.
    pub id: Text,
    /// The name of the image, for readers of the file. It is not compared.
    pub name: String,
    /// The id of the account that owned it.
    pub owner: Option<Text>,
    /// When it was created.
    pub created: Option<DateTime<Utc>>,
    /// The hash of its data, its algorithm first.
    pub hash: Option<Text>,
}

impl Locked {
    /// Locks an image that a query and a policy have chosen.
    pub fn new(query: impl Into<String>, policy: impl Into<String>, image: &Image) -> Self {
        Self {
            query: query.into(),
            policy: policy.into(),
            source: image.source.clone(),
            region: image.region.clone(),
            architecture: image.architecture,
            id: image.id.clone(),
            name: image.display_name(),
            owner: image.owner.clone(),
            created: image.created,
            hash: image.hash.clone(),
        }
    }

    /// What there is one of.
    fn place(&self) -> (&str, &Text, &Option<Text>, Option<Architecture>) {
        (&self.query, &self.source, &self.region, self.architecture)
    }
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<E> {
    version: u64,
    images: E,
}

/// What every version of the file has.
#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

impl Lock {
    /// A lock of images, in the order of query, source, region and architecture.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if two images have the same query, source, region and architecture.
    pub fn new(entries: impl IntoIterator<Item = Locked>) -> Result<Self> {
        let mut entries: Vec<Locked> = entries.into_iter().collect();
        entries.sort_by(|one, other| one.place().cmp(&other.place()));
        for pair in entries.windows(2) {
            if let [one, other] = pair
                && one.place() == other.place()
            {
                let message = format!(
                    "two images are locked for the query `{}` in {}: {} and {}; keep one of them",
                    shown(&one.query),
                    place_shown(one),
                    shown(&one.id),
                    shown(&other.id)
                );
                return Err(Error::new(ErrorKind::InvalidRequest, message));
            }
        }
        Ok(Self { entries })
    }

    /// The images.
    #[must_use]
    pub fn entries(&self) -> &[Locked] {
        &self.entries
    }

    /// Reads the file, up to 16 MiB.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if it cannot be read, and the errors of [`Lock::from_str`].
    pub fn from_reader(reader: impl Read) -> Result<Self> {
        let mut text = String::new();
        let read = reader.take(LARGEST + 1).read_to_string(&mut text).map_err(|error| {
            Error::new(ErrorKind::InvalidRequest, format!("the lock file cannot be read: {error}"))
                .caused_by(error)
        })?;
        if read as u64 > LARGEST {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                "the lock file is larger than 16 MiB",
            ));
        }
        text.parse()
    }
}

fn place_shown(entry: &Locked) -> String {
    let mut place = shown(&entry.source);
    if let Some(region) = &entry.region {
        place = format!("{place}, {}", shown(region));
    }
    if let Some(architecture) = entry.architecture {
        place = format!("{place}, {architecture}");
    }
    place
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = File { version: VERSION, images: &self.entries };
        let text = serde_json::to_string_pretty(&file).map_err(|_| fmt::Error)?;
        writeln!(f, "{text}")
    }
}

impl FromStr for Lock {
    type Err = Error;

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] that names the line and column of what is wrong, if the file is of another
    /// version, and for what [`Lock::new`] refuses.
    fn from_str(text: &str) -> Result<Self> {
        let versioned: Versioned = serde_json::from_str(text).map_err(not_a_lock)?;
        if versioned.version != VERSION {
            let message = format!(
                "the lock file is of version {}, this program reads version {VERSION}: update the program, or \
                 lock the images again",
                versioned.version
            );
            return Err(Error::new(ErrorKind::InvalidRequest, message));
        }
        let file: File<Vec<Locked>> = serde_json::from_str(text).map_err(not_a_lock)?;
        Self::new(file.images)
    }
}

fn not_a_lock(error: serde_json::Error) -> Error {
    let message = format!("the lock file cannot be read: {}", json_error(&error));
    Error::new(ErrorKind::InvalidRequest, message).caused_by(error)
}

#[cfg(test)]
mod tests;
