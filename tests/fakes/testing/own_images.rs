//! Images of the test's own, and what a server records.

use cloud_images::computing::types::Image as SystemImage;
use cloud_images::ims::types::Image;
use cloud_images::parallelcluster::types::DescribeImageResponseContent;
use cloud_images::testing::{FakeComputing, FakeIms, FakeParallelCluster};
use futures::TryStreamExt;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn model<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

#[tokio::test]
async fn an_image_of_glance_has_the_status_dates_and_visibility_of_the_test() {
    let golden: Image = model(json!({
        "id": "golden", "name": "ubuntu-24.04", "status": "active", "visibility": "public",
        "owner": "the-provider", "created_at": "2026-01-31T08:00:00Z", "os_distro": "ubuntu",
        "hw_firmware_type": "uefi", "tags": ["hpc"],
    }));
    let offered: Image =
        model(json!({"id": "offered", "owner": "another", "visibility": "shared"}));
    let hidden: Image = model(json!({"id": "hidden", "owner": "another", "visibility": "private"}));
    let builder = FakeIms::builder().image(golden.clone()).image(offered).image(hidden);
    let server =
        builder.image(model(json!({"id": "golden", "name": "old"}))).image(golden).start().await;

    let images = server.client().image_operations();
    let image = images.show_image("golden").await.unwrap();
    assert_eq!(image.name.as_deref(), Some("ubuntu-24.04"));
    assert_eq!(image.created_at.unwrap().to_rfc3339(), "2026-01-31T08:00:00+00:00");
    assert_eq!(image.owner.as_deref(), Some("the-provider"));
    assert_eq!(image.file.as_deref(), Some("/v2/images/golden/file"));

    let public: Vec<_> =
        images.list_images().visibility("public").tag("hpc").items().try_collect().await.unwrap();
    assert_eq!(public.len(), 1);
    let all: Vec<_> = images.list_images().items().try_collect().await.unwrap();
    let ids: Vec<_> = all.iter().map(|image| image.id.as_str()).collect();
    assert!(ids.contains(&"offered") && !ids.contains(&"hidden"), "{ids:?}");
    assert_eq!(ids.iter().filter(|id| **id == "golden").count(), 1);
}

#[tokio::test]
async fn an_image_of_parallelcluster_is_in_the_list_of_its_status_and_region() {
    let image = |id: &str, status: &str, region: &str| -> DescribeImageResponseContent {
        model(json!({
            "imageId": id, "imageBuildStatus": status, "region": region, "version": "3.9.1",
            "imageConfiguration": { "url": "https://example.com" },
            "creationTime": "2025-12-24T18:00:00.000Z",
            "ec2AmiInfo": { "amiId": "ami-0123", "architecture": "arm64" },
        }))
    };
    let builder = FakeParallelCluster::builder()
        .image(image("ready", "BUILD_COMPLETE", "us-east-1"))
        .image(image("running", "BUILD_IN_PROGRESS", "us-east-1"))
        .image(image("broken", "BUILD_FAILED", "eu-west-1"));
    let server = builder.start().await;
    let images = server.client().image_operations();
    for (id, status, region) in [
        ("ready", "AVAILABLE", "us-east-1"),
        ("running", "PENDING", "us-east-1"),
        ("broken", "FAILED", "eu-west-1"),
    ] {
        let list = images.list_images(status).region(region).items();
        let found: Vec<_> = list.try_collect().await.unwrap();
        let found = found.iter().find(|image| image.image_id == id).unwrap();
        assert_eq!(found.version.as_ref().map(|version| version.as_str()), Some("3.9.1"));
        let image = images.describe_image(id).region(region).await.unwrap();
        assert_eq!(image.creation_time.unwrap().to_rfc3339(), "2025-12-24T18:00:00+00:00");
        assert_eq!(image.ec2_ami_info.unwrap().ami_id, "ami-0123");
    }
    assert!(images.describe_image("broken").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn an_image_of_the_computing_api_is_in_its_region() {
    let image: SystemImage = model(json!({
        "id": 17, "os_id": "65f0", "os_name": "Debian 13", "region": "ICELAND",
    }));
    let server = FakeComputing::builder().image(image.clone()).start().await;
    let by_region = server.client().image_operations().list_images().await.unwrap();
    assert_eq!(by_region.data["ICELAND"], [image]);
    assert_eq!(by_region.data["NORWAY"].len(), 11);
}

#[tokio::test]
async fn a_recorded_request_has_headers_and_body_and_no_credential() {
    let server = FakeIms::builder().token("a-very-secret-token").start().await;
    server.client().image_operations().create_image().name("mine").await.unwrap();
    let requests = server.requests();
    let request = &requests[0];
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body, json!({"name": "mine"}));
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.headers["x-auth-token"], "<redacted>");
    assert!(!format!("{request:?}").contains("a-very-secret-token"));

    let server = FakeParallelCluster::builder().session_token("a-session-token").start().await;
    server.client().image_operations().list_images("AVAILABLE").await.unwrap();
    let text = format!("{:?}", server.requests());
    assert!(!text.contains("a-session-token") && !text.contains("Signature="), "{text}");
}

#[tokio::test]
async fn a_range_of_an_empty_image_is_refused() {
    let server = FakeIms::start().await;
    let client = server.client();
    let create =
        client.image_operations().create_image().disk_format("raw").container_format("bare");
    let id = create.await.unwrap().id;
    client.image_data().upload_image_file(&*id, "").await.unwrap();
    let url = format!("{}/v2/images/{id}/file", server.url());
    for range in ["bytes=0-", "bytes=0-0", "bytes=5-", "bytes=-", "nonsense"] {
        let headers = [("x-auth-token", "token-of-the-fake"), ("range", range)];
        let (status, ..) = super::get(url.clone(), &headers).await;
        assert_eq!(status, 416, "{range}");
    }
}
