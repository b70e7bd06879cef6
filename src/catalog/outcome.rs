//! How far a search is, and what it has not seen.

use crate::Error;
use crate::types::Text;
use std::fmt;

/// The progress and the result of a search, list by list.
///
/// If the search does not find an image, the image is absent only if its list is [`Progress::Complete`].
///
/// Displayed as one line: `2 of 3 lists complete, 1200 images, 34 hits`.
#[derive(Debug, Default)]
pub struct Outcome {
    pub(super) listings: Vec<Listing>,
}

/// One list of one source.
#[derive(Debug)]
#[non_exhaustive]
pub struct Listing {
    /// The name of the source.
    pub source: Text,
    /// The region, if the list has one.
    pub region: Option<Text>,
    /// The number of images that were read.
    pub listed: u64,
    /// The number of images that match the query.
    pub hits: u64,
    /// The progress of the list.
    pub progress: Progress,
}

/// The progress of a list.
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress {
    /// The list is not requested yet.
    Waiting,
    /// The list is being read.
    Running,
    /// The list was read to its end.
    Complete,
    /// The list ended early, with this error.
    Failed(Error),
}

impl Outcome {
    /// The lists, in the order of the sources. Lists that the query rules out are left out.
    #[must_use]
    pub fn listings(&self) -> &[Listing] {
        &self.listings
    }

    /// Whether all lists were read to their ends.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.incomplete().next().is_none()
    }

    /// The lists that have not been read to their ends.
    pub fn incomplete(&self) -> impl Iterator<Item = &Listing> {
        self.listings.iter().filter(|listing| !listing.is_complete())
    }

    /// Whether all images of a source were read; with a `region`, all images of the source in that region.
    #[must_use]
    pub fn covers(&self, source: &str, region: Option<&str>) -> bool {
        let own = |listing: &&Listing| {
            let elsewhere =
                region.zip(listing.region.as_deref()).is_some_and(|(one, other)| one != other);
            listing.source == source && !elsewhere
        };
        let mut lists = self.listings.iter().filter(own).peekable();
        lists.peek().is_some() && lists.all(Listing::is_complete)
    }

    /// The number of images that were read.
    #[must_use]
    pub fn listed(&self) -> u64 {
        self.listings.iter().map(|listing| listing.listed).sum()
    }

    /// The number of images that match the query.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.listings.iter().map(|listing| listing.hits).sum()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |is: fn(&Progress) -> bool| {
            self.listings.iter().filter(|listing| is(&listing.progress)).count()
        };
        let complete = count(|progress| matches!(progress, Progress::Complete));
        let failed = count(|progress| matches!(progress, Progress::Failed(_)));
        write!(f, "{complete} of {} lists complete", self.listings.len())?;
        if failed > 0 {
            write!(f, ", {failed} failed")?;
        }
        write!(f, ", {} images, {} hits", self.listed(), self.hits())
    }
}

impl Listing {
    /// Whether the list was read to its end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        matches!(self.progress, Progress::Complete)
    }

    /// The source and the region, for a sentence.
    pub(super) fn place(&self) -> String {
        match &self.region {
            Some(region) => format!("{}, {region}", self.source),
            None => self.source.to_string(),
        }
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} of {} images", self.place(), self.hits, self.listed)?;
        match &self.progress {
            Progress::Waiting => f.write_str(", waiting"),
            Progress::Running => f.write_str(" so far"),
            Progress::Complete => Ok(()),
            Progress::Failed(error) => write!(f, ", incomplete: {error}"),
        }
    }
}
