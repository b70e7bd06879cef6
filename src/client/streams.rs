//! Requests that wait for their turn on a busy HTTP/2 connection.
//!
//! A server takes a number of streams at a time; the requests beyond it wait in the connection, in their
//! order, and it does not say so. Such a request is not silent as long as those before it are answered. It
//! has its turn at the latest when one that was sent after it is answered.

use http::Version;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// What was heard on the connections of a client.
#[derive(Debug, Default)]
pub(super) struct Streams {
    /// Whether the service speaks HTTP/2. Without it, `heard` is not used.
    multiplexed: AtomicBool,
    heard: Mutex<Heard>,
}

/// When the newest of the requests that were answered over HTTP/2 was sent, and when there was an answer last.
#[derive(Debug, Default)]
struct Heard {
    newest: Option<Instant>,
    last: Option<Instant>,
}

/// One request.
#[derive(Debug)]
pub(super) struct Ticket {
    pub sent_at: Instant,
    /// Since when it is known to have its turn.
    turn: Option<Instant>,
}

impl Ticket {
    /// For a request that was sent at this time.
    pub fn of(sent_at: Instant) -> Self {
        Self { sent_at, turn: None }
    }
}

impl Streams {
    /// The head of its response has come.
    pub fn answered(&self, ticket: &Ticket, version: Version) {
        if version != Version::HTTP_2 {
            return;
        }
        let mut heard = self.heard();
        heard.newest = heard.newest.max(Some(ticket.sent_at));
        heard.last = Some(Instant::now());
        self.multiplexed.store(true, Ordering::Release);
    }

    /// Whether the service speaks HTTP/2.
    pub fn is_multiplexed(&self) -> bool {
        self.multiplexed.load(Ordering::Acquire)
    }

    /// Since when the service owes this request an answer.
    pub fn quiet_since(&self, ticket: &mut Ticket) -> Instant {
        if !self.is_multiplexed() {
            return ticket.sent_at;
        }
        let heard = self.heard();
        if heard.newest > Some(ticket.sent_at) {
            return *ticket.turn.get_or_insert_with(Instant::now);
        }
        ticket.sent_at.max(heard.last.unwrap_or(ticket.sent_at))
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn a_request_is_quiet_from_its_turn_on() {
        let streams = Streams::default();
        let start = Instant::now();
        let sent_before = |nanoseconds| Ticket::of(start - Duration::from_nanos(nanoseconds));
        let (first, mut second, third) = (sent_before(2), sent_before(1), sent_before(0));
        let second_later = Duration::from_secs(1);
        assert_eq!(streams.quiet_since(&mut second), second.sent_at);
        tokio::time::advance(second_later).await;
        streams.answered(&first, Version::HTTP_2);
        tokio::time::advance(second_later).await;
        assert_eq!(streams.quiet_since(&mut second), start + second_later);
        streams.answered(&third, Version::HTTP_2);
        assert_eq!(streams.quiet_since(&mut second), start + 2 * second_later);
        // Further answers do not help it: it has its turn.
        tokio::time::advance(second_later).await;
        let fourth = Ticket::of(Instant::now());
        streams.answered(&fourth, Version::HTTP_2);
        assert_eq!(streams.quiet_since(&mut second), start + 2 * second_later);
    }

    #[tokio::test(start_paused = true)]
    async fn over_http_1_each_request_has_a_connection_of_its_own() {
        let streams = Streams::default();
        let start = Instant::now();
        let (first, mut second) = (Ticket::of(start), Ticket::of(start));
        tokio::time::advance(Duration::from_secs(1)).await;
        streams.answered(&first, Version::HTTP_11);
        assert_eq!(streams.quiet_since(&mut second), start);
    }
}
