//! One page on its way.

use super::{Paged, Position};
use crate::client::OnBody;
use crate::{BoxFuture, Error, ErrorKind, Result};
use std::hash::{DefaultHasher, Hasher};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

/// A page, and what its body said about the next one.
pub(crate) struct Fetched<P> {
    pub page: P,
    pub next: Result<Option<Position>>,
    /// A hash of the body, where a service that ignores the position would give it again for ever.
    pub print: Option<u64>,
}

/// The request for a page. The position of the next page is known as soon as the body is there, which is
/// before the body is decoded.
pub(crate) struct Fetch<P> {
    page: BoxFuture<'static, Result<P>>,
    next: Arc<Next>,
    /// The page, if it arrived while only its body was waited for.
    arrived: Option<Result<P>>,
}

/// The position of the next page and the hash of the body; `None` until the body is there.
type Next = Mutex<Arrival>;
type Arrival = Option<(Result<Option<Position>>, Option<u64>)>;

impl<P: Send + 'static> Fetch<P> {
    /// The page at a position, which is decoded right after its body arrived.
    pub fn start<R: Paged<Page = P>>(request: &R, at: Option<&Position>) -> Self {
        Self::new(request, at, false)
    }

    /// The page at a position, for who calls [`body`](Self::body) first: between the arrival of the body
    /// and its decoding other tasks have their turn.
    pub fn in_steps<R: Paged<Page = P>>(request: &R, at: Option<&Position>) -> Self {
        Self::new(request, at, true)
    }

    fn new<R: Paged<Page = P>>(request: &R, at: Option<&Position>, pause: bool) -> Self {
        let next = Arc::new(Next::default());
        let (slot, place, size) = (Arc::clone(&next), at.cloned(), request.asked_size());
        let on_body = OnBody(Arc::new(move |headers, body| {
            let next = R::RULES.next(place.as_ref(), size, headers, body);
            let print = R::RULES.may_repeat().then(|| {
                let mut hasher = DefaultHasher::new();
                hasher.write(body);
                hasher.finish()
            });
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some((next, print));
            pause
        }));
        let request = request.clone().at(at.map(|at| at.value.as_str()));
        Self { page: request.fetch(on_body), next, arrived: None }
    }

    /// Waits until the body is there or the request failed, and gives the next position if there is one.
    pub async fn body(&mut self) -> Option<Position> {
        std::future::poll_fn(|context| self.poll_body(context)).await
    }

    /// Sends the request as far as that needs no waiting.
    pub async fn send(&mut self) {
        std::future::poll_fn(|context| {
            let _ = self.poll_body(context);
            Poll::Ready(())
        })
        .await;
    }

    fn poll_body(&mut self, context: &mut Context<'_>) -> Poll<Option<Position>> {
        if self.arrived.is_none() {
            match self.page.as_mut().poll(context) {
                Poll::Ready(page) => self.arrived = Some(page),
                Poll::Pending if self.next().is_none() => return Poll::Pending,
                Poll::Pending => {}
            }
        }
        match &*self.next() {
            Some((Ok(next), _)) => Poll::Ready(next.clone()),
            _ => Poll::Ready(None),
        }
    }

    fn next(&self) -> std::sync::MutexGuard<'_, Arrival> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: Send + 'static> Future for Fetch<P> {
    type Output = Result<Fetched<P>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let page = match this.arrived.take() {
            Some(page) => page,
            None => ready!(this.page.as_mut().poll(context)),
        };
        let next = this.next().take();
        Poll::Ready(page.map(|page| {
            let lost = || {
                Err(Error::new(
                    ErrorKind::Decode,
                    "the page has no body, so where the next one begins is unknown",
                ))
            };
            let (next, print) = next.unwrap_or_else(|| (lost(), None));
            Fetched { page, next, print }
        }))
    }
}

// Nothing in it is pinned in place.
impl<P> Unpin for Fetch<P> {}
