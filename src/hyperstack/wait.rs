//! Waiting for what takes time; see [`crate::wait`].

use super::requests::ShowSnapshot;
use super::types::SnapshotDetail;
use crate::wait::{Verdict, Wait};

impl ShowSnapshot {
    /// Waits until the status of the snapshot is `SUCCESS`. Then an image can be made from it.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the status contains `ERROR` or `FAIL`.
    pub fn wait_until_ready(self) -> Wait<SnapshotDetail> {
        let subject = format!("snapshot {}", self.id);
        Wait::for_status(
            subject,
            self,
            |answer| answer.snapshot,
            |snapshot| snapshot.status.to_string(),
            |snapshot| {
                // The vendor lists no values.
                let status = snapshot.status.to_ascii_uppercase();
                match status.as_str() {
                    "SUCCESS" => Verdict::Done,
                    status if status.contains("ERROR") || status.contains("FAIL") => {
                        Verdict::Failed(None)
                    }
                    _ => Verdict::Pending,
                }
            },
        )
    }
}
