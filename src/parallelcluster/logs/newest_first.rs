//! Log events from the newest to the oldest.

use super::LogRequest;
use crate::client::OnBody;
use crate::pagination::{Cursor, Paged, Rules};
use crate::{BoxFuture, Result};

/// A request for log events whose pages are walked by `prevToken`.
#[derive(Clone)]
pub(super) struct NewestFirst<R>(pub R);

impl<R: LogRequest> Paged for NewestFirst<R> {
    type Page = R::Page;
    type Item = R::Item;
    const RULES: Rules = Rules { response: "prevToken", ..R::RULES };

    fn start(&self) -> (Option<&Cursor>, Option<&str>) {
        self.0.start()
    }

    fn at(self, position: Option<&str>) -> Self {
        Self(self.0.at(position).begin(false))
    }

    fn on_body(self, on_body: OnBody) -> Self {
        Self(self.0.on_body(on_body))
    }

    fn start_moves(&self) -> bool {
        true
    }

    fn fill_pages(&mut self) {
        self.0.fill_pages();
    }

    fn fetch(self) -> BoxFuture<'static, Result<Self::Page>> {
        self.0.fetch()
    }

    fn next(page: &Self::Page) -> Option<&str> {
        R::previous(page)
    }

    fn items_of(page: &mut Self::Page) -> &mut Vec<Self::Item> {
        R::items_of(page)
    }

    fn into_items(page: Self::Page) -> Vec<Self::Item> {
        let mut events = R::into_items(page);
        events.reverse();
        events
    }

    fn marker(_: &Self::Item) -> Option<&str> {
        None
    }
}
