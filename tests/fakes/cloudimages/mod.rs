//! The API that IMS has of its own.

mod requests;

use crate::hostile::{Answer, Hostile, http, ok};
use cloud_images::auth::{AkSk, Keystone, XAuthToken};
use cloud_images::ims::Client;
use cloud_images::ims::cloudimages::types::{
    DataDiskImage, ImageChange, JobStatus, ResourceTag, TagSearchAction, TagValues,
};
use cloud_images::testing::FakeIms;
use cloud_images::{ErrorKind, wait::Wait};
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use std::time::Duration;

const PROJECT: &str = "39465d1ecd414943b9fcca33720b8754";

fn client(server: &Hostile) -> Client {
    let auth = XAuthToken::new("token").project_id("the-project");
    Client::builder().endpoint(server.url()).auth(auth).build().unwrap()
}

fn fast<S: Clone + Send + Sync + 'static>(wait: Wait<S>) -> Wait<S> {
    wait.interval(Duration::from_millis(10)).backoff(1.0)
}

#[tokio::test]
async fn every_image_comes_once_although_there_is_no_link() {
    let server = FakeIms::builder().images(98).start().await;
    let images = server.client().cloud_images();
    for size in [1, 7, 50, 100, 500] {
        server.clear_requests();
        let all = images.list_images().page_size(size).items();
        let mut ids: Vec<String> = all.map_ok(|image| image.id).try_collect().await.unwrap();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 100, "pages of {size}");
        // The end is an empty page.
        assert_eq!(server.requests().len(), 100_usize.div_ceil(size as usize) + 1);
    }
    let mut stream = images.list_images().page_size(10).items();
    let first: Vec<_> =
        stream.by_ref().take(15).map_ok(|image| image.id).try_collect().await.unwrap();
    let cursor = stream.cursor().to_string().parse().unwrap();
    let rest = images.list_images().page_size(10).resume(cursor).items();
    let rest: Vec<_> = rest.map_ok(|image| image.id).try_collect().await.unwrap();
    assert_eq!(first.len() + rest.len(), 100);
    assert!(rest.iter().all(|id| !first.contains(id)));
}

#[tokio::test]
async fn a_service_that_ignores_the_position_is_a_loop() {
    let body = json!({ "tags": ["a.1", "b.2"] }).to_string();
    let server = Hostile::start(move |_, _| ok(&body)).await;
    let tags = client(&server).cloud_image_tags().list_tags().items();
    let items: Vec<_> = tags.collect().await;
    let Some((Err(error), tags)) = items.split_last() else { panic!("{items:?}") };
    assert_eq!(error.kind(), ErrorKind::PaginationLoop);
    assert_eq!(tags.len(), 2, "no row comes twice");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_job_is_waited_for_with_its_progress_and_its_images() {
    let server = FakeIms::builder().images(0).start().await;
    let client = server.client();
    let request = client.cloud_images().create_image().name("web").instance_id("877a2cda");
    let started = request.await.unwrap();
    let states: Vec<_> =
        fast(client.jobs().show_job(started.id()).wait_for_job()).try_collect().await.unwrap();
    let progress: Vec<_> = states.iter().map(|job| job.progress()).collect();
    assert_eq!(progress, [Some(0.0), Some(0.5), Some(1.0)]);
    // While it runs, its end is an empty text.
    assert_eq!(states[0].end_time, None);
    let done = states.last().unwrap();
    assert!(done.end_time.is_some());
    let [id] = done.image_ids()[..] else { panic!("{done:?}") };
    assert_eq!(
        client.image_operations().show_image(id).await.unwrap().name.as_deref(),
        Some("web")
    );
    // Its id and the project are enough in another process.
    let elsewhere = Client::builder()
        .endpoint(server.url())
        .auth(XAuthToken::new("token-of-the-fake"))
        .build()
        .unwrap();
    let request = elsewhere.jobs().show_job(started.id());
    let missing = request.clone().await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::InvalidRequest);
    assert!(missing.message().contains(".project_id("), "{missing}");
    let done = fast(request.project_id(PROJECT).wait_for_job()).await.unwrap();
    assert_eq!(done.status, Some(JobStatus::Success));
}

