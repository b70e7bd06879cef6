//! What the streams are made of.

use super::Cursor;
use crate::Result;
use std::task::{Context, Poll};

/// A stream without the type of its request, so that [`Pages`] and [`Items`] are named by what they give.
pub(super) trait Source<T>: Send {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T>>>;
    /// The position after what was given last.
    fn cursor(&self) -> Cursor;
    /// Whether it gives nothing more, not even an error.
    fn is_over(&self) -> bool;
    /// How many pages are requested ahead of the one that was given last.
    fn prefetch(&mut self, pages: usize);
}
