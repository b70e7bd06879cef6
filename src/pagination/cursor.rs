//! The position of a stream.

use crate::client::as_line;
use crate::operation::Operation;
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// A position in a paged list, to go on from later.
///
/// Opaque, but it can be stored: it is `serde` data of a few dozen bytes. It belongs to the request
/// that it came from; given to another operation, that fails with
/// [`ErrorKind::InvalidRequest`].
///
/// How exact it is when the list changes before it is resumed, follows the service:
///
/// * Where positions are ids of items (OpenStack), it is the last item that was given. What comes after
///   that is given once, whatever was added or removed. If this very item is gone, the service refuses
///   the position.
/// * Where positions are tokens between pages (ParallelCluster), it is a token, and how many items of the
///   page there were taken. What was added to or removed from this page before the place shifts the
///   rest, so that an item may come twice or be left out. Log events read from the first to the last
///   only grow at their end, so this does not happen to them.
/// * A page of log events that begins at the newest one (`newest_first()`, and `items()` with
///   `start_from_head(false)`) is another one when the log has grown, so a cursor within this first page
///   stands for the newest page as it is then: events may come again, and going forwards, what has left
///   the newest page meanwhile does not come.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cursor {
    operation: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<String>,
    /// The items of the page at the position that were already taken.
    #[serde(default, skip_serializing_if = "is_zero")]
    taken: usize,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    end: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Cursor {
    pub(crate) fn new(
        operation: &Operation,
        position: Option<&str>,
        taken: usize,
        end: bool,
    ) -> Self {
        Self { operation: full_name(operation), position: position.map(str::to_owned), taken, end }
    }

    /// Whether the list was at its end: there is nothing to go on with.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.end
    }

    pub(crate) fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    pub(crate) fn taken(&self) -> usize {
        self.taken
    }

    /// Refuses a cursor of another operation.
    pub(crate) fn check(&self, operation: &'static Operation) -> Result<()> {
        let name = full_name(operation);
        if self.operation == name {
            return Ok(());
        }
        let message = format!("this cursor belongs to {}, not to {name}", self.operation);
        Err(Error::new(ErrorKind::InvalidRequest, as_line(&message)).with_operation(operation))
    }
}

/// Operations of different APIs have the same name.
fn full_name(operation: &Operation) -> String {
    format!("{}.{}", operation.api, operation.name)
}
