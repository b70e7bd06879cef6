//! The lists that are being read, in turns.

use super::judge::{Judge, Unowned};
use crate::catalog::catalog::{Catalog, Entry};
use crate::catalog::outcome::{Listing, Outcome, Progress};
use crate::catalog::{Field, Image, List, Query};
use crate::pagination::Failures;
use crate::{Error, ErrorKind, Result};
use futures_util::FutureExt;
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Sleep;

/// How many images a list gives before it is the turn of the next.
const TURN: u32 = 64;
/// How many images are looked at before other tasks get their turn.
const LONGEST: u32 = 1024;

/// A query on its way through the lists.
pub(super) struct Search {
    pub outcome: Outcome,
    judge: Judge,
    waiting: VecDeque<Reader>,
    active: Vec<Reader>,
    /// Whose turn it is among the active ones.
    turn: usize,
    concurrency: usize,
    most: u64,
    idle_timeout: Duration,
}

/// A list that is being read.
struct Reader {
    entry: Entry,
    list: List,
    /// Its place in the outcome.
    place: usize,
    failures: Failures,
    failed: Option<Error>,
    /// Runs while the list is silent.
    idle: Option<Pin<Box<Sleep>>>,
    /// How many items it gave in this turn.
    streak: u32,
}

impl Search {
    pub fn new(catalog: &Catalog, query: &Query, nearest: usize) -> Self {
        let mut search = Self {
            outcome: Outcome::default(),
            judge: Judge::new(catalog, query, nearest),
            waiting: VecDeque::new(),
            active: Vec::new(),
            turn: 0,
            concurrency: catalog.concurrency,
            most: catalog.most,
            idle_timeout: catalog.idle_timeout,
        };
        let (sources, rest) = query.clone().split(|term| term.field() == Field::Source);
        let (regions, _) = rest.split(|term| term.field() == Field::Region);
        for entry in &catalog.entries {
            let mut probe = Image::new(entry.name.clone(), "", "", "");
            if !sources.matches(&probe) {
                continue;
            }
            for list in entry.source.lists(query) {
                probe.region.clone_from(&list.region);
                if list.region.is_none() || regions.matches(&probe) {
                    search.add(entry.clone(), list);
                }
            }
        }
        search
    }

    fn add(&mut self, entry: Entry, list: List) {
        self.outcome.listings.push(Listing {
            source: entry.name.clone(),
            region: list.region.clone(),
            listed: 0,
            hits: 0,
            progress: Progress::Waiting,
        });
        self.waiting.push_back(Reader {
            entry,
            list,
            place: self.outcome.listings.len() - 1,
            failures: Failures::default(),
            failed: None,
            idle: None,
            streak: 0,
        });
    }

    /// The images that nearly were hits, each with what it misses, the nearest first.
    pub fn nearest(&self) -> &[super::Near] {
        self.judge.nearest()
    }

    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Image>>> {
        let (mut looked, mut silent) = (0, 0);
        loop {
            while self.active.len() < self.concurrency
                && let Some(reader) = self.waiting.pop_front()
            {
                self.outcome.listings[reader.place].progress = Progress::Running;
                self.active.push(reader);
            }
            if self.active.is_empty() {
                return Poll::Ready(None);
            }
            if silent >= self.active.len() {
                return Poll::Pending;
            }
            if looked >= LONGEST {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            looked += 1;
            if let Some(reader) = self.active.get_mut(self.turn)
                && reader.streak >= TURN
            {
                reader.streak = 0;
                self.turn += 1;
            }
            if self.turn >= self.active.len() {
                self.turn = 0;
            }
            let reader = &mut self.active[self.turn];
            match reader.poll(&self.judge, self.idle_timeout, context) {
                Poll::Pending => {
                    silent += 1;
                    self.turn += 1;
                    continue;
                }
                Poll::Ready(None) => self.end(None),
                Poll::Ready(Some(Err(error))) => {
                    return Poll::Ready(Some(Err(self.failure(error))));
                }
                Poll::Ready(Some(Ok(image))) => {
                    let given = self.image(image);
                    if given.is_some() {
                        return Poll::Ready(given);
                    }
                }
            }
            silent = 0;
        }
    }

    /// Counts an image of the list whose turn it is, and judges it if it was admitted.
    fn image(&mut self, image: Option<Image>) -> Option<Result<Image>> {
        let reader = &mut self.active[self.turn];
        let listing = &mut self.outcome.listings[reader.place];
        if listing.listed >= self.most {
            let message = format!(
                "the list has more than {} images: raise `Catalog::most` to read the rest",
                self.most
            );
            let error =
                Error::new(ErrorKind::ResponseTooLarge, message).with_note(&listing.place());
            let again = error.again();
            self.end(Some(again));
            return Some(Err(error));
        }
        listing.listed += 1;
        reader.failures.reset();
        reader.failed = None;
        match self.judge.judge(image?, &*reader.entry.source) {
            Ok(Some(image)) => {
                listing.hits += 1;
                Some(Ok(image))
            }
            Ok(None) => None,
            Err(Unowned) => {
                let error = Error::new(
                    ErrorKind::Configuration,
                    "`from=this-project` needs the id of the account, which the source does not know: give it \
                     with `account` where you make the source",
                )
                .with_note(&listing.place());
                let again = error.again();
                self.end(Some(again));
                Some(Err(error))
            }
        }
    }

    /// Counts an error of the list whose turn it is, and ends it if it is not going to pass.
    fn failure(&mut self, error: Error) -> Error {
        let reader = &mut self.active[self.turn];
        let error = error.with_note(&self.outcome.listings[reader.place].place());
        let again = error.again();
        if reader.failures.end_stream(&error) {
            self.end(Some(again));
        } else {
            reader.failed = Some(again);
        }
        error
    }

    /// Ends the list whose turn it is.
    fn end(&mut self, error: Option<Error>) {
        let reader = self.active.remove(self.turn);
        self.outcome.listings[reader.place].progress = match error.or(reader.failed) {
            Some(error) => Progress::Failed(error),
            None => Progress::Complete,
        };
    }
}

impl Reader {
    /// The next image, or `None` in the place of one that is not admitted.
    fn poll(
        &mut self,
        judge: &Judge,
        idle_timeout: Duration,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Option<Image>>>> {
        let Entry { name, source } = &self.entry;
        let mut is_wanted = |image: &mut Image| {
            image.source.clone_from(name);
            judge.admits(image, &**source)
        };
        let polled = self.list.images.get_mut().poll_next(&mut is_wanted, context);
        if polled.is_ready() {
            self.idle = None;
            self.streak += 1;
            return polled;
        }
        if self.idle.is_none() && tokio::runtime::Handle::try_current().is_ok() {
            self.idle = Some(Box::pin(tokio::time::sleep(idle_timeout)));
        }
        let Some(idle) = &mut self.idle else { return Poll::Pending };
        if idle.poll_unpin(context).is_pending() {
            return Poll::Pending;
        }
        // The next idle time is measured anew.
        self.idle = None;
        self.streak += 1;
        let message = format!(
            "the list sent nothing for {idle_timeout:?}: raise `Catalog::idle_timeout` if it needs longer"
        );
        Poll::Ready(Some(Err(Error::new(ErrorKind::Timeout, message))))
    }
}
