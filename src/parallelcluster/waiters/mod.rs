//! Waiting for images, clusters and compute fleets; see [`crate::wait`].

mod cluster;
mod fleet;
mod image;

use super::types::{CloudFormationResourceStatus, StackEvent};
use crate::pagination::Items;
use crate::wait::Failure;
use crate::{Error, ErrorKind};
use futures_util::TryStreamExt;

/// How many events of a stack are read for the reason of a failure. They come newest first, and the
/// first failure, which is the reason for the others, is near the end of the stack's last change.
const EVENTS_READ: usize = 1000;

/// The error of something that the service says has failed.
fn failed(subject: &str, status: &str, reason: Option<String>) -> Error {
    let reason = reason.unwrap_or_else(|| "the service gives no reason".to_owned());
    Error::new(ErrorKind::Failed, format!("{subject}: {status}: {reason}"))
}

/// The failure of something whose stack may tell the reason.
fn failed_stack(subject: String, status: String, events: Items<StackEvent>) -> Failure {
    Failure::explained(failed(&subject, &status, None), async move {
        failed(&subject, &status, stack_failure(events).await)
    })
}

/// Why a stack failed: the first failed resource of its last change that gives a reason of its own.
///
/// It only helps people, so a failure to read the events is ignored.
async fn stack_failure(mut events: Items<StackEvent>) -> Option<String> {
    let mut first = None;
    for _ in 0..EVENTS_READ {
        let Ok(Some(event)) = events.try_next().await else { break };
        if is_start_of_change(&event) {
            break;
        }
        let reason = event.resource_status_reason.as_deref().unwrap_or_default();
        if is_failure(&event.resource_status) && !reason.is_empty() && !is_cancelled(reason) {
            first = Some(format!("{}: {reason}", event.logical_resource_id));
        }
    }
    first
}

fn is_failure(status: &CloudFormationResourceStatus) -> bool {
    status.as_str().ends_with("_FAILED")
}

/// What CloudFormation says of the resources that it did not finish because another failed.
fn is_cancelled(reason: &str) -> bool {
    reason.ends_with("cancelled")
}

/// Whether what came before belongs to an earlier change: a stack's own event says that it starts.
fn is_start_of_change(event: &StackEvent) -> bool {
    use CloudFormationResourceStatus::{CreateInProgress, DeleteInProgress, UpdateInProgress};
    let starts = [CreateInProgress, DeleteInProgress, UpdateInProgress];
    event.physical_resource_id.as_ref() == Some(&event.stack_id)
        && starts.contains(&event.resource_status)
}
