//! Pages that lead astray, fail half way, or are left and taken up again.

use super::server::{assert_error, custom, images, ims, pc, query, requests};
use cloud_images::ErrorKind;
use cloud_images::pagination::{Cursor, Items};
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Mutex;
use wiremock::matchers::{any, query_param};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// Pages by the position that asks for them; each position in `broken` fails as often as it says.
struct Book {
    parameter: &'static str,
    pages: HashMap<String, Value>,
    broken: Mutex<HashMap<String, u32>>,
}

impl Respond for Book {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let position = query(request, self.parameter).pop().unwrap_or_default();
        if let Some(times) =
            self.broken.lock().unwrap().get_mut(&position).filter(|times| **times > 0)
        {
            *times -= 1;
            return ResponseTemplate::new(503).set_body_json(json!({ "message": "try again" }));
        }
        match self.pages.get(&position) {
            Some(page) => ResponseTemplate::new(200).set_body_json(page),
            None => ResponseTemplate::new(404),
        }
    }
}

async fn serve(
    parameter: &'static str,
    pages: &[(&str, Value)],
    broken: &[(&str, u32)],
) -> MockServer {
    let server = MockServer::start().await;
    let pages = pages.iter().map(|(at, page)| ((*at).to_owned(), page.clone())).collect();
    let broken = Mutex::new(broken.iter().map(|(at, times)| ((*at).to_owned(), *times)).collect());
    Mock::given(any()).respond_with(Book { parameter, pages, broken }).mount(&server).await;
    server
}

/// ParallelCluster's pages: position, ids, next token.
async fn token_server(
    pages: &[(&str, &[&str], Option<&str>)],
    broken: &[(&str, u32)],
) -> MockServer {
    let pages: Vec<_> = pages
        .iter()
        .map(|(at, ids, next)| {
            let images: Vec<_> = ids.iter().map(|id| custom(id)).collect();
            (*at, json!({ "images": images, "nextToken": next }))
        })
        .collect();
    serve("nextToken", &pages, broken).await
}

/// Glance's six images on three pages, and the empty one after.
async fn link_server(broken: &[(&str, u32)]) -> MockServer {
    let page = |from: usize, next: &str| {
        let next = format!("/v2/images?limit=2&marker={next}");
        json!({ "images": images(from..from + 2), "next": next })
    };
    let pages = [
        ("", page(0, "image-1")),
        // Where a stream goes on that was left in the middle of a page.
        ("image-0", json!({ "images": images(1..3), "next": "/v2/images?marker=image-2" })),
        ("image-1", page(2, "image-3")),
        ("image-2", json!({ "images": images(3..5), "next": "/v2/images?marker=image-4" })),
        ("image-3", page(4, "image-5")),
        ("image-4", json!({ "images": images(5..6) })),
        ("image-5", json!({ "images": [] })),
    ];
    serve("marker", &pages, broken).await
}

const THREE: &[(&str, &[&str], Option<&str>)] =
    &[("", &["a", "b"], Some("2")), ("2", &["c", "d"], Some("3")), ("3", &["e", "f"], None)];

/// All ids, and the number of errors on the way.
async fn ids<T>(mut stream: Items<T>, id: impl Fn(T) -> String) -> (Vec<String>, Vec<ErrorKind>) {
    let (mut ids, mut errors) = (Vec::new(), Vec::new());
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => ids.push(id(item)),
            Err(error) => errors.push(error.kind()),
        }
        assert!(ids.len() + errors.len() < 100, "without an end");
    }
    (ids, errors)
}

/// A cursor as it comes back from storage.
fn stored(cursor: &Cursor) -> Cursor {
    serde_json::from_str(&serde_json::to_string(cursor).unwrap()).unwrap()
}

fn glance_ids() -> Vec<String> {
    (0..6).map(|n| format!("image-{n}")).collect()
}

