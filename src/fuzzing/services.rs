//! The services that are asked for lists: one that keeps the rules, and one that does not.

use super::FUZZED;
use super::list::{Answer, Kind, Service};
use crate::pagination::{End, Next, Until};
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The low bits of a byte: `5` and the byte 5 are the same.
pub(super) fn number(byte: u8, below: usize) -> usize {
    usize::from(byte & 15) % below
}

/// A list in pages, and what happens to the requests for it.
pub(super) struct Catalogue {
    /// The items of each page; where a position is an item or an offset, the sizes of the pages in turn.
    sizes: Vec<usize>,
    fates: Vec<u8>,
    next: Next,
    end: End,
    ids: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    requests: usize,
    faults: usize,
    deleted: BTreeSet<usize>,
    /// The item after which the last page began: it is not deleted, or there would be no way on.
    base: Option<usize>,
}

impl Catalogue {
    pub fn new<K: Kind>(sizes: &[u8], fates: &[u8]) -> Self {
        let next = K::NEXT;
        // A page without items is the end where positions are counted, and gives no marker.
        let smallest = usize::from(K::IDS || matches!(next, Next::Page(_) | Next::Offset(_)));
        let sizes = sizes.iter().take(24).map(|byte| number(*byte, 6).max(smallest));
        let mut sizes: Vec<usize> = sizes.collect();
        if let (Some(full), true) = (sizes.first().copied(), ends_short(next)) {
            // All pages are full but the last.
            let count = sizes.len();
            sizes = sizes.iter().map(|_| full).collect();
            sizes[count - 1] = count % full;
        }
        let fates = fates.iter().take(64).copied().collect();
        Self { sizes, fates, next, end: K::END, ids: K::IDS, state: Mutex::default() }
    }

    /// The page size to ask for.
    pub fn size(&self) -> Option<u64> {
        self.sizes.first().filter(|_| ends_short(self.next)).map(|size| *size as u64)
    }

    pub fn all(&self) -> Vec<String> {
        (0..self.total()).map(|item| format!("item {item}")).collect()
    }

    fn total(&self) -> usize {
        self.sizes.iter().sum()
    }

    /// Whether items are deleted on the way: then who resumes may find no way on.
    pub fn deletes(&self) -> bool {
        self.ids && self.fates.iter().any(|byte| number(*byte, 8) >= 6)
    }

    pub fn faults(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).faults
    }

    pub fn service(self: &Arc<Self>) -> Service {
        let catalogue = Arc::clone(self);
        Arc::new(move |position| catalogue.answer(position))
    }

    fn answer(&self, position: Option<&str>) -> Answer {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let fate = self.fates.get(state.requests).map_or(0, |byte| number(*byte, 8));
        state.requests += 1;
        assert!(state.requests < 1000, "asked without end");
        match fate {
            // The first is permanent.
            4 | 5 => {
                state.faults += 1;
                let kind = if fate == 4 { ErrorKind::Server } else { ErrorKind::Interrupted };
                let error = Error::new(kind, "a fault").with_operation(&FUZZED);
                Answer { pending: fate - 4, outcome: Err(error) }
            }
            _ => {
                let outcome = match self.ids {
                    true => self.after(position, fate, &mut state),
                    false => Ok(self.page(position)),
                };
                // The position stands before the items or after them.
                let outcome = outcome.map(|page| page.write(fate & 2 == 0));
                Answer { pending: fate & 1, outcome }
            }
        }
    }

    /// The page at a position that is not an item.
    fn page(&self, position: Option<&str>) -> Page {
        let counted = |position: Option<&str>| position.and_then(|number| number.parse().ok());
        let (page, first) = match self.next {
            Next::Offset(_) => {
                let first: usize = counted(position).unwrap_or(usize::MAX);
                assert!(first <= self.total(), "an offset that was never given: {position:?}");
                (first % self.sizes.len().max(1), first)
            }
            Next::Page(_) | Next::PageAt(_) => {
                let number: usize = counted(position).unwrap_or_default();
                assert!(number > 0, "a page that was never given: {position:?}");
                (number - 1, self.sizes.iter().take(number - 1).sum())
            }
            _ => {
                let page = position.map_or(Some(0), |token| counted(Some(token)));
                let page = page.unwrap_or(usize::MAX);
                assert!(page <= self.sizes.len(), "a token that was never given: {position:?}");
                (page, self.sizes[..page].iter().sum())
            }
        };
        let size = match self.next {
            // Until the end is short, all pages are full.
            Next::Offset(Until::ShortPage) => self.sizes.first().copied().unwrap_or_default(),
            _ => self.sizes.get(page).copied().unwrap_or_default(),
        };
        let last = first.saturating_add(size).min(self.total());
        let items = (first..last).map(|item| format!("item {item}")).collect();
        let more = page + 1 < self.sizes.len();
        let mut answer = Page { items, ..Page::default() };
        match (self.next, self.end) {
            (Next::Token(_), End::Absent) => answer.next = more.then(|| (page + 1).to_string()),
            // There is always a token; at the end it is that of the page itself.
            (Next::Token(_), End::RepeatedToken) => {
                answer.next = Some((page + 1).min(self.sizes.len()).to_string());
            }
            (Next::Link { .. }, _) => {
                answer.next = more.then(|| format!("https://x/v2?marker={}&sort=x", page + 1));
            }
            (Next::Header { .. }, _) => {
                answer.link = more
                    .then(|| format!("</a>; rel=last, </v2?marker={}>; rel=\"next\"", page + 1));
            }
            (Next::PageAt(_), _) => answer.number = more.then_some(page + 2),
            (Next::Page(Until::Pages(_)), _) => answer.number = Some(self.sizes.len()),
            (Next::Page(Until::Total(_)) | Next::Offset(Until::Total(_)), _) => {
                answer.number = Some(self.total());
            }
            _ => {}
        }
        answer
    }

    /// The page after an item, if there still is that item.
    fn after(&self, marker: Option<&str>, fate: usize, state: &mut State) -> Result<Page> {
        let marker: Option<usize> = marker.and_then(|id| id.strip_prefix("item ")?.parse().ok());
        if fate >= 6
            && let Some(marker) = marker
        {
            let gone = (0..=marker).rev().take_while(|item| Some(*item) != state.base);
            state.deleted.extend(gone.take(if fate == 6 { 1 } else { 4 }));
        }
        if let Some(marker) = marker.filter(|marker| state.deleted.contains(marker)) {
            let message = format!("Marker item {marker} could not be found");
            return Err(Error::new(ErrorKind::NotFound, message).with_operation(&FUZZED));
        }
        state.base = marker;
        let first = marker.map_or(0, |marker| marker + 1);
        let size = self.sizes.get(first % self.sizes.len().max(1)).copied().unwrap_or_default();
        let rest = (first..self.total()).filter(|item| !state.deleted.contains(item)).take(size);
        let items: Vec<_> = rest.map(|item| format!("item {item}")).collect();
        // Glance gives a link after every full page, even if nothing comes after it.
        let next = items
            .last()
            .map(|last| format!("/v2/images?limit=9&marker={}&sort=x", last.replace(' ', "+")));
        Ok(Page { items, next, ..Page::default() })
    }
}

