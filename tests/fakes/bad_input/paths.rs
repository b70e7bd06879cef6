//! Image ids that are not ids.

use super::server::{assert_error, ims, pc, requests, saying};
use cloud_images::ErrorKind;

#[tokio::test]
async fn ids_that_would_leave_the_path_are_refused_before_anything_is_sent() {
    let server = saying("{}").await;
    for (id, reason) in
        [("", "is empty"), (".", "would change the path"), ("..", "would change the path")]
    {
        let error = pc(&server).describe_image(id).await.unwrap_err();
        assert_error(&error, ErrorKind::InvalidRequest, &["describe_image: imageId", reason]);
        let error = ims(&server).show_image(id).await.unwrap_err();
        assert_error(&error, ErrorKind::InvalidRequest, &["show_image: image_id", reason]);
        let error = ims(&server).delete_image(id).await.unwrap_err();
        assert_error(&error, ErrorKind::InvalidRequest, &["delete_image: image_id", reason]);
        assert_eq!(error.attempts(), 0);
    }
    assert!(requests(&server).await.is_empty());
}

#[tokio::test]
async fn every_other_character_stays_in_its_segment() {
    for (id, sent) in [
        ("a/b", "a%2Fb"),
        ("../../v2/tokens", "..%2F..%2Fv2%2Ftokens"),
        ("a?force=true", "a%3Fforce%3Dtrue"),
        ("a#b", "a%23b"),
        ("%2F", "%252F"),
        ("%2e%2e", "%252e%252e"),
        ("a b+c", "a%20b%2Bc"),
        ("a\r\nX-Evil: 1", "a%0D%0AX-Evil%3A%201"),
        ("a\0", "a%00"),
        ("\\..\\", "%5C..%5C"),
        ("...", "..."),
        ("größe-图", "gr%C3%B6%C3%9Fe-%E5%9B%BE"),
        ("a;b=c,d@e:f", "a%3Bb%3Dc%2Cd%40e%3Af"),
    ] {
        let server = saying(r#"{"id": "x"}"#).await;
        ims(&server).show_image(id).await.unwrap();
        let request = &requests(&server).await[0];
        assert_eq!(request.url.path(), format!("/v2/images/{sent}"), "{id:?}");
        assert_eq!(request.url.query(), None, "{id:?}");
        assert!(!request.headers.contains_key("x-evil"));
    }
}

#[tokio::test]
async fn values_in_a_query_stay_values() {
    let server = saying(r#"{"images": []}"#).await;
    let name = "a&marker=b#c=ö%26 +";
    ims(&server).list_images().name(name).tag("x=y").tag("z").await.unwrap();
    let request = &requests(&server).await[0];
    assert_eq!(super::server::query(request, "name"), [name]);
    assert_eq!(super::server::query(request, "tag"), ["x=y", "z"]);
    assert!(super::server::query(request, "marker").is_empty());
}
