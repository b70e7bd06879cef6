//! ParallelCluster.

use cloud_images::auth::{Credentials, SigV4};
use cloud_images::parallelcluster::types::{
    BuildImageBadRequestExceptionResponseContent, ImageBuildStatus,
};
use cloud_images::parallelcluster::{Client, ImageOperationsApi};
use cloud_images::testing::FakeParallelCluster;
use cloud_images::{ErrorKind, RetryPolicy};
use futures::TryStreamExt;
use std::collections::HashSet;

fn images(server: &FakeParallelCluster) -> ImageOperationsApi {
    // A 500 is worth another attempt to the client; here it would only be one more line in the log.
    let client = server.client_builder().retry(RetryPolicy::none()).build().unwrap();
    client.image_operations()
}

fn signing_with(server: &FakeParallelCluster, region: &str, credentials: Credentials) -> Client {
    Client::builder().endpoint(server.url()).auth(SigV4::new(region, credentials)).build().unwrap()
}

#[tokio::test]
async fn all_available_images_come_in_one_answer() {
    let server = FakeParallelCluster::builder().images(250).start().await;
    let page = images(&server).list_images("AVAILABLE").next_token("garbage").await.unwrap();
    let ids: HashSet<_> = page.images.iter().map(|image| &image.image_id).collect();
    assert_eq!((ids.len(), page.next_token), (251, None));
}

#[tokio::test]
async fn builds_are_listed_to_the_end_through_empty_pages() {
    for stacks_per_page in [1, 7, 50, 1000] {
        let server = FakeParallelCluster::builder()
            .pending(20)
            .failed(25)
            .other_stacks(40)
            .stacks_per_page(stacks_per_page)
            .start()
            .await;
        for (status, prefix, count) in [("PENDING", "building-", 20), ("FAILED", "failed-", 25)] {
            server.clear_requests();
            let found: Vec<_> =
                images(&server).list_images(status).items().try_collect().await.unwrap();
            let ids: HashSet<_> = found.iter().map(|image| image.image_id.as_str()).collect();
            assert_eq!((found.len(), ids.len()), (count, count));
            assert!(ids.iter().all(|id| id.starts_with(prefix)));
            assert_eq!(server.requests().len(), 85_usize.div_ceil(stacks_per_page));
        }
    }
}

#[tokio::test]
async fn pages_without_an_image_come_first_and_last() {
    let server =
        FakeParallelCluster::builder().pending(60).failed(70).other_stacks(240).start().await;
    let pages: Vec<_> = images(&server).list_images("PENDING").pages().try_collect().await.unwrap();
    let sizes: Vec<_> = pages.iter().map(|page| page.images.len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 60);
    assert_eq!((sizes.first(), sizes.last()), (Some(&0), Some(&0)), "{sizes:?}");
}

#[tokio::test]
async fn a_token_has_to_be_sent_back_exactly() {
    let server = FakeParallelCluster::builder().pending(60).start().await;
    let images = images(&server);
    let token = images.list_images("PENDING").await.unwrap().next_token.unwrap();
    assert!(["+", "/", " ", "&", "%", "="].iter().all(|odd| token.contains(odd)), "{token}");
    images.list_images("PENDING").next_token(token.clone()).await.unwrap();

    let altered = [
        token.replace('+', " "),
        token.replace("%2B", "+"),
        token.trim_end_matches('=').to_owned(),
        token.replacen("/60", "/61", 1).replacen("/50", "/51", 1),
        "garbage".to_owned(),
    ];
    for token in altered {
        let error = images.list_images("PENDING").next_token(token).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 500);
        assert_eq!(error.message(), "The provided NextToken is not valid");
    }
    images.list_images("PENDING").next_token("").await.unwrap();
}

