//! The streams that users hold.

use super::items::Flat;
use super::reader::Reader;
use super::source::Source;
use super::{Cursor, Paged};
use crate::Result;
use futures_core::Stream;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// A source that several threads may look at, and that its owner polls without a lock.
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
    ($(#[$docs:meta])* $name:ident, $(#[$next_docs:meta])* $next:ident) => {
        $(#[$docs])*
        ///
        /// It always ends: at the end of the list, after a permanent error, and after three transient errors
        /// ([`Error::is_retryable`](crate::Error::is_retryable)) in a row. After a transient error the next
        /// poll asks for the same page again.
        #[must_use = "a stream does nothing until it is polled"]
        pub struct $name<T>(Shared<T>, PhantomData<fn() -> T>);

        impl<T> $name<T> {
            $(#[$next_docs])*
            ///
            /// The same as `next()` of `StreamExt`, without an import. Dropping the future loses nothing.
            ///
            /// # Errors
            ///
            /// The errors of the request; see [`ErrorKind`](crate::ErrorKind).
            pub async fn $next(&mut self) -> Option<Result<T>> {
                std::future::poll_fn(|context| self.0.get_mut().poll(context)).await
            }

            /// The position after the last item or page that was returned.
            ///
            /// It stays valid after an error, even if the error ended the stream: `resume` of the request continues
            /// there.
            #[must_use]
            pub fn cursor(&self) -> Cursor {
                self.0.look().cursor()
            }

            /// Requests up to this many pages ahead, in a task of its own on the Tokio runtime, while
            /// the consumer works. The default is 0: a page is requested when it is needed. The bodies
            /// of these pages are held in memory. The task ends with the stream. Two pages may arrive at the same
            /// time, each a request of its own for [`max_in_flight`](crate::ClientBuilder::max_in_flight), timeouts
            /// and deadlines.
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
                self.0.look().is_over()
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
    /// The pages of a list: one response body after the other.
    Pages,
    /// The next page, or `None` at the end.
    next_page
}

named_stream! {
    /// The items of all pages of a list.
    Items,
    /// The next item, or `None` at the end.
    next_item
}

impl<P: 'static> Pages<P> {
    pub(crate) fn new<R: Paged<Page = P>>(request: R) -> Self {
        Self(Shared::new(Reader::new(request).0), PhantomData)
    }
}

impl<T: 'static> Items<T> {
    pub(crate) fn new<R: Paged<Item = T>>(request: R) -> Self {
        Self(Shared::new(Flat::new(request)), PhantomData)
    }
}
