//! Pages that are fetched while the consumer works on an earlier one.

use super::Position;
use super::fetch::{Fetch, Fetched};
use super::pager::Pager;
use crate::{Error, ErrorKind, Result};
use futures_util::future::maybe_done;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tracing::Instrument;

/// A task that requests page after page, some pages further than the consumer has asked for.
///
/// It reads the position of the next page off a body and sends the next request. The body itself goes to
/// the consumer undecoded: decoding it here would move every item from one thread to another.
pub(super) struct Prefetch {
    pages: mpsc::UnboundedReceiver<Result<Fetched>>,
    /// How many more pages may be requested.
    allowed: Arc<Semaphore>,
    /// Whether the consumer waits for a page, and has allowed another one for it.
    waiting: bool,
    task: JoinHandle<()>,
}

impl Prefetch {
    /// Starts at a position, to be `pages` ahead of what the consumer asks for.
    pub fn start(pager: Arc<dyn Pager>, position: Option<Position>, pages: usize) -> Self {
        let allowed = Arc::new(Semaphore::new(pages.min(Semaphore::MAX_PERMITS / 2)));
        let (sender, receiver) = mpsc::unbounded_channel();
        let run = run(pager, position, Arc::clone(&allowed), sender);
        let task = tokio::spawn(run.in_current_span());
        Self { pages: receiver, allowed, waiting: false, task }
    }

    /// The next page.
    pub fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<Fetched>> {
        if !self.waiting {
            self.allowed.add_permits(1);
        }
        let page = self.pages.poll_recv(context);
        self.waiting = page.is_pending();
        page.map(|page| {
            page.unwrap_or_else(|| {
                let message = "the task that prefetches pages has stopped, as when its runtime shuts down: \
                               resume the list from its cursor";
                Err(Error::new(ErrorKind::Interrupted, message))
            })
        })
    }
}

impl Drop for Prefetch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Follows the pages to the end, to an error, or until nobody takes them.
async fn run(
    pager: Arc<dyn Pager>,
    mut position: Option<Position>,
    allowed: Arc<Semaphore>,
    pages: mpsc::UnboundedSender<Result<Fetched>>,
) {
    let mut sent = None;
    loop {
        let mut page = match sent.take() {
            Some(page) => page,
            None => {
                let Ok(permit) = allowed.acquire().await else { return };
                permit.forget();
                maybe_done(Fetch::start(&*pager, position.as_ref()))
            }
        };
        (&mut page).await;
        let Some(page) = Pin::new(&mut page).take_output() else { return };
        // The end and a loop are the fetcher's to report, which sees the same positions.
        let next = page.as_ref().ok().and_then(|page| page.next.as_ref().ok()?.clone());
        let next = next.filter(|next| Some(next) != position.as_ref());
        if let Some(next) = &next
            && let Ok(permit) = allowed.try_acquire()
        {
            permit.forget();
            let mut ahead = maybe_done(Fetch::start(&*pager, Some(next)));
            // As far as that needs no waiting, before the consumer decodes this page.
            poll_fn(|context| {
                let _ = Pin::new(&mut ahead).poll(context);
                Poll::Ready(())
            })
            .await;
            sent = Some(ahead);
        }
        if pages.send(page).is_err() || next.is_none() {
            return;
        }
        position = next;
    }
}