#[tokio::test]
async fn a_link_to_another_host_gives_its_marker_only() {
    let other = MockServer::start().await;
    let next = format!("{}/v2/images?limit=9&tag=evil&marker=image-1", other.uri());
    let first = json!({ "images": images(0..2), "next": next });
    let server =
        serve("marker", &[("", first), ("image-1", json!({ "images": images(2..3) }))], &[]).await;

    let request = ims(&server).list_images().tag("one").tag("two").page_size(2);
    let (ids, errors) = ids(request.items(), |image| image.id).await;
    assert_eq!((ids.len(), errors.len()), (3, 0));
    assert!(requests(&other).await.is_empty());
    let sent = requests(&server).await;
    for (request, marker) in sent.iter().zip([vec![], vec!["image-1".to_owned()]]) {
        assert_eq!(query(request, "tag"), ["one", "two"]);
        assert_eq!(query(request, "limit"), ["2"]);
        assert_eq!(query(request, "marker"), marker);
        assert!(request.headers.contains_key("x-auth-token"));
    }
}

#[tokio::test]
async fn a_link_without_a_marker_is_an_error_after_the_items() {
    for next in ["/v2/images", "/v2/images?limit=2", "?marker=", "marker", "/v2/images#?marker=a"] {
        let page = json!({ "images": images(0..2), "next": next });
        let server = serve("marker", &[("", page.clone()), ("image-1", page)], &[]).await;
        let mut stream = ims(&server).list_images().items();
        assert_eq!(stream.try_next().await.unwrap().unwrap().id, "image-0");
        assert_eq!(stream.try_next().await.unwrap().unwrap().id, "image-1");
        // Not the end: who stores the position here must learn of it too.
        assert!(!stream.cursor().is_end(), "{next}");
        let error = stream.try_next().await.unwrap_err();
        assert_error(
            &error,
            ErrorKind::Decode,
            &["list_images: the link to the next page has no marker"],
        );
        assert!(stream.try_next().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn an_empty_link_or_token_is_the_end() {
    let server = serve("marker", &[("", json!({ "images": images(0..2), "next": "" }))], &[]).await;
    let found: Vec<_> = ims(&server).list_images().items().try_collect().await.unwrap();
    assert_eq!(found.len(), 2);
    let server = token_server(&[("", &["a"], Some(""))], &[]).await;
    let found: Vec<_> = pc(&server).list_images("AVAILABLE").items().try_collect().await.unwrap();
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn a_token_that_comes_again_is_a_loop() {
    let server = token_server(&[("", &["a"], Some("2")), ("2", &["b"], Some("2"))], &[]).await;
    let mut stream = pc(&server).list_images("PENDING").items();
    assert_eq!(stream.try_next().await.unwrap().unwrap().image_id, "a");
    assert_eq!(stream.try_next().await.unwrap().unwrap().image_id, "b");
    let error = stream.try_next().await.unwrap_err();
    assert_error(
        &error,
        ErrorKind::PaginationLoop,
        &["list_images: pagination loop: the service repeated a page token"],
    );
    assert_eq!(error.operation(), Some("list_images"));
    assert!(stream.try_next().await.unwrap().is_none());
    assert_eq!(requests(&server).await.len(), 2);
}

#[tokio::test]
async fn a_cycle_of_pages_is_a_loop() {
    let pages: &[(&str, &[&str], _)] = &[
        ("", &["0"], Some("A")),
        ("A", &["1"], Some("B")),
        ("B", &[], Some("C")),
        ("C", &["3"], Some("A")),
    ];
    let server = token_server(pages, &[]).await;
    let (found, errors) =
        ids(pc(&server).list_images("PENDING").items(), |image| image.image_id).await;
    assert_eq!(found, ["0", "1", "3"]);
    assert_eq!(errors, [ErrorKind::PaginationLoop]);
    assert_eq!(requests(&server).await.len(), 4);

    let mut stream = pc(&server).list_images("PENDING").pages();
    for _ in 0..4 {
        assert!(stream.try_next().await.unwrap().is_some());
    }
    assert_eq!(stream.try_next().await.unwrap_err().kind(), ErrorKind::PaginationLoop);
    assert!(stream.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_loop_is_met_again_by_who_goes_on_from_its_last_item() {
    let pages: &[(&str, &[&str], _)] = &[("", &["a"], Some("2")), ("2", &["b", "c"], Some("2"))];
    let server = token_server(pages, &[]).await;
    let request = pc(&server).list_images("PENDING");
    let mut stream = request.clone().items();
    for _ in 0..3 {
        stream.try_next().await.unwrap().unwrap();
    }
    let rest = request.resume(stored(&stream.cursor())).items();
    let (found, errors) = ids(rest, |image| image.image_id).await;
    assert!(found.is_empty(), "{found:?} came twice");
    assert_eq!(errors, [ErrorKind::PaginationLoop]);
}

/// It lists an image and does not know it when asked to go on from it.
#[tokio::test]
async fn a_service_that_never_knows_its_own_marker_is_an_error() {
    let server = MockServer::start().await;
    let lost = "Marker image-2 could not be found";
    Mock::given(query_param("marker", "image-2"))
        .respond_with(ResponseTemplate::new(400).set_body_json(json!({ "message": lost })))
        .mount(&server)
        .await;
    let page = |from: usize| {
        let body = json!({ "images": images(from..3), "next": "/v2/images?marker=image-2" });
        ResponseTemplate::new(200).set_body_json(body)
    };
    Mock::given(query_param("marker", "image-1")).respond_with(page(2)).mount(&server).await;
    Mock::given(any()).respond_with(page(0)).mount(&server).await;
    let mut stream = ims(&server).list_images().items();
    for id in ["image-0", "image-1", "image-2"] {
        assert_eq!(stream.try_next().await.unwrap().unwrap().id, id);
    }
    let error = stream.try_next().await.unwrap_err();
    assert_error(&error, ErrorKind::BadRequest, &[lost]);
    assert!(stream.try_next().await.unwrap().is_none());
    assert_eq!(requests(&server).await.len(), 4);
}

#[tokio::test]
async fn an_empty_page_with_a_token_is_not_the_end() {
    let pages: &[(&str, &[&str], _)] =
        &[("", &[], Some("1")), ("1", &[], Some("2")), ("2", &["a"], Some("3")), ("3", &[], None)];
    let server = token_server(pages, &[]).await;
    let (found, errors) =
        ids(pc(&server).list_images("FAILED").items(), |image| image.image_id).await;
    assert_eq!((found, errors), (vec!["a".to_owned()], vec![]));
    let pages: Vec<_> = pc(&server).list_images("FAILED").pages().try_collect().await.unwrap();
    assert_eq!(pages.len(), 4);
}

#[tokio::test]
async fn tokens_are_sent_back_as_they_came() {
    let odd = "a+b/c==&nextToken=x #%41ü";
    let server = token_server(&[("", &["a"], Some(odd)), (odd, &["b"], None)], &[]).await;
    let found: Vec<_> = pc(&server).list_images("FAILED").items().try_collect().await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(query(&requests(&server).await[1], "nextToken"), [odd]);
}

#[tokio::test]
async fn an_error_in_the_middle_loses_nothing() {
    let server = token_server(THREE, &[("2", 2)]).await;
    let (found, errors) =
        ids(pc(&server).list_images("PENDING").items(), |image| image.image_id).await;
    assert_eq!(found, ["a", "b", "c", "d", "e", "f"]);
    assert_eq!(errors, [ErrorKind::Server, ErrorKind::Server]);

    let server = link_server(&[("", 1), ("image-3", 1)]).await;
    let (found, errors) = ids(ims(&server).list_images().items(), |image| image.id).await;
    assert_eq!(found, glance_ids());
    assert_eq!(errors, [ErrorKind::Server, ErrorKind::Server]);
}

#[tokio::test]
async fn an_error_does_not_move_the_cursor() {
    let server = token_server(THREE, &[("2", 1)]).await;
    let mut pages = pc(&server).list_images("PENDING").pages();
    pages.try_next().await.unwrap().unwrap();
    let before = pages.cursor();
    pages.try_next().await.unwrap_err();
    assert_eq!(pages.cursor(), before);
    let again = pages.try_next().await.unwrap().unwrap();
    assert_eq!(again.images[0].image_id, "c");
    assert_ne!(pages.cursor(), before);

    let server = link_server(&[("image-1", 1)]).await;
    let mut items = ims(&server).list_images().items();
    items.try_next().await.unwrap().unwrap();
    items.try_next().await.unwrap().unwrap();
    let before = items.cursor();
    items.try_next().await.unwrap_err();
    assert_eq!(items.cursor(), before);
    let rest = ims(&server).list_images().resume(stored(&before)).items();
    assert_eq!(ids(rest, |image| image.id).await.0, glance_ids()[2..]);
}

#[tokio::test]
async fn tokens_go_on_from_everywhere() {
    let server = token_server(THREE, &[]).await;
    let all = ["a", "b", "c", "d", "e", "f"];
    for taken in 0..=6 {
        let request = pc(&server).list_images("PENDING").region("eu-west-1");
        let mut stream = request.clone().items();
        for _ in 0..taken {
            stream.try_next().await.unwrap().unwrap();
        }
        let rest = request.resume(stored(&stream.cursor())).items();
        let (found, errors) = ids(rest, |image| image.image_id).await;
        assert_eq!(found, all[taken..], "after {taken}");
        assert!(errors.is_empty());
    }
    for request in requests(&server).await {
        assert_eq!(query(&request, "region"), ["eu-west-1"]);
    }
}

#[tokio::test]
async fn links_go_on_from_everywhere() {
    let server = link_server(&[]).await;
    for taken in 0..=6 {
        let mut stream = ims(&server).list_images().items();
        for _ in 0..taken {
            stream.try_next().await.unwrap().unwrap();
        }
        let rest = ims(&server).list_images().resume(stored(&stream.cursor())).items();
        let (found, errors) = ids(rest, |image| image.id).await;
        assert_eq!(found, glance_ids()[taken..], "after {taken}");
        assert!(errors.is_empty());
    }
}

#[tokio::test]
async fn pages_go_on_from_everywhere() {
    let server = token_server(THREE, &[]).await;
    for taken in 0..=3 {
        let mut stream = pc(&server).list_images("PENDING").pages();
        for _ in 0..taken {
            stream.try_next().await.unwrap().unwrap();
        }
        assert_eq!(stream.cursor().is_end(), taken == 3);
        let rest = pc(&server).list_images("PENDING").resume(stored(&stream.cursor()));
        let rest: Vec<_> = rest.pages().try_collect().await.unwrap();
        assert_eq!(rest.len(), 3 - taken);
    }
}

#[tokio::test]
async fn a_cursor_of_another_operation_is_refused() {
    let server = token_server(THREE, &[]).await;
    let mut stream = pc(&server).list_images("PENDING").items();
    stream.try_next().await.unwrap();
    let cursor = stream.cursor();
    let asked = requests(&server).await.len();

    let client =
        cloud_images::parallelcluster::Client::builder().endpoint(server.uri()).build().unwrap();
    let clusters = client.cluster_operations().list_clusters().resume(cursor.clone());
    let error = clusters.items().try_next().await.unwrap_err();
    assert_error(
        &error,
        ErrorKind::InvalidRequest,
        &[
            "list_clusters: this cursor belongs to parallelcluster.list_images, not to parallelcluster.list_clusters",
        ],
    );
    // The same name in another API is another operation.
    let error = ims(&server).list_images().resume(cursor).await.unwrap_err();
    assert_error(&error, ErrorKind::InvalidRequest, &["not to ims.list_images"]);
    assert_eq!(requests(&server).await.len(), asked);
}