#[tokio::test]
async fn a_failed_job_says_why_and_sub_jobs_have_the_images() {
    let server = FakeIms::builder().images(0).start().await;
    let client = server.client();
    let images = client.cloud_images();
    let started = images.create_image().name("web").image_url("missing:web.qcow2").await.unwrap();
    let failed = fast(client.jobs().show_job(started.id()).wait_for_job()).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Failed);
    assert!(failed.message().contains("The file does not exist. (IMG.0098)"), "{failed}");

    let disks = ["one", "two"].map(|name| DataDiskImage::new(name, "volume"));
    let [one, two] = disks;
    let started = images.create_image().data_image(one).data_image(two).await.unwrap();
    let job = fast(client.jobs().show_job(started.id()).wait_for_job()).await.unwrap();
    assert_eq!((job.sub_jobs().len(), job.image_ids().len()), (2, 2));

    let unknown = client.jobs().show_job("nope").await.unwrap_err();
    assert_eq!((unknown.kind(), unknown.code()), (ErrorKind::BadRequest, Some("IMG.0010")));
    let copy = images.copy_image_in_region("nope", "copy").await.unwrap_err();
    assert!(copy.is_not_found(), "{copy}");
}

/// The reason stands in one of three places, and times in one of three forms.
#[tokio::test]
async fn a_job_is_read_in_all_the_forms_that_were_seen() {
    let cases = [
        (json!({ "fail_reason": "own", "error_code": "IMG.1" }), "own (IMG.1)"),
        (json!({ "entities": { "error": "inner", "error_code": "IMG.2" } }), "inner (IMG.2)"),
        (
            json!({ "fail_reason": null, "error_code": null, "entities": { "sub_jobs_result": [
                { "status": "SUCCESS", "entities": { "image_id": "a" } },
                { "status": "FAIL", "fail_reason": "part", "error_code": "IMG.3" },
            ] } }),
            "part (IMG.3)",
        ),
        (json!({ "error_code": "IMG.4" }), "IMG.4"),
    ];
    for (mut body, reason) in cases {
        body["status"] = "FAIL".into();
        body["job_id"] = "7".into();
        body["begin_time"] = "04-Jun-2015 18:11:06:586".into();
        body["end_time"] = "".into();
        let text = body.to_string();
        let server = Hostile::start(move |_, _| ok(&text)).await;
        let error = client(&server).jobs().show_job("7").wait_for_job().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed);
        assert!(error.message().ends_with(reason), "{error}");
        let job = client(&server).jobs().show_job("7").await.unwrap();
        assert_eq!((job.begin_time, job.end_time), (None, None));
        assert_eq!(job.unreadable.get("begin_time").unwrap(), "04-Jun-2015 18:11:06:586");
    }
}

/// What each request is on the wire.
#[tokio::test]
async fn requests_have_their_project_and_their_bodies() {
    let server = Hostile::start(|_, request| {
        let body = match request.line.contains("resource_instances") {
            // Two pages of a list whose position is in the body.
            true if sent(&request.body)["offset"] == "0" => {
                json!({ "resources": [{ "resource_id": "a" }, { "resource_id": "b" }], "total_count": 3 })
            }
            true => json!({ "resources": [{ "resource_id": "c" }], "total_count": 3 }),
            false => json!({ "job_id": "1", "quotas": {}, "tags": [], "id": "7" }),
        };
        ok(&body.to_string())
    })
    .await;
    let client = client(&server);
    let tags = client.cloud_image_tags();
    let search =
        tags.list_image_by_tags(TagSearchAction::Filter).tag(TagValues::new("k", ["v", "w"]));
    let found: Vec<_> = search.page_size(2).items().try_collect().await.unwrap();
    assert_eq!(found.len(), 3);
    tags.batch_delete_tags("7", vec![ResourceTag::new("k", "v")]).await.unwrap();
    tags.add_image_tag("7", ResourceTag::new("k", "v")).project_id("another").await.unwrap();
    let images = client.cloud_images();
    images.update_image("7", vec![ImageChange::replace("name", "n")]).await.unwrap();
    let members = client.cloud_image_members();
    let images_of = vec!["7".to_owned()];
    members.batch_delete_members(images_of, vec!["p".to_owned()]).await.unwrap();
    client.image_operations().delete_image("7").await.unwrap();
    client.image_operations().delete_image("7").delete_backup(true).await.unwrap();
    let members = client.image_members();
    let _ = members.update_image_member("7", "p", "accepted").vault_id("v").await;

    let seen: Vec<(String, Value)> = server
        .requests()
        .iter()
        .map(|request| {
            let line = request.line.trim_end_matches(" HTTP/1.1").to_owned();
            (line, sent(&request.body))
        })
        .collect();
    let expected = [
        (
            "POST /v2/the-project/images/resource_instances/action",
            json!({ "action": "filter", "tags": [{ "key": "k", "values": ["v", "w"] }], "limit": "2", "offset": "0" }),
        ),
        (
            "POST /v2/the-project/images/resource_instances/action",
            json!({ "action": "filter", "tags": [{ "key": "k", "values": ["v", "w"] }], "limit": "2", "offset": "2" }),
        ),
        (
            "DELETE /v1/the-project/cloudimages/7/tags/delete",
            json!({ "tags": [{ "key": "k", "value": "v" }] }),
        ),
        ("POST /v2/another/images/7/tags", json!({ "tag": { "key": "k", "value": "v" } })),
        ("PATCH /v2/cloudimages/7", json!([{ "op": "replace", "path": "/name", "value": "n" }])),
        ("DELETE /v1/cloudimages/members", json!({ "images": ["7"], "projects": ["p"] })),
        // No body at all, as Glance wants it.
        ("DELETE /v2/images/7", Value::Null),
        ("DELETE /v2/images/7", json!({ "delete_backup": true })),
        ("PUT /v2/images/7/members/p", json!({ "status": "accepted", "vault_id": "v" })),
    ];
    for ((line, body), (expected_line, expected_body)) in seen.iter().zip(expected.clone()) {
        assert_eq!((line.as_str(), body), (expected_line, &expected_body));
    }
    assert_eq!(seen.len(), expected.len());
    let bare =
        server.requests().into_iter().find(|request| request.line.starts_with("DELETE /v2/images"));
    assert_eq!(bare.unwrap().header("content-type"), None);
}

