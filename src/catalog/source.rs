//! Where images come from.

use crate::catalog::{Hints, Image, Query};
use crate::types::Text;
use crate::{BoxFuture, Result};
use futures_core::Stream;
use futures_util::StreamExt;
use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use sync_wrapper::SyncWrapper;

/// A cloud, or a part of one, that lists images.
///
/// The clients of this crate are sources; [`sources`](super::sources) has their settings. For a cloud of your own,
/// implement one method:
///
/// ```
/// use cloud_images::catalog::{Catalog, Image, List, Query, Source};
/// use futures::TryStreamExt;
///
/// struct Shelf;
///
/// impl Source for Shelf {
///     fn lists(&self, _: &Query) -> Vec<List> {
///         let names = ["ubuntu-24.04-amd64", "debian-12-arm64"];
///         let images = names.map(|name| Ok(Image::unplaced("shelf", name, name)));
///         vec![List::new(futures::stream::iter(images))]
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// let catalog = Catalog::new().add("ours", Shelf);
/// let found: Vec<Image> = catalog.find("debian arch=arm64".parse()?).try_collect().await?;
/// assert_eq!(found[0].name, "debian-12-arm64");
/// assert_eq!(found[0].source, "ours");
/// # Ok(()) }
/// ```
pub trait Source: Send + Sync + 'static {
    /// The lists that may have images that match a query: one list, or one for each region.
    ///
    /// A list sends no request before it is polled. It must yield every image that matches, and may yield others: the
    /// catalogue checks each image against the whole query. So let the service filter by a term only if its filter
    /// means the same; [`Query::exact`] returns the values for that.
    fn lists(&self, query: &Query) -> Vec<List>;

    /// Fills in what the name and the service's own fields say about an image.
    ///
    /// It is called for every image that a search returns, and only for images that match all terms that need no
    /// reading, unless the nearest images are kept. It may fill in any field. The default reads the name.
    ///
    /// A source that wraps another one and delegates [`lists`](Self::lists) delegates `read` as well: the fields
    /// that are costly, such as the hash of an image of Glance, are filled in here.
    fn read(&self, image: Image) -> Image {
        image.read(&Hints::default())
    }

    /// The id of the account or project whose credentials the source uses, if it is known.
    fn account(&self) -> Option<&str> {
        None
    }

    /// The image with this id, even if it is hidden from lists. `None` if the service says that it does not exist.
    ///
    /// The default returns `None`, for services that list every image.
    ///
    /// # Errors
    ///
    /// The errors of the service. An error never means that the image does not exist.
    fn show<'a>(
        &'a self,
        region: Option<&'a str>,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Image>>> {
        let _ = (region, id);
        Box::pin(std::future::ready(Ok(None)))
    }
}

impl<S: Source + ?Sized> Source for Arc<S> {
    fn lists(&self, query: &Query) -> Vec<List> {
        (**self).lists(query)
    }

    fn read(&self, image: Image) -> Image {
        (**self).read(image)
    }

    fn account(&self) -> Option<&str> {
        (**self).account()
    }

    fn show<'a>(
        &'a self,
        region: Option<&'a str>,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Image>>> {
        (**self).show(region, id)
    }
}

/// A list of images of a source. It is requested when it is polled.
///
/// After an error, the stream may continue at the same position or end. The list is complete if the last item before
/// the end is not an error.
#[must_use = "a list does nothing until the catalogue polls it"]
pub struct List {
    pub(super) region: Option<Text>,
    pub(super) images: SyncWrapper<Box<dyn Images>>,
}

impl List {
    /// A list of images.
    pub fn new(images: impl Stream<Item = Result<Image>> + Send + 'static) -> Self {
        Self::with(Box::pin(images))
    }

    /// What a service lists, and how an image is made of it. The images that are wanted get it as their original.
    pub(super) fn of<T: Any + Send + Sync>(
        listed: impl Stream<Item = Result<T>> + Send + Unpin + 'static,
        image: impl FnMut(&T) -> Image + Send + 'static,
    ) -> Self {
        Self::with(Listed { listed, image })
    }

    fn with(images: impl Images + 'static) -> Self {
        Self { region: None, images: SyncWrapper::new(Box::new(images)) }
    }

    /// Sets the region of all images of the list. A query for other regions skips the list.
    pub fn region(mut self, region: impl Into<Text>) -> Self {
        self.region = Some(region.into());
        self
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("region", &self.region).finish_non_exhaustive()
    }
}

/// The images of a list.
pub(super) trait Images: Send {
    /// The next image, or `None` in the place of one that is not wanted.
    fn poll_next(
        &mut self,
        is_wanted: &mut dyn FnMut(&mut Image) -> bool,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Option<Image>>>>;
}

impl<S: Stream<Item = Result<Image>> + Send> Images for Pin<Box<S>> {
    fn poll_next(
        &mut self,
        is_wanted: &mut dyn FnMut(&mut Image) -> bool,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Option<Image>>>> {
        self.poll_next_unpin(context).map_ok(|mut image| is_wanted(&mut image).then_some(image))
    }
}

/// See [`List::of`].
struct Listed<S, F> {
    listed: S,
    image: F,
}

impl<T, S, F> Images for Listed<S, F>
where
    T: Any + Send + Sync,
    S: Stream<Item = Result<T>> + Send + Unpin,
    F: FnMut(&T) -> Image + Send,
{
    fn poll_next(
        &mut self,
        is_wanted: &mut dyn FnMut(&mut Image) -> bool,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Option<Image>>>> {
        let polled = self.listed.poll_next_unpin(context);
        // Looked at where it is, since it is large.
        let Poll::Ready(Some(Ok(listed))) = &polled else { return polled.map_ok(|_| None) };
        let mut image = (self.image)(listed);
        if !is_wanted(&mut image) {
            return Poll::Ready(Some(Ok(None)));
        }
        if let Poll::Ready(Some(Ok(listed))) = polled {
            image.set_original(listed);
        }
        Poll::Ready(Some(Ok(Some(image))))
    }
}
