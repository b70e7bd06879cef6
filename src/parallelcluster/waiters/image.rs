//! Images: built, or gone.

use super::super::requests::{DescribeImage, GetImageStackEvents};
use super::super::types::{DescribeImageResponseContent, ImageBuildStatus};
use super::{failed, failed_stack};
use crate::wait::{Failure, Seen, Wait};

type Image = DescribeImageResponseContent;

impl DescribeImage {
    /// Waits until the image is built.
    ///
    /// A build takes most of an hour. The stream has one item for each change of `image_build_status` or
    /// `imagebuilder_image_status`.
    ///
    /// ```no_run
    /// # async fn example(images: cloud_images::parallelcluster::ImageOperationsApi) -> cloud_images::Result<()> {
    /// use std::time::Duration;
    ///
    /// images.build_image("my-image", "Build: ...").await?;
    /// let wait = images.describe_image("my-image").wait_for_build();
    /// let image = wait.interval(Duration::from_secs(30)).deadline(Duration::from_secs(7200)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the image is being deleted, or if the
    /// build failed; the message then has the reason of EC2 Image Builder or of the build's stack.
    pub fn wait_for_build(self) -> Wait<DescribeImageResponseContent> {
        Wait::new(subject(&self), label, move || {
            let request = self.clone();
            Box::pin(async move {
                let image = request.clone().await?;
                Ok(match built(&image) {
                    Some(true) => Seen::Done(image),
                    Some(false) => {
                        let failure = failure(&request, &image);
                        Seen::Failed(image, failure)
                    }
                    None => Seen::Pending(image),
                })
            })
        })
    }

    /// Waits until the image is gone, and then gives `None`.
    ///
    /// An available image is gone when `delete_image` returns; a failed build takes longer. This also waits if
    /// nobody deletes the image: set a [`deadline`](Wait::deadline) if that can happen.
    ///
    /// ```no_run
    /// # async fn example(images: cloud_images::parallelcluster::ImageOperationsApi) -> cloud_images::Result<()> {
    /// images.delete_image("my-image").checked().await?;
    /// images.describe_image("my-image").wait_for_deletion().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the deletion failed, with the
    /// reason of the build's stack.
    pub fn wait_for_deletion(self) -> Wait<Option<DescribeImageResponseContent>> {
        let label = |image: &Option<Image>| image.as_ref().map_or_else(|| "gone".to_owned(), label);
        Wait::new(subject(&self), label, move || {
            let request = self.clone();
            Box::pin(async move {
                let image = match request.clone().await {
                    Err(error) if error.is_not_found() => return Ok(Seen::Done(None)),
                    other => other?,
                };
                Ok(match image.image_build_status {
                    Some(ImageBuildStatus::DeleteComplete) => Seen::Done(None),
                    Some(ImageBuildStatus::DeleteFailed) => {
                        let failure = failure(&request, &image);
                        Seen::Failed(Some(image), failure)
                    }
                    _ => Seen::Pending(Some(image)),
                })
            })
        })
    }
}

fn subject(request: &DescribeImage) -> String {
    format!("image {}", request.image_id)
}

/// What distinguishes two states: the status of the build and that of EC2 Image Builder.
fn label(image: &Image) -> String {
    match &image.imagebuilder_image_status {
        Some(detail) => format!("{} ({detail})", status(image)),
        None => status(image).to_owned(),
    }
}

fn status(image: &Image) -> &str {
    let build = image.image_build_status.as_ref().map(ImageBuildStatus::as_str);
    let stack = || image.cloudformation_stack_status.as_ref().map(|status| status.as_str());
    build.or_else(stack).unwrap_or("no status")
}

/// Whether the build has succeeded or failed, or `None` as long as it runs.
fn built(image: &Image) -> Option<bool> {
    use ImageBuildStatus::*;
    match &image.image_build_status {
        Some(BuildComplete) => Some(true),
        Some(BuildFailed | DeleteInProgress | DeleteFailed | DeleteComplete) => Some(false),
        Some(_) => None,
        // Missing if somebody changed the stack by hand.
        None => status(image).ends_with("_FAILED").then_some(false),
    }
}

fn failure(request: &DescribeImage, image: &Image) -> Failure {
    let given = image.imagebuilder_image_status_reason.as_ref();
    let given = given.or(image.cloudformation_stack_status_reason.as_ref()).cloned();
    let (subject, status) = (subject(request), status(image).to_owned());
    match given {
        Some(reason) => failed(&subject, &status, Some(reason)).into(),
        None => {
            let events = GetImageStackEvents::from(request);
            failed_stack(subject, status, events.items())
        }
    }
}
