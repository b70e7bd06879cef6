//! From page to page: one request at a time, and the position of the next.

use super::fetch::{Fetch, Fetched};
use super::marker_recovery::MarkerRecovery;
use super::prefetch::Prefetch;
use super::source::Source;
use super::{Cursor, End, Failures, Paged, Position, Start};
use crate::{Error, ErrorKind, Result};
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A page and the position that gave it.
pub(super) struct Page<P> {
    pub page: P,
    pub at: Option<Position>,
}

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
pub(super) struct Fetcher<R: Paged> {
    request: R,
    fingerprint: u64,
    position: Option<Position>,
    state: State,
    /// Whether the position is that of the last page given, since there is no way on from it.
    stuck: bool,
    /// The cursor that the stream began at, until the first page arrives.
    resumed: Option<Cursor>,
    current: Option<Fetch<R::Page>>,
    ahead: Option<Prefetch<R::Page>>,
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

impl<R: Paged> Fetcher<R> {
    pub fn new(mut request: R) -> Self {
        request.fill_page_size();
        let start = Start::of(&request);
        let state = match start.refusal {
            Some(refusal) => State::Stuck(refusal),
            None if start.ended => State::Ended,
            None => State::Open,
        };
        Self {
            fingerprint: request.fingerprint(),
            position: start.position,
            state,
            stuck: false,
            resumed: start.cursor,
            request,
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

    /// The next page. `None` at the end of the list, and after an error that ended the stream. After any
    /// other error the same page is fetched again.
    pub fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<R::Page>>>> {
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
                    return Poll::Ready(Some(Err(error.with_operation(R::RULES.operation))));
                }
                Ok(fetched) => return Poll::Ready(Some(Ok(self.arrived(fetched)))),
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
    fn poll_fetch(&mut self, context: &mut Context<'_>) -> Poll<Result<Fetched<R::Page>>> {
        if self.current.is_none() {
            self.current = Some(if self.prefetch == 0 {
                Fetch::start(&self.request, self.position.as_ref())
            } else {
                let (request, at, pages) = (&self.request, &self.position, self.prefetch);
                let ahead = self
                    .ahead
                    .get_or_insert_with(|| Prefetch::start(request.clone(), at.clone(), pages));
                ready!(ahead.poll_page(context))?
            });
        }
        let Some(current) = &mut self.current else { return Poll::Pending };
        let outcome = ready!(Pin::new(current).poll(context));
        self.current = None;
        Poll::Ready(outcome)
    }

    fn arrived(&mut self, fetched: Fetched<R::Page>) -> Page<R::Page> {
        let Fetched { mut page, next, print } = fetched;
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
        if let Some(items) = R::list(&mut page) {
            let at = at.as_ref().map(|at| at.value.as_str());
            self.recovery.arrived(at, items, R::id);
        }
        Page { page, at }
    }

    /// The next position, if the list is not at its end and does not come round.
    fn move_on(&mut self, next: Option<Position>) -> Result<Option<Position>> {
        let Some(next) = next else { return Ok(None) };
        if let Some(at) = &self.position {
            if at.value == next.value && R::RULES.end == End::RepeatedToken {
                return Ok(None);
            }
            self.seen.insert(self.hasher.hash_one(&at.value));
        }
        if self.seen.contains(&self.hasher.hash_one(&next.value)) {
            let message = "pagination loop: the service repeated a page token";
            let error = Error::new(ErrorKind::PaginationLoop, message);
            return Err(error.with_operation(R::RULES.operation));
        }
        Ok(Some(next))
    }

    /// A position of this list.
    pub fn cursor_at(&self, position: Option<Position>, taken: usize, end: bool) -> Cursor {
        Cursor::new(R::RULES.operation, self.fingerprint, position, taken, end)
    }

    /// Whether there is no way on from the page that was given last, though the list is not at its end.
    pub fn is_stuck(&self) -> bool {
        self.stuck
    }
}

impl<R: Paged> Source<R::Page> for Fetcher<R> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Page>>> {
        self.poll_page(context).map(|page| page.map(|page| page.map(|page| page.page)))
    }

    /// The position before the next page.
    fn cursor(&self) -> Cursor {
        match &self.resumed {
            Some(cursor) => cursor.clone(),
            None => self.cursor_at(self.position.clone(), 0, matches!(self.state, State::Ended)),
        }
    }

    fn is_over(&self) -> bool {
        matches!(self.state, State::Ended | State::Failed)
    }

    fn prefetch(&mut self, pages: usize) {
        self.prefetch = pages;
    }
}
