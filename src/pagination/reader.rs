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
    request: Arc<R>,
    pub fetcher: Fetcher,
}

impl<R: Paged> Reader<R> {
    pub fn new(mut request: R) -> Self {
        request.fill_page_size();
        let (start, fingerprint) = (Start::of(&request), request.fingerprint());
        let request = Arc::new(request);
        let pager = Arc::clone(&request);
        Self { request, fetcher: Fetcher::new(pager, start, fingerprint) }
    }

    /// The next page. `None` at the end of the list, and after an error that ended the stream. After any
    /// other error the same page is fetched again.
    pub fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<R::Page>>>> {
        let Self { request, fetcher } = self;
        let mut page = None;
        let at = ready!(fetcher.poll_page(context, &mut |response| {
            page = Some(request.read(response)?);
            Ok(())
        }));
        let at = match at {
            Some(Ok(at)) => at,
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            None => return Poll::Ready(None),
        };
        Poll::Ready(page.map(|mut page| {
            if let Some(items) = R::list(&mut page) {
                fetcher.recovery.arrived(at.as_ref().map(|at| at.value.as_str()), items, R::id);
            }
            Ok(Page { page, at })
        }))
    }
}

impl<R: Paged> Source<R::Page> for Reader<R> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Page>>> {
        self.poll_page(context).map(|page| page.map(|page| page.map(|page| page.page)))
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
