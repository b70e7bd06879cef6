//! Waiting for an image; see [`crate::wait`].

use super::requests::ShowImage;
use super::types::{Image, ImageStatus};
use crate::wait::{Seen, Verdict, Wait, status_label};

impl ShowImage {
    /// Waits until the image is `active`.
    ///
    /// ```no_run
    /// # async fn example(images: cloud_images::ims::ImageOperationsApi) -> cloud_images::Result<()> {
    /// use std::time::Duration;
    ///
    /// let request = images.show_image("bc6bed6e-ba3a-4447-afcc-449174a3eb52");
    /// let image = request.wait_until_active().deadline(Duration::from_secs(600)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the image is `killed`, `deleted`, `pending_delete` or
    /// `deactivated`, because such an image does not become active.
    pub fn wait_until_active(self) -> Wait<Image> {
        use ImageStatus::{Active, Deactivated, Deleted, Killed, PendingDelete};

        let subject = format!("image {}", self.image_id);
        Wait::for_status(subject, self, Some, label, |image| match &image.status {
            Some(Active) => Verdict::Done,
            Some(Killed | Deleted | PendingDelete | Deactivated) => Verdict::Failed(None),
            _ => Verdict::Pending,
        })
    }

    /// Waits until the image is gone: the service does not find it, or shows it as `deleted`.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. An endpoint without an image API is an error; it does not count as a missing image.
    pub fn wait_until_gone(self) -> Wait<Option<Image>> {
        let subject = format!("image {}", self.image_id);
        let label = |image: &Option<Image>| image.as_ref().map_or_else(|| "gone".to_owned(), label);
        Wait::new(subject, label, move || {
            let request = self.clone();
            Box::pin(async move {
                Ok(match request.await {
                    Err(error) if error.is_not_found() => Seen::Done(None),
                    Err(error) => return Err(error),
                    Ok(image) if image.status == Some(ImageStatus::Deleted) => Seen::Done(None),
                    Ok(image) => Seen::Pending(Some(image)),
                })
            })
        })
    }
}

fn label(image: &Image) -> String {
    status_label(image.status.as_ref())
}
