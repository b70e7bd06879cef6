//! Waiting for what takes time; see [`crate::wait`].

use super::requests::ShowImage;
use super::types::{Image, ImageRegion, ImageRegionStatus, ImageStatus};
use crate::wait::{Verdict, Wait, status_label};

impl ShowImage {
    /// Waits until the image is `available`, after `create_image` or `upload_data`.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. The service deletes an image that fails, so the error is
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    pub fn wait_until_available(self) -> Wait<Image> {
        let subject = format!("image {}", self.image_id);
        Wait::for_status(
            subject,
            self,
            Some,
            |image| status_label(image.status.as_ref()),
            |image| match image.status {
                Some(ImageStatus::Available) => Verdict::Done,
                _ => Verdict::Pending,
            },
        )
    }
}

impl ShowImage {
    /// Waits, after `replicate_image`, until the image is `available` in all its regions and has left the others.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`].
    pub fn wait_until_replicated(self) -> Wait<Image> {
        let subject = format!("regions of image {}", self.image_id);
        Wait::for_status(subject, self, Some, regions, |image| {
            let available = Some(ImageRegionStatus::Available);
            let has = |region: &ImageRegion| region.status == available;
            if !image.regions.is_empty() && image.regions.iter().all(has) {
                Verdict::Done
            } else {
                Verdict::Pending
            }
        })
    }
}

fn regions(image: &Image) -> String {
    let regions = image.regions.iter().map(|region| {
        let name = region.region.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{name} {}", status_label(region.status.as_ref()))
    });
    regions.collect::<Vec<_>>().join(", ")
}