#[tokio::test]
async fn signatures_are_verified() {
    let server = FakeParallelCluster::builder()
        .credentials("AKIDEXAMPLE", "the right secret")
        .session_token("token-of-the-session")
        .region("eu-west-1")
        .stage("prod")
        .start()
        .await;
    images(&server).list_official_images().await.unwrap();
    assert_eq!(server.requests()[0].path, "/prod/v3/images/official");

    let token = "token-of-the-session";
    let credentials = |key, secret, token: &str| Credentials::new(key, secret).session_token(token);
    let right = || credentials("AKIDEXAMPLE", "the right secret", token);
    let mismatch = "The request signature we calculated does not match";
    let security = "The security token included in the request is invalid.";
    for (region, credentials, message) in [
        ("eu-west-1", credentials("AKIDEXAMPLE", "a wrong secret", token), mismatch),
        ("eu-west-1", credentials("AKIDOTHER", "the right secret", token), security),
        ("eu-west-1", Credentials::new("AKIDEXAMPLE", "the right secret"), security),
        ("eu-west-1", credentials("AKIDEXAMPLE", "the right secret", "another token"), security),
        ("us-east-1", right(), "Credential should be scoped to a valid region."),
    ] {
        let client = signing_with(&server, region, credentials);
        let error = client.image_operations().list_official_images().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        assert!(error.message().starts_with(message), "{error}");
        assert!(error.request_id().is_some());
        // The gateway shows what it signed, the token of the session included.
        assert!(!format!("{error} {error:?}").contains("token-of-the-session"));
    }

    let other = SigV4::new("eu-west-1", right()).service("ec2");
    let client = Client::builder().endpoint(server.url()).auth(other).build().unwrap();
    let error = client.image_operations().list_official_images().await.unwrap_err();
    assert!(error.message().contains("'execute-api'"), "{error}");
}

#[tokio::test]
async fn clocks_may_be_five_minutes_apart() {
    for (offset, expected) in [
        (240, vec![Some(200)]),
        (-240, vec![Some(200)]),
        // The client sets its clock by the answer, and signs again.
        (3600, vec![Some(403), Some(200)]),
        (-3600, vec![Some(403), Some(200)]),
    ] {
        let server = FakeParallelCluster::builder().clock_offset(offset).start().await;
        images(&server).list_official_images().await.unwrap();
        let statuses: Vec<_> = server.requests().iter().map(|request| request.status).collect();
        assert_eq!(statuses, expected, "{offset}");
    }
}

#[tokio::test]
async fn unusual_characters_are_signed_as_they_are_sent() {
    let server = FakeParallelCluster::start().await;
    for id in ["a/b", "a b", "ä~é", "a%2Fb", "..", "a?b#c", "a+b:c,d;e=f&g", "x'(y)*!"] {
        let error = images(&server).describe_image(id).await.unwrap_err();
        assert_ne!(error.status().map(|status| status.as_u16()), Some(403), "{id}: {error}");
    }
    let client = images(&server);
    client.list_images("PENDING").region("us-east-1").next_token("").await.unwrap();
    let error = client.list_official_images().os("ü +,:~*'%").await.unwrap_err();
    assert!(error.message().contains("ü +,:~*'% is not one of"), "{error}");
}

#[tokio::test]
async fn what_was_not_signed_is_refused() {
    let server = FakeParallelCluster::start().await;
    let url = format!("{}/v3/images/official", server.url());
    let (status, headers, body) = super::get(url.clone(), &[]).await;
    assert_eq!((status, body.as_str()), (403, r#"{"message":"Missing Authentication Token"}"#));
    assert_eq!(headers["x-amzn-errortype"], "MissingAuthenticationTokenException");
    let (status, _, body) = super::get(url, &[("authorization", "Bearer token")]).await;
    assert!(status == 403 && body.contains("Unsupported authorization scheme"), "{body}");
}

#[tokio::test]
async fn images_are_described_by_their_state() {
    let server = FakeParallelCluster::builder().images(3).pending(1).failed(1).start().await;
    let images = images(&server);
    let ready = images.describe_image("custom-image").await.unwrap();
    assert_eq!(ready.ec2_ami_info.unwrap().ami_id, "ami-abcdef01234567890");
    let building = images.describe_image("building-001").await.unwrap();
    assert_eq!(building.image_build_status, Some(ImageBuildStatus::BuildInProgress));
    assert!(building.cloudformation_stack_arn.is_some() && building.ec2_ami_info.is_none());
    let failed = images.describe_image("failed-001").await.unwrap();
    assert_eq!(failed.image_build_status, Some(ImageBuildStatus::BuildFailed));

    let missing = images.describe_image("no-such").await.unwrap_err();
    assert!(missing.is_not_found());
    let text = "No image or stack associated with ParallelCluster image id: no-such.";
    assert_eq!(missing.message(), text);
    let other = images.describe_image("unrelated-001").await.unwrap_err();
    assert_eq!(other.status().unwrap(), 500);
    let elsewhere = images.describe_image("custom-image").region("eu-west-1").await.unwrap_err();
    assert!(elsewhere.is_not_found());
    let mars = images.describe_image("custom-image").region("mars").await.unwrap_err();
    assert_eq!(mars.message(), "Bad Request: invalid or unsupported region 'mars'");
}

const CONFIGURATION: &str =
    "Build:\n  InstanceType: c5.xlarge\n  ParentImage: ami-0aaaaaaaaaaaaaaa1\n";

#[tokio::test]
async fn a_build_becomes_an_image() {
    let server = FakeParallelCluster::builder().build_polls(2).start().await;
    let images = images(&server);
    let dry = images.build_image("mine", CONFIGURATION).dryrun(true).await.unwrap_err();
    assert_eq!(dry.kind(), ErrorKind::DryRun);
    let started = images.build_image("mine", CONFIGURATION).await.unwrap();
    assert_eq!(started.image.image_build_status, Some(ImageBuildStatus::BuildInProgress));
    let taken = images.build_image("mine", CONFIGURATION).await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::Conflict);
    assert_eq!(taken.message(), "ParallelCluster image mine already exists.");

    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(images.describe_image("mine").await.unwrap().image_build_status.unwrap());
    }
    use ImageBuildStatus::{BuildComplete, BuildInProgress};
    assert_eq!(statuses, [BuildInProgress, BuildInProgress, BuildComplete]);
    let listed = images.list_images("AVAILABLE").await.unwrap().images;
    assert!(listed.iter().any(|image| image.image_id == "mine"));
}

