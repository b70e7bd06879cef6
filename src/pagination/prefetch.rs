//! Pages that are fetched while the consumer works on an earlier one.

use super::{Fetch, Paged, Position};
use crate::{BoxFuture, Error, ErrorKind, Result};
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tracing::Instrument;

/// A task that requests page after page, some pages further than the consumer has asked for.
///
/// It reads the position of the next page off a body and sends the next request. The body itself goes to
/// the consumer undecoded: decoding it here would move every item from one thread to another.
pub(super) struct Prefetch<P> {
    pages: mpsc::UnboundedReceiver<Fetch<P>>,
    /// How many more pages may be requested.
    allowed: Arc<Semaphore>,
    /// Whether the consumer waits for a page, and has allowed another one for it.
    waiting: bool,
    task: JoinHandle<()>,
}

impl<P: Send + 'static> Prefetch<P> {
    /// Starts at a position, to be `pages` ahead of what the consumer asks for.
    pub fn start<R: Paged<Page = P>>(request: R, position: Option<Position>, pages: usize) -> Self {
        let allowed = Arc::new(Semaphore::new(pages.min(Semaphore::MAX_PERMITS / 2)));
        let (sender, receiver) = mpsc::unbounded_channel();
        // Boxed, so that a task is compiled once and not for every list.
        let run: BoxFuture<'static, ()> =
            Box::pin(run(request, position, Arc::clone(&allowed), sender));
        let task = tokio::spawn(run.in_current_span());
        Self { pages: receiver, allowed, waiting: false, task }
    }

    /// The next page, whose body has arrived.
    pub fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<Fetch<P>>> {
        if !self.waiting {
            self.allowed.add_permits(1);
        }
        let page = self.pages.poll_recv(context);
        self.waiting = page.is_pending();
        page.map(|page| {
            page.ok_or_else(|| {
                let message = "the task that prefetches pages has stopped, as when its runtime shuts down: \
                               resume the list from its cursor";
                Error::new(ErrorKind::Interrupted, message)
            })
        })
    }
}

impl<P> Drop for Prefetch<P> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Follows the pages to the end, to an error, or until nobody takes them.
async fn run<R: Paged>(
    request: R,
    mut position: Option<Position>,
    allowed: Arc<Semaphore>,
    pages: mpsc::UnboundedSender<Fetch<R::Page>>,
) {
    let mut sent: Option<Fetch<R::Page>> = None;
    loop {
        let mut page = match sent.take() {
            Some(page) => page,
            None => {
                let Ok(permit) = allowed.acquire().await else { return };
                permit.forget();
                Fetch::in_steps(&request, position.as_ref())
            }
        };
        // The end and a loop are the fetcher's to report, which sees the same positions.
        let next = page.body().await.filter(|next| Some(next) != position.as_ref());
        if let Some(next) = &next
            && let Ok(permit) = allowed.try_acquire()
        {
            permit.forget();
            let mut ahead = Fetch::in_steps(&request, Some(next));
            // Before the consumer decodes this page.
            ahead.send().await;
            sent = Some(ahead);
        }
        if pages.send(page).is_err() || next.is_none() {
            return;
        }
        position = next;
    }
}
