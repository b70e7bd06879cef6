//! Images go with their snapshots.

use super::requests::DeregisterImage;
use super::types::{ImageDeregistered, SnapshotReturnCode};
use crate::{Error, ErrorKind, Result};

impl DeregisterImage {
    /// Deregisters the image and deletes its snapshots. Snapshots that another image uses are not deleted. Nor are any,
    /// if a retention rule keeps the image in the Recycle Bin.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Failed`] that names the snapshots that could not be deleted; the image itself is deregistered. All
    /// other errors are those of the request, such as [`ErrorKind::Forbidden`] if the image is protected.
    pub async fn with_snapshots(self) -> Result<ImageDeregistered> {
        let image_id = self.image_id.clone();
        let done = self.delete_associated_snapshots(true).await?;
        let left = done.delete_snapshot_results.iter().filter(|snapshot| {
            !matches!(
                snapshot.return_code,
                Some(SnapshotReturnCode::Success | SnapshotReturnCode::Skipped)
            )
        });
        let left: Vec<String> = left
            .map(|snapshot| {
                let id = snapshot.snapshot_id.as_deref().unwrap_or("a snapshot");
                let code = snapshot.return_code.as_ref().map_or("no code", |code| code.as_str());
                format!("{id} ({code})")
            })
            .collect();
        if left.is_empty() {
            return Ok(done);
        }
        let message = format!(
            "the image {image_id} is deregistered, but these snapshots are not deleted: {}",
            left.join(", ")
        );
        Err(Error::new(ErrorKind::Failed, message))
    }
}
