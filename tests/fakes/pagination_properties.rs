//! A list gives exactly the catalogue, for any pages, faults, and places where it is
//! left and taken up again.

use crate::hostile::{Answer, Hostile, head, ok, status};
use cloud_images::pagination::{Cursor, Items};
use cloud_images::{RetryPolicy, ims, parallelcluster};
use futures::StreamExt;
use futures::stream::FusedStream;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use std::sync::{Arc, Mutex};

/// What befalls a request.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Fine,
    Refused,
    Reset,
    Truncated,
    Nonsense,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        6 => Just(Fate::Fine),
        1 => Just(Fate::Refused),
        1 => Just(Fate::Reset),
        1 => Just(Fate::Truncated),
        1 => Just(Fate::Nonsense),
    ]
}

/// A catalogue in pages, the fates of the first requests, and what the consumer does.
#[derive(Clone, Debug)]
struct Case {
    pages: Vec<usize>,
    fates: Vec<Fate>,
    prefetch: usize,
    /// After how many items the stream is dropped and another one goes on from its cursor.
    leave: Vec<usize>,
    /// What happens to the list between leaving and coming back: an item comes or goes, and where.
    changes: Vec<(bool, Index)>,
}

fn case(smallest_page: usize) -> impl Strategy<Value = Case> {
    let pages = vec(smallest_page..5, 1..8);
    let changes = vec(any::<(bool, Index)>(), 0..4);
    (pages, vec(fate(), 0..12), 0..3_usize, vec(0..6_usize, 0..4), changes).prop_map(
        |(pages, fates, prefetch, leave, changes)| Case { pages, fates, prefetch, leave, changes },
    )
}

impl Case {
    fn catalogue(&self) -> Vec<String> {
        (0..self.pages.iter().sum()).map(|number| format!("image {number}")).collect()
    }

    fn answer(&self, number: usize, body: &str) -> Answer {
        match self.fates.get(number).unwrap_or(&Fate::Fine) {
            Fate::Fine => ok(body),
            Fate::Refused => status("503 Service Unavailable", ""),
            Fate::Reset => Answer::Reset(Vec::new()),
            Fate::Truncated => Answer::Close([head(body.len()), b"{\"im".to_vec()].concat()),
            Fate::Nonsense => ok("<html>"),
        }
    }

    /// Takes all items, leaving and coming back as the case wants it. In between, `change` is called with
    /// what was seen.
    async fn read_all<T: 'static>(
        &self,
        start: impl Fn(Option<Cursor>) -> Items<T>,
        id: impl Fn(&T) -> String,
        mut change: impl FnMut(&[String], (bool, Index)),
    ) -> Vec<String> {
        let mut changes = self.changes.iter().copied();
        let (mut seen, mut errors) = (Vec::new(), 0);
        let mut leave = self.leave.iter();
        let mut stream = start(None).prefetch(self.prefetch);
        let mut stay = leave.next().copied();
        loop {
            while stay == Some(0) {
                stay = leave.next().copied();
                // The cursor is stored as text in between.
                let cursor = stream.cursor().to_string().parse().unwrap();
                if let Some(what) = changes.next() {
                    change(&seen, what);
                }
                stream = start(Some(cursor)).prefetch(self.prefetch);
            }
            match stream.next().await {
                None => return seen,
                Some(Ok(item)) => {
                    seen.push(id(&item));
                    stay = stay.map(|left| left - 1);
                }
                Some(Err(error)) => {
                    errors += 1;
                    assert!(errors <= self.fates.len(), "an error without a fault: {error}");
                    if stream.is_terminated() {
                        assert!(stream.next().await.is_none());
                        stream = start(Some(stream.cursor())).prefetch(self.prefetch);
                    }
                }
            }
        }
    }
}

fn run(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(future);
}

