//! Lists that are read to their end, left, and resumed.

use super::list::{KINDS, Kind, List, Service, Visitor, visit};
use super::services::{Catalogue, Hostile, number};
use super::{check, line};
use crate::ErrorKind;
use crate::pagination::{Cursor, Items, Pages};
use futures_core::FusedStream;
use futures_util::{FutureExt, StreamExt};
use std::pin::Pin;
use std::sync::Arc;

/// After how many items a list that never ends is left.
const ENOUGH: usize = 200;

/// The first line says how the service pages, whether it keeps the rules, how many pages are fetched
/// ahead, and after how many items the stream is left for another one. With a service that keeps the
/// rules, the second line has the sizes of its pages and the third what happens to the requests. With one
/// that does not, the second line may be a cursor, and each other line is a page.
pub fn pagination(input: &[u8]) {
    let (plan, rest) = line(input);
    let mut plan = plan.iter().copied();
    let (kind, manner) = (plan.next().unwrap_or_default(), plan.next().unwrap_or_default());
    let ahead = number(plan.next().unwrap_or_default(), 4);
    let leave = plan.take(8).collect();
    let run = Run { manner: number(manner, 4), ahead, leave, rest };
    // One runtime for all runs: making it would take longer than the run.
    thread_local! {
        static RUNTIME: Option<tokio::runtime::Runtime> =
            tokio::runtime::Builder::new_current_thread().build().ok();
    }
    RUNTIME.with(|runtime| {
        assert!(runtime.is_some(), "no runtime");
        if let Some(runtime) = runtime {
            runtime.block_on(visit(number(kind, KINDS), run));
        }
    });
}

struct Run<'a> {
    manner: usize,
    ahead: usize,
    leave: Vec<u8>,
    rest: &'a [u8],
}

impl<'a> Visitor for Run<'a> {
    type Output = Pin<Box<dyn Future<Output = ()> + 'a>>;

    fn visit<K: Kind>(self) -> Self::Output {
        Box::pin(async move {
            match self.manner {
                0 | 1 => self.catalogue::<K>().await,
                _ => self.hostile::<K>().await,
            }
        })
    }
}

impl Run<'_> {
    fn items<K: Kind>(
        &self,
        service: &Service,
        size: Option<u64>,
        cursor: Option<Cursor>,
    ) -> Items<String> {
        Items::new(List::<K>::new(service, size, cursor)).prefetch(self.ahead)
    }

    /// Every item comes once and in its order, an error only for a fault, and a stream that an error ended
    /// is resumed where it was.
    async fn catalogue<K: Kind>(&self) {
        let (sizes, fates) = line(self.rest);
        let catalogue = Arc::new(Catalogue::new::<K>(sizes, fates));
        let (all, service, size) = (catalogue.all(), catalogue.service(), catalogue.size());
        let mut leave = self.leave.iter().filter(|_| !catalogue.deletes());
        let mut stay = leave.next();
        let (mut seen, mut errors, mut since, mut in_a_row) = (Vec::new(), 0, 0, 0);
        let mut stream = self.items::<K>(&service, size, None);
        loop {
            let mut next = None;
            if let Some(byte) = stay.filter(|byte| number(**byte, 8) <= since) {
                // Left while a page is under way, or between two.
                if number(*byte, 16) > 7 {
                    next = stream.next().now_or_never();
                }
                if next.is_none() {
                    stream = self.items::<K>(&service, size, Some(stored(&stream.cursor())));
                    (stay, since, in_a_row) = (leave.next(), 0, 0);
                    continue;
                }
            }
            let next = match next {
                Some(next) => next,
                None => stream.next().await,
            };
            match next {
                Some(Ok(item)) => {
                    assert_eq!(Some(&item), all.get(seen.len()), "lost or repeated: {seen:?}");
                    seen.push(item);
                    (since, in_a_row) = (since + 1, 0);
                }
                Some(Err(error)) => {
                    check(&error);
                    (errors, in_a_row) = (errors + 1, in_a_row + 1);
                    assert!(errors <= catalogue.faults(), "an error without a fault: {error}");
                    assert!(!stream.cursor().is_end(), "an error is not an end: {error}");
                    let permanent = !error.is_retryable();
                    assert!(!permanent || stream.is_terminated(), "goes on after {error}");
                    if stream.is_terminated() {
                        assert!(permanent || in_a_row >= 3, "over after {in_a_row} errors");
                        assert!(stream.next().await.is_none(), "more after an error");
                        if catalogue.deletes() {
                            return;
                        }
                        stream = self.items::<K>(&service, size, Some(stored(&stream.cursor())));
                        in_a_row = 0;
                    }
                }
                None => break,
            }
        }
        assert_eq!(seen, all);
        ended(&mut stream).await;
        let mut after = self.items::<K>(&service, size, Some(stored(&stream.cursor())));
        assert!(after.next().await.is_none(), "more after the end");
    }

    /// Each poll has an end, an error can be resumed after, and a loop is found.
    async fn hostile<K: Kind>(&self) {
        let (cursor, pages) = line(self.rest);
        let cursor = std::str::from_utf8(cursor).ok().and_then(|text| text.parse().ok());
        let hostile = Arc::new(Hostile::new(pages, self.manner == 3));
        let service = hostile.service();
        let mut stream = self.items::<K>(&service, Some(3), cursor.clone());
        let mut leave = self.leave.iter();
        let (mut errors, mut stay, mut since, mut items) = (0, leave.next(), 0, 0);
        while errors < 8 && items < ENOUGH {
            if let Some(byte) = stay.filter(|byte| number(**byte, 8) <= since) {
                if number(*byte, 16) > 7 {
                    let _ = stream.next().now_or_never();
                }
                hostile.asked_anew();
                stream = self.items::<K>(&service, Some(3), Some(stored(&stream.cursor())));
                (stay, since) = (leave.next(), 0);
            }
            match stream.next().await {
                Some(Ok(_)) => (since, items) = (since + 1, items + 1),
                Some(Err(error)) => {
                    // The others are the service's.
                    if matches!(
                        error.kind(),
                        ErrorKind::InvalidRequest | ErrorKind::Decode | ErrorKind::PaginationLoop
                    ) {
                        check(&error);
                    }
                    errors += 1;
                    hostile.asked_anew();
                    if stream.is_terminated() {
                        assert!(stream.next().await.is_none(), "more after an error");
                        stream = self.items::<K>(&service, Some(3), Some(stored(&stream.cursor())));
                    }
                }
                None => {
                    ended(&mut stream).await;
                    break;
                }
            }
        }
        let mut pages = Pages::new(List::<K>::new(&service, Some(3), cursor)).prefetch(self.ahead);
        hostile.asked_anew();
        for _ in 0..ENOUGH {
            let page = pages.next().await;
            let _ = format!("{pages:?}");
            if !matches!(page, Some(Ok(_))) {
                break;
            }
        }
    }
}

/// A stream that ended has ended for good.
async fn ended(stream: &mut Items<String>) {
    assert!(stream.next().await.is_none());
    assert!(stream.is_terminated());
    assert!(stream.cursor().is_end());
}

/// A cursor that was stored as text.
fn stored(cursor: &Cursor) -> Cursor {
    let text = cursor.to_string();
    assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)));
    let read = text.parse::<Cursor>();
    assert!(read.as_ref().is_ok_and(|read| read == cursor), "not stored: {cursor:?}");
    let json = serde_json::to_string(cursor).and_then(|json| serde_json::from_str(&json));
    assert!(json.is_ok_and(|read: Cursor| read == *cursor), "not stored: {cursor:?}");
    read.unwrap_or_else(|_| cursor.clone())
}
