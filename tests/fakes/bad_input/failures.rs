//! Answers that are errors, and what can be said of them.

use super::server::{TOKEN, answering, assert_error, assert_no_token, gpu, ims, pc, requests};
use cloud_images::ErrorKind;
use cloud_images::auth::XAuthToken;
use cloud_images::parallelcluster::types::{
    BadRequestExceptionResponseContent, BuildImageBadRequestExceptionResponseContent,
    NotFoundExceptionResponseContent,
};
use serde_json::json;
use std::time::Duration;
use wiremock::ResponseTemplate;

const PAGE: &str = "<html>\n<head><title>Oops</title></head>\n<body>\n<h1>502 Bad Gateway</h1>\n<hr>nginx</body></html>";

fn html(status: u16, text: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(text, "text/html; charset=UTF-8")
}

fn json(status: u16, body: serde_json::Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// The error of `list_images` of IMS when it is answered so.
async fn error_of(answer: ResponseTemplate) -> cloud_images::Error {
    let server = answering(answer).await;
    ims(&server).list_images().await.unwrap_err()
}

#[tokio::test]
async fn html_of_a_gateway_is_its_status() {
    let error = error_of(html(502, PAGE)).await;
    assert_error(
        &error,
        ErrorKind::Server,
        &["list_images: 502 Bad Gateway: 502 Bad Gateway nginx"],
    );
    assert_eq!(error.raw_body(), Some(PAGE.as_bytes()));
    assert!(error.is_retryable());

    let error = error_of(html(403, PAGE)).await;
    assert_error(&error, ErrorKind::Forbidden, &["403 Forbidden: 502 Bad Gateway nginx"]);
    assert!(!error.is_retryable());
    for (status, kind) in [
        (400, ErrorKind::BadRequest),
        (401, ErrorKind::Unauthorized),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Conflict),
        (413, ErrorKind::TooLarge),
        (415, ErrorKind::UnsupportedMediaType),
        (418, ErrorKind::UnexpectedStatus),
        (429, ErrorKind::Throttled),
        (503, ErrorKind::Server),
        (504, ErrorKind::Server),
        (599, ErrorKind::Server),
    ] {
        let error = error_of(html(status, PAGE)).await;
        assert_error(&error, kind, &["nginx"]);
        assert_eq!(error.status().unwrap(), status);
    }
}

#[tokio::test]
async fn html_in_a_success_is_no_json() {
    let error = error_of(html(200, PAGE)).await;
    assert_error(
        &error,
        ErrorKind::Decode,
        &[
            "(text/html; charset=UTF-8) is not JSON: expected value",
            "<html>",
            "this is HTML or XML",
        ],
    );
}

#[tokio::test]
async fn the_media_type_of_json_does_not_matter() {
    let text = r#"{"images": []}"#;
    for media_type in ["text/plain", "application/octet-stream", "text/html"] {
        let server = answering(ResponseTemplate::new(200).set_body_raw(text, media_type)).await;
        assert!(ims(&server).list_images().await.unwrap().images.is_empty());
    }
}

#[tokio::test]
async fn nothing_where_something_must_be() {
    for status in [200, 204] {
        let error = error_of(ResponseTemplate::new(status)).await;
        assert_error(&error, ErrorKind::Decode, &["list_images: ", "the response is empty"]);
        assert_eq!(error.status().unwrap(), status);
    }
    let error = error_of(ResponseTemplate::new(500)).await;
    assert_error(
        &error,
        ErrorKind::Server,
        &["500 Internal Server Error: the service sent no message"],
    );
}

