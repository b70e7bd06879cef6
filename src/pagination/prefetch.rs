//! Pages that are fetched while the consumer works on an earlier one.

use super::Position;
use super::fetch::{Fetch, Fetched};
use super::pager::Pager;
use crate::{Error, ErrorKind, Result};
use futures_util::future::{MaybeDone, maybe_done};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use tokio::task::JoinHandle;
use tracing::Instrument;

/// A task that requests page after page, some pages further than the consumer has asked for.
///
/// It reads the position of the next page off a body, or off its beginning, and sends the next request. The body
/// itself goes to the consumer undecoded: decoding it here would move every item from one thread to another.
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
    let mut ahead: Option<Ahead> = None;
    loop {
        let mut page = match ahead.take() {
            Some(ahead) => ahead.page,
            None => {
                let Ok(permit) = allowed.acquire().await else { return };
                permit.forget();
                maybe_done(Fetch::start_ahead(&*pager, position.as_ref()))
            }
        };
        poll_fn(|context| {
            let arrived = Pin::new(&mut page).poll(context);
            let begun = ahead.as_ref().map(|ahead| &ahead.position);
            // A permit that comes later wakes nobody: the next piece of the page does.
            if let Some(next) = next(&mut page, position.as_ref())
                && begun != Some(next)
                && (begun.is_some() || take_permit(&allowed))
            {
                let page = maybe_done(Fetch::start_ahead(&*pager, Some(next)));
                ahead = Some(Ahead { position: next.clone(), page });
            }
            // As far as that needs no waiting, before the consumer decodes this page.
            if let Some(ahead) = &mut ahead {
                let _ = Pin::new(&mut ahead.page).poll(context);
            }
            arrived
        })
        .await;
        let next = next(&mut page, position.as_ref()).cloned();
        let Some(page) = Pin::new(&mut page).take_output() else { return };
        if pages.send(page).is_err() || next.is_none() {
            return;
        }
        position = next;
    }
}

/// A page that is requested before the one that leads to it has arrived, or has been taken.
struct Ahead {
    position: Position,
    page: MaybeDone<Fetch>,
}

/// The position that a page leads to, as far as it is known by now.
///
/// The end and a loop are the fetcher's to report, which sees the same positions.
fn next<'a>(page: &'a mut MaybeDone<Fetch>, at: Option<&Position>) -> Option<&'a Position> {
    let next = match page {
        MaybeDone::Future(page) => page.next(),
        MaybeDone::Done(page) => page.as_ref().ok()?.next.as_ref().ok()?.as_ref(),
        MaybeDone::Gone => None,
    };
    next.filter(|next| Some(*next) != at)
}

fn take_permit(allowed: &Semaphore) -> bool {
    allowed.try_acquire().map(SemaphorePermit::forget).is_ok()
}
