//! Waiting for what takes time; see [`crate::wait`].

use super::requests::{ShowAction, ShowImage, ShowImageAction};
use super::types::{Action, ActionStatus, Image, ImageStatus};
use crate::wait::{Verdict, Wait};

impl ShowImage {
    /// Waits until the image is `available`.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the image is `unavailable`.
    pub fn wait_until_available(self) -> Wait<Image> {
        let subject = format!("image {}", self.id);
        Wait::for_status(
            subject,
            self,
            |answer| answer.image,
            |image| image.status.to_string(),
            |image| match image.status {
                ImageStatus::Available => Verdict::Done,
                ImageStatus::Unavailable => Verdict::Failed(None),
                _ => Verdict::Pending,
            },
        )
    }
}

impl ShowAction {
    /// Waits until the action has succeeded.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) with the service's reason if the action failed.
    pub fn wait_until_done(self) -> Wait<Action> {
        let subject = format!("action {}", self.action_id);
        Wait::for_status(subject, self, |answer| Some(answer.action), progress, is_done)
    }
}

impl ShowImageAction {
    /// Waits until the action has succeeded.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) with the service's reason if the action failed.
    pub fn wait_until_done(self) -> Wait<Action> {
        let subject = format!("action {}", self.action_id);
        Wait::for_status(subject, self, |answer| Some(answer.action), progress, is_done)
    }
}

/// An action that moves on is a state of its own.
fn progress(action: &Action) -> String {
    format!("{}, {} %", action.status, action.progress)
}

fn is_done(action: &Action) -> Verdict {
    match action.status {
        ActionStatus::Success => Verdict::Done,
        ActionStatus::Error => {
            Verdict::Failed(action.error.as_ref().map(|error| error.message.clone()))
        }
        _ => Verdict::Pending,
    }
}
