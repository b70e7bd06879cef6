//! Pages that are fetched ahead of the consumer.

use crate::hostile::{Answer, Hostile, Request, http};
use cloud_images::auth::XAuthToken;
use cloud_images::pagination::Cursor;
use cloud_images::{ErrorKind, ims};
use futures::{StreamExt, TryStreamExt};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

const PAGES: usize = 6;

/// The page that a request asks for: each has one image, whose id is the number of the next page.
fn page_of(request: &Request) -> usize {
    request.query("marker").map_or(0, |marker| marker.parse().unwrap())
}

fn page(number: usize, size: &str) -> Answer {
    let id = number + 1;
    let next = match id < PAGES {
        true => format!(r#", "next": "/v2/images?marker={id}""#),
        false => String::new(),
    };
    let body = format!(r#"{{"images": [{{"id": "{id}", "size": {size}}}]{next}}}"#);
    Answer::Keep(http("200 OK", "", &body))
}

fn images(server: &Hostile) -> ims::ImageOperationsApi {
    let auth = XAuthToken::new("token-of-the-test");
    ims::Client::builder().endpoint(server.url()).auth(auth).build().unwrap().image_operations()
}

/// What a stream asked for after the first `before` requests.
fn listed(server: &Hostile, before: usize) -> usize {
    let requests = server.requests().split_off(before);
    requests.iter().filter(|request| request.query("marker") != Some("0")).count()
}

/// Waits until something is so.
async fn in_time(is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap();
}

#[tokio::test]
async fn as_many_pages_as_were_asked_for_are_fetched_ahead_and_no_more() {
    let server = Hostile::start(|_, request| page(page_of(request), "1")).await;
    for ahead in [0, 1, 3] {
        let before = server.count();
        let mut pages = images(&server).list_images().pages().prefetch(ahead);
        for taken in 1..=2 {
            pages.try_next().await.unwrap().unwrap();
            while listed(&server, before) < taken + ahead {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            // While the same server and runtime do other things, nothing further is asked for.
            for _ in 0..20 {
                images(&server).list_images().marker("0").await.unwrap();
            }
            let listed = listed(&server, before);
            assert_eq!(listed, taken + ahead, "prefetch({ahead}) after {taken} pages");
        }
        drop(pages);
        // What was under way may still arrive; the next count begins behind it.
        images(&server).list_images().await.unwrap();
    }
}

#[tokio::test]
async fn the_next_request_does_not_wait_until_a_page_is_decoded_but_the_stream_does() {
    // The second page leads to the third, but cannot be decoded when it comes for the first time.
    let server = Hostile::start(|number, request| match (number, page_of(request)) {
        (1, 1) => page(1, "1 1"),
        (_, number) => page(number, "1"),
    });
    let server = server.await;
    let mut stream = images(&server).list_images().items().prefetch(1);
    assert_eq!(stream.try_next().await.unwrap().unwrap().id, "1");
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    // Where the stream stands is before that page, even if later ones were requested.
    let cursor: Cursor = stream.cursor();
    let rest = images(&server).list_images().resume(cursor).items();
    let rest: Vec<_> = rest.map_ok(|image| image.id).try_collect().await.unwrap();
    assert_eq!(rest, ["2", "3", "4", "5", "6"]);
    assert!(stream.next().await.is_none());
}

/// The first page in two halves, of which the second follows when another page is asked for. The others at once.
async fn first_in_halves(first: &'static str, second: &'static str) -> Hostile {
    let go_on = Arc::new(Notify::new());
    Hostile::start(move |_, request| match page_of(request) {
        0 => {
            let answer = http("200 OK", "", &[first, second].concat());
            let (first, second) = answer.split_at(answer.len() - second.len());
            Answer::Halves(first.to_vec(), Arc::clone(&go_on), second.to_vec())
        }
        number => {
            go_on.notify_one();
            page(number, "1")
        }
    })
    .await
}

async fn ids_ahead(server: &Hostile) -> Vec<String> {
    let items = images(server).list_images().items().prefetch(1);
    let ids = items.map_ok(|image| image.id.to_string()).try_collect();
    tokio::time::timeout(Duration::from_secs(20), ids).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_next_request_does_not_wait_for_the_rest_of_a_page_that_begins_with_its_position() {
    let first = r#"{"first": "/v2/images", "next": "/v2/images?marker=1", "images": [{"id": "1"#;
    let server = first_in_halves(first, r#"", "tags": ["a"]}]}"#).await;
    assert_eq!(ids_ahead(&server).await, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(server.count(), PAGES);
}

#[tokio::test]
async fn the_position_behind_a_page_counts_where_its_beginning_says_another() {
    let first = r#"{"next": "/v2/images?marker=4", "images": [{"id": "1""#;
    let server = first_in_halves(first, r#"}], "next": "/v2/images?marker=1"}"#).await;
    assert_eq!(ids_ahead(&server).await, ["1", "2", "3", "4", "5", "6"]);
    let asked: Vec<_> = server.requests().iter().map(page_of).collect();
    assert_eq!(asked, [0, 4, 1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_list_ends_where_its_page_ends_it_whatever_its_beginning_says() {
    let first = r#"{"next": "/v2/images?marker=4", "images": [{"id": "1""#;
    let server = first_in_halves(first, r#"}], "next": null}"#).await;
    assert_eq!(ids_ahead(&server).await, ["1"]);
}

#[tokio::test]
async fn a_page_that_breaks_off_behind_its_beginning_is_asked_for_again() {
    let first = r#"{"next": "/v2/images?marker=1", "images": [{"id": "1"}], "a": "b"}"#;
    let server = Hostile::start(move |number, request| match (number, page_of(request)) {
        (0, 0) => {
            let mut answer = http("200 OK", "", first);
            answer.truncate(answer.len() - 5);
            Answer::Reset(answer)
        }
        (_, number) => page(number, "1"),
    });
    let server = server.await;
    assert_eq!(ids_ahead(&server).await, ["1", "2", "3", "4", "5", "6"]);
    let asked: Vec<_> = server.requests().iter().map(page_of).collect();
    let mut each = asked.clone();
    each.sort_unstable();
    assert_eq!(each, [0, 0, 1, 2, 3, 4, 5], "{asked:?}");
}

#[tokio::test]
async fn a_page_ahead_waits_for_its_turn_where_one_request_may_be_under_way() {
    let first = r#"{"next": "/v2/images?marker=1", "images": [{"id": "1""#;
    let server = Hostile::start(move |_, request| match page_of(request) {
        0 => {
            let answer = http("200 OK", "", &[first, "}]}"].concat());
            let (first, second) = answer.split_at(answer.len() - 3);
            let go_on = Arc::new(Notify::new());
            go_on.notify_one();
            Answer::Halves(first.to_vec(), go_on, second.to_vec())
        }
        number => page(number, "1"),
    });
    let server = server.await;
    let client = ims::Client::builder().endpoint(server.url()).auth(XAuthToken::new("token"));
    let client = client.max_in_flight(1).build().unwrap();
    let items = client.image_operations().list_images().items().prefetch(2);
    let ids = items.map_ok(|image| image.id.to_string()).try_collect::<Vec<_>>();
    let ids = tokio::time::timeout(Duration::from_secs(20), ids).await.unwrap().unwrap();
    assert_eq!(ids, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(server.most_in_flight(), 1);
}

#[tokio::test]
async fn prefetch_can_change_while_a_list_is_read() {
    let server = Hostile::start(|_, request| page(page_of(request), "1")).await;
    let mut pages = images(&server).list_images().pages();
    let mut ids = Vec::new();
    for ahead in [1, 0, 1, 2, 0, 1, 1] {
        pages = pages.prefetch(ahead);
        let page = pages.try_next().await.unwrap();
        ids.extend(page.into_iter().flat_map(|page| page.images).map(|image| image.id));
    }
    assert_eq!(ids, ["1", "2", "3", "4", "5", "6"]);
}

#[tokio::test]
async fn more_pages_ahead_than_there_are_is_all_of_them() {
    let server = Hostile::start(|_, request| page(page_of(request), "1")).await;
    let mut items = images(&server).list_images().items().prefetch(usize::MAX);
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "1");
    in_time(|| server.count() == PAGES).await;
    let rest: Vec<_> = items.map_ok(|image| image.id).try_collect().await.unwrap();
    assert_eq!(rest, ["2", "3", "4", "5", "6"]);
    assert_eq!(server.count(), PAGES);
}

#[tokio::test]
async fn a_stream_that_is_dropped_leaves_no_task_behind() {
    let server = Hostile::start(|_, request| page(page_of(request), "1")).await;
    let held = Arc::new(());
    let clone = Arc::clone(&held);
    let client = ims::Client::builder().endpoint(server.url()).auth(XAuthToken::new("token"));
    let client = client.observer(move |_| drop(Arc::clone(&clone))).build().unwrap();
    let mut pages = client.image_operations().list_images().pages().prefetch(1);
    pages.try_next().await.unwrap().unwrap();
    in_time(|| server.count() == 2).await;
    drop((pages, client));
    in_time(|| Arc::strong_count(&held) == 1).await;
}