/// Tokens, with empty pages in between.
async fn by_tokens(case: Case) {
    let server = {
        let case = case.clone();
        Hostile::start(move |number, request| {
            let page: usize = request.query("nextToken").map_or(0, |token| token.parse().unwrap());
            let first: usize = case.pages[..page].iter().sum();
            let images: Vec<String> = (first..first + case.pages[page])
                .map(|n| format!(r#"{{"imageId": "image {n}", "region": "us-east-1"}}"#))
                .collect();
            let token = match page + 1 < case.pages.len() {
                true => format!(r#", "nextToken": "{}""#, page + 1),
                false => String::new(),
            };
            case.answer(number, &format!(r#"{{"images": [{}]{token}}}"#, images.join(",")))
        })
        .await
    };
    let client = parallelcluster::Client::builder().endpoint(server.url());
    let client = client.retry(RetryPolicy::none()).build().unwrap();
    let start = |cursor: Option<Cursor>| {
        let request = client.image_operations().list_images("AVAILABLE");
        match cursor {
            Some(cursor) => request.resume(cursor).items(),
            None => request.items(),
        }
    };
    let seen = case.read_all(start, |image| image.image_id.clone(), |_, _| {}).await;
    assert_eq!(seen, case.catalogue());
}

/// Links, of which the marker counts: a page begins wherever the client asks for it. Images come and go
/// while nobody looks; only the one that the cursor stands at stays.
async fn by_links(case: Case) {
    let catalogue = Arc::new(Mutex::new(case.catalogue()));
    let server = {
        let (case, catalogue) = (case.clone(), Arc::clone(&catalogue));
        Hostile::start(move |number, request| {
            let all = catalogue.lock().unwrap();
            let marker = request.query("marker").map(|marker| marker.replace("%20", " "));
            let first = match marker {
                None => 0,
                Some(marker) => match all.iter().position(|id| *id == marker) {
                    Some(place) => place + 1,
                    // Asked for by a stream that was dropped, before its item was removed.
                    None => return status("404 Not Found", ""),
                },
            };
            let size = case.pages[first % case.pages.len()];
            let page = &all[first.min(all.len())..(first + size).min(all.len())];
            let images: Vec<String> =
                page.iter().map(|id| format!(r#"{{"id": "{id}"}}"#)).collect();
            // Glance gives a link after every full page, even if nothing comes after it.
            let next = match page.last() {
                Some(last) => {
                    let last = last.replace(' ', "+");
                    format!(r#", "next": "/v2/images?limit=9&marker={last}&sort=x""#)
                }
                None => String::new(),
            };
            case.answer(number, &format!(r#"{{"images": [{}]{next}}}"#, images.join(",")))
        })
        .await
    };
    let client = ims::Client::builder().endpoint(server.url());
    let client = client.retry(RetryPolicy::none()).build().unwrap();
    let start = |cursor: Option<Cursor>| {
        let request = client.image_operations().list_images();
        match cursor {
            Some(cursor) => request.resume(cursor).items(),
            None => request.items(),
        }
    };
    // What a reader sees is what was seen before, and all that comes after its last image.
    let mut expected = case.catalogue();
    let mut added = 0;
    let seen = case.read_all(
        start,
        |image| image.id.clone(),
        |seen, (comes, place)| {
            let mut all = catalogue.lock().unwrap();
            let last = |all: &[String]| {
                seen.last().map_or(0, |last| all.iter().position(|id| id == last).unwrap() + 1)
            };
            if comes {
                added += 1;
                let place = place.index(all.len() + 1);
                all.insert(place, format!("new {added}"));
            } else if !all.is_empty() {
                let place = place.index(all.len());
                if seen.last() != Some(&all[place]) {
                    all.remove(place);
                }
            }
            expected = [seen, &all[last(&all)..]].concat();
        },
    );
    let seen = seen.await;
    assert_eq!(seen, expected);
}

/// A log that grows while nobody looks. Its positions are numbers of events, and its end is the same
/// position again.
async fn by_growth(case: Case) {
    let length = Arc::new(Mutex::new(case.catalogue().len()));
    let server = {
        let (case, length) = (case.clone(), Arc::clone(&length));
        Hostile::start(move |number, request| {
            let all = *length.lock().unwrap();
            let size = case.pages.iter().copied().max().unwrap_or_default().max(1);
            let first = match request.query("nextToken") {
                Some(token) => token.parse().unwrap(),
                None if request.query("startFromHead") == Some("true") => 0,
                None => all.saturating_sub(size),
            };
            let next = (first + size).min(all);
            let events: Vec<String> = (first..next)
                .map(|n| format!(r#"{{"message": "{n}", "timestamp": "2026-11-21T07:54:12Z"}}"#))
                .collect();
            let events = events.join(",");
            let body =
                format!(r#"{{"events": [{events}], "nextToken": "{next}", "prevToken": "b"}}"#);
            case.answer(number, &body)
        })
        .await
    };
    let client = parallelcluster::Client::builder().endpoint(server.url());
    let client = client.retry(RetryPolicy::none()).build().unwrap();
    let start = |cursor: Option<Cursor>| {
        let request = client.image_logs().get_image_log_events("image", "log");
        match cursor {
            Some(cursor) => request.resume(cursor).items(),
            None => request.items(),
        }
    };
    let grow = |_: &[String], (_, by): (bool, Index)| *length.lock().unwrap() += by.index(7);
    let seen = case.read_all(start, |event| event.message.clone(), grow).await;
    let all = *length.lock().unwrap();
    assert_eq!(seen, (0..all).map(|n| n.to_string()).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_list_by_tokens_gives_the_catalogue(case in case(0)) {
        run(by_tokens(case));
    }

    #[test]
    fn a_log_that_grows_is_given_from_the_first_event_to_the_last(case in case(0)) {
        run(by_growth(case));
    }

    #[test]
    fn a_list_by_links_gives_the_catalogue(case in case(1)) {
        run(by_links(case));
    }
}
