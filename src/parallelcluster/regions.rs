//! The lists that several regions have.

use super::{requests, types};
use crate::pagination::Regions;
use futures_util::{StreamExt, TryStreamExt};

impl requests::ListImages {
    /// The images of several regions as one stream; see [`Regions`].
    ///
    /// ```no_run
    /// # async fn example(images: cloud_images::parallelcluster::ImageOperationsApi) -> cloud_images::Result<()> {
    /// use futures::StreamExt;
    ///
    /// let mut images = images.list_images("AVAILABLE").in_regions(["us-east-1", "eu-west-1"]);
    /// while let Some(image) = images.next().await {
    ///     match image {
    ///         Ok(found) => println!("{} in {}", found.item.image_id, found.region),
    ///         Err(failed) => eprintln!("{failed}"),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn in_regions(
        self,
        regions: impl IntoIterator<Item = impl Into<String>>,
    ) -> Regions<types::ImageInfoSummary> {
        Regions::new(regions, move |region| {
            self.clone().region(region).pages().map_ok(|page| page.images).boxed()
        })
    }
}

impl requests::ListOfficialImages {
    /// The official images of several regions as one stream; see [`Regions`].
    pub fn in_regions(
        self,
        regions: impl IntoIterator<Item = impl Into<String>>,
    ) -> Regions<types::AmiInfo> {
        Regions::new(regions, move |region| {
            self.clone().region(region).pages().map_ok(|page| page.images).boxed()
        })
    }
}

impl requests::ListClusters {
    /// The clusters of several regions as one stream; see [`Regions`].
    pub fn in_regions(
        self,
        regions: impl IntoIterator<Item = impl Into<String>>,
    ) -> Regions<types::ClusterInfoSummary> {
        Regions::new(regions, move |region| {
            self.clone().region(region).pages().map_ok(|page| page.clusters).boxed()
        })
    }
}
