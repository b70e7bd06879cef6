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
            /// All events as a stream, the newest first.
            ///
            /// `items()` reads a log from its beginning, this from its end; both keep to `start_time`
            /// and `end_time`. `limit` sets how many events a page has, and `take` of the stream how
            /// many there are in all: `newest_first().take(100)` are the last hundred.
            ///
            /// A [`Cursor`](crate::pagination::Cursor) of this stream is for this stream. Within the
            /// newest page, its first, it stands for the whole page: what was added meanwhile moves
            /// the events of that page, so resuming there begins at the newest event again, new ones
            /// and those given before included. Behind that page, resuming goes on exactly.
            pub fn newest_first(self) -> Items<LogEvent> {
                Items::new(newest_first::NewestFirst(self))
            }

            /// The events as a stream that waits for more at the end, like `tail -f`.
            ///
            /// Begins with the newest page, with `start_from_head(true)` at the oldest event, with
            /// `start_time` at that time, or where [`resume`](Self::resume) says.
            pub fn follow(self) -> Follow {
                Follow::new(self)
            }
        }
    };
}

log_request!(GetImageLogEvents);
log_request!(GetClusterLogEvents);
