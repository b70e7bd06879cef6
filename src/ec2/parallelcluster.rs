//! From an image of ParallelCluster to its AMI.

use super::Client;
use super::types::Image;
use crate::parallelcluster::types::{AmiInfo, DescribeImageResponseContent, ImageInfoSummary};
use crate::{Error, ErrorKind, Result};

impl ImageInfoSummary {
    /// The AMI of the image, from the image's own region.
    ///
    /// ```no_run
    /// # async fn example(
    /// #     pc: cloud_images::parallelcluster::Client, ec2: cloud_images::ec2::Client,
    /// # ) -> cloud_images::Result<()> {
    /// for image in pc.image_operations().list_images("AVAILABLE").await?.images {
    ///     let ami = image.ami(&ec2).await?;
    ///     println!("{} is {}, made {:?}", image.image_id, ami.image_id, ami.creation_date);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] if the image has no AMI, as one that is being built, or the AMI is gone.
    #[cfg_attr(docsrs, doc(cfg(feature = "ec2")))]
    pub async fn ami(&self, ec2: &Client) -> Result<Image> {
        let ami_id = self.ec2_ami_info.as_ref().map(|ami| &*ami.ami_id);
        show(ec2, &self.image_id, ami_id, Some(&self.region)).await
    }
}

impl DescribeImageResponseContent {
    /// The AMI of the image, from the image's own region.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] if the image has no AMI, as one that is being built, or the AMI is gone.
    #[cfg_attr(docsrs, doc(cfg(feature = "ec2")))]
    pub async fn ami(&self, ec2: &Client) -> Result<Image> {
        let ami_id = self.ec2_ami_info.as_ref().map(|ami| &*ami.ami_id);
        show(ec2, &self.image_id, ami_id, Some(&self.region)).await
    }
}

impl AmiInfo {
    /// The AMI of the official image, from the region of the client, which has to be the one that the image was
    /// listed in.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] if the region does not have it.
    #[cfg_attr(docsrs, doc(cfg(feature = "ec2")))]
    pub async fn ami(&self, ec2: &Client) -> Result<Image> {
        show(ec2, &self.name, Some(&self.ami_id), None).await
    }
}

async fn show(
    ec2: &Client,
    image: &str,
    ami_id: Option<&str>,
    region: Option<&str>,
) -> Result<Image> {
    let ami_id = ami_id.ok_or_else(|| {
        Error::new(
            ErrorKind::NotFound,
            format!("the image {image} has no AMI yet: wait with `wait_for_build()`"),
        )
    })?;
    match region.filter(|region| *region != ec2.region()) {
        Some(other) => ec2.in_region(other)?.images().show_image(ami_id).await,
        None => ec2.images().show_image(ami_id).await,
    }
}
