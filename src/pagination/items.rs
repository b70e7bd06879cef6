//! The items of all pages.

use super::fetcher::Fetcher;
use super::reader::Reader;
use super::source::Source;
use super::{Cursor, Paged, Position};
use crate::Result;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

/// The items of the current page, and the pages after it.
pub(super) struct Flat<R: Paged> {
    pages: Reader<R>,
    items: IntoIter<R::Item>,
    progress: Progress,
}

/// How far into the current page the stream is.
struct Progress {
    /// The position that gives the rest of the current page when `taken` items are left out.
    at: Option<Position>,
    taken: usize,
    /// The items of the first page that an earlier stream gave.
    skip: usize,
    /// Whether the page without a position is another one when the list has grown.
    start_moves: bool,
}

impl Progress {
    /// An item is given.
    fn item(&mut self, id: Option<&str>) {
        match id {
            Some(id) => {
                let at = self.at.get_or_insert_default();
                at.value.clear();
                at.value.push_str(id);
                self.taken = 0;
            }
            None => self.taken += 1,
        }
    }

    /// A page has arrived. Gives how many of its items were given before.
    fn page(&mut self, at: Option<Position>, items: usize) -> usize {
        self.taken = std::mem::take(&mut self.skip).min(items);
        self.at = at;
        self.taken
    }

    fn cursor(&self, fetcher: &Fetcher, items_left: bool) -> Cursor {
        // After the last item of a page without a way on, who resumes must meet its error again.
        if !items_left && !fetcher.is_stuck() {
            return fetcher.cursor();
        }
        let moved = self.start_moves && self.at.is_none();
        let taken = if moved { 0 } else { self.taken };
        fetcher.cursor_at(self.at.clone(), taken, false)
    }
}

impl<R: Paged> Flat<R> {
    pub fn new(request: R) -> Self {
        let start_moves = request.start_moves();
        let (pages, skip) = Reader::new(request);
        let progress = Progress { at: None, taken: 0, skip, start_moves };
        Self { pages, items: Vec::new().into_iter(), progress }
    }
}

impl<R: Paged> Source<R::Item> for Flat<R> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Item>>> {
        loop {
            if let Some(item) = self.items.as_slice().first() {
                self.progress.item(R::id(item));
            }
            // Its position is noted before, so that it is moved only once.
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    self.items = R::into_items(page.page).into_iter();
                    self.pages.expected_items = self.items.len();
                    if let Some(last) = self.progress.page(page.at, self.items.len()).checked_sub(1)
                    {
                        self.items.nth(last);
                    }
                }
            }
        }
    }

    fn cursor(&self) -> Cursor {
        self.progress.cursor(&self.pages.fetcher, self.items.len() > 0)
    }

    fn is_over(&self) -> bool {
        self.pages.fetcher.is_over() && self.items.len() == 0
    }

    fn prefetch(&mut self, pages: usize) {
        self.pages.prefetch(pages);
    }
}
