//! A query and its answers.

mod ask;
pub(super) mod choose;
mod judge;
mod policy;
mod search;
mod trusted;

pub use judge::Near;
pub use policy::Policy;
pub use trusted::Trusted;

use crate::Result;
use crate::catalog::catalog::Catalog;
use crate::catalog::outcome::Outcome;
use crate::catalog::{Field, Image, Publisher, Query};
use futures_core::Stream;
use search::Search;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A stream of the images that match a query, in the order in which they arrive.
///
/// A source that fails yields its error as an item, and the others continue. Read the stream with `next`, since
/// `try_next` and `?` stop at the first error. At the end, [`outcome`](Self::outcome) says which lists were complete.
///
/// Anybody can publish an image of any name, so a match alone is not a safe choice. Say whom you trust first, with
/// [`from`](Self::from) or [`any_publisher`](Self::any_publisher): only the [`Trusted`] that they return can choose an
/// image, with [`latest`](Trusted::latest) or [`one`](Trusted::one).
///
/// ```compile_fail,E0599
/// # async fn example(catalog: cloud_images::catalog::Catalog) -> cloud_images::Result<()> {
/// let newest = catalog.find("ubuntu=24.04".parse()?).latest().await?; // no publisher
/// # Ok(()) }
/// ```
///
/// ```compile_fail,E0599
/// # async fn example(catalog: cloud_images::catalog::Catalog) -> cloud_images::Result<()> {
/// let image = catalog.find("ubuntu=24.04".parse()?).one().await?; // no publisher
/// # Ok(()) }
/// ```
///
/// ```no_run
/// # async fn example(catalog: cloud_images::catalog::Catalog) -> cloud_images::Result<()> {
/// use cloud_images::catalog::publishers;
///
/// let newest = catalog.find("ubuntu=24.04".parse()?).from(publishers::CANONICAL).latest().await?;
/// # Ok(()) }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Find {
    catalog: Catalog,
    query: Query,
    nearest: usize,
    search: Option<Search>,
    empty: Outcome,
}

impl Find {
    pub(super) fn new(catalog: Catalog, query: Query) -> Self {
        Self { catalog, query, nearest: 0, search: None, empty: Outcome::default() }
    }

    /// Restricts the search to images that an account of this publisher owns. The owner of each image is checked.
    ///
    /// The search starts again: images that were already returned are returned again.
    pub fn from(mut self, publisher: Publisher) -> Trusted {
        self.query = self.query.from(publisher);
        Trusted::new(self)
    }

    /// Accepts images of any owner, for example because only the provider can publish images in the source.
    ///
    /// `reason` documents the decision in your code. It is not used otherwise.
    pub fn any_publisher(self, reason: &'static str) -> Trusted {
        let _ = reason;
        Trusted::new(self)
    }

    /// The same, if the query itself names a publisher or an owner.
    pub(super) fn trusted_by_query(self) -> Option<Trusted> {
        let is_owned = self.query.terms().iter().any(|term| match term.field() {
            Field::From => true,
            Field::Owner => term.exact().is_some(),
            _ => false,
        });
        is_owned.then(|| Trusted::new(self))
    }

    /// The number of non-matching images to remember for [`nearest`](Self::nearest): those that fail the fewest terms.
    /// The default is 0.
    pub fn keep_nearest(mut self, images: usize) -> Self {
        self.nearest = images;
        self
    }

    /// The images that fail the fewest terms, each with the terms that it fails. Empty without
    /// [`keep_nearest`](Self::keep_nearest).
    #[must_use]
    pub fn nearest(&self) -> &[Near] {
        self.search.as_ref().map_or(&[], Search::nearest)
    }

    /// The query.
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The progress of each list, with counts, and at the end which lists were complete. Empty before the first poll.
    ///
    /// Use it to show the progress of a long search, also while nothing matches:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> cloud_images::Result<()> {
    /// # let server = cloud_images::testing::FakeIms::start().await;
    /// # let catalog = cloud_images::catalog::Catalog::new().add("otc", server.client());
    /// use futures::StreamExt;
    /// use std::time::Duration;
    ///
    /// let mut found = catalog.find("ubuntu>=22.04".parse()?);
    /// let mut ticks = tokio::time::interval(Duration::from_secs(1));
    /// loop {
    ///     tokio::select! {
    ///         item = found.next() => match item {
    ///             Some(Ok(image)) => println!("{}", image.display_name()),
    ///             Some(Err(error)) => eprintln!("{error}"),
    ///             None => break,
    ///         },
    ///         _ = ticks.tick() => eprintln!("{}", found.outcome()), // 2 of 3 lists complete, 1200 images, 34 hits
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        self.search.as_ref().map_or(&self.empty, |search| &search.outcome)
    }

    pub(super) fn into_outcome(self) -> Outcome {
        self.search.map_or(self.empty, |search| search.outcome)
    }
}

impl Stream for Find {
    type Item = Result<Image>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let search = this
            .search
            .get_or_insert_with(|| Search::new(&this.catalog, &this.query, this.nearest));
        search.poll(context)
    }
}

impl fmt::Debug for Find {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Find")
            .field("query", &self.query.to_string())
            .field("outcome", self.outcome())
            .finish_non_exhaustive()
    }
}
