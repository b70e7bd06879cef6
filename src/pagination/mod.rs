//! Lists that come in pages, as streams.
//!
//! A request of a list has `pages()` and `items()`. [`Pages`] yields the response bodies one by one, [`Items`] the
//! items in them. Both hold one page in memory, however long the list is.
//!
//! ```
//! # async fn example(images: cloud_images::parallelcluster::ImageOperationsApi) -> cloud_images::Result<()> {
//! let mut images = images.list_images("AVAILABLE").region("us-east-1").items();
//! while let Some(image) = images.next_item().await.transpose()? {
//!     println!("{}", image.image_id);
//! }
//! # Ok(()) }
//! ```
//!
//! # Errors and the end
//!
//! A stream always ends. A permanent error (a bad request, a refused credential, a body that cannot be decoded, a
//! pagination loop) is returned once and ends it. After a transient error ([`Error::is_retryable`]) the next poll
//! asks for the same page again, so no item is lost or repeated. Three such errors in a row end the stream. So
//! `collect::<Vec<_>>()` and `filter_map(Result::ok)` end on any server.
//!
//! A list ends with a page that has no next position. An empty page that has one is not the end: ParallelCluster
//! applies filters after it has taken a page. A position that repeats is an [`ErrorKind::PaginationLoop`], except
//! for log events, where it marks the end.
//!
//! # Cursors
//!
//! A [`Cursor`] is the position of a stream. Store it, and give it to the same request later, in this process or
//! another:
//!
//! ```
//! # async fn example(images: cloud_images::parallelcluster::ImageOperationsApi) -> cloud_images::Result<()> {
//! use futures::TryStreamExt;
//!
//! let request = images.list_images("AVAILABLE").region("us-east-1");
//! let mut stream = request.clone().items();
//! let first = stream.try_next().await?;
//! let cursor = stream.cursor();
//!
//! let mut rest = request.resume(cursor).items();
//! let second = rest.try_next().await?;
//! # Ok(()) }
//! ```
//!
//! # Prefetch
//!
//! `prefetch(n)` requests up to `n` pages ahead while the consumer works on an earlier one. The next
//! request is sent before the page is decoded, and where the page says at its beginning, or in a header, which one
//! follows, before all of it has arrived.
//!
//! # Deleted items
//!
//! On OpenStack a position is the id of an item, and this item may be deleted while the stream is read. The stream
//! then goes back to an earlier item and skips the items that it has already returned.

mod cursor;
mod failures;
mod fetch;
mod fetcher;
mod fingerprint;
mod items;
mod link;
mod marker_recovery;
mod pager;
mod pointer;
mod position;
mod prefetch;
mod reader;
mod regions;
mod rules;
mod source;
mod start;
mod stream;

pub use cursor::Cursor;
pub use regions::{InRegion, RegionError, Regions};
pub use stream::{Items, Pages};

pub(crate) use failures::Failures;
pub(crate) use fetch::Fetch;
pub(crate) use fingerprint::Fingerprint;
#[allow(unused_imports)] // depends on the documents
pub(crate) use marker_recovery::{ById, Identified};
#[cfg(any(fuzzing, test))]
pub(crate) use pointer::scalar;
pub(crate) use position::Position;
pub(crate) use rules::{End, Next, Rules};
// For documents whose positions are counted.
#[allow(unused_imports)]
pub(crate) use rules::Until;
pub(crate) use start::Start;

use crate::client::{Beginning, RawResponse};
use crate::{BoxFuture, Result};
#[cfg(doc)]
use crate::{Error, ErrorKind};

/// A request of a list. Implemented by the generated requests.
pub(crate) trait Paged: Clone + Send + Sync + 'static {
    type Page: Send + 'static;
    type Item: Send + 'static;
    const RULES: Rules;

    /// The cursor to begin at.
    fn resumed(&self) -> Option<&Cursor>;
    /// What the position parameter is set to.
    fn position(&self) -> Option<String>;
    /// Which list this is: the same for requests that differ in their position only.
    fn fingerprint(&self) -> u64;
    /// The same request for another position.
    fn at(self, position: Option<&str>) -> Self;
    /// Asks for the largest pages, if no page size was set.
    fn fill_page_size(&mut self) {}
    /// The page size that is asked for.
    fn asked_size(&self) -> Option<u64> {
        None
    }
    /// Whether the page without a position is the newest one, which is another when the list has grown.
    fn start_moves(&self) -> bool {
        false
    }
    /// Sends the request. The beginning of the response can be seen before.
    fn send_for_response(
        self,
        beginning: Option<Beginning>,
    ) -> BoxFuture<'static, Result<RawResponse>>;
    /// Reads the page in a response.
    fn read(&self, response: &mut RawResponse) -> Result<Self::Page>;
    fn into_items(page: Self::Page) -> Vec<Self::Item>;
    /// Shows the items by their ids, where positions are ids of items.
    fn identify(_: &mut Self::Page, _: &mut dyn FnMut(&mut dyn Identified)) {}
    /// The position right after an item, where positions are ids of items.
    fn id(_: &Self::Item) -> Option<&str> {
        None
    }
}
