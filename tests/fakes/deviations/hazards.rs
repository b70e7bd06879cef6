//! A 412 that is a yes, and deletions that hit something else.

use super::{answer_to, answering, client, json, requests};
use cloud_images::parallelcluster::Configuration;
use cloud_images::{ErrorKind, RetryPolicy};
use serde_json::json as object;
use wiremock::MockServer;

const DRY: &str = "Request would have succeeded, but DryRun flag is set.";
const NO_IMAGE: &str = "No artifact directory found in image tag and cloudformation stack tag.";

#[tokio::test]
async fn a_dry_run_that_would_succeed_is_no_error() {
    let answer = json(412, object!({"message": DRY}));
    let server = answering("POST", "/v3/images/custom", answer).await;
    let images = client(&server).image_operations();
    let outcome = images.build_image("i1", "Build:").region("eu-west-1").dry_run().await.unwrap();
    assert_eq!(outcome.message, DRY);
    assert_eq!(requests(&server).await, ["POST /v3/images/custom?dryrun=true&region=eu-west-1"]);
}

#[tokio::test]
async fn a_dry_run_tells_what_would_change() {
    let answer = json(
        412,
        object!({
            "changeSet": [{"currentValue": "10", "parameter": "MaxCount", "requestedValue": "20"}],
            "message": DRY,
            "validationMessages": [{"level": "WARNING", "message": "careful", "type": "V"}]
        }),
    );
    let server = answering("PUT", "/v3/clusters/c1", answer).await;
    let clusters = client(&server).cluster_operations();
    let outcome = clusters.update_cluster("c1", "Region: us-east-1").dry_run().await.unwrap();
    assert_eq!(outcome.change_set[0].requested_value.as_deref(), Some("20"));
    assert_eq!(outcome.validation_messages[0].message.as_deref(), Some("careful"));
}

#[tokio::test]
async fn a_dry_run_that_would_fail_is_the_error_of_the_request() {
    let answer = json(409, object!({"message": "ParallelCluster image i1 already exists."}));
    let server = answering("POST", "/v3/images/custom", answer).await;
    let error =
        client(&server).image_operations().build_image("i1", "Build:").dry_run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn a_dry_run_that_was_carried_out_is_an_error() {
    let body = object!({"image": {"imageId": "i1", "region": "us-east-1"}});
    let server = answering("POST", "/v3/images/custom", json(202, body)).await;
    let error =
        client(&server).image_operations().build_image("i1", "Build:").dry_run().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
}

#[tokio::test]
async fn a_configuration_is_sent_as_plain_text() {
    let server = answering("POST", "/v3/images/custom", json(412, object!({"message": DRY}))).await;
    let images = client(&server).image_operations();
    let text = "Build:\n  ParentImage: ami-0aaaaaaaaaaaaaaa1 # é\n";
    let file = std::env::temp_dir().join(format!("cloud-images-{}.yaml", std::process::id()));
    std::fs::write(&file, text).unwrap();
    for configuration in [
        Configuration::from(text),
        Configuration::from_bytes(text.as_bytes()).unwrap(),
        Configuration::from_file(&file).unwrap(),
    ] {
        images.build_image("i1", configuration).dry_run().await.unwrap();
    }
    images.build_image("i1", text).dry_run().await.unwrap();
    std::fs::remove_file(&file).unwrap();
    let received = server.received_requests().await.unwrap();
    assert_eq!(received.len(), 4);
    for request in received {
        let body: serde_json::Value = request.body_json().unwrap();
        assert_eq!(body, object!({"imageId": "i1", "imageConfiguration": text}));
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_an_error_with_its_name() {
    let error = Configuration::from_file("no-such-configuration.yaml").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.message().contains("no-such-configuration.yaml"), "{error}");
    assert!(Configuration::from_bytes(vec![0xff]).is_err());
    let secret = Configuration::from("Password: hunter2");
    assert!(!format!("{secret:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_checked_deletion_refuses_what_is_no_image() {
    let route = "/v3/images/custom/cluster-101";
    let server = MockServer::start().await;
    for verb in ["GET", "DELETE"] {
        answer_to(&server, verb, route, json(500, object!({"message": NO_IMAGE}))).await;
    }
    let images = client(&server).image_operations();
    let error = images.delete_image("cluster-101").checked().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.message().contains(NO_IMAGE), "{error}");
    assert!(requests(&server).await.iter().all(|request| request.starts_with("GET ")));
}

#[tokio::test]
async fn a_checked_deletion_does_not_take_a_throttled_look_for_a_wrong_id() {
    let answer = json(500, object!({"message": "Rate exceeded"}));
    let server = answering("GET", "/v3/images/custom/i1", answer).await;
    let delete = client(&server).image_operations().delete_image("i1").retry(RetryPolicy::none());
    let error = delete.checked().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_checked_deletion_of_an_image_looks_and_deletes_in_the_same_region() {
    let route = "/v3/images/custom/i1";
    let server = MockServer::start().await;
    let image = object!({
        "imageBuildStatus": "BUILD_COMPLETE", "imageConfiguration": {}, "imageId": "i1",
        "region": "eu-west-1"
    });
    let deleted = object!({"image": {
        "imageBuildStatus": "DELETE_IN_PROGRESS", "imageId": "i1", "region": "eu-west-1"
    }});
    answer_to(&server, "GET", route, json(200, image)).await;
    answer_to(&server, "DELETE", route, json(202, deleted)).await;
    let images = client(&server).image_operations();
    let answer = images.delete_image("i1").region("eu-west-1").force(true).checked().await.unwrap();
    assert_eq!(answer.image.image_id, "i1");
    assert_eq!(
        requests(&server).await,
        [
            format!("GET {route}?region=eu-west-1"),
            format!("DELETE {route}?force=true&region=eu-west-1")
        ]
    );
}

#[tokio::test]
async fn a_checked_deletion_of_nothing_is_not_found() {
    let message = "No image or stack associated with ParallelCluster image id: i1.";
    let answer = json(404, object!({"message": message}));
    let server = answering("GET", "/v3/images/custom/i1", answer).await;
    let error = client(&server).image_operations().delete_image("i1").checked().await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(requests(&server).await.len(), 1);
}

#[tokio::test]
async fn a_checked_deletion_refuses_an_image_in_the_place_of_a_cluster() {
    let build = object!({
        "cloudFormationStackStatus": "CREATE_IN_PROGRESS", "cloudformationStackArn": "arn",
        "clusterConfiguration": {"url": "NOT_AVAILABLE"}, "clusterName": "building-050",
        "clusterStatus": "CREATE_IN_PROGRESS", "computeFleetStatus": "UNKNOWN",
        "creationTime": "2026-11-21T08:14:01.000Z", "lastUpdatedTime": "2026-11-21T08:14:01.000Z",
        "region": "us-east-1", "scheduler": {}, "tags": [], "version": "3.16.1"
    });
    let server = answering("GET", "/v3/clusters/building-050", json(200, build)).await;
    let clusters = client(&server).cluster_operations();
    let error = clusters.delete_cluster("building-050").checked().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(requests(&server).await, ["GET /v3/clusters/building-050"]);
}
