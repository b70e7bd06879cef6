//! Copies of an image in several regions.

use super::Client;
use super::requests::CopyImage;
use super::types::Image;
use crate::Result;
use crate::pagination::{InRegion, RegionError};
use futures_util::future::join_all;
use std::sync::Arc;

impl CopyImage {
    /// Copies the image into each of these regions at the same time, and waits until all copies are available. The
    /// region of the client is included only if it is in the list.
    ///
    /// The results have the order of the regions. A region that fails does not stop the others.
    ///
    /// ```no_run
    /// # async fn example(ec2: cloud_images::ec2::Client) {
    /// let copy = ec2.images().copy_image("eu-west-1", "ami-0123456789abcdef0", "my-image");
    /// for outcome in copy.encrypted(true).to_regions(["us-east-1", "eu-central-1"]).await {
    ///     match outcome {
    ///         Ok(copy) => println!("{} in {}", copy.item.image_id, copy.region),
    ///         Err(failed) => eprintln!("{failed}"),
    ///     }
    /// }
    /// # }
    /// ```
    pub async fn to_regions(
        self,
        regions: impl IntoIterator<Item = impl Into<String>>,
    ) -> Vec<Result<InRegion<Image>, RegionError>> {
        let client = Client { shared: Arc::clone(&self.shared) };
        let copies = regions.into_iter().map(Into::into).map(|region: String| {
            let (client, request) = (client.clone(), self.clone());
            async move {
                match copy(&client, request, &region).await {
                    Ok(item) => Ok(InRegion { region, item }),
                    Err(error) => Err(RegionError { region, error }),
                }
            }
        });
        join_all(copies).await
    }
}

async fn copy(client: &Client, request: CopyImage, region: &str) -> Result<Image> {
    let there = client.in_region(region)?;
    let made = CopyImage { shared: Arc::clone(&there.shared), ..request }.await?;
    there.images().wait_until_available(made.image_id.as_str()).await
}
