//! Log events from the newest to the oldest.

use super::LogRequest;
use crate::client::{Beginning, RawResponse};
use crate::pagination::{Cursor, Next, Paged, Rules};
use crate::{BoxFuture, Result};

/// A request for log events whose pages follow each other by `prevToken`.
#[derive(Clone)]
pub(super) struct NewestFirst<R>(pub R);

impl<R: LogRequest> Paged for NewestFirst<R> {
    type Page = R::Page;
    type Item = R::Item;
    const RULES: Rules = Rules { next: Next::Token(&["prevToken"]), ..R::RULES };

    fn resumed(&self) -> Option<&Cursor> {
        self.0.resumed()
    }

    fn position(&self) -> Option<String> {
        self.0.position()
    }

    /// Another one than that of the way forward, whose tokens lead the other way.
    fn fingerprint(&self) -> u64 {
        !self.0.fingerprint()
    }

    fn at(self, position: Option<&str>) -> Self {
        Self(self.0.at(position).begin(false))
    }

    fn start_moves(&self) -> bool {
        true
    }

    fn send_for_response(
        self,
        beginning: Option<Beginning>,
    ) -> BoxFuture<'static, Result<RawResponse>> {
        self.0.send_for_response(beginning)
    }

    fn read(&self, response: &mut RawResponse) -> Result<Self::Page> {
        self.0.read(response)
    }

    fn into_items(page: Self::Page) -> Vec<Self::Item> {
        let mut events = R::into_items(page);
        events.reverse();
        events
    }
}
