//! The client against the real ParallelCluster server.
//!
//! Runs where `CLOUD_IMAGES_LIVE_PARALLELCLUSTER` names a server with its control routes, such as
//! `http://127.0.0.1:18080`; elsewhere each test says that it is skipped. The
//! behaviours of `contract` are run against the server of `testing` too.

mod server;

use crate::contract::parallelcluster::*;
use crate::control::{KEY, SECRET};
use crate::patient;
use cloud_images::auth::{Credentials, SigV4};
use cloud_images::parallelcluster::Client;
use cloud_images::{ErrorKind, RetryPolicy};
use futures::TryStreamExt;
use serde_json::json;
use server::Live;

macro_rules! live {
    ($($file:ident::$name:ident)*) => {$(
        #[tokio::test]
        async fn $name() {
            let Some(live) = Live::find() else { return };
            live.undisturbed($file::$name(&live)).await;
        }
    )*};
}
all_behaviours!(live);

fn signed(url: &str, secret: &str, token: Option<&str>) -> Client {
    let mut credentials = Credentials::new(KEY, secret);
    if let Some(token) = token {
        credentials = credentials.session_token(token);
    }
    let auth = SigV4::new("us-east-1", credentials);
    patient(Client::builder()).endpoint(url).auth(auth).build().unwrap()
}

#[tokio::test]
async fn a_wrong_secret_is_forbidden() {
    let Some(live) = Live::find() else { return };
    live.undisturbed(async {
        let images = signed(&live.url, "not-the-secret", None).image_operations();
        let error = images.list_official_images().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        assert!(error.message().contains("signature"), "{error}");
        assert!(!format!("{error:?}").contains("not-the-secret"));
    })
    .await;
}

#[tokio::test]
async fn an_expired_signature_is_forbidden_or_made_good() {
    let Some(live) = Live::find() else { return };
    live.configured(json!({"clock_offset": 600}), async {
        // The client's clock is ten minutes behind. It learns that from the refusal.
        let images = signed(&live.url, SECRET, None).image_operations();
        let response = images.list_official_images().send().await.unwrap();
        assert_eq!(response.attempts(), 2);
        let response = images.list_official_images().send().await.unwrap();
        assert_eq!(response.attempts(), 1);
        // A wrong secret stays wrong at any time.
        let images = signed(&live.url, "not-the-secret", None).image_operations();
        let error = images.list_official_images().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden);
    })
    .await;
}

#[tokio::test]
async fn a_session_token_is_sent_and_signed() {
    let Some(live) = Live::find() else { return };
    live.configured(json!({"session_token": "to+ken/=="}), async {
        let images = signed(&live.url, SECRET, Some("to+ken/==")).image_operations();
        images.list_official_images().os("rhel9").await.unwrap();
        for token in [None, Some("another")] {
            let images = signed(&live.url, SECRET, token).image_operations();
            let error = images.list_official_images().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Forbidden);
        }
    })
    .await;
}

#[tokio::test]
async fn a_stage_is_part_of_the_signed_path() {
    let Some(live) = Live::find() else { return };
    live.configured(json!({"stage": "prod"}), async {
        let stage = format!("{}/prod", live.url);
        for url in [stage.clone(), format!("{stage}/")] {
            let client = signed(&url, SECRET, None);
            let image = client.image_operations().describe_image("img-0001").await.unwrap();
            assert_eq!(image.image_id, "img-0001");
            let log = client.image_logs().get_image_log_events("img-0001", "plain");
            assert_eq!(
                log.limit(5).newest_first().try_collect::<Vec<_>>().await.unwrap().len(),
                25
            );
        }
        let error = live.client().image_operations().list_official_images().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden);
    })
    .await;
}

