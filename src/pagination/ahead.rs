//! Pages that are fetched while the consumer works on an earlier one.

use super::Paged;
use crate::{Error, ErrorKind, Result};
use std::task::{Context, Poll};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// A task that fetches page after page and waits while enough of them lie ready.
pub(super) struct Ahead<P> {
    pages: mpsc::Receiver<Result<P>>,
    task: JoinHandle<()>,
}

impl<P: Send + 'static> Ahead<P> {
    /// Starts at a position. Besides the pages that lie ready, one is held by the task: `pages` in all.
    pub fn start<R: Paged<Page = P>>(request: R, position: Option<&str>, pages: usize) -> Self {
        let mut position = position.map(str::to_owned);
        let (sender, receiver) = mpsc::channel(pages);
        let task = tokio::spawn(async move {
            loop {
                // Reserved before the request, or one page more than asked for would be held.
                let Ok(place) = sender.reserve().await else { return };
                let page = request.clone().at(position.as_deref()).fetch().await;
                let next = page.as_ref().ok().and_then(|page| {
                    R::RULES
                        .position(R::next(page))
                        .ok()
                        .flatten()
                        .filter(|next| position.as_ref() != Some(next))
                });
                place.send(page);
                // What there is to say about the end is the walk's to say, which sees the same page.
                let Some(next) = next else { return };
                position = Some(next);
            }
        });
        Self { pages: receiver, task }
    }

    pub fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<P>> {
        self.pages.poll_recv(context).map(|page| {
            page.unwrap_or_else(|| {
                let message = "the task that fetches pages ahead was stopped";
                Err(Error::new(ErrorKind::Interrupted, message))
            })
        })
    }
}

impl<P> Drop for Ahead<P> {
    fn drop(&mut self) {
        self.task.abort();
    }
}