fn sent(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

#[tokio::test]
async fn keys_say_the_project_too() {
    let server = Hostile::start(|_, _| ok(r#"{"tags": []}"#)).await;
    let keys = AkSk::new("AK", "SK").project_id("of-the-keys");
    let client = Client::builder().endpoint(server.url()).auth(keys).build().unwrap();
    client.cloud_image_tags().list_image_tags("7").await.unwrap();
    let line = &server.requests()[0].line;
    assert!(line.starts_with("GET /v2/of-the-keys/images/7/tags"), "{line}");
}

/// Keystone and IMS, and a login whose token is for a project of this id, or for a domain.
async fn logged_in(project: Option<&'static str>) -> (Hostile, Client) {
    let server = Hostile::start(move |_, request| {
        if !request.line.contains("/auth/tokens") {
            return ok(r#"{"tags": []}"#);
        }
        let url = format!("http://{}", request.header("host").unwrap());
        let endpoint = json!({ "interface": "public", "region": "eu-de", "url": url });
        let mut token = json!({
            "issued_at": "2026-01-01T00:00:00Z", "expires_at": "2026-01-01T01:00:00Z",
            "catalog": [{ "type": "image", "endpoints": [endpoint] }],
        });
        match project {
            Some(id) => token["project"] = json!({ "id": id, "name": "eu-de" }),
            None => token["domain"] = json!({ "id": "default" }),
        }
        let body = json!({ "token": token }).to_string();
        Answer::Keep(http("201 Created", "x-subject-token: of-the-login\r\n", &body))
    })
    .await;
    let login = Keystone::password(format!("{}/v3", server.url())).user("me", "Default");
    let login = login.password("secret").project("eu-de", "Default");
    let client = Client::builder().auth(login).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn the_login_says_the_project_unless_the_call_does() {
    let (server, client) = logged_in(Some("of-the-login")).await;
    let tags = client.cloud_image_tags();
    tags.list_image_tags("7").await.unwrap();
    tags.list_image_tags("7").project_id("of-the-call").await.unwrap();
    client.jobs().show_job("8").await.unwrap();
    let lines: Vec<String> = server.requests().into_iter().map(|request| request.line).collect();
    let expected = [
        "POST /v3/auth/tokens HTTP/1.1",
        "GET /v2/of-the-login/images/7/tags HTTP/1.1",
        "GET /v2/of-the-call/images/7/tags HTTP/1.1",
        "GET /v1/of-the-login/jobs/8 HTTP/1.1",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_login_without_a_project_leaves_it_to_the_call() {
    let (server, client) = logged_in(None).await;
    let tags = client.cloud_image_tags();
    let error = tags.list_image_tags("7").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.message().contains(".project_id("), "{error}");
    assert_eq!(server.count(), 1, "nothing but the login is sent");
    tags.list_image_tags("7").project_id("of-the-call").await.unwrap();
}

#[tokio::test]
async fn a_missing_api_is_no_missing_image() {
    let body =
        r#"{"error_code": "APIGW.0101", "error_msg": "The API does not exist", "request_id": "r"}"#;
    let server = Hostile::start(move |_, _| Answer::Keep(http("404 Not Found", "", body))).await;
    let error = client(&server).cloud_images().copy_image_in_region("7", "n").await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::NoSuchApi, Some("APIGW.0101")));
    let body: cloud_images::ims::cloudimages::types::ImsError = error.body().unwrap();
    assert_eq!(body.request_id.as_deref(), Some("r"));
}
