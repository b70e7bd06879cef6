//! Waiting for what takes time; see [`crate::wait`].

use super::requests::{ShowImage, ShowImageAction};
use super::types::{Action, ActionStatus, Image, ImageActionResponse, ImageStatus};
use crate::wait::{Verdict, Wait, status_label};

impl ShowImage {
    /// Waits until the image is `available`. An import takes minutes to hours.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) with the service's reason if the image is `deleted` or
    /// `retired`.
    pub fn wait_until_available(self) -> Wait<Image> {
        let subject = format!("image {}", self.image_id);
        Wait::for_status(
            subject,
            self,
            |answer| answer.image,
            |image| status_label(image.status.as_ref()),
            |image| match image.status {
                Some(ImageStatus::Available) => Verdict::Done,
                Some(ImageStatus::Deleted | ImageStatus::Retired) => {
                    Verdict::Failed(image.error_message.clone())
                }
                _ => Verdict::Pending,
            },
        )
    }
}

impl ShowImageAction {
    /// Waits until the action is `completed`.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. [`ErrorKind::Failed`](crate::ErrorKind::Failed) if the action is `errored`.
    pub fn wait_until_done(self) -> Wait<Action> {
        let subject = format!("action {} of image {}", self.action_id, self.image_id);
        Wait::for_status(
            subject,
            self,
            action,
            |action| status_label(action.status.as_ref()),
            |action| match action.status {
                Some(ActionStatus::Completed) => Verdict::Done,
                Some(ActionStatus::Errored) => Verdict::Failed(None),
                _ => Verdict::Pending,
            },
        )
    }
}

/// The service answers with an envelope, its document says the action alone.
fn action(answer: ImageActionResponse) -> Option<Action> {
    Some(match answer {
        ImageActionResponse::ActionEnvelope(envelope) => envelope.action,
        ImageActionResponse::Action(action) => action,
    })
}
