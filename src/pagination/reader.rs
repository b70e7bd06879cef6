//! The pages of a list as their types.

use super::fetcher::Fetcher;
use super::source::Source;
use super::{Cursor, Paged, Position, Start};
use crate::Result;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// A page and the position that gave it.
pub(super) struct Page<P> {
    pub page: P,
    pub at: Option<Position>,
}

/// Reads what a fetcher fetches.
pub(super) struct Reader<R> {
    request: R,
    pub fetcher: Fetcher,
    /// How many items the next page may have: as many as the last one, or as were asked for.
    pub expected_items: usize,
}

impl<R: Paged> Reader<R> {
    /// The reader, and how many items of its first page an earlier stream gave.
    pub fn new(mut request: R) -> (Self, usize) {
        // Which list it is can depend on the page size.
        request.fill_page_size();
        let start = Start::of(&request);
        // Items of a page that has moved on cannot be counted.
        let moved = start.position.is_none() && request.start_moves();
        let skip = if moved { 0 } else { start.taken };
        let expected_items =
            request.asked_size().and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
        let pager = Arc::new(request.clone());
        (Self { request, fetcher: Fetcher::new(pager, start), expected_items }, skip)
    }

    /// The next page. `None` at the end of the list, and after an error that ended the stream. After any
    /// other error the same page is fetched again.
    pub fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<R::Page>>>> {
        let Self { request, fetcher, expected_items } = self;
        let mut page = None;
        let at = ready!(fetcher.poll_page(context, &mut |response| {
            response.expect_items(*expected_items);
            page = Some(request.read(response)?);
            Ok(())
        }));
        Poll::Ready(match (at, page) {
            (Some(Ok(at)), Some(mut page)) => {
                R::identify(&mut page, &mut |items| fetcher.arrived(at.as_ref(), items));
                Some(Ok(Page { page, at }))
            }
            (Some(Err(error)), _) => Some(Err(error)),
            _ => None,
        })
    }
}

impl<R: Paged> Source<R::Page> for Reader<R> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Page>>> {
        Poll::Ready(match ready!(self.poll_page(context)) {
            Some(Ok(page)) => Some(Ok(page.page)),
            Some(Err(error)) => Some(Err(error)),
            None => None,
        })
    }

    fn cursor(&self) -> Cursor {
        self.fetcher.cursor()
    }

    fn is_over(&self) -> bool {
        self.fetcher.is_over()
    }

    fn prefetch(&mut self, pages: usize) {
        self.fetcher.prefetch(pages);
    }
}
