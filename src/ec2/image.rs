//! One image by its id, and waiting for it.

use super::requests::DescribeImages;
use super::types::{Image, ImageState, Snapshot, SnapshotState};
use super::{ImagesApi, SnapshotsApi};
use crate::wait::{Seen, Wait};
use crate::{Error, ErrorKind, Result};

impl ImagesApi {
    /// Shows the image with this id, of any account, even if it is deprecated or disabled.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] if there is no such image, or the caller cannot see it. This includes images that were
    /// deregistered a short time ago.
    pub async fn show_image(&self, image_id: impl Into<String>) -> Result<Image> {
        let image_id = image_id.into();
        one(self.by_id(&image_id), &image_id).await
    }

    /// Waits until the image is `available`, which takes minutes to hours after it was copied or created. An image that
    /// is not found at first is waited for too, because a new image may not be listed for a while.
    ///
    /// ```no_run
    /// # async fn example(ec2: cloud_images::ec2::Client) -> cloud_images::Result<()> {
    /// use std::time::Duration;
    ///
    /// let copy = ec2.images().copy_image("us-east-1", "ami-0123456789abcdef0", "my-image").await?;
    /// let wait = ec2.images().wait_until_available(copy.image_id.as_str());
    /// let image = wait.deadline(Duration::from_secs(3600)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`Wait`]: [`ErrorKind::Failed`], with the service's reason, if the image failed, or is disabled or
    /// deregistered.
    pub fn wait_until_available(&self, image_id: impl Into<String>) -> Wait<Image> {
        let image_id = image_id.into();
        let (subject, request) = (format!("image {image_id}"), self.by_id(&image_id));
        let look = move || {
            let (request, image_id) = (request.clone(), image_id.clone());
            Box::pin(async move {
                let image = one(request, &image_id).await?;
                Ok(judge(image))
            }) as crate::BoxFuture<'static, _>
        };
        Wait::new(subject, |image: &Image| state(image.state.as_ref()), look).may_be_missing()
    }

    fn by_id(&self, image_id: &str) -> DescribeImages {
        self.describe_images().image_id(image_id).include_deprecated(true).include_disabled(true)
    }
}

/// The image of an id. Any other image in the answer does not count.
async fn one(request: DescribeImages, image_id: &str) -> Result<Image> {
    let page = request.await?;
    page.images.into_iter().find(|image| image.image_id == *image_id).ok_or_else(|| {
        let message = format!(
            "the service does not list the image {image_id}: check the region, and whether the image is \
             shared with this account"
        );
        Error::new(ErrorKind::NotFound, message)
    })
}

fn judge(image: Image) -> Seen<Image> {
    use ImageState::{Available, Deregistered, Disabled, Error as Broken, Failed, Invalid};
    match image.state {
        Some(Available) => Seen::Done(image),
        Some(Failed | Broken | Invalid | Deregistered | Disabled) => {
            let reason = image.state_reason.as_ref();
            let reason = reason.and_then(|reason| reason.message.as_ref().or(reason.code.as_ref()));
            let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            let state = state(image.state.as_ref());
            let message = format!("image {}: {state}{reason}", image.image_id);
            Seen::Failed(image, Error::new(ErrorKind::Failed, message).into())
        }
        _ => Seen::Pending(image),
    }
}

impl SnapshotsApi {
    /// Waits until the snapshot is `completed`. A snapshot that is not found at first is waited for too.
    ///
    /// # Errors
    ///
    /// The errors of [`Wait`]: [`ErrorKind::Failed`], with the service's reason, if the snapshot failed.
    pub fn wait_until_completed(&self, snapshot_id: impl Into<String>) -> Wait<Snapshot> {
        let snapshot_id = snapshot_id.into();
        let subject = format!("snapshot {snapshot_id}");
        let request = self.describe_snapshots().snapshot_id(&*snapshot_id);
        let look = move || {
            let (request, snapshot_id) = (request.clone(), snapshot_id.clone());
            Box::pin(async move {
                let found = request.await?.snapshots.into_iter();
                let found = found.into_iter().find(|one| one.snapshot_id == *snapshot_id);
                let snapshot = found.ok_or_else(|| {
                    let message = format!(
                        "the service does not list the snapshot {snapshot_id}: check the region, and \
                         whether the snapshot is shared with this account"
                    );
                    Error::new(ErrorKind::NotFound, message)
                })?;
                Ok(match snapshot.state {
                    Some(SnapshotState::Completed) => Seen::Done(snapshot),
                    Some(SnapshotState::Error) => {
                        let reason = snapshot.state_message.as_deref();
                        let reason = reason.unwrap_or("the service gives no reason");
                        let message = format!("snapshot {snapshot_id}: error: {reason}");
                        Seen::Failed(snapshot, Error::new(ErrorKind::Failed, message).into())
                    }
                    _ => Seen::Pending(snapshot),
                })
            }) as crate::BoxFuture<'static, _>
        };
        Wait::new(subject, |snapshot: &Snapshot| state(snapshot.state.as_ref()), look)
            .may_be_missing()
    }
}

fn state<S: ToString>(state: Option<&S>) -> String {
    state.map_or_else(|| "no state".to_owned(), ToString::to_string)
}
