//! One page on its way.

use super::pager::Pager;
use super::{Position, Rules};
use crate::client::{Beginning, RawResponse};
use crate::{BoxFuture, Error, ErrorKind, Result};
use std::hash::{DefaultHasher, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A page that has arrived. The consumer decodes it: items that are made on one thread and dropped on another cost more.
pub(crate) struct Fetched {
    pub response: RawResponse,
    pub next: Result<Option<Position>>,
    /// A hash of the body, where a service that ignores the position would give it again for ever.
    pub print: Option<u64>,
}

/// The request for a page.
pub(crate) struct Fetch {
    response: BoxFuture<'static, Result<RawResponse>>,
    rules: Rules,
    at: Option<Position>,
    size: Option<u64>,
    beginning: Option<Beginning>,
    /// The position of the next page, by the beginning of this one.
    next: Option<Position>,
}

impl Fetch {
    /// The page at a position.
    pub fn start(pager: &dyn Pager, at: Option<&Position>) -> Self {
        Self::begin(pager, at, None)
    }

    /// The same where the page after it is to be fetched ahead.
    pub fn start_ahead(pager: &dyn Pager, at: Option<&Position>) -> Self {
        Self::begin(pager, at, pager.rules().may_say_early().then(Beginning::default))
    }

    fn begin(pager: &dyn Pager, at: Option<&Position>, beginning: Option<Beginning>) -> Self {
        let response = pager.fetch(at, beginning.clone());
        let (rules, size) = (pager.rules(), pager.size());
        Self { response, rules, at: at.cloned(), size, beginning, next: None }
    }

    /// The position of the next page, if the beginning of this one has arrived and says it.
    pub fn next(&mut self) -> Option<&Position> {
        if let Some((headers, first)) = self.beginning.as_ref().and_then(Beginning::get) {
            self.next = self.rules.next_early(headers, first);
            self.beginning = None;
        }
        self.next.as_ref()
    }

    fn arrived(&self, response: RawResponse) -> Fetched {
        let Some(body) = response.body() else {
            let message = "the page has no body, so where the next one begins is unknown";
            let next = Err(Error::new(ErrorKind::Decode, message));
            return Fetched { response, next, print: None };
        };
        let next = self.rules.next(self.at.as_ref(), self.size, response.headers(), body);
        let print = self.rules.may_repeat().then(|| {
            let mut hasher = DefaultHasher::new();
            hasher.write(body);
            hasher.finish()
        });
        Fetched { response, next, print }
    }
}

impl Future for Fetch {
    type Output = Result<Fetched>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = self.response.as_mut().poll(context);
        response.map(|response| response.map(|response| self.arrived(response)))
    }
}
