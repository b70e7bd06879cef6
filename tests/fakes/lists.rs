//! How streams end, and whom their cursors belong to.

use crate::hostile::{Answer, Hostile, Request, http, ok, status};
use cloud_images::auth::XAuthToken;
use cloud_images::pagination::Cursor;
use cloud_images::{ErrorKind, RetryPolicy, ims, parallelcluster};
use futures::{FutureExt, StreamExt, TryStreamExt};
use std::time::Duration;

fn images(server: &Hostile) -> ims::ImageOperationsApi {
    let client = ims::Client::builder().endpoint(server.url()).auth(XAuthToken::new("token"));
    client.retry(RetryPolicy::none()).build().unwrap().image_operations()
}

fn custom_images(server: &Hostile) -> parallelcluster::ImageOperationsApi {
    let client = parallelcluster::Client::builder().endpoint(server.url());
    client.retry(RetryPolicy::none()).build().unwrap().image_operations()
}

/// Three pages of two images, a token between them.
fn page(request: &Request) -> Answer {
    let page: usize = request.query("nextToken").map_or(0, |token| token.parse().unwrap());
    let next = if page < 2 { format!(r#""{}""#, page + 1) } else { "null".to_owned() };
    let image = |n: usize| format!(r#"{{"imageId": "image-{n}", "region": "eu-west-1"}}"#);
    let (first, second) = (image(2 * page), image(2 * page + 1));
    let body = format!(r#"{{"nextToken": {next}, "images": [{first}, {second}]}}"#);
    Answer::Keep(http("200 OK", "", &body))
}

#[tokio::test]
async fn a_permanent_error_is_given_once_and_ends_every_stream() {
    for refusal in ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found"] {
        for ahead in [0, 2] {
            let server = Hostile::always(move || status(refusal, "")).await;
            let request = custom_images(&server).list_images("AVAILABLE");
            let items: Vec<_> = request.clone().items().prefetch(ahead).collect().await;
            assert!(matches!(&items[..], [Err(_)]), "{refusal}: {items:?}");
            let pages: Vec<_> = request.clone().pages().prefetch(ahead).collect().await;
            assert!(matches!(&pages[..], [Err(_)]), "{refusal}: {pages:?}");
            let regions: Vec<_> = request.in_regions(["a", "b"]).collect().await;
            assert_eq!(regions.len(), 2, "{refusal}: {regions:?}");
            assert_eq!(server.count(), 4);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_sent_or_read_ends_a_stream() {
    let server = Hostile::always(|| Answer::Keep(http("200 OK", "", "<html>"))).await;
    let unreadable: Vec<_> = images(&server).list_images().items().collect().await;
    assert_eq!(unreadable.len(), 1);
    assert_eq!(unreadable[0].as_ref().unwrap_err().kind(), ErrorKind::Decode);
    let refused = images(&server).list_images().property("name", "x").items();
    assert_eq!(refused.filter_map(|item| async { item.ok() }).collect::<Vec<_>>().await, []);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn three_passing_errors_in_a_row_end_a_stream_and_its_cursor_goes_on() {
    let server = Hostile::start(|number, request| match number {
        1 | 2 | 4..=6 => status("503 Service Unavailable", ""),
        _ => page(request),
    });
    let server = server.await;
    let request = custom_images(&server).list_images("AVAILABLE");
    let mut items = request.clone().items();
    let mut seen = Vec::new();
    let mut errors = 0;
    while let Some(item) = items.next_item().await {
        match item {
            Ok(image) => seen.push(image.image_id),
            Err(error) => {
                assert!(error.is_retryable());
                errors += 1;
            }
        }
    }
    assert_eq!(
        (errors, &seen[..]),
        (5, &["image-0", "image-1", "image-2", "image-3"].map(str::to_owned)[..])
    );
    assert!(items.next_item().await.is_none());
    let cursor = items.cursor();
    assert!(!cursor.is_end());
    let rest: Vec<_> = request.resume(cursor).items().try_collect().await.unwrap();
    let rest: Vec<_> = rest.into_iter().map(|image| image.image_id).collect();
    assert_eq!(rest, ["image-4", "image-5"]);
}

#[tokio::test]
async fn a_region_goes_on_after_a_passing_error() {
    let server = Hostile::start(|number, request| match number {
        1 => status("503 Service Unavailable", ""),
        _ => page(request),
    });
    let server = server.await;
    let list = custom_images(&server).list_images("AVAILABLE").in_regions(["eu-west-1"]);
    let items: Vec<_> = list.collect().await;
    assert_eq!(items.iter().filter(|item| item.is_ok()).count(), 6);
    assert_eq!(items.iter().filter(|item| item.is_err()).count(), 1);
}

#[tokio::test]
async fn a_dropped_future_of_the_next_item_loses_nothing() {
    let server =
        Hostile::start(|_, request| Answer::Late(Duration::from_millis(5), page(request).into()));
    let server = server.await;
    let mut items = custom_images(&server).list_images("AVAILABLE").items();
    let mut seen = Vec::new();
    loop {
        match items.next_item().now_or_never() {
            None => tokio::time::sleep(Duration::from_millis(1)).await,
            Some(None) => break,
            Some(Some(item)) => seen.push(item.unwrap().image_id),
        }
    }
    assert_eq!(seen.len(), 6);
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_cursor_belongs_to_the_filters_of_its_request() {
    let server = Hostile::start(|_, request| page(request)).await;
    let list =
        |status: &str, region: &str| custom_images(&server).list_images(status).region(region);
    let mut stream = list("FAILED", "eu-west-1").items();
    stream.next_item().await.unwrap().unwrap();
    let text = stream.cursor().to_string();
    assert!(
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)),
        "{text}"
    );
    let cursor: Cursor = text.parse().unwrap();
    assert_eq!(cursor, stream.cursor());
    let json = serde_json::to_string(&cursor).unwrap();
    assert_eq!(json, format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor);

    for other in [list("PENDING", "eu-west-1"), list("FAILED", "us-east-1")] {
        let request = other.resume(cursor.clone());
        let mut items = request.clone().items();
        let error = items.next_item().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.message().contains("other parameters"), "{error}");
        assert!(items.next_item().await.is_none());
        assert_eq!(items.cursor(), cursor);
        assert_eq!(
            request.clone().pages().next_page().await.unwrap().unwrap_err().kind(),
            error.kind()
        );
        assert_eq!(request.await.unwrap_err().kind(), error.kind());
    }
    assert_eq!(server.count(), 1);
    let rest: Vec<_> =
        list("FAILED", "eu-west-1").resume(cursor).items().try_collect().await.unwrap();
    assert_eq!(rest.len(), 5);
}

#[test]
fn what_is_no_cursor_is_refused() {
    let good = "ims.list_images.00000000000000ff.2..at-a~2Fb";
    assert_eq!(good.parse::<Cursor>().unwrap().to_string(), good);
    for text in [
        "",
        "ims.list_images",
        "ims.list_images.ff.0..somewhere",
        "ims.list_images.ff.0..from-a",
        "ims.list_images.ff.0..at-a.b",
        "ims.list_images.ff.0..at-~2",
        "ims.list_images.ff.0..at-~FF",
        "ims.list_images.ff.0..at-a/b",
        "ims.list_images.ff.-1..start",
        "ims.list_images.xy.0..start",
        "ims.list images.ff.0..start",
        "ims..ff.0..start",
        r#"{"operation":"ims.list_images"}"#,
    ] {
        let error = text.parse::<Cursor>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{text}");
        assert!(serde_json::from_value::<Cursor>(text.into()).is_err());
    }
}

#[tokio::test]
async fn sorted_by_size_one_page_is_fine_and_only_the_way_on_is_refused() {
    let server = Hostile::start(|_, _| {
        let body = r#"{"images": [{"id": "a", "size": null}], "next": "/v2/images?marker=a"}"#;
        Answer::Keep(http("200 OK", "", body))
    });
    let server = server.await;
    let request = images(&server).list_images().sort("size:desc");
    assert_eq!(request.clone().await.unwrap().images.len(), 1);
    let items: Vec<_> = request.items().collect().await;
    assert_eq!(items[0].as_ref().unwrap().id, "a");
    let error = items[1].as_ref().unwrap_err();
    assert_eq!((items.len(), error.kind()), (2, ErrorKind::InvalidRequest));
    assert!(error.message().contains("size_min(0)"), "{error}");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn one_answer_is_a_list_too() {
    let server = Hostile::start(|_, _| {
        Answer::Keep(http("200 OK", "", r#"{"members": [{"member_id": "a"}, {"member_id": "b"}]}"#))
    });
    let server = server.await;
    let client = ims::Client::builder().endpoint(server.url()).auth(XAuthToken::new("token"));
    let members = client.build().unwrap().image_members().list_image_members("image");
    let mut items = members.clone().items();
    items.next_item().await.unwrap().unwrap();
    let rest: Vec<_> = members.resume(items.cursor()).items().try_collect().await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].member_id.as_deref(), Some("b"));
}

#[tokio::test]
async fn a_page_of_few_items_takes_no_memory_for_as_many_as_were_asked_for() {
    let few = r#"{"images": [{"id": "1"}, {"id": "2"}]}"#;
    let server = Hostile::always(move || Answer::Keep(http("200 OK", "", few))).await;
    let mut pages = images(&server).list_images().page_size(1000).pages();
    let page = pages.next_page().await.unwrap().unwrap();
    assert_eq!(page.images.len(), 2);
    assert!(page.images.capacity() < 10, "room for {}", page.images.capacity());
}

#[tokio::test]
async fn so_many_regions_are_listed_at_once() {
    let server = Hostile::always(|| {
        Answer::Late(Duration::from_millis(50), Box::new(ok(r#"{"images": []}"#)))
    })
    .await;
    let regions = custom_images(&server).list_images("AVAILABLE").in_regions(["a", "b", "c", "d"]);
    assert_eq!(regions.concurrency(2).count().await, 0);
    assert_eq!((server.count(), server.most_in_flight()), (4, 2));
}
