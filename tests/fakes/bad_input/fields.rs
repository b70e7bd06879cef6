//! JSON that is not what the document says.

use super::server::{
    TOKEN, assert_error, assert_no_token, custom, gpu, images, ims, pc, requests, saying,
};
use cloud_images::ErrorKind;
use cloud_images::auth::XAuthToken;
use cloud_images::ims::types::{ImageStatus, Visibility};
use cloud_images::parallelcluster::types::ImageBuildStatus;
use serde_json::{Value, json};

/// The first image of a page with one image that has a field set.
async fn image_with(
    field: &str,
    value: Value,
) -> cloud_images::Result<cloud_images::ims::types::Image> {
    let mut image = json!({ "id": "image-0" });
    image[field] = value;
    let server = saying(json!({ "images": [image] }).to_string()).await;
    Ok(ims(&server).list_images().await?.images.remove(0))
}

#[tokio::test]
async fn an_unknown_value_is_preserved() {
    let image = image_with("status", "hibernating".into()).await.unwrap();
    let status = image.status.clone().unwrap();
    assert_eq!(status, "hibernating");
    assert_eq!(status, ImageStatus::from("hibernating"));
    assert_ne!(status, ImageStatus::Active);
    assert_eq!(serde_json::to_value(&image).unwrap()["status"], "hibernating");

    let mut build = custom("a");
    build["imageBuildStatus"] = "BUILD_PAUSED".into();
    let server = saying(json!({ "images": [build] }).to_string()).await;
    let page = pc(&server).list_images("PENDING").await.unwrap();
    assert_eq!(page.images[0].image_build_status, Some(ImageBuildStatus::from("BUILD_PAUSED")));
    assert_eq!(serde_json::to_value(&page).unwrap()["images"][0], build);
}

#[tokio::test]
async fn the_values_of_enums_are_case_sensitive() {
    let image = image_with("visibility", "Public".into()).await.unwrap();
    assert_ne!(image.visibility, Some(Visibility::Public));
    assert_eq!(image.visibility.unwrap().as_str(), "Public");
}

#[tokio::test]
async fn unknown_fields_are_ignored_or_preserved() {
    let mut build = custom("a");
    build["colour"] = json!({ "red": 1 });
    let server = saying(json!({ "images": [build], "more": [1, 2] }).to_string()).await;
    let page = pc(&server).list_images("AVAILABLE").await.unwrap();
    assert_eq!(page.images[0].image_id, "a");

    let image = image_with("hw_disk_bus", "scsi".into()).await.unwrap();
    assert_eq!(image.extra.get_str("hw_disk_bus"), Some("scsi"));
    // Any JSON.
    for value in
        [json!(null), json!(-1), json!(1.5), json!(true), json!([1, {}]), json!({ "a": [] })]
    {
        let image = image_with("odd", value.clone()).await.unwrap();
        assert_eq!(serde_json::to_value(image).unwrap()["odd"], value);
    }
}

