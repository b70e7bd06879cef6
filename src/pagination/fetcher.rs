//! The way through the pages: one request at a time, and where it stands.

use super::marker_recovery::MarkerRecovery;
use super::prefetch::Prefetch;
use super::{Cursor, End, Paged, Style};
use crate::{BoxFuture, Error, ErrorKind, Result};
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::task::{Context, Poll, ready};

/// A page and the position that gave it.
pub(super) struct Fetched<P> {
    pub page: P,
    pub at: Option<String>,
}

/// What is under way.
enum Pending<R: Paged> {
    Page(BoxFuture<'static, Result<R::Page>>),
    Prefetch(Prefetch<R::Page>),
}

/// Goes from page to page. It stands before the page it will fetch, and moves on only when that page
/// has arrived.
pub(super) struct Fetcher<R: Paged> {
    request: R,
    pub position: Option<String>,
    pub ended: bool,
    /// Why there is no way on from the last page; told after that page was given.
    dead_end: Option<Error>,
    pending: Option<Pending<R>>,
    /// How many pages are fetched ahead of the one that was given last.
    pub prefetch: usize,
    recovery: MarkerRecovery,
    /// The positions seen, 8 bytes a page: a list that comes round must not go on for ever.
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl<R: Paged> Fetcher<R> {
    pub fn new(request: R) -> Self {
        let (cursor, position) = request.start();
        Self {
            position: position.map(str::to_owned),
            ended: cursor.is_some_and(Cursor::is_end),
            request,
            dead_end: None,
            pending: None,
            prefetch: 0,
            recovery: MarkerRecovery::default(),
            seen: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// The next page, or `None` at the end. After an error the same page is fetched again.
    pub fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Fetched<R::Page>>>> {
        if let Some(error) = self.dead_end.take() {
            return Poll::Ready(Some(Err(error)));
        }
        if self.ended {
            return Poll::Ready(None);
        }
        loop {
            let outcome = ready!(self.poll_fetch(context));
            if let Err(error) = &outcome
                && let Some(earlier) = self.recovery.back(error, self.position.as_deref())
            {
                self.position = earlier;
                continue;
            }
            return Poll::Ready(Some(outcome.map(|page| self.arrived(page))));
        }
    }

    /// The page at the position.
    fn poll_fetch(&mut self, context: &mut Context<'_>) -> Poll<Result<R::Page>> {
        let pending = self.pending.get_or_insert_with(|| {
            let position = self.position.as_deref();
            match self.prefetch {
                0 => Pending::Page(self.request.clone().at(position).fetch()),
                pages => Pending::Prefetch(Prefetch::start(self.request.clone(), position, pages)),
            }
        });
        let outcome = match pending {
            Pending::Page(page) => {
                let outcome = ready!(page.as_mut().poll(context));
                self.pending = None;
                outcome
            }
            Pending::Prefetch(ahead) => {
                let outcome = ready!(ahead.poll_page(context));
                // After an error nothing is under way any more: the page is fetched again.
                if outcome.is_err() {
                    self.pending = None;
                }
                outcome
            }
        };
        Poll::Ready(outcome)
    }

    fn arrived(&mut self, mut page: R::Page) -> Fetched<R::Page> {
        let at = self.position.clone();
        match self.next_position(&page) {
            Ok(Some(next)) => self.position = Some(next),
            Ok(None) => self.ended = true,
            Err(error) => {
                self.ended = true;
                self.dead_end = Some(error);
            }
        }
        if R::RULES.style == Style::Link {
            self.recovery.arrived(at.as_deref(), R::items_of(&mut page), R::marker);
        }
        Fetched { page, at }
    }

    fn next_position(&mut self, page: &R::Page) -> Result<Option<String>> {
        let Some(next) = R::RULES.position(R::next(page))? else { return Ok(None) };
        if let Some(at) = &self.position {
            if *at == next && R::RULES.end == End::RepeatedToken {
                return Ok(None);
            }
            self.seen.insert(self.hasher.hash_one(at));
        }
        if self.seen.contains(&self.hasher.hash_one(&next)) {
            let message = "the service leads back to a page that it gave before";
            let error = Error::new(ErrorKind::PaginationLoop, message);
            return Err(error.with_operation(R::RULES.operation));
        }
        Ok(Some(next))
    }

    /// Whether the next poll tells why there is no way on.
    pub fn at_dead_end(&self) -> bool {
        self.dead_end.is_some()
    }

    /// Whether there is nothing more to tell, an error that waits included.
    pub fn at_end(&self) -> bool {
        self.ended && !self.at_dead_end()
    }
}
