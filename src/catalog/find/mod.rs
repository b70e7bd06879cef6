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

/// The images that answer a query, in the order in which they arrive.
///
/// A source that fails gives its error as an item, while the others go on: use `next`, since `try_next` and `?` stop
/// at the first error. [`outcome`](Self::outcome) says at the end which lists were complete.
///
/// These are hits to look at. Names can be chosen freely, so none of them is "the" image until you say whom you
/// trust: [`from`](Self::from) a publisher, or [`any_publisher`](Self::any_publisher). Only then there are
/// [`latest`](Trusted::latest) and [`one`](Trusted::one):
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

    /// Only images that accounts of this publisher own. The owner of each image is checked.
    ///
    /// What was found so far is found again.
    pub fn from(mut self, publisher: Publisher) -> Trusted {
        self.query = self.query.from(publisher);
        Trusted::new(self)
    }

    /// Images of any owner, because nobody else can put images there, or because it does not matter.
    ///
    /// `reason` is for those who read the code; nothing is done with it.
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

    /// Remembers this many of the images that do not match, those that miss the fewest terms. For
    /// [`nearest`](Self::nearest); 0 unless set.
    pub fn keep_nearest(mut self, images: usize) -> Self {
        self.nearest = images;
        self
    }

    /// The images that miss the fewest terms, each with what it misses. Empty without
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

    /// How far each list is, with counts; at the end, which were complete. Empty before the first poll.
    ///
    /// A search that takes long shows with it how far it is, also while there is no hit:
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
