//! The items of all pages.

use super::reader::Reader;
use super::source::Source;
use super::{Cursor, Paged, Position, Start};
use crate::Result;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

/// The items of the current page, and the pages after it.
pub(super) struct Flat<R: Paged> {
    pages: Reader<R>,
    items: IntoIter<R::Item>,
    /// The position that gives the rest of the current page when `taken` items are left out.
    at: Option<Position>,
    taken: usize,
    /// The items of the first page that an earlier stream gave.
    skip: usize,
    /// Whether the page without a position is another one when the list has grown.
    start_moves: bool,
}

impl<R: Paged> Flat<R> {
    pub fn new(request: R) -> Self {
        let start = Start::of(&request);
        let start_moves = request.start_moves();
        // Items of a page that has moved on cannot be counted.
        let skip = if start.position.is_none() && start_moves { 0 } else { start.taken };
        let pages = Reader::new(request);
        Self { pages, items: Vec::new().into_iter(), at: None, taken: 0, skip, start_moves }
    }
}

impl<R: Paged> Source<R::Item> for Flat<R> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Item>>> {
        loop {
            if let Some(item) = self.items.next() {
                match R::id(&item) {
                    Some(id) => {
                        let at = self.at.get_or_insert_default();
                        at.value.clear();
                        at.value.push_str(id);
                        self.taken = 0;
                    }
                    None => self.taken += 1,
                }
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    let mut items = R::into_items(page.page).into_iter();
                    self.taken = std::mem::take(&mut self.skip).min(items.len());
                    if self.taken > 0 {
                        items.nth(self.taken - 1);
                    }
                    self.at = page.at;
                    self.items = items;
                }
            }
        }
    }

    fn cursor(&self) -> Cursor {
        // After the last item of a page without a way on, who resumes must meet its error again.
        if self.items.len() == 0 && !self.pages.fetcher.is_stuck() {
            return self.pages.fetcher.cursor();
        }
        let moved = self.start_moves && self.at.is_none();
        let taken = if moved { 0 } else { self.taken };
        self.pages.fetcher.cursor_at(self.at.clone(), taken, false)
    }

    fn is_over(&self) -> bool {
        self.pages.fetcher.is_over() && self.items.len() == 0
    }

    fn prefetch(&mut self, pages: usize) {
        self.pages.prefetch(pages);
    }
}
