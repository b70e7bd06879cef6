//! Lists that are read to their end, left, and taken up again.

use super::lists::{Catalogue, Hostile, number};
use super::pages::{Kind, Links, List, Repeated, Service, Tokens};
use super::{check, line};
use crate::ErrorKind;
use crate::pagination::{Cursor, Items, Pages};
use futures_core::FusedStream;
use futures_util::{FutureExt, StreamExt};
use std::sync::Arc;

/// The first line says how the service pages, whether it keeps the rules, how many pages are fetched
/// ahead, and after how many items the stream is left for another one. With a service that keeps the
/// rules, the second line has the sizes of its pages and the third what befalls the requests. With one
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
            runtime.block_on(async {
                match number(kind, 3) {
                    0 => run.start::<Tokens>().await,
                    1 => run.start::<Repeated>().await,
                    _ => run.start::<Links>().await,
                }
            });
        }
    });
}

struct Run<'a> {
    manner: usize,
    ahead: usize,
    leave: Vec<u8>,
    rest: &'a [u8],
}

impl Run<'_> {
    async fn start<K: Kind>(&self) {
        match self.manner {
            0 | 1 => self.catalogue::<K>().await,
            _ => self.hostile::<K>().await,
        }
    }

    fn items<K: Kind>(&self, service: &Service, cursor: Option<Cursor>) -> Items<String> {
        Items::new(List::<K>::new(service, cursor)).prefetch(self.ahead)
    }

    /// Every item comes once and in its order, and an error only for a fault.
    async fn catalogue<K: Kind>(&self) {
        let (sizes, fates) = line(self.rest);
        let catalogue = Arc::new(Catalogue::new::<K>(sizes, fates));
        let (all, service) = (catalogue.all(), catalogue.service());
        let mut leave = self.leave.iter().filter(|_| !catalogue.deletes());
        let mut stay = leave.next();
        let (mut seen, mut errors, mut since) = (Vec::new(), 0, 0);
        let mut stream = self.items::<K>(&service, None);
        loop {
            let mut next = None;
            if let Some(byte) = stay.filter(|byte| number(**byte, 8) <= since) {
                // Left while a page is under way, or between two.
                if number(*byte, 16) > 7 {
                    next = stream.next().now_or_never();
                }
                if next.is_none() {
                    stream = self.items::<K>(&service, Some(kept(&stream.cursor())));
                    (stay, since) = (leave.next(), 0);
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
                    since += 1;
                }
                Some(Err(error)) => {
                    check(&error);
                    errors += 1;
                    assert!(errors <= catalogue.faults(), "an error without a fault: {error}");
                    assert!(!stream.is_terminated());
                }
                None => break,
            }
        }
        assert_eq!(seen, all);
        ended(&mut stream).await;
        let mut after = self.items::<K>(&service, Some(kept(&stream.cursor())));
        assert!(after.next().await.is_none(), "more after the end");
    }

    /// Each poll has an end, an error can be gone on from, and a loop is found.
    async fn hostile<K: Kind>(&self) {
        let (cursor, pages) = line(self.rest);
        let cursor = serde_json::from_slice(cursor).ok();
        let hostile = Arc::new(Hostile::new(pages, self.manner == 3));
        let service = hostile.service();
        let mut stream = self.items::<K>(&service, cursor.clone());
        let mut leave = self.leave.iter();
        let (mut errors, mut stay, mut since) = (0, leave.next(), 0);
        while errors < 8 {
            if let Some(byte) = stay.filter(|byte| number(**byte, 8) <= since) {
                if number(*byte, 16) > 7 {
                    let _ = stream.next().now_or_never();
                }
                hostile.asked_anew();
                stream = self.items::<K>(&service, Some(kept(&stream.cursor())));
                (stay, since) = (leave.next(), 0);
            }
            match stream.next().await {
                Some(Ok(_)) => since += 1,
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
                    if error.kind() == ErrorKind::PaginationLoop {
                        break;
                    }
                }
                None => break,
            }
        }
        if errors < 8 {
            ended(&mut stream).await;
        }
        let mut pages = Pages::new(List::<K>::new(&service, cursor)).prefetch(self.ahead);
        hostile.asked_anew();
        while let Some(page) = pages.next().await {
            let _ = format!("{pages:?}");
            if page.is_err() {
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

/// A cursor as it is after it was kept as text.
fn kept(cursor: &Cursor) -> Cursor {
    let read = serde_json::to_string(cursor).and_then(|text| serde_json::from_str(&text));
    assert!(read.as_ref().is_ok_and(|read| read == cursor), "not kept: {cursor:?}");
    read.unwrap_or_else(|_| cursor.clone())
}