#[tokio::test]
async fn tokens_with_every_character_of_base64_are_sent_back_whole() {
    let Some(live) = Live::find() else { return };
    live.configured(json!({"cfn_token_style": "base64"}), async {
        let images = live.client().image_operations();
        let page = images.list_images("PENDING").await.unwrap();
        let token = page.next_token.unwrap();
        assert!(token.contains(['+', '/', '=']), "{token}");
        lists::lists_are_read_to_their_end_through_empty_pages(&live).await;
        lists::a_list_is_resumed_where_it_was_left(&live).await;
    })
    .await;
}

#[tokio::test]
async fn throttling_and_broken_connections_are_passed_over() {
    let Some(live) = Live::find() else { return };
    live.faulty(json!({"status": 429, "times": 2, "retry_after": 0}), async {
        let images = live.client().image_operations();
        let response = images.list_official_images().send().await.unwrap();
        assert_eq!(response.attempts(), 3);
    })
    .await;
    live.faulty(json!({"kind": "reset", "times": 1}), async {
        let images = live.client().image_operations();
        assert_eq!(images.list_official_images().send().await.unwrap().attempts(), 2);
    })
    .await;
    live.faulty(json!({"preset": "gateway_504", "times": -1}), async {
        let images = live.client().image_operations();
        let request = images.list_official_images().retry(RetryPolicy::none());
        let error = request.await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Server, 504));
    })
    .await;
}

#[tokio::test]
async fn a_deletion_whose_response_is_lost_is_done_for_every_wait() {
    let Some(live) = Live::find() else { return };
    let images = live.client().image_operations();
    let id = live.name("lost");
    live.undisturbed(async {
        images.build_image(&id, IMAGE).suppress_validator("ALL").await.unwrap();
        let wait = images.describe_image(&id).wait_for_build();
        wait.interval(SOON).deadline(LONG).await.unwrap();
    })
    .await;
    live.faulty(
        json!({"kind": "reset", "phase": "after", "method": "DELETE", "times": 1}),
        async {
            // The second attempt finds nothing any more.
            let error = images.delete_image(&id).await.unwrap_err();
            assert!(error.is_not_found() && error.attempts() == 2, "{error}");
            assert_eq!(images.describe_image(&id).wait_for_deletion().await.unwrap(), None);
        },
    )
    .await;
}

#[tokio::test]
async fn a_wait_passes_over_a_throttled_look() {
    let Some(live) = Live::find() else { return };
    let fault = json!({"op": "describe_image", "status": 503, "times": 4});
    live.faulty(fault, async {
        let images = live.client().image_operations();
        let describe = images.describe_image("img-0003").retry(RetryPolicy::none());
        let image = describe.wait_for_build().interval(SOON).deadline(LONG).await.unwrap();
        assert_eq!(image.image_build_status.unwrap(), "BUILD_COMPLETE");
    })
    .await;
}

#[tokio::test]
async fn what_only_this_server_knows_is_read() {
    let Some(live) = Live::find() else { return };
    live.undisturbed(async {
        let client = live.client();
        let images = client.image_operations();
        let image = images.describe_image("quirk-noversion").await.unwrap();
        assert_eq!(image.version, None);
        let image = images.describe_image("quirk-img-updatefailed").await.unwrap();
        assert_eq!(image.image_build_status, None);
        let error = images.describe_image("quirk-img-updatefailed").wait_for_build().await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Failed);
        let clusters = client.cluster_operations();
        let cluster = clusters.describe_cluster("quirk-review").await.unwrap();
        assert_eq!(cluster.cluster_status, "REVIEW_IN_PROGRESS");
        let cluster = clusters.describe_cluster("cluster-003").await.unwrap();
        assert_eq!(cluster.cloud_formation_stack_status, "ROLLBACK_COMPLETE");
        let error = clusters.describe_cluster("cluster-003").wait_for_creation().await.unwrap_err();
        assert!(error.message().contains("HeadNodeBootstrapFailure"), "{error}");
        // Only the stack's events know why this one failed.
        let error = clusters.describe_cluster("cluster-006").wait_for_update().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed);
    })
    .await;
}