#[tokio::test]
async fn a_bad_configuration_is_an_error_with_its_faults() {
    let server = FakeParallelCluster::start().await;
    let images = images(&server);
    for (configuration, validator) in [
        ("Build:\n  InstanceType: c5.xlarge\n", "ImageSchemaValidator"),
        ("Build:\n  ParentImage: mine\n", "InstanceTypeBaseAMICompatibleValidator"),
    ] {
        let error = images.build_image("mine", configuration).await.unwrap_err();
        let body: BuildImageBadRequestExceptionResponseContent = error.body().unwrap();
        assert_eq!(body.configuration_validation_errors[0].type_.as_deref(), Some(validator));
    }
    let empty = images.build_image("mine", "").await.unwrap_err();
    assert!(empty.message().ends_with("configuration is required and cannot be empty"));
    let id = images.build_image("x_y", CONFIGURATION).await.unwrap_err();
    assert_eq!(id.message(), "Bad Request: 'x_y' does not match '^[a-zA-Z][a-zA-Z0-9-]+$'");
}

#[tokio::test]
async fn deleted_images_are_gone() {
    let server = FakeParallelCluster::builder().pending(1).failed(2).start().await;
    let images = images(&server);
    let deleted = images.delete_image("custom-image").await.unwrap();
    assert_eq!(deleted.image.image_build_status, Some(ImageBuildStatus::DeleteInProgress));
    assert!(images.delete_image("custom-image").await.unwrap_err().is_not_found());
    let running = images.delete_image("building-001").await.unwrap_err();
    assert!(running.message().ends_with("has a running workflow."), "{running}");
    images.delete_image("failed-001").force(true).await.unwrap();
    let failed: Vec<_> = images.list_images("FAILED").items().try_collect().await.unwrap();
    assert_eq!(failed.len(), 1);
}

#[tokio::test]
async fn official_images_are_filtered() {
    let server = FakeParallelCluster::start().await;
    let images = images(&server);
    assert_eq!(images.list_official_images().await.unwrap().images.len(), 15);
    let rhel = images.list_official_images().os("rhel9").architecture("arm64").await.unwrap();
    assert_eq!(rhel.images.len(), 1);
    let wrong = images.list_official_images().os("foo").architecture("bar").await.unwrap_err();
    let text = "Bad Request: foo is not one of ['alinux2023', 'ubuntu2204', 'ubuntu2404', 'rhel8', \
                'rocky8', 'rhel9', 'rocky9']; bar is not one of ['x86_64', 'arm64']";
    assert_eq!(wrong.message(), text);
    let case = images.list_images("available").await.unwrap_err();
    let text = "Bad Request: 'available' is not one of ['AVAILABLE', 'PENDING', 'FAILED']";
    assert_eq!(case.message(), text);
}
