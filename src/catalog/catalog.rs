//! The sources, and how they are asked.

use crate::catalog::{Source, Support};
use crate::types::Text;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How many lists are read at the same time.
const CONCURRENCY: usize = 8;
/// The most images of one list.
const MOST: u64 = 1_000_000;
/// How long a list may send nothing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// A set of image sources that are searched with one query.
///
/// ```
/// use cloud_images::catalog::{Catalog, publishers};
/// use cloud_images::testing::{FakeComputing, FakeIms, FakeParallelCluster};
/// use futures::StreamExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// # let (hpc, otc, gpu) =
/// #     (FakeParallelCluster::start().await, FakeIms::start().await, FakeComputing::start().await);
/// let catalog =
///     Catalog::new().add("hpc", hpc.client()).add("otc", otc.client()).add("gpu", gpu.client());
///
/// let mut found = catalog.find("ubuntu>=22.04 status=available".parse()?);
/// while let Some(image) = found.next().await {
///     match image {
///         Ok(image) => println!("{} {}", image.source, image.display_name()),
///         Err(error) => eprintln!("{error}"), // of one source; the others go on
///     }
/// }
/// assert!(found.outcome().is_complete());
/// # Ok(()) }
/// ```
///
/// # Bounds
///
/// Every search ends. Up to 8 lists are read at the same time ([`concurrency`](Self::concurrency)). A list ends with an
/// error if it sends nothing for 5 minutes ([`idle_timeout`](Self::idle_timeout)), if it has more than 1,000,000 images
/// ([`most`](Self::most)), after a permanent error, and after three transient errors in a row. Images are not
/// collected, so memory use does not grow with the lists.
#[derive(Clone)]
pub struct Catalog {
    pub(super) entries: Vec<Entry>,
    pub(super) concurrency: usize,
    pub(super) most: u64,
    pub(super) idle_timeout: Duration,
    pub(super) support: Option<Arc<Support>>,
}

/// A source and its name.
#[derive(Clone)]
pub(super) struct Entry {
    pub name: Text,
    pub source: Arc<dyn Source>,
}

impl Default for Catalog {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            concurrency: CONCURRENCY,
            most: MOST,
            idle_timeout: IDLE_TIMEOUT,
            support: None,
        }
    }
}

impl Catalog {
    /// Creates a catalogue without sources.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source. It replaces a source with the same name.
    #[must_use]
    pub fn add(mut self, name: impl Into<Text>, source: impl Source) -> Self {
        let entry = Entry { name: name.into(), source: Arc::new(source) };
        self.entries.retain(|other| other.name != entry.name);
        self.entries.push(entry);
        self
    }

    /// The number of lists that are read at the same time. The default is 8; 0 counts as 1.
    #[must_use]
    pub fn concurrency(mut self, lists: usize) -> Self {
        self.concurrency = lists.max(1);
        self
    }

    /// The maximum number of images that are read from one list. The default is 1,000,000. A longer list ends with an
    /// error and is incomplete.
    #[must_use]
    pub fn most(mut self, images: u64) -> Self {
        self.most = images;
        self
    }

    /// The time that a list may send nothing before it ends with an error. The default is 5 minutes. It needs the Tokio
    /// runtime; without one only the timeouts of the clients apply.
    #[must_use]
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// Sets the table of life cycles for `supported_for`. The default is the bundled one.
    #[must_use]
    pub fn support(mut self, support: Support) -> Self {
        self.support = Some(Arc::new(support));
        self
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.entries.iter().map(|entry| entry.name.as_str()).collect();
        f.debug_struct("Catalog")
            .field("sources", &names)
            .field("concurrency", &self.concurrency)
            .field("most", &self.most)
            .field("idle_timeout", &self.idle_timeout)
            .finish_non_exhaustive()
    }
}
