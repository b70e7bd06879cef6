//! Reading logs: forwards, backwards, and as they grow.

mod filter;
mod follow;
mod newest_first;

pub use filter::LogStreamFilter;
pub use follow::Follow;

use super::requests;
use super::types::LogEvent;
use crate::pagination::{Items, Paged};
use chrono::{DateTime, Utc};

/// What the two requests for log events have in common.
trait LogRequest: Paged<Item = LogEvent> {
    /// Beginning with the oldest events, or with the newest.
    fn begin(self, at_head: bool) -> Self;
    fn starts_at_head(&self) -> bool;
    fn end(&self) -> Option<DateTime<Utc>>;
}

macro_rules! log_request {
    ($request:ident) => {
        impl LogRequest for requests::$request {
            fn begin(mut self, at_head: bool) -> Self {
                self.start_from_head = Some(at_head);
                self
            }

            fn starts_at_head(&self) -> bool {
                self.start_from_head == Some(true)
            }

            fn end(&self) -> Option<DateTime<Utc>> {
                self.end_time
            }
        }

        impl requests::$request {
            /// Streams all events, the newest first.
            ///
            /// `items()` starts with the oldest event, this method with the newest one. Both respect
            /// `start_time` and `end_time`. `limit` sets the size of a page, not the number of events: for
            /// the last hundred events, use `newest_first().take(100)`.
            ///
            /// A [`Cursor`](crate::pagination::Cursor) of this stream resumes only this kind of stream. In
            /// the newest page, a cursor stands for the whole page, because new events move the others: the
            /// resumed stream starts with the newest event and repeats the events of that page. In older
            /// pages, it continues exactly after the last event.
            pub fn newest_first(self) -> Items<LogEvent> {
                Items::new(newest_first::NewestFirst(self))
            }

            /// Streams the events, and waits for new ones at the end of the log, like `tail -f`.
            ///
            /// Starts with the newest page. With `start_from_head(true)` it starts with the oldest event, with
            /// `start_time` at that time, and with [`resume`](Self::resume) at the cursor.
            pub fn follow(self) -> Follow {
                Follow::new(self)
            }
        }
    };
}

log_request!(GetImageLogEvents);
log_request!(GetClusterLogEvents);
