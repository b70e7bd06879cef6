//! Waiting for what takes time; see [`crate::wait`].

use super::requests::{ShowIso, ShowSnapshot};
use super::types::{Iso, Snapshot};
use crate::types::Text;
use crate::wait::{Verdict, Wait, status_label};

impl ShowSnapshot {
    /// Waits until the snapshot is `complete`.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the snapshot is `deleted`.
    pub fn wait_until_complete(self) -> Wait<Snapshot> {
        let subject = format!("snapshot {}", self.snapshot_id);
        Wait::for_status(
            subject,
            self,
            |answer| answer.snapshot,
            |snapshot| status_label(snapshot.status.as_ref()),
            |snapshot| is_complete(snapshot.status.as_ref()),
        )
    }
}

impl ShowIso {
    /// Waits until the ISO file is `complete`: downloaded and checked.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the ISO is `deleted`.
    pub fn wait_until_complete(self) -> Wait<Iso> {
        let subject = format!("ISO {}", self.iso_id);
        Wait::for_status(
            subject,
            self,
            |answer| answer.iso,
            |iso| status_label(iso.status.as_ref()),
            |iso| is_complete(iso.status.as_ref()),
        )
    }
}

fn is_complete(status: Option<&Text>) -> Verdict {
    match status.map(Text::as_str) {
        Some("complete") => Verdict::Done,
        Some("deleted") => Verdict::Failed(None),
        _ => Verdict::Pending,
    }
}
