//! One list out of many regions.

use crate::{Error, Result};
use futures_core::Stream;
use futures_core::stream::BoxStream;
use futures_util::StreamExt;
use futures_util::stream::{FuturesUnordered, StreamFuture};
use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;
use sync_wrapper::SyncWrapper;

/// How many regions are asked at the same time unless [`Regions::concurrency`] says otherwise. A deployed
/// ParallelCluster API takes bursts of 10 requests.
const CONCURRENCY: usize = 8;

/// The items of one list in several regions, in the order in which they arrive.
///
/// Within a region the items keep their order. A region that fails yields a [`RegionError`], and the others
/// continue. Read the stream with [`next`](StreamExt::next), since `try_next` and `?` stop at the first error.
/// After a transient error the same page is requested again; a permanent error, or three transient ones in a row,
/// ends the list of that region.
#[must_use = "a stream does nothing until it is polled"]
pub struct Regions<T> {
    list: Box<dyn Fn(String) -> RegionPages<T> + Send + Sync>,
    waiting: VecDeque<String>,
    active: FuturesUnordered<StreamFuture<Region<T>>>,
    concurrency: usize,
    current: Option<(String, IntoIter<T>)>,
}

/// An item and its region.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InRegion<T> {
    /// The region, as given in the request.
    pub region: String,
    /// The item.
    pub item: T,
}

/// An error in the list of one region.
#[derive(Debug, thiserror::Error)]
#[error("{region}: {error}")]
#[non_exhaustive]
pub struct RegionError {
    /// The region, as given in the request.
    pub region: String,
    /// The error.
    #[source]
    pub error: Error,
}

/// The pages of one region, each as its items.
pub(crate) type RegionPages<T> = BoxStream<'static, Result<Vec<T>>>;

/// The pages of one region.
struct Region<T> {
    name: String,
    pages: SyncWrapper<RegionPages<T>>,
}

impl<T> Stream for Region<T> {
    type Item = Result<Vec<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pages.get_mut().as_mut().poll_next(context)
    }
}

impl<T> Regions<T> {
    pub(crate) fn new(
        regions: impl IntoIterator<Item = impl Into<String>>,
        list: impl Fn(String) -> RegionPages<T> + Send + Sync + 'static,
    ) -> Self {
        Self {
            list: Box::new(list),
            waiting: regions.into_iter().map(Into::into).collect(),
            active: FuturesUnordered::new(),
            concurrency: CONCURRENCY,
            current: None,
        }
    }

    /// The number of regions that are listed at the same time. The default is 8; 0 counts as 1.
    pub fn concurrency(mut self, regions: usize) -> Self {
        self.concurrency = regions.max(1);
        self
    }
}

// Nothing in it is pinned in place.
impl<T> Unpin for Regions<T> {}

impl<T> Stream for Regions<T> {
    type Item = Result<InRegion<T>, RegionError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some((region, items)) = &mut this.current
                && let Some(item) = items.next()
            {
                return Poll::Ready(Some(Ok(InRegion { region: region.clone(), item })));
            }
            while this.active.len() < this.concurrency
                && let Some(name) = this.waiting.pop_front()
            {
                let pages = SyncWrapper::new((this.list)(name.clone()));
                this.active.push(Region { name, pages }.into_future());
            }
            match ready!(this.active.poll_next_unpin(context)) {
                None => return Poll::Ready(None),
                Some((None, _)) => {}
                Some((Some(Ok(page)), region)) => {
                    this.current = Some((region.name.clone(), page.into_iter()));
                    this.active.push(region.into_future());
                }
                Some((Some(Err(error)), region)) => {
                    let name = region.name.clone();
                    // It gives the same page again, or nothing more.
                    this.active.push(region.into_future());
                    return Poll::Ready(Some(Err(RegionError { region: name, error })));
                }
            }
        }
    }
}

impl<T> fmt::Debug for Regions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Regions")
            .field("waiting", &self.waiting)
            .field("active", &self.active.len())
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
