//! Deletions that look first.
//!
//! The service takes an image id or a cluster name for the name of any CloudFormation stack, and deletes it.

use super::{requests, types};
use crate::{Error, ErrorKind, Result};

impl requests::DeleteImage {
    /// Deletes the image, after a check that the id is that of an image.
    ///
    /// Without this check, `delete_image` with the name of a cluster, or of any other CloudFormation stack,
    /// **deletes that stack** and fails with a 500. This method calls `describe_image` first and deletes only what
    /// the service knows as an image. It does not protect a stack that is created with the same name between the
    /// two calls.
    ///
    /// ```no_run
    /// # async fn example(images: cloud_images::parallelcluster::ImageOperationsApi) -> cloud_images::Result<()> {
    /// images.delete_image("my-image").checked().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::NotFound`]: there is no such image. A retry also gives this error if the first attempt deleted
    ///   the image and its response was lost; the message then says so.
    /// - [`ErrorKind::InvalidRequest`]: the id names something else, and nothing was deleted.
    /// - The errors of the two calls.
    pub async fn checked(self) -> Result<types::DeleteImageResponseContent> {
        match requests::DescribeImage::from(&self).await {
            Ok(_) => self.await,
            Err(error) if names_no_image(&error) => {
                let reason = error.message().to_owned();
                let message = format!(
                    "{} was not deleted, because the service does not know it as an image: {reason}",
                    self.image_id
                );
                Err(Error::new(ErrorKind::InvalidRequest, message).caused_by(error))
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether the service says that the stack is not an image. Its other responses with 500, such as throttling,
/// say nothing about the id.
fn names_no_image(error: &Error) -> bool {
    error.status().is_some_and(|status| status == 500)
        && error.message().contains("No artifact directory found")
}

impl requests::DeleteCluster {
    /// Deletes the cluster, after a check that the name is that of a cluster.
    ///
    /// Without this check, `delete_cluster` with the id of an image that is being built **deletes the stack of that
    /// build**. This method calls `describe_cluster` first and deletes only what has a scheduler: every cluster has
    /// one, and no image has. It does not protect a stack that is created with the same name between the two calls.
    ///
    /// ```no_run
    /// # async fn example(clusters: cloud_images::parallelcluster::ClusterOperationsApi) -> cloud_images::Result<()> {
    /// clusters.delete_cluster("my-cluster").checked().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::NotFound`]: there is no such cluster. A retry also gives this error if the first attempt
    ///   deleted the cluster and its response was lost; the message then says so.
    /// - [`ErrorKind::InvalidRequest`]: the name is that of something else, and nothing was deleted.
    /// - The errors of the two calls.
    pub async fn checked(self) -> Result<types::DeleteClusterResponseContent> {
        let cluster = requests::DescribeCluster::from(&self).await?;
        if cluster.scheduler.and_then(|scheduler| scheduler.type_).is_none() {
            let message = format!(
                "{} was not deleted, because it has no scheduler and so is not a cluster",
                self.cluster_name
            );
            return Err(Error::new(ErrorKind::InvalidRequest, message));
        }
        self.await
    }
}
