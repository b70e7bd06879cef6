//! A log as it grows.

use super::LogRequest;
use super::types::LogEvent;
use crate::operation::Operation;
use crate::pagination::Cursor;
use crate::{BoxFuture, Result};
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

/// The events of a log, as a stream that waits for more where the log ends.
///
/// It ends only if the request has an `end_time` that has passed; otherwise the consumer stops, or
/// drops it. At the end of the log, and after an error, it pauses for the
/// [`interval`](Self::interval) before it asks again. An error is not the end: the next poll asks for
/// the same page again.
///
/// [`cursor`](Self::cursor) is the place after the last event that was given, and
/// [`resume`](super::requests::GetImageLogEvents::resume) on the same request goes on from there,
/// without a loss and without a repetition. There is one exception: within the first page of a log that
/// is followed from its newest page, no such place exists yet, and a cursor stands for the newest
/// page.
#[must_use = "a stream does nothing until it is polled"]
pub struct Follow {
    fetch: Fetch,
    operation: &'static Operation,
    interval: Duration,
    end: Option<DateTime<Utc>>,
    /// Whether the page without a position is the oldest one, which stays what it is.
    stable_start: bool,
    /// Where the current page is, and the next one.
    at: Option<String>,
    next: Option<String>,
    events: IntoIter<LogEvent>,
    taken: usize,
    /// What a cursor says was taken from the first page before.
    skip: usize,
    pause: bool,
    empty_pages: u32,
    pending: Option<SyncWrapper<BoxFuture<'static, Result<Page>>>>,
    over: bool,
}

/// Asks for the page at a position.
type Fetch = Box<dyn Fn(Option<&str>) -> BoxFuture<'static, Result<Page>> + Send + Sync>;

struct Page {
    events: Vec<LogEvent>,
    next: Option<String>,
}

impl Follow {
    pub(super) fn new<R: LogRequest>(request: R) -> Self {
        let (cursor, position) = request.start();
        let (skip, next) = (cursor.map_or(0, Cursor::taken), position.map(str::to_owned));
        // Only within the oldest page does a cursor without a position count what was taken.
        let stable_start = request.starts_at_head() || skip > 0;
        let end = request.end();
        let fetch = move |position: Option<&str>| -> BoxFuture<'static, Result<Page>> {
            let request = request.clone().at(position).begin(stable_start || position.is_some());
            Box::pin(async move {
                let page = request.fetch().await?;
                let next = R::next(&page).filter(|next| !next.is_empty()).map(str::to_owned);
                Ok(Page { events: R::into_items(page), next })
            })
        };
        Self {
            fetch: Box::new(fetch),
            operation: R::RULES.operation,
            interval: Duration::from_secs(5),
            end,
            stable_start,
            at: None,
            next,
            events: Vec::new().into_iter(),
            taken: 0,
            skip,
            pause: false,
            empty_pages: 0,
            pending: None,
            over: false,
        }
    }

    /// The pause at the end of the log, 5 s unless set. At least 10 ms.
    pub fn interval(mut self, pause: Duration) -> Self {
        self.interval = pause.max(SHORTEST_PAUSE);
        self
    }

    /// The place after the last event that was given.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        let within = self.events.len() > 0;
        if within && self.at.is_none() && !self.stable_start {
            return Cursor::new(self.operation, None, 0, false);
        }
        let (position, taken) =
            if within { (&self.at, self.taken) } else { (&self.next, self.skip) };
        Cursor::new(self.operation, position.as_deref(), taken, false)
    }

    fn arrived(&mut self, page: Page) {
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
            let pending = this.pending.get_or_insert_with(|| {
                let page = (this.fetch)(this.next.as_deref());
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
