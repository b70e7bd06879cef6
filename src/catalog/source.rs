//! Where images come from.

use crate::catalog::{Hints, Image, Query};
use crate::types::Text;
use crate::{BoxFuture, Result};
use futures_core::Stream;
use futures_core::stream::BoxStream;
use futures_util::StreamExt;
use std::fmt;
use std::sync::Arc;
use sync_wrapper::SyncWrapper;

/// A cloud, or a part of one, that lists images.
///
/// The clients of this crate are sources; [`sources`](super::sources) has their settings. A cloud of your own
/// becomes one with one method:
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
    /// The lists of the images that may answer a query, one per region where there are several.
    ///
    /// Nothing is requested before a list is polled. A list may have images that do not match: the catalogue
    /// checks every image against the whole query. It must have all that are one, so leave a term to the service
    /// only where both mean the same; [`Query::exact`] gives the values that a service can be asked for.
    fn lists(&self, query: &Query) -> Vec<List>;

    /// The image with what its name and the service's own fields say.
    ///
    /// It is called only for images that answer all terms that need no reading. The default reads the name.
    fn read(&self, image: Image) -> Image {
        image.read(&Hints::default())
    }

    /// The id of the account or project whose credentials the source uses, if it is known.
    fn account(&self) -> Option<&str> {
        None
    }

    /// The image with this id, whether or not it is in a list; `None` if the service says that there is none.
    ///
    /// The default is `None`, for services that hide nothing from their lists.
    ///
    /// # Errors
    ///
    /// Those of the service. An error is never taken for an absence.
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

/// A list of images that is not requested yet.
///
/// After an error, its stream goes on where it was, or ends. The list counts as complete if it ends without an
/// error before its end.
#[must_use = "a list does nothing until the catalogue polls it"]
pub struct List {
    pub(super) region: Option<Text>,
    pub(super) images: SyncWrapper<BoxStream<'static, Result<Image>>>,
}

impl List {
    /// A list of images.
    pub fn new(images: impl Stream<Item = Result<Image>> + Send + 'static) -> Self {
        Self { region: None, images: SyncWrapper::new(images.boxed()) }
    }

    /// The region that all images of the list are in. A query for other regions leaves the list out.
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
