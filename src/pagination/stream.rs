//! The streams that users hold.

use super::fetcher::Fetcher;
use super::{Cursor, Paged};
use crate::Result;
use futures_core::Stream;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

/// What the streams need, whatever the request: so that they are named after what they give.
trait Source<T>: Send {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T>>>;
    fn cursor(&self) -> Cursor;
    fn at_end(&self) -> bool;
    fn prefetch(&mut self, pages: usize);
}

/// A source that may be looked at from several threads, and is polled by its owner without a lock.
struct Shared<T>(Mutex<Box<dyn Source<T>>>);

impl<T> Shared<T> {
    fn new(source: impl Source<T> + 'static) -> Self {
        Self(Mutex::new(Box::new(source)))
    }

    fn get_mut(&mut self) -> &mut dyn Source<T> {
        &mut **self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self) -> MutexGuard<'_, Box<dyn Source<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

macro_rules! named_stream {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        #[must_use = "a stream does nothing until it is polled"]
        pub struct $name<T>(Shared<T>, PhantomData<fn() -> T>);

        impl<T> $name<T> {
            /// The position after what was given last.
            #[must_use]
            pub fn cursor(&self) -> Cursor {
                self.0.look().cursor()
            }

            /// Fetches up to this many pages ahead, in a task of its own on the Tokio runtime, while
            /// the consumer works; 0, the default, fetches a page when it is asked for. The pages are
            /// held in memory. The task ends with the stream.
            pub fn prefetch(mut self, pages: usize) -> Self {
                self.0.get_mut().prefetch(pages);
                self
            }
        }

        impl<T> Stream for $name<T> {
            type Item = Result<T>;

            fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
                self.0.get_mut().poll(context)
            }
        }

        impl<T> futures_core::FusedStream for $name<T> {
            fn is_terminated(&self) -> bool {
                self.0.look().at_end()
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).field("cursor", &self.cursor()).finish()
            }
        }
    };
}

named_stream! {
    /// The pages of a list: the body of one exchange after the other.
    Pages
}

named_stream! {
    /// The items of all pages of a list.
    Items
}

impl<P: 'static> Pages<P> {
    pub(crate) fn new<R: Paged<Page = P>>(request: R) -> Self {
        Self(Shared::new(Fetcher::new(request)), PhantomData)
    }
}

impl<T: 'static> Items<T> {
    pub(crate) fn new<R: Paged<Item = T>>(mut request: R) -> Self {
        request.fill_pages();
        let (cursor, position) = request.start();
        let start_moves = request.start_moves();
        // Items of a page that has moved on cannot be counted.
        let skip = match position {
            None if start_moves => 0,
            _ => cursor.map_or(0, Cursor::taken),
        };
        let fetcher = Fetcher::new(request);
        let page_at = fetcher.position.clone();
        Self(
            Shared::new(Flat { page_at, fetcher, items: None, taken: 0, skip, start_moves }),
            PhantomData,
        )
    }
}

impl<R: Paged> Source<R::Page> for Fetcher<R> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Page>>> {
        self.poll_page(context).map(|page| page.map(|page| page.map(|fetched| fetched.page)))
    }

    fn cursor(&self) -> Cursor {
        Cursor::new(R::RULES.operation, self.position.as_deref(), 0, self.at_end())
    }

    fn at_end(&self) -> bool {
        self.at_end()
    }

    fn prefetch(&mut self, pages: usize) {
        self.prefetch = pages;
    }
}

/// The items of the current page, and the fetcher to the next.
struct Flat<R: Paged> {
    fetcher: Fetcher<R>,
    items: Option<IntoIter<R::Item>>,
    /// The position that gives the rest of the current page when `taken` items are left out.
    page_at: Option<String>,
    taken: usize,
    /// What a cursor says was taken from the first page before.
    skip: usize,
    /// Whether the page without a position is another one when the list has grown.
    start_moves: bool,
}

impl<R: Paged> Source<R::Item> for Flat<R> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Item>>> {
        loop {
            if let Some(item) = self.items.as_mut().and_then(Iterator::next) {
                match R::marker(&item) {
                    Some(marker) => {
                        self.page_at.get_or_insert_default().clear();
                        self.page_at.get_or_insert_default().push_str(marker);
                        self.taken = 0;
                    }
                    None => self.taken += 1,
                }
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.fetcher.poll_page(context)) {
                None => {
                    self.items = None;
                    return Poll::Ready(None);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(fetched)) => {
                    let mut items = R::into_items(fetched.page).into_iter();
                    self.taken = std::mem::take(&mut self.skip).min(items.len());
                    if self.taken > 0 {
                        items.nth(self.taken - 1);
                    }
                    self.page_at = fetched.at;
                    self.items = Some(items);
                }
            }
        }
    }

    fn cursor(&self) -> Cursor {
        let operation = R::RULES.operation;
        match &self.items {
            // A dead end is told after the last item: who goes on from here must meet it again.
            Some(items) if items.len() > 0 || self.fetcher.at_dead_end() => {
                let moved = self.start_moves && self.page_at.is_none();
                let taken = if moved { 0 } else { self.taken };
                Cursor::new(operation, self.page_at.as_deref(), taken, false)
            }
            // Before the first page, what an earlier cursor took is still to be left out.
            _ => Cursor::new(
                operation,
                self.fetcher.position.as_deref(),
                self.skip,
                self.fetcher.ended,
            ),
        }
    }

    fn at_end(&self) -> bool {
        self.fetcher.at_end() && self.items.as_ref().is_none_or(|items| items.len() == 0)
    }

    fn prefetch(&mut self, pages: usize) {
        self.fetcher.prefetch = pages;
    }
}
