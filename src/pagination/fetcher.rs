//! From page to page: one request at a time, and the position of the next.

use super::fetch::{Fetch, Fetched};
use super::marker_recovery::{Identified, MarkerRecovery};
use super::pager::Pager;
use super::prefetch::Prefetch;
use super::{Cursor, End, Failures, Position, Rules, Start};
use crate::client::RawResponse;
use crate::{Error, ErrorKind, Result};
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

enum State {
    /// There is a page at the position.
    Open,
    /// There is no way on from the last page, for this reason, which follows that page.
    Stuck(Error),
    /// An error has ended the stream. The cursor stays where it is.
    Failed,
    /// The list is at its end.
    Ended,
}

/// Fetches page after page. The position moves only when the page at it has arrived.
pub(super) struct Fetcher {
    pager: Arc<dyn Pager>,
    rules: Rules,
    fingerprint: u64,
    position: Option<Position>,
    state: State,
    /// Whether the position is that of the last page given, since there is no way on from it.
    stuck: bool,
    /// The cursor that the stream began at, until the first page arrives.
    resumed: Option<Cursor>,
    current: Option<Fetch>,
    ahead: Option<Prefetch>,
    /// How many pages are fetched ahead of the one that was given last.
    prefetch: usize,
    failures: Failures,
    recovery: MarkerRecovery,
    /// The positions seen, 8 bytes a page: a list that comes round must not go on for ever.
    seen: HashSet<u64>,
    /// The hash of the last page, for services that may ignore the position.
    print: Option<u64>,
    hasher: RandomState,
}

impl Fetcher {
    pub fn new(pager: Arc<dyn Pager>, start: Start) -> Self {
        let state = match start.refusal {
            Some(refusal) => State::Stuck(refusal),
            None if start.ended => State::Ended,
            None => State::Open,
        };
        Self {
            rules: pager.rules(),
            pager,
            fingerprint: start.fingerprint,
            position: start.position,
            state,
            stuck: false,
            resumed: start.cursor,
            current: None,
            ahead: None,
            prefetch: 0,
            failures: Failures::default(),
            recovery: MarkerRecovery::default(),
            seen: HashSet::new(),
            print: None,
            hasher: RandomState::new(),
        }
    }

    /// Reads the next page, and gives its position. `None` at the end of the list, and after an error that ended
    /// the stream. After any other error the same page is fetched again.
    pub fn poll_page(
        &mut self,
        context: &mut Context<'_>,
        read: &mut dyn FnMut(&mut RawResponse) -> Result<()>,
    ) -> Poll<Option<Result<Option<Position>>>> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Stuck(error) => return Poll::Ready(Some(Err(error))),
            State::Failed => return Poll::Ready(None),
            State::Ended => {
                self.state = State::Ended;
                return Poll::Ready(None);
            }
            State::Open => self.state = State::Open,
        }
        loop {
            let error = match ready!(self.poll_fetch(context)) {
                Ok(fetched) if fetched.print.is_some() && fetched.print == self.print => {
                    self.state = State::Failed;
                    self.ahead = None;
                    let message = "pagination loop: the service ignores the position of the page and sends the same page again";
                    let error = Error::new(ErrorKind::PaginationLoop, message);
                    return Poll::Ready(Some(Err(error.with_operation(self.rules.operation))));
                }
                Ok(mut fetched) => match read(&mut fetched.response) {
                    Ok(()) => return Poll::Ready(Some(Ok(self.advance(fetched)))),
                    Err(error) => error,
                },
                Err(error) => error,
            };
            self.ahead = None;
            let at = self.position.as_ref().map(|at| at.value.as_str());
            if let Some(earlier) = self.recovery.back(&error, at) {
                self.position = earlier.map(Position::new);
                continue;
            }
            if self.failures.end_stream(&error) {
                self.state = State::Failed;
            }
            return Poll::Ready(Some(Err(error)));
        }
    }

    /// The page at the position.
    fn poll_fetch(&mut self, context: &mut Context<'_>) -> Poll<Result<Fetched>> {
        let Self { pager, position, prefetch, current, ahead, .. } = self;
        if *prefetch > 0 && current.is_none() {
            let start = || Prefetch::start(Arc::clone(pager), position.clone(), *prefetch);
            return ahead.get_or_insert_with(start).poll_page(context);
        }
        let start = || Fetch::start(&**pager, position.as_ref());
        let current = current.get_or_insert_with(start);
        let outcome = ready!(Pin::new(current).poll(context));
        self.current = None;
        Poll::Ready(outcome)
    }

    /// Notes the items of the page at a position, and removes those that were given before.
    pub fn arrived(&mut self, at: Option<&Position>, items: &mut dyn Identified) {
        self.recovery.arrived(at.map(|at| at.value.as_str()), items);
    }

    fn advance(&mut self, fetched: Fetched) -> Option<Position> {
        let Fetched { next, print, .. } = fetched;
        self.print = print;
        self.failures.reset();
        self.resumed = None;
        let at = self.position.clone();
        match next.and_then(|next| self.move_on(next)) {
            Ok(Some(next)) => self.position = Some(next),
            Ok(None) => self.state = State::Ended,
            Err(error) => {
                self.state = State::Stuck(error);
                self.stuck = true;
            }
        }
        if !matches!(self.state, State::Open) {
            self.ahead = None;
        }
        at
    }

    /// The next position, if the list is not at its end and does not come round.
    fn move_on(&mut self, next: Option<Position>) -> Result<Option<Position>> {
        let Some(next) = next else { return Ok(None) };
        if let Some(at) = &self.position {
            if at.value == next.value && self.rules.end == End::RepeatedToken {
                return Ok(None);
            }
            self.seen.insert(self.hasher.hash_one(&at.value));
        }
        if self.seen.contains(&self.hasher.hash_one(&next.value)) {
            let message = "pagination loop: the service repeated a page token";
            let error = Error::new(ErrorKind::PaginationLoop, message);
            return Err(error.with_operation(self.rules.operation));
        }
        Ok(Some(next))
    }

    /// Sets how many pages are fetched ahead.
    pub fn prefetch(&mut self, pages: usize) {
        if self.prefetch != pages {
            // It may stand elsewhere by the time it is used again.
            self.ahead = None;
        }
        self.prefetch = pages;
    }

    /// A position of this list.
    pub fn cursor_at(&self, position: Option<Position>, taken: usize, end: bool) -> Cursor {
        Cursor::new(self.rules.operation, self.fingerprint, position, taken, end)
    }

    /// Whether there is no way on from the page that was given last, though the list is not at its end.
    pub fn is_stuck(&self) -> bool {
        self.stuck
    }

    /// The position before the next page.
    pub fn cursor(&self) -> Cursor {
        match &self.resumed {
            Some(cursor) => cursor.clone(),
            None => self.cursor_at(self.position.clone(), 0, matches!(self.state, State::Ended)),
        }
    }

    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Ended | State::Failed)
    }
}