#[tokio::test]
async fn optional_fields_may_be_absent_or_null() {
    let absent = image_with("id", "image-0".into()).await.unwrap();
    assert_eq!((absent.name, absent.status, absent.created_at), (None, None, None));
    for field in ["name", "status", "created_at", "size", "tags", "protected", "locations"] {
        let image = image_with(field, Value::Null).await.unwrap();
        assert!(image.tags.is_empty() && image.name.is_none(), "{field}");
        assert_eq!(serde_json::to_value(image).unwrap()[field], Value::Null);
    }
    let server = saying(r#"{"images": [], "nextToken": null}"#).await;
    assert_eq!(pc(&server).list_images("AVAILABLE").await.unwrap().next_token, None);
    let server = saying(r#"{"status": "success", "data": null, "message": null}"#).await;
    assert!(gpu(&server).list_images().await.unwrap().data.is_empty());
}

#[tokio::test]
async fn null_or_nothing_where_something_must_be_names_the_place() {
    let error = image_with("id", Value::Null).await.unwrap_err();
    assert_error(
        &error,
        ErrorKind::Decode,
        &["list_images: 200", "images[0].id: invalid type: null"],
    );

    let server = saying(r#"{"images": [{"name": "no id"}]}"#).await;
    let error = ims(&server).list_images().await.unwrap_err();
    assert_error(&error, ErrorKind::Decode, &["images[0]: missing field `id`"]);

    let server = saying("{}").await;
    let error = pc(&server).list_images("AVAILABLE").await.unwrap_err();
    assert_error(&error, ErrorKind::Decode, &["missing field `images`"]);

    // `null` is an empty list; anything else is none.
    let server = saying(r#"{"images": null}"#).await;
    assert!(pc(&server).list_images("AVAILABLE").await.unwrap().images.is_empty());
    for (images, found) in [("{}", "map"), ("7", "integer `7`"), ("\"a\"", "string \"a\"")] {
        let server = saying(format!(r#"{{"images": {images}}}"#)).await;
        let error = pc(&server).list_images("AVAILABLE").await.unwrap_err();
        let place = format!("images: invalid type: {found}, expected a list");
        assert_error(&error, ErrorKind::Decode, &[&place]);
    }
}

#[tokio::test]
async fn a_field_is_read_in_the_forms_that_services_write() {
    let cases = [
        ("size", json!("40"), json!(40)),
        ("size", json!(40.0), json!(40)),
        ("protected", json!("True"), json!(true)),
        ("name", json!(7), json!("7")),
        ("os_hidden", json!("False"), json!(false)),
        ("created_at", json!("2018-09-06 14:03:27"), json!("2018-09-06T14:03:27Z")),
        ("__isregistered", json!(true), json!("true")),
        ("__isregistered", json!("True"), json!("true")),
        ("tags", json!(["a", 1]), json!(["a", "1"])),
    ];
    for (field, sent, read) in cases {
        let image = image_with(field, sent).await.unwrap();
        assert!(image.unreadable.is_empty(), "{field}: {:?}", image.unreadable);
        assert_eq!(serde_json::to_value(image).unwrap()[field], read, "{field}");
    }
}

#[tokio::test]
async fn a_field_that_cannot_be_read_fails_neither_list_nor_image() {
    let odd = [
        ("size", json!(99999999999999999999_u128 as f64)),
        ("size", json!(1.5)),
        ("min_disk", json!("much")),
        ("created_at", json!("yesterday")),
        ("updated_at", json!("")),
        ("stores", json!(["a", "b"])),
        ("name", json!({ "en": "a" })),
        ("protected", json!(7)),
        ("tags", json!("a,b")),
        ("locations", json!("here")),
    ];
    for (field, value) in odd {
        let mut page = json!({ "images": images(0..20) });
        page["images"][17][field] = value.clone();
        let server = saying(page.to_string()).await;
        let read = ims(&server).list_images().await.unwrap().images;
        assert_eq!(read.len(), 20, "{field}");
        let image = &read[17];
        // Nothing is lost, and the image is written as it came.
        assert_eq!(serde_json::to_value(image).unwrap()[field], value, "{field}");
        if field != "stores" {
            assert_eq!(image.unreadable.get(field), Some(&value), "{field}");
        }
        assert!(read.iter().filter(|image| !image.unreadable.is_empty()).count() <= 1);
    }
}

#[tokio::test]
async fn a_number_that_json_does_not_have_names_the_place() {
    let mut page = json!({ "images": images(0..20) });
    page["images"][17]["size"] = "NUMBER".into();
    let server = saying(page.to_string().replace("\"NUMBER\"", "1e400")).await;
    let error = ims(&server).list_images().await.unwrap_err();
    assert_error(&error, ErrorKind::Decode, &["is not JSON: number out of range", "1e400"]);
}

#[tokio::test]
async fn an_error_shows_what_stands_before_its_place() {
    let message = async |name: &str| {
        let image = format!(r#"{{"name": "{name}", "id": null, "owner": "behind"}}"#);
        let server = saying(format!("{{\n  \"images\": [\n    {image}\n  ]\n}}")).await;
        ims(&server).list_images().await.unwrap_err().message().to_owned()
    };
    let short = message("short").await;
    assert!(short.ends_with(r#": { "images": [ {"name": "short", "id": null"#), "{short}");
    // The last 80 bytes of a longer text.
    let long = message(&"x".repeat(300)).await;
    let expected = format!(r#": …{}", "id": null"#, "x".repeat(67));
    assert!(long.ends_with(&expected), "{long}");
}

#[tokio::test]
async fn json_that_breaks_off() {
    let page = json!({ "images": images(0..5) }).to_string();
    for end in [1, 20, page.len() - 1] {
        let server = saying(&page[..end]).await;
        let error = ims(&server).list_images().await.unwrap_err();
        assert_error(
            &error,
            ErrorKind::Decode,
            &["(application/json) is not JSON: EOF while parsing"],
        );
        assert_eq!(error.status().unwrap(), 200);
    }
}

#[tokio::test]
async fn json_that_is_no_text_or_nested_too_deep() {
    let server = saying(*b"{\"images\": [{\"id\": \"\xff\xfe\"}]}").await;
    let error = ims(&server).list_images().await.unwrap_err();
    assert_error(&error, ErrorKind::Decode, &["is not JSON: invalid utf-8 sequence"]);

    let deep = format!(r#"{{"images": [{{"id": "a", "x": {}"#, "[".repeat(100_000));
    let server = saying(deep).await;
    let error = ims(&server).list_images().await.unwrap_err();
    assert_error(&error, ErrorKind::Decode, &["recursion limit exceeded"]);
}

#[tokio::test]
async fn another_document_altogether() {
    for text in ["[]", "null", "17", "\"images\""] {
        let server = saying(text).await;
        let error = ims(&server).list_images().await.unwrap_err();
        assert_error(&error, ErrorKind::Decode, &["the response: invalid ", text]);
    }
}

#[tokio::test]
async fn a_token_in_a_broken_answer_is_not_shown() {
    for text in [
        format!(r#"{{"images": [{{"id": {{ "a": "{TOKEN}" }}}}]}}"#),
        format!(r#"{{"images": "{TOKEN}"}}"#),
        format!("token {TOKEN}"),
    ] {
        let server = saying(text).await;
        let error = ims(&server).list_images().await.unwrap_err();
        assert_error(&error, ErrorKind::Decode, &[]);
        assert!(String::from_utf8_lossy(error.raw_body().unwrap()).contains("[redacted]"));
        assert_no_token(&error, TOKEN);
    }
}

#[tokio::test]
async fn a_token_in_a_broken_answer_that_has_no_end_is_not_shown() {
    // As PHP writes a slash, and in another way; the type is wrong before the text is.
    for spelled in [r"a\/token-of-mine", r"a\u002ftoken-of-mine"] {
        let server = saying(format!(r#"{{"images": "{spelled}", "#)).await;
        let client = cloud_images::ims::Client::builder().endpoint(server.uri());
        let client = client.auth(XAuthToken::new("a/token-of-mine")).build().unwrap();
        let error = client.image_operations().list_images().await.unwrap_err();
        assert_error(&error, ErrorKind::Decode, &["images: ", "[redacted]"]);
        assert_no_token(&error, "a/token-of-mine");
    }
}

#[tokio::test]
async fn a_token_at_the_end_of_a_long_message_is_not_shown_in_part() {
    let text = json!({ "status": "failed", "message": format!("{}{TOKEN}", "x".repeat(630)) });
    let server = saying(text.to_string()).await;
    let error = gpu(&server).list_images().await.unwrap_err();
    assert_error(&error, ErrorKind::Failed, &["[redacted"]);
    assert_no_token(&error, &TOKEN[..8]);
}

#[tokio::test]
async fn names_and_values_of_any_length_make_a_short_line() {
    let long = "long\n\u{1b}[31m".repeat(100_000);
    let image = json!({ "id": 1, "os_id": "a", "os_name": { long.as_str(): 1 } });
    let region = json!({ "status": "success", "data": { long.as_str(): [image] } });
    let value = json!({ "status": "success", "data": { "a": [long] } });
    for (answer, fragment) in [(region, "data.long"), (value, "data.a[0]: invalid type")] {
        let server = saying(answer.to_string()).await;
        let error = gpu(&server).list_images().await.unwrap_err();
        assert_error(&error, ErrorKind::Decode, &[fragment]);
        assert!(error.to_string().len() < 1000 && format!("{error:?}").len() < 2000);
        assert!(!error.to_string().contains('\u{1b}'));
    }
}

#[tokio::test]
async fn a_failure_in_a_success() {
    let text = json!({ "status": "failed", "message": format!("no region\nfor {TOKEN}") });
    let server = saying(text.to_string()).await;
    let error = gpu(&server).list_images().await.unwrap_err();
    assert_error(&error, ErrorKind::Failed, &["list_images: 200 OK: no region for [redacted]"]);
    assert_no_token(&error, TOKEN);

    let server = saying(r#"{"status": "failed"}"#).await;
    let error = gpu(&server).list_images().await.unwrap_err();
    assert_error(&error, ErrorKind::Failed, &["the service says that the request failed"]);
    assert_eq!(requests(&server).await.len(), 1);
}
