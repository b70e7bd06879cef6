//! What the IMS of Open Telekom Cloud and Huawei Cloud answers, and the gateway in front of it.

use crate::hostile::{Answer, Hostile, Request, http, ok};
use cloud_images::auth::XAuthToken;
use cloud_images::ims::{Client, ImageOperationsApi};
use cloud_images::{ErrorKind, RetryPolicy};
use futures::TryStreamExt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const NO_IMAGES: &str = r#"{"images": []}"#;

fn images(server: &Hostile, retry: RetryPolicy) -> ImageOperationsApi {
    let client = Client::builder().endpoint(server.url()).auth(XAuthToken::new("token"));
    client.retry(retry).build().unwrap().image_operations()
}

/// The service's own form, or that of the gateway.
fn body(code: &str, message: &str) -> String {
    let body = match code.starts_with("APIGW") {
        true => {
            serde_json::json!({ "error_code": code, "error_msg": message, "request_id": "req-7" })
        }
        false => serde_json::json!({ "error": { "code": code, "message": message } }),
    };
    body.to_string()
}

#[tokio::test]
async fn the_kind_follows_the_code_and_the_line_has_it() {
    use ErrorKind::{
        BadRequest, Conflict, Forbidden, NoSuchApi, NotFound, Throttled, TooLarge, Unauthorized,
    };
    for (status, code, kind) in [
        ("400 Bad Request", "IMG.0009", Conflict),
        ("400 Bad Request", "IMG.0015", TooLarge),
        ("400 Bad Request", "IMG.0027", NotFound),
        ("400 Bad Request", "IMG.0028", Forbidden),
        ("400 Bad Request", "IMG.0060", Throttled),
        ("400 Bad Request", "IMG.0086", NotFound),
        ("400 Bad Request", "IMG.0090", Conflict),
        ("400 Bad Request", "IMG.9999", BadRequest),
        ("401 Unauthorized", "APIGW.0301", Unauthorized),
        ("404 Not Found", "APIGW.0101", NoSuchApi),
        ("429 Too Many Requests", "APIGW.0308", Throttled),
    ] {
        let answer = body(code, "what the service says");
        let server = Hostile::always(move || Answer::Keep(http(status, "", &answer))).await;
        let request = images(&server, RetryPolicy::none()).show_image("x");
        let error = request.await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind, Some(code)));
        let line = error.to_string();
        assert!(line.contains(code) && line.contains("what the service says"), "{line}");
    }
}

#[tokio::test]
async fn the_window_of_the_gateway_is_waited_for() {
    for (window, seconds) in [("limit:5,time:1 second", 1), ("limit:200,time:5 minute", 300)] {
        let answer =
            body("APIGW.0308", &format!("The throttling threshold has been reached: {window}"));
        let server = Hostile::always(move || Answer::Keep(http("429 Slow", "", &answer))).await;
        let error = images(&server, RetryPolicy::none()).list_images().await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
    }
    let answer = body("APIGW.0308", "limit:5,time:1 second");
    let server = Hostile::start(move |number, _| match number {
        0 => Answer::Keep(http("429 Slow", "", &answer)),
        _ => ok(NO_IMAGES),
    });
    let server = server.await;
    let delays = Arc::<Mutex<Vec<Duration>>>::default();
    let seen = Arc::clone(&delays);
    let client = Client::builder().endpoint(server.url()).auth(XAuthToken::new("token"));
    let client = client.observer(move |attempt| seen.lock().unwrap().extend(attempt.retry_delay));
    client.build().unwrap().image_operations().list_images().await.unwrap();
    let delays = delays.lock().unwrap();
    assert!(matches!(&delays[..], [delay] if *delay >= Duration::from_secs(1)), "{delays:?}");
}

/// The images a, b and c, two in a page; b is deleted after the first page, and the error has no id in it.
fn shrinking(request: &Request) -> Answer {
    let page = |ids: &[&str], next: &str| {
        let images: Vec<_> = ids.iter().map(|id| serde_json::json!({ "id": id })).collect();
        let mut page = serde_json::json!({ "images": images });
        if !next.is_empty() {
            page["next"] = format!("/v2/images?marker={next}").into();
        }
        ok(&page.to_string())
    };
    match request.query("marker") {
        None => page(&["a", "b"], "b"),
        Some("a") => page(&["c"], ""),
        Some(_) => {
            let answer = body("IMG.0027", "The image does not exist.");
            Answer::Keep(http("400 Bad Request", "", &answer))
        }
    }
}

#[tokio::test]
async fn a_deleted_marker_is_known_by_the_code() {
    let server = Hostile::start(|_, request| shrinking(request)).await;
    let list = images(&server, RetryPolicy::none()).list_images().items();
    let ids: Vec<_> = list.map_ok(|image| image.id).try_collect().await.unwrap();
    assert_eq!(ids, ["a", "b", "c"]);
}

#[tokio::test]
async fn any_other_refusal_of_a_marker_ends_the_list() {
    let server = Hostile::start(|_, request| match request.query("marker") {
        Some("b") => {
            let answer = body("IMG.0029", "The parameter is not valid.");
            Answer::Keep(http("400 Bad Request", "", &answer))
        }
        _ => shrinking(request),
    });
    let server = server.await;
    let list = images(&server, RetryPolicy::none()).list_images().items();
    let error = list.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!((error.kind(), server.count()), (ErrorKind::BadRequest, 2));
}
