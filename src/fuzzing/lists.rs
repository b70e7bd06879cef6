//! The services that the fuzz target of lists asks: one that keeps the rules, and one that does not.

use super::pages::{Kind, Page, Service};
use crate::operation::FUZZED;
use crate::pagination::{End, Style};
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The low bits of a byte: `5` and the byte 5 are the same.
pub(super) fn number(byte: u8, below: usize) -> usize {
    usize::from(byte & 15) % below
}

/// A catalogue in pages, and what befalls the requests for it.
pub(super) struct Catalogue {
    /// The items of each page, or with links the sizes of the pages in turn.
    sizes: Vec<usize>,
    fates: Vec<u8>,
    kind: (Style, End),
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    requests: usize,
    faults: usize,
    deleted: BTreeSet<usize>,
    /// The item after which the last page began: it is not deleted, or there would be no way on.
    kept: Option<usize>,
}

impl Catalogue {
    pub fn new<K: Kind>(sizes: &[u8], fates: &[u8]) -> Self {
        let smallest = usize::from(K::STYLE == Style::Link);
        let sizes = sizes.iter().take(24).map(|byte| number(*byte, 6).max(smallest)).collect();
        let fates = fates.iter().take(64).copied().collect();
        Self { sizes, fates, kind: (K::STYLE, K::END), state: Mutex::default() }
    }

    pub fn all(&self) -> Vec<String> {
        (0..self.sizes.iter().sum()).map(|item| format!("item {item}")).collect()
    }

    /// Whether items are deleted on the way: then who comes back may find no way on.
    pub fn deletes(&self) -> bool {
        self.kind.0 == Style::Link && self.fates.iter().any(|byte| number(*byte, 8) >= 6)
    }

    pub fn faults(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).faults
    }

    pub fn service(self: &Arc<Self>) -> Service {
        let catalogue = Arc::clone(self);
        Arc::new(move |position| catalogue.answer(position))
    }

    fn answer(&self, position: Option<&str>) -> (usize, Result<Page>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let fate = self.fates.get(state.requests).map_or(0, |byte| number(*byte, 8));
        state.requests += 1;
        assert!(state.requests < 1000, "asked without end");
        match fate {
            4 | 5 => {
                state.faults += 1;
                let kind = if fate == 4 { ErrorKind::Server } else { ErrorKind::Interrupted };
                (fate - 4, Err(Error::new(kind, "a fault").with_operation(&FUZZED)))
            }
            _ if self.kind.0 == Style::Link => (fate & 1, self.after(position, fate, &mut state)),
            _ => (fate & 1, Ok(self.page(position))),
        }
    }

    /// The page of a token.
    fn page(&self, token: Option<&str>) -> Page {
        let page: usize = token.map_or(Ok(0), str::parse).unwrap_or(usize::MAX);
        assert!(page <= self.sizes.len(), "a token that was never given: {token:?}");
        let first: usize = self.sizes[..page].iter().sum();
        let size = self.sizes.get(page).copied().unwrap_or_default();
        let items = (first..first + size).map(|item| format!("item {item}")).collect();
        let last = page + 1 >= self.sizes.len();
        let next = match self.kind.1 {
            End::NoToken => (!last).then(|| (page + 1).to_string()),
            // There is always a token; at the end it is that of the page itself.
            End::RepeatedToken => Some((page + 1).min(self.sizes.len()).to_string()),
        };
        Page { items, next }
    }

    /// The page after an item, if there still is that item.
    fn after(&self, marker: Option<&str>, fate: usize, state: &mut State) -> Result<Page> {
        let marker: Option<usize> = marker.and_then(|id| id.strip_prefix("item ")?.parse().ok());
        if fate >= 6
            && let Some(marker) = marker
        {
            let gone = (0..=marker).rev().take_while(|item| Some(*item) != state.kept);
            state.deleted.extend(gone.take(if fate == 6 { 1 } else { 4 }));
        }
        if let Some(marker) = marker.filter(|marker| state.deleted.contains(marker)) {
            let message = format!("Marker item {marker} could not be found");
            return Err(Error::new(ErrorKind::NotFound, message).with_operation(&FUZZED));
        }
        state.kept = marker;
        let first = marker.map_or(0, |marker| marker + 1);
        let total: usize = self.sizes.iter().sum();
        let size = self.sizes.get(first % self.sizes.len().max(1)).copied().unwrap_or_default();
        let rest = (first..total).filter(|item| !state.deleted.contains(item)).take(size);
        let items: Vec<_> = rest.map(|item| format!("item {item}")).collect();
        // Glance gives a link after every full page, even if nothing comes after it.
        let next = items
            .last()
            .map(|last| format!("/v2/images?limit=9&marker={}&sort=x", last.replace(' ', "+")));
        Ok(Page { items, next })
    }
}

/// A service that answers anything: with a page of its own for every position, or for every request.
pub(super) struct Hostile {
    pages: Vec<(u8, String, Vec<String>)>,
    by_request: bool,
    requests: Mutex<usize>,
}

impl Hostile {
    /// A page a line: what it is, what it says about the next, and after a tab its items.
    pub fn new(lines: &[u8], by_request: bool) -> Self {
        let page = |line: &[u8]| {
            let text = String::from_utf8_lossy(line.get(1..).unwrap_or_default()).into_owned();
            let (next, items) = text.split_once('\t').unwrap_or((&text, ""));
            let items = items.split_whitespace().take(8).map(str::to_owned).collect();
            (line.first().copied().unwrap_or_default(), next.to_owned(), items)
        };
        let pages = lines.split(|byte| *byte == b'\n').take(12).map(page).collect();
        Self { pages, by_request, requests: Mutex::default() }
    }

    pub fn service(self: &Arc<Self>) -> Service {
        let hostile = Arc::clone(self);
        Arc::new(move |position| hostile.answer(position))
    }

    pub fn asked_anew(&self) {
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner) = 0;
    }

    fn answer(&self, position: Option<&str>) -> (usize, Result<Page>) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests += 1;
        // There are as many positions as pages and items, and each may be gone once.
        let positions =
            2 + self.pages.len() + self.pages.iter().map(|page| page.2.len()).sum::<usize>();
        assert!(*requests < 100 + 4 * positions * positions, "asked without end");
        let sum: usize = position.unwrap_or_default().bytes().map(usize::from).sum();
        let index = if self.by_request { *requests - 1 } else { sum % self.pages.len().max(1) };
        let Some((kind, next, items)) = self.pages.get(index) else {
            return (0, Ok(Page::default()));
        };
        let failed = |kind, message| Err(Error::new(kind, message).with_operation(&FUZZED));
        let answer = match number(*kind, 8) {
            5 => failed(ErrorKind::NotFound, format!("no {}", position.unwrap_or_default())),
            6 => {
                failed(ErrorKind::BadRequest, format!("{} is wrong", position.unwrap_or_default()))
            }
            7 => failed(ErrorKind::Interrupted, "a fault".to_owned()),
            _ => {
                let next = Some(next.clone()).filter(|next| !next.is_empty());
                Ok(Page { items: items.clone(), next })
            }
        };
        (number(*kind, 2), answer)
    }
}