fn ends_short(next: Next) -> bool {
    matches!(next, Next::Page(Until::ShortPage) | Next::Offset(Until::ShortPage))
}

/// An answer before it is written.
#[derive(Clone, Default)]
struct Page {
    items: Vec<String>,
    next: Option<String>,
    number: Option<usize>,
    link: Option<String>,
}

impl Page {
    fn write(self, position_first: bool) -> (HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        if let Some(link) = self.link.and_then(|link| HeaderValue::from_str(&link).ok()) {
            headers.insert("link", link);
        }
        let (items, next) = (json!(self.items), json!(self.next));
        let meta = json!({ "list": [], "number": self.number });
        let body = if position_first {
            format!(r#"{{"next": {next}, "meta": {meta}, "items": {items}}}"#)
        } else {
            format!(r#"{{"items": {items}, "meta": {meta}, "next": {next}}}"#)
        };
        (headers, body.into())
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

    fn answer(&self, position: Option<&str>) -> Answer {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests += 1;
        // There are as many positions as pages and items, and each may be gone once.
        let positions =
            2 + self.pages.len() + self.pages.iter().map(|page| page.2.len()).sum::<usize>();
        assert!(*requests < 500 + 4 * positions * positions, "asked without end");
        let sum: usize = position.unwrap_or_default().bytes().map(usize::from).sum();
        let index = if self.by_request { *requests - 1 } else { sum % self.pages.len().max(1) };
        let Some((kind, next, items)) = self.pages.get(index) else {
            return Answer { pending: 0, outcome: Ok(Page::default().write(true)) };
        };
        let failed = |kind, message| Err(Error::new(kind, message).with_operation(&FUZZED));
        let outcome = match number(*kind, 8) {
            4 => Ok((HeaderMap::new(), next.clone().into())),
            5 => failed(ErrorKind::NotFound, format!("no {}", position.unwrap_or_default())),
            6 => {
                failed(ErrorKind::BadRequest, format!("{} is wrong", position.unwrap_or_default()))
            }
            7 => failed(ErrorKind::Interrupted, "a fault".to_owned()),
            how => {
                let next = Some(next.clone()).filter(|next| !next.is_empty());
                let number = next.as_ref().and_then(|next| next.parse().ok());
                let page = Page { items: items.clone(), link: next.clone(), next, number };
                Ok(page.write(how & 2 == 0))
            }
        };
        Answer { pending: number(*kind, 2), outcome }
    }
}
