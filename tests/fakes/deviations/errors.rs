//! Errors: their statuses, their bodies, and which of them last.

use super::{answering, client, json, requests};
use cloud_images::ErrorKind;
use cloud_images::parallelcluster::types::{
    BadRequestExceptionResponseContent, BuildImageBadRequestExceptionResponseContent,
    UpdateClusterBadRequestExceptionResponseContent,
};
use serde_json::json as object;
use wiremock::ResponseTemplate;

#[tokio::test]
async fn an_invalid_configuration_comes_with_its_messages() {
    let body = object!({
        "configurationValidationErrors": [{
            "level": "ERROR",
            "message": "Invalid image 'ami-0bbbbbbbbbbbbbbbb'.",
            "type": "InstanceTypeBaseAMICompatibleValidator"
        }],
        "message": "Configuration is invalid"
    });
    let server = answering("POST", "/v3/images/custom", json(400, body)).await;
    let error = client(&server).image_operations().build_image("i1", "Build:").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    let body = error.body::<BuildImageBadRequestExceptionResponseContent>().unwrap();
    let found = &body.configuration_validation_errors[0];
    assert_eq!(found.type_.as_deref(), Some("InstanceTypeBaseAMICompatibleValidator"));
    assert_eq!(found.id, None);
    // The body of another operation's 400 is not this one.
    assert_eq!(error.body::<BadRequestExceptionResponseContent>(), None);
}

#[tokio::test]
async fn a_refused_update_comes_with_the_changes_and_the_reasons() {
    let body = object!({
        "changeSet": [
            {"currentValue": "alinux2023", "parameter": "Image.Os", "requestedValue": "rhel9"}
        ],
        "message": "Update failure",
        "updateValidationErrors": [{
            "currentValue": "alinux2023", "requestedValue": "rhel9", "parameter": "Image.Os",
            "message": "Update actions are not currently supported for the 'Os' parameter."
        }]
    });
    let server = answering("PUT", "/v3/clusters/c1", json(400, body)).await;
    let clusters = client(&server).cluster_operations();
    let error = clusters.update_cluster("c1", "Region: us-east-1").await.unwrap_err();
    let body = error.body::<UpdateClusterBadRequestExceptionResponseContent>().unwrap();
    assert_eq!(body.change_set[0].parameter.as_deref(), Some("Image.Os"));
    assert!(body.update_validation_errors[0].message.as_deref().unwrap().contains("'Os'"));
}

#[tokio::test]
async fn a_name_that_is_taken_is_a_bad_request() {
    let body = object!({"message": "Bad Request: Cluster full-cluster already exists."});
    let server = answering("POST", "/v3/clusters", json(400, body)).await;
    let clusters = client(&server).cluster_operations();
    let error = clusters.create_cluster("full-cluster", "Region: us-east-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    assert_eq!(error.message(), "Bad Request: Cluster full-cluster already exists.");
}

#[tokio::test]
async fn statuses_that_are_not_in_the_document_keep_their_meaning() {
    let unfound = "The requested URL was not found on the server.";
    for (status, kind, body) in [
        (403, ErrorKind::Forbidden, object!({"message": "Missing Authentication Token"})),
        (403, ErrorKind::Forbidden, object!({"Message": "User is not authorized"})),
        (404, ErrorKind::NotFound, object!({"message": unfound})),
        (405, ErrorKind::UnexpectedStatus, object!({"message": "The method is not allowed."})),
        (415, ErrorKind::UnsupportedMediaType, object!({"message": "Unsupported Media Type"})),
    ] {
        let text = body.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        let server = answering("GET", "/v3/images/official", json(status, body)).await;
        let official = client(&server).image_operations().list_official_images();
        let error = official.await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (kind, text.as_str()), "{status}");
        assert_eq!(requests(&server).await.len(), 1, "{status} does not pass");
    }
}

#[tokio::test]
async fn a_gateway_may_answer_in_html() {
    let page = "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>";
    let answer = ResponseTemplate::new(502).set_body_raw(page, "text/html");
    let server = answering("GET", "/v3/images/official", answer).await;
    let error = client(&server).image_operations().list_official_images().await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Server, "Bad Gateway"));
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn a_500_that_lasts_is_an_error_after_a_few_attempts() {
    let (route, message) = ("/v3/images/custom/img-0002/logstreams", "'firstEventTimestamp'");
    let server = answering("GET", route, json(500, object!({"message": message}))).await;
    let logs = client(&server).image_logs();
    let error = logs.list_image_log_streams("img-0002").await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Server, message));
    assert_eq!(requests(&server).await.len(), 3);
}

#[tokio::test]
async fn a_500_to_a_call_that_changes_something_is_an_error_at_once() {
    let message = "'str' object has no attribute 'get'";
    let server =
        answering("POST", "/v3/images/custom", json(500, object!({"message": message}))).await;
    let error = client(&server).image_operations().build_image("i1", "text").await.unwrap_err();
    assert_eq!((error.message(), error.attempts()), (message, 1));

    let message =
        "Failed when starting compute fleet with error: Could not retrieve compute fleet status.";
    let answer = json(500, object!({"message": message}));
    let server = answering("PATCH", "/v3/clusters/c1/computefleet", answer).await;
    let fleet = client(&server).cluster_compute_fleet();
    let error = fleet.update_compute_fleet("c1", "START_REQUESTED").await.unwrap_err();
    assert_eq!((error.message(), error.attempts()), (message, 1));
}

#[tokio::test]
async fn a_fleet_status_of_the_document_may_be_refused() {
    let message = "Bad Request: the update compute fleet status can only be set to \
                   `START_REQUESTED` or `STOP_REQUESTED` for Slurm scheduler clusters.";
    let answer = json(400, object!({"message": message}));
    let server = answering("PATCH", "/v3/clusters/c1/computefleet", answer).await;
    let fleet = client(&server).cluster_compute_fleet();
    let error = fleet.update_compute_fleet("c1", "ENABLED").await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::BadRequest, message));
}

#[tokio::test]
async fn a_throttle_that_looks_like_a_missing_log_is_not_found() {
    let message = "Unable to find image logs, please double check if image id=img-0001 is correct.";
    let answer = json(404, object!({"message": message}));
    let server = answering("GET", "/v3/images/custom/img-0001/logstreams", answer).await;
    let error = client(&server).image_logs().list_image_log_streams("img-0001").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.message(), message);
}

#[tokio::test]
async fn a_log_stream_with_a_slash_in_its_name_is_out_of_reach() {
    let message = "The requested URL was not found on the server. If you entered the URL manually \
                   please check your spelling and try again.";
    let answer = json(404, object!({"message": message}));
    let route = "/v3/images/custom/img-0001/logstreams/3.16.1%2F1";
    let server = answering("GET", route, answer).await;
    let logs = client(&server).image_logs();
    let error = logs.get_image_log_events("img-0001", "3.16.1/1").await.unwrap_err();
    assert!(error.is_not_found());
    assert!(error.message().starts_with(message), "{error}");
    assert!(error.message().contains("slash"), "{error}");
    assert_eq!(requests(&server).await, [format!("GET {route}")]);
}
