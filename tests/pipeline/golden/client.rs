//! The client of the toy document at work. It is a module of the crate's unit tests, since generated code
//! is a part of the crate.

use super::{Client, requests, types};
use crate::ErrorKind;
use serde_json::{Value, json};
use wiremock::matchers::{body_string, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn server() -> (MockServer, Client) {
    let server = MockServer::start().await;
    let auth = crate::auth::Bearer::new("t0ken");
    let client = Client::builder().endpoint(server.uri()).auth(auth).build().unwrap();
    (server, client)
}

fn json_answer(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

fn read(value: Value) -> types::Box {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn lists_are_asked_for_as_the_document_says() {
    let (server, client) = server().await;
    Mock::given(method("GET"))
        .and(path("/boxes"))
        .and(query_param("api-version", "2024-01-01"))
        .and(query_param("zone", "a"))
        .and(header("X-Filter", "{\"size\": 1}"))
        .respond_with(json_answer(200, json!({ "boxes": null })))
        .expect(1)
        .mount(&server)
        .await;
    let request = client.toy_boxes().list_boxes().zone("a").x_filter("{\"size\": 1}");
    let page = request.colour("red").colour("dark blue").await.unwrap();
    assert!(page.boxes.is_empty());
    let sent = &server.received_requests().await.unwrap()[0];
    let query = sent.url.query().unwrap();
    assert!(query.contains("colour=red&colour=dark%20blue"), "{query}");
}

#[tokio::test]
async fn all_parameters_stand_in_the_url_in_the_order_of_their_names() {
    let (server, client) = server().await;
    Mock::given(path("/boxes"))
        .respond_with(json_answer(200, json!({ "boxes": [] })))
        .mount(&server)
        .await;
    let boxes = client.toy_boxes();
    boxes.list_boxes().await.unwrap();
    let request = boxes.list_boxes().zone("").page(7u32).page_size(50);
    request.colour("red").colour("a+b & c").await.unwrap();
    let sent = server.received_requests().await.unwrap();
    assert_eq!(sent[0].url.query(), Some("api-version=2024-01-01"));
    let all = "api-version=2024-01-01&colour=red&colour=a%2Bb%20%26%20c&page=7&per_page=50&zone=";
    assert_eq!(sent[1].url.query(), Some(all));
}

/// The page of a number: three boxes each, and the last one is the third.
fn page(server: &str, number: usize) -> ResponseTemplate {
    let boxes = (0..3).map(|index| json!({ "id": 3 * number + index, "name": "a" }));
    let answer = json_answer(200, json!({ "boxes": boxes.collect::<Vec<_>>() }));
    if number == 3 {
        return answer;
    }
    // Another host, and other parameters: the position alone is taken.
    let next = format!(
        "<{server}/boxes?page=1>; rel=\"first\", <https://other.example/?page={}&zone=b>; rel=next",
        number + 1
    );
    answer.append_header("Link", next)
}

#[tokio::test]
async fn items_are_those_of_all_pages_that_the_header_leads_to() {
    use futures::TryStreamExt;

    let (server, client) = server().await;
    for number in 1..=3 {
        let mut mock = Mock::given(path("/boxes")).and(query_param("zone", "a"));
        mock = mock.and(query_param("per_page", "50"));
        if number > 1 {
            mock = mock.and(query_param("page", number.to_string()));
        }
        // The page without a number is the first.
        let priority = if number == 1 { 2 } else { 1 };
        mock.respond_with(page(&server.uri(), number))
            .with_priority(priority)
            .expect(1)
            .mount(&server)
            .await;
    }
    let items = client.toy_boxes().list_boxes().zone("a").items();
    let ids: Vec<_> = items.map_ok(|item| item.id).try_collect().await.unwrap();
    assert_eq!(ids, ["3", "4", "5", "6", "7", "8", "9", "10", "11"]);
}

#[tokio::test]
async fn a_link_whose_positions_are_no_ids_never_leads_back() {
    use futures::TryStreamExt;

    let (server, client) = server().await;
    let gone = json_answer(404, json!({ "message": "no such page" }));
    Mock::given(query_param("page", "2")).respond_with(gone).with_priority(1).mount(&server).await;
    Mock::given(path("/boxes")).respond_with(page(&server.uri(), 1)).mount(&server).await;
    let mut items = client.toy_boxes().list_boxes().items();
    for id in ["3", "4", "5"] {
        assert_eq!(items.try_next().await.unwrap().unwrap().id, id);
    }
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}

#[test]
fn times_without_a_zone_are_in_utc() {
    let made = |text: &str| read(json!({ "id": 1, "name": "a", "made": text })).made.unwrap();
    for text in ["2020-01-02T03:04:05", "2020-01-02T03:04:05Z", "2020-01-02T05:04:05+02:00"] {
        assert_eq!(made(text).to_rfc3339(), "2020-01-02T03:04:05+00:00", "{text}");
    }
}

#[test]
fn a_list_that_is_null_is_empty_and_mixed_values_stay_as_they_are() {
    let of = |maker: Value| {
        let read =
            read(json!({ "id": 1, "name": "a", "tags": null, "layers": null, "maker": maker }));
        assert!(read.tags.is_empty() && read.layers.is_empty() && read.unreadable.is_empty());
        read.maker
    };
    for maker in [json!("me"), json!({ "name": "me" }), json!([1, null])] {
        assert_eq!(of(maker.clone()), Some(maker));
    }
}

#[tokio::test]
async fn ids_are_numbers_or_texts() {
    let (server, client) = server().await;
    let one = json!({ "id": 7, "name": "a" });
    Mock::given(path("/boxes/7")).respond_with(json_answer(200, one)).mount(&server).await;
    let slashed = json!({ "id": "a/b", "name": "b" });
    Mock::given(path("/boxes/a%2Fb")).respond_with(json_answer(200, slashed)).mount(&server).await;
    let boxes = client.toy_boxes();
    assert_eq!(boxes.show_box(7).await.unwrap().id, "7");
    assert_eq!(boxes.show_box("a/b").await.unwrap().id, "a/b");
    let refused = boxes.show_box("a#b").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn a_success_that_says_that_it_failed_is_an_error() {
    let (server, client) = server().await;
    let failed = json!({ "boxes": [1], "ok": false, "error": { "text": "no boxes today" } });
    Mock::given(path("/boxes")).respond_with(json_answer(200, failed)).mount(&server).await;
    let error = client.toy_boxes().list_boxes().await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Failed, "no boxes today"));
}

#[tokio::test]
async fn the_body_of_an_error_is_that_of_its_row() {
    let (server, client) = server().await;
    let body = json!({ "message": "broken" });
    Mock::given(path("/boxes/a")).respond_with(json_answer(409, body)).mount(&server).await;
    let error = client.toy_boxes().show_box("a").await.unwrap_err();
    let failure = error.body::<types::Failure>().unwrap();
    assert_eq!(failure.message.as_deref(), Some("broken"));
}

#[tokio::test]
async fn a_form_is_sent_as_one_and_a_secret_is_not_shown() {
    let (server, client) = server().await;
    Mock::given(method("POST"))
        .and(header("content-type", "application/x-www-form-urlencoded"))
        .and(body_string("password=p+%26&user=me"))
        .respond_with(json_answer(200, json!({ "token": "s3cret" })))
        .expect(1)
        .mount(&server)
        .await;
    let request = client.sessions().login("me", "p &");
    assert!(!format!("{request:?}").contains("p &"));
    let session = request.await.unwrap();
    assert_eq!(session.token, "s3cret");
    assert!(!format!("{session:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_body_takes_what_any_of_its_alternatives_has() {
    let (server, client) = server().await;
    Mock::given(method("POST"))
        .and(path("/boxes"))
        .respond_with(json_answer(201, json!({ "id": 1, "name": "a" })))
        .mount(&server)
        .await;
    let request = client.toy_boxes().create_box("a").template("b").label("colour", "red");
    request.key("k").await.unwrap();
    let sent: Value = server.received_requests().await.unwrap()[0].body_json().unwrap();
    let labels = json!({ "colour": "red" });
    assert_eq!(sent, json!({ "name": "a", "template": "b", "labels": labels, "key": "k" }));
}

#[tokio::test]
async fn requests_are_made_of_related_ones() {
    let (_server, client) = server().await;
    let delete = client.toy_boxes().delete_box(7);
    assert_eq!(requests::ShowBox::from(&delete).box_id, "7");
}

#[test]
fn one_of_several_objects_is_the_first_that_fits() {
    let of = |value: Value| serde_json::from_value::<types::ShowLidResponse>(value).unwrap();
    let boxed = of(json!({ "box": { "id": 1, "name": "a" } }));
    assert!(matches!(boxed, types::ShowLidResponse::ShowLidResponseBoxedLid(_)), "{boxed:?}");
    let bare = of(json!({ "lidColour": "red" }));
    assert!(matches!(bare, types::ShowLidResponse::Lid(_)), "{bare:?}");
}

#[test]
fn one_odd_field_fails_nothing_else() {
    let odd = json!({
        "id": 9_007_199_254_740_993_u64, "name": 5, "weight": "1.5", "1x": "True", "made": "soon",
        "price": 2.5, "tags": ["a", 1, { "b": 2 }], "inner": [1], "layers": { "lidColour": true },
        "lid": null, "maker": null, "more": { "x": 1 },
    });
    let read = read(odd);
    assert_eq!(read.id, "9007199254740993");
    assert_eq!((read.name.as_str(), read.weight, read.once), ("5", Some(1.5), Some(true)));
    assert_eq!(read.price.as_deref(), Some("2.5"));
    assert_eq!(read.tags, ["a", "1"]);
    assert_eq!((read.made, &read.inner, &read.lid), (None, &None, &None));
    assert_eq!(read.layers.len(), 1);
    // `true` is the text that the enum knows, or another one: nothing is lost.
    assert_eq!(read.layers[0].lid_colour.as_ref().unwrap().as_str(), "true");
    assert_eq!(read.extra.get("more").unwrap().to_string(), "{\"x\":1}");
    let unreadable: Vec<_> = read.unreadable.iter().collect();
    let expected =
        [("inner", &json!([1])), ("made", &json!("soon")), ("tags", &json!([{ "b": 2 }]))];
    assert_eq!(unreadable, expected);
    assert!(!format!("{read:?}").contains("soon"));

    // And it is written as it was read.
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!((&written["made"], &written["inner"]), (&json!("soon"), &json!([1])));
    assert_eq!(written["more"], json!({ "x": 1 }));
    assert_eq!(self::read(written.clone()), read_again(&written));
}

fn read_again(written: &Value) -> types::Box {
    serde_json::from_str(&written.to_string()).unwrap()
}

#[test]
fn a_record_gives_what_another_one_can_have() {
    let read = read(json!({ "id": 1, "name": "a", "lid": null, "1x": true, "colour": "red" }));
    let properties = serde_json::to_value(read.properties()).unwrap();
    assert_eq!(properties, json!({ "name": "a", "1x": true, "colour": "red" }));
}

#[test]
fn what_has_to_be_there_is_an_error_with_its_place() {
    let page = |text: &str| {
        let reader = &mut serde_json::Deserializer::from_str(text);
        let error = serde_path_to_error::deserialize::<_, types::BoxList>(reader).unwrap_err();
        error.to_string()
    };
    let list = page(r#"{"boxes": [{"id": "a", "name": "b"}, {"id": {}, "name": "c"}]}"#);
    assert!(list.starts_with("boxes[1].id: invalid type: map, expected a string"), "{list}");
    let item = page(r#"{"boxes": [7]}"#);
    assert!(item.starts_with("boxes[0]: invalid type: integer `7`, expected an object"), "{item}");
    let missing = page("{}");
    assert!(missing.contains("missing field `boxes`"), "{missing}");
    let other = page(r#"{"boxes": "none"}"#);
    assert!(other.starts_with("boxes: invalid type: string \"none\", expected a list"), "{other}");
}

#[test]
fn of_a_field_that_comes_twice_the_last_value_counts() {
    let twice = r#"{"id": 1, "name": "a", "made": "soon", "made": "2020-01-01T00:00:00"}"#;
    let read: types::Box = serde_json::from_str(twice).unwrap();
    assert!(read.made.is_some() && read.unreadable.is_empty(), "{read:?}");
}
