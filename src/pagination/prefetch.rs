//! Pages that are fetched while the consumer works on an earlier one.

use super::{Paged, next_hint};
use crate::{Error, ErrorKind, Result};
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;
use tracing::Instrument;

/// Fetches page after page, some pages further than the consumer has asked.
pub(super) struct Prefetch<P> {
    pages: mpsc::UnboundedReceiver<Result<P>>,
    /// How many more pages may be fetched.
    allowed: Arc<Semaphore>,
    /// Whether the consumer waits for a page, and has allowed another one for it.
    waiting: bool,
    _task: Task<()>,
}

impl<P: Send + 'static> Prefetch<P> {
    /// Starts at a position, to be `pages` ahead of what the consumer asks for.
    pub fn start<R: Paged<Page = P>>(request: R, position: Option<&str>, pages: usize) -> Self {
        let allowed = Arc::new(Semaphore::new(pages.min(Semaphore::MAX_PERMITS / 2)));
        let (sender, receiver) = mpsc::unbounded_channel();
        let position = position.map(str::to_owned);
        let task = Task::spawn(run(request, position, Arc::clone(&allowed), sender));
        Self { pages: receiver, allowed, waiting: false, _task: task }
    }

    pub fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<P>> {
        if !self.waiting {
            self.allowed.add_permits(1);
        }
        let page = self.pages.poll_recv(context);
        self.waiting = page.is_pending();
        page.map(|page| page.unwrap_or_else(|| Err(stopped())))
    }
}

/// Follows the pages to the end, to an error, or until nobody takes them.
async fn run<R: Paged>(
    request: R,
    mut position: Option<String>,
    allowed: Arc<Semaphore>,
    pages: mpsc::UnboundedSender<Result<R::Page>>,
) {
    let mut under_way: Option<Fetch<R::Page>> = None;
    loop {
        let mut fetch = match under_way.take() {
            Some(fetch) => fetch,
            None => {
                let Ok(permit) = allowed.acquire().await else { return };
                permit.forget();
                Fetch::start(&request, position.as_deref())
            }
        };
        let mut hint = (&mut fetch.hint).await.ok().filter(|next| position.as_ref() != Some(next));
        if let Some(next) = &hint
            && let Ok(permit) = allowed.try_acquire()
        {
            permit.forget();
            under_way = Some(Fetch::start(&request, Some(next)));
        }
        let page = fetch.page.end().await.unwrap_or_else(|| Err(stopped()));
        let next = page
            .as_ref()
            .ok()
            .and_then(|page| R::RULES.position(R::next(page)).ok().flatten())
            .filter(|next| position.as_ref() != Some(next));
        // What there is to say about the end is the fetcher's to say, which sees the same page.
        if pages.send(page).is_err() || next.is_none() {
            return;
        }
        if hint.take() != next && under_way.take().is_some() {
            allowed.add_permits(1);
        }
        position = next;
    }
}

/// A page under way.
struct Fetch<P> {
    page: Task<Result<P>>,
    /// Where it leads, before it is decoded.
    hint: oneshot::Receiver<String>,
}

impl<P: Send + 'static> Fetch<P> {
    fn start<R: Paged<Page = P>>(request: &R, position: Option<&str>) -> Self {
        let (page, hint) = next_hint::listen(request.clone().at(position));
        Self { page: Task::spawn(page), hint }
    }
}

/// A task that ends with its owner.
struct Task<T>(JoinHandle<T>);

impl<T: Send + 'static> Task<T> {
    fn spawn(future: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(future.in_current_span()))
    }

    /// What it gives, or `None` if it was stopped from outside.
    async fn end(&mut self) -> Option<T> {
        (&mut self.0).await.ok()
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn stopped() -> Error {
    Error::new(ErrorKind::Interrupted, "the task that fetches pages ahead was stopped")
}
