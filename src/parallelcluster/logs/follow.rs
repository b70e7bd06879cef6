//! A log as it grows.

use super::super::types::LogEvent;
use super::LogRequest;
use crate::operation::Operation;
use crate::pagination::{Cursor, Failures, Fetch, Position, Start};
use crate::{BoxFuture, Error, Result};
use chrono::{DateTime, Utc};
use futures_core::Stream;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use std::vec::IntoIter;
use sync_wrapper::SyncWrapper;

/// The shortest pause; a shorter interval counts as this one.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// Pages without an event that are passed at full speed. CloudWatch gives such pages on the way
/// through a long log; a service that never stops giving them must not keep us busy.
const EMPTY_PAGES: u32 = 10;

/// A stream of the events of a log. At the end of the log it waits for new events.
///
/// The stream ends when the `end_time` of the request has passed, after a permanent error, and after three
/// transient errors ([`Error::is_retryable`]) in a row. At the end of the log and after a transient error, it
/// waits for the [`interval`](Self::interval) before it sends the next request.
///
/// [`cursor`](Self::cursor) is the position after the last event, also after an error. Give it to
/// [`resume`](super::requests::GetImageLogEvents::resume) of the same request to continue there: no event is
/// lost or repeated. There is one exception: in the first page of a stream that starts with the newest page,
/// the cursor stands for the newest page as a whole, and the new stream starts with that page.
#[must_use = "a stream does nothing until it is polled"]
pub struct Follow {
    fetch: FetchPage,
    operation: &'static Operation,
    fingerprint: u64,
    interval: Duration,
    end: Option<DateTime<Utc>>,
    /// Whether the page without a position is the oldest one, which stays what it is.
    stable_start: bool,
    /// Where the current page is, and the next one.
    at: Option<Position>,
    next: Option<Position>,
    events: IntoIter<LogEvent>,
    taken: usize,
    /// The events of the first page that an earlier stream gave.
    skip: usize,
    pause: bool,
    empty_pages: u32,
    pending: Option<SyncWrapper<BoxFuture<'static, Result<Page>>>>,
    /// Why the stream cannot begin at its cursor.
    refusal: Option<Error>,
    /// The cursor that the stream began at, until the first page arrives.
    resumed: Option<Cursor>,
    failures: Failures,
    over: bool,
}

/// Asks for the page at a position.
type FetchPage = Box<dyn Fn(Option<&Position>) -> BoxFuture<'static, Result<Page>> + Send + Sync>;

struct Page {
    events: Vec<LogEvent>,
    next: Option<Position>,
}

impl Follow {
    pub(super) fn new<R: LogRequest>(request: R) -> Self {
        let start = Start::of(&request);
        let skip = start.taken;
        // Only within the oldest page does a cursor without a position count what was taken.
        let stable_start = request.starts_at_head() || skip > 0;
        let end = request.end();
        let fetch = move |at: Option<&Position>| -> BoxFuture<'static, Result<Page>> {
            let request = request.clone().begin(stable_start || at.is_some());
            let page = Fetch::start(&request, at);
            Box::pin(async move {
                let mut fetched = page.await?;
                let page = request.read(&mut fetched.response)?;
                Ok(Page { events: R::into_items(page), next: fetched.next? })
            })
        };
        Self {
            fetch: Box::new(fetch),
            operation: R::RULES.operation,
            fingerprint: start.fingerprint,
            interval: Duration::from_secs(5),
            end,
            stable_start,
            at: None,
            next: start.position,
            events: Vec::new().into_iter(),
            taken: 0,
            skip,
            pause: false,
            empty_pages: 0,
            pending: None,
            refusal: start.refusal,
            resumed: start.cursor,
            failures: Failures::default(),
            over: false,
        }
    }

    /// Sets the wait at the end of the log: 5 s by default, at least 10 ms.
    pub fn interval(mut self, pause: Duration) -> Self {
        self.interval = pause.max(SHORTEST_PAUSE);
        self
    }

    /// The next event, or `None` when the stream has ended.
    ///
    /// The same as `next()` of `StreamExt`, without an import. Cancel safe: if the future is dropped, no event is lost.
    ///
    /// # Errors
    ///
    /// The errors of the request; see [`ErrorKind`](crate::ErrorKind).
    pub async fn next_event(&mut self) -> Option<Result<LogEvent>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The position after the last event that the stream gave.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        if let Some(cursor) = &self.resumed {
            return cursor.clone();
        }
        let within = self.events.len() > 0;
        let moved = within && self.at.is_none() && !self.stable_start;
        let (position, taken) = match (moved, within) {
            (true, _) => (&None, 0),
            (false, true) => (&self.at, self.taken),
            (false, false) => (&self.next, self.skip),
        };
        Cursor::new(self.operation, self.fingerprint, position.clone(), taken, false)
    }

    fn arrived(&mut self, page: Page) {
        self.failures.reset();
        self.resumed = None;
        self.at = self.next.clone();
        self.taken = std::mem::take(&mut self.skip).min(page.events.len());
        let unchanged = page.next.is_none() || page.next == self.at;
        self.empty_pages = if page.events.is_empty() { self.empty_pages + 1 } else { 0 };
        self.pause = unchanged || self.empty_pages > EMPTY_PAGES;
        if self.pause && page.events.is_empty() {
            self.over = self.end.is_some_and(|end| end <= Utc::now());
        }
        if page.next.is_some() {
            self.next = page.next;
        } else {
            // Without a position to go on from, the same page is asked for, less what it had.
            self.skip = page.events.len();
        }
        self.events = page.events.into_iter();
        if self.taken > 0 {
            self.events.nth(self.taken - 1);
        }
    }
}

impl Stream for Follow {
    type Item = Result<LogEvent>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(event) = this.events.next() {
                this.taken += 1;
                return Poll::Ready(Some(Ok(event)));
            }
            if this.over {
                return Poll::Ready(None);
            }
            if let Some(refusal) = this.refusal.take() {
                this.over = true;
                return Poll::Ready(Some(Err(refusal)));
            }
            let pending = this.pending.get_or_insert_with(|| {
                let page = (this.fetch)(this.next.as_ref());
                let pause = this.pause.then_some(this.interval);
                SyncWrapper::new(Box::pin(async move {
                    if let Some(pause) = pause {
                        tokio::time::sleep(pause).await;
                    }
                    page.await
                }))
            });
            let page = ready!(pending.get_mut().as_mut().poll(context));
            this.pending = None;
            match page {
                Ok(page) => this.arrived(page),
                Err(error) => {
                    this.pause = true;
                    this.over = this.failures.end_stream(&error);
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl fmt::Debug for Follow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow")
            .field("cursor", &self.cursor())
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}
