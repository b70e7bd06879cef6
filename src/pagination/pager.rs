//! A list without the types of its pages.

use super::{Paged, Position, Rules};
use crate::client::{Beginning, RawResponse};
use crate::{BoxFuture, Result};

/// Asks for the pages of a list. It has no types of pages, so that what follows them is compiled once for all lists.
pub(crate) trait Pager: Send + Sync {
    fn rules(&self) -> Rules;

    /// The page size that is asked for.
    fn size(&self) -> Option<u64>;

    /// Asks for the page at a position. The beginning of the answer can be seen before.
    fn fetch(
        &self,
        at: Option<&Position>,
        beginning: Option<Beginning>,
    ) -> BoxFuture<'static, Result<RawResponse>>;
}

impl<R: Paged> Pager for R {
    fn rules(&self) -> Rules {
        R::RULES
    }

    fn size(&self) -> Option<u64> {
        self.asked_size()
    }

    fn fetch(
        &self,
        at: Option<&Position>,
        beginning: Option<Beginning>,
    ) -> BoxFuture<'static, Result<RawResponse>> {
        self.clone().at(at.map(|at| at.value.as_str())).send_for_response(beginning)
    }
}