#[tokio::test]
async fn messages_in_every_form() {
    for (body, message) in [
        (json!({ "message": "a plain one" }), "a plain one"),
        (json!({ "Message": "User is not authorized" }), "User is not authorized"),
        (
            json!({ "error": { "code": 401, "message": "Keystone says no", "title": "Unauthorized" } }),
            "Keystone says no",
        ),
        (json!({ "badRequest": { "message": "Nova says no" } }), "Nova says no"),
        (json!({ "error_code": "IMG.1", "error_msg": "IMS says no" }), "IMS says no"),
        (
            json!({ "message": "No image &#x27;a&#x27; &amp; b<br /><br />\n\n\n" }),
            "No image 'a' & b",
        ),
        (json!({ "message": "1 < 2 &lt;b&gt;" }), "1 < 2 <b>"),
        (json!({ "other": 1 }), r#"{"other":1}"#),
        (json!("text"), "\"text\""),
        (json!({ "message": "" }), "the service sent no message"),
        (json!({ "message": "two\r\nlines\u{1b}[31m" }), "two lines [31m"),
    ] {
        let error = error_of(json(400, body)).await;
        assert_eq!(error.message(), message);
    }
    let error = error_of(ResponseTemplate::new(400).set_body_string("no JSON\n at all")).await;
    assert_eq!(error.message(), "no JSON at all");
    let error = error_of(json(400, json!({ "message": "ü".repeat(100_000) }))).await;
    assert!(error.message().ends_with('…') && error.message().len() < 2000);
}

#[tokio::test]
async fn what_came_along() {
    for name in ["x-amzn-RequestId", "x-openstack-request-id", "X-Request-Id"] {
        let error =
            error_of(json(404, json!({ "message": "gone" })).insert_header(name, "req-17")).await;
        assert_eq!(error.request_id(), Some("req-17"));
        assert_error(
            &error,
            ErrorKind::NotFound,
            &["list_images: 404 Not Found: gone (request id req-17)"],
        );
        assert_eq!((error.operation(), error.attempts()), (Some("list_images"), 1));
        assert!(error.is_not_found());
    }

    let wait = |value: &str| ResponseTemplate::new(429).insert_header("retry-after", value);
    assert_eq!(error_of(wait("7")).await.retry_after(), Some(Duration::from_secs(7)));
    let past = error_of(wait("Wed, 21 Oct 2015 07:28:00 GMT")).await.retry_after();
    assert_eq!(past, Some(Duration::ZERO));
    let future = error_of(wait("Fri, 31 Dec 2100 23:59:59 GMT")).await.retry_after().unwrap();
    assert!(future > Duration::from_secs(365 * 86400), "{future:?}");
    for odd in ["soon", "-1", "1.5", "99999999999999999999999"] {
        assert_eq!(error_of(wait(odd)).await.retry_after(), None, "{odd}");
    }
}

#[tokio::test]
async fn a_typed_body_belongs_to_its_status() {
    let body = json!({
        "message": "bad configuration",
        "configurationValidationErrors": [{ "level": "ERROR", "type": "T", "message": "m" }],
    });
    let server = answering(json(400, body)).await;
    let error = pc(&server).build_image("an-image", "YQ==").await.unwrap_err();
    let typed = error.body::<BuildImageBadRequestExceptionResponseContent>().unwrap();
    assert_eq!(typed.configuration_validation_errors.len(), 1);
    // The form would fit, but it is another schema, or the schema of another status.
    assert!(error.body::<BadRequestExceptionResponseContent>().is_none());
    assert!(error.body::<NotFoundExceptionResponseContent>().is_none());
    // A gateway's body is not of the documented form.
    let server = answering(html(400, PAGE)).await;
    let error = pc(&server).build_image("an-image", "YQ==").await.unwrap_err();
    assert!(error.body::<BuildImageBadRequestExceptionResponseContent>().is_none());
}

#[tokio::test]
async fn a_token_that_the_service_echoes_is_not_shown() {
    let bodies = [
        ResponseTemplate::new(403)
            .set_body_json(json!({ "message": format!("bad token {TOKEN}") })),
        ResponseTemplate::new(502)
            .set_body_string(format!("X-Auth-Token: {TOKEN}\nBearer {TOKEN}")),
        // Not UTF-8.
        ResponseTemplate::new(502).set_body_bytes([b"\xff\xfe ", TOKEN.as_bytes()].concat()),
    ];
    for answer in bodies {
        let server = answering(answer).await;
        for error in [
            ims(&server).list_images().await.unwrap_err(),
            gpu(&server).list_images().await.unwrap_err(),
        ] {
            assert_error(&error, error.kind(), &["[redacted]"]);
            assert_no_token(&error, TOKEN);
        }
    }
}

#[tokio::test]
async fn a_token_that_is_spelled_otherwise_is_not_shown() {
    let token = "a/token+that&nobody==sees";
    for body in [
        // As PHP writes it.
        json!({ "message": format!("bad token {token}") }).to_string().replace('/', "\\/"),
        r#"{"error": {"message": "bad token \u0061\u002ftoken+that&nobody\u003d=sees"}}"#
            .to_owned(),
        r#"{"a\/token+that&nobody==sees": {"message": "bad token [redacted]"}}"#.to_owned(),
        "<html><body>bad token a/token+that&amp;nobody==sees</body></html>".to_owned(),
    ] {
        let server = answering(ResponseTemplate::new(403).set_body_string(body)).await;
        let client = cloud_images::ims::Client::builder().endpoint(server.uri());
        let client = client.auth(XAuthToken::new(token)).build().unwrap();
        let error = client.image_operations().list_images().await.unwrap_err();
        assert_error(&error, ErrorKind::Forbidden, &["bad token [redacted]"]);
        assert_no_token(&error, token);
        let body: serde_json::Value =
            serde_json::from_slice(error.raw_body().unwrap()).unwrap_or_default();
        assert!(!format!("{body:?}").contains(token), "{body:?}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = answering(json(200, json!({ "images": [] }))).await;
    for status in [301, 302, 307, 308] {
        let answer = ResponseTemplate::new(status).insert_header("location", other.uri());
        let error = error_of(answer).await;
        assert_error(&error, ErrorKind::UnexpectedStatus, &["list_images: 30"]);
        assert_eq!(error.status().unwrap(), status);
    }
    assert!(requests(&other).await.is_empty());
}
