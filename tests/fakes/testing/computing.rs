//! The computing API.

use cloud_images::computing::Client;
use cloud_images::testing::FakeComputing;
use cloud_images::{ErrorKind, auth::Bearer};

#[tokio::test]
async fn the_images_of_the_example_and_generated_ones_are_there_by_region() {
    let server = FakeComputing::builder().images(10).start().await;
    let answer = server.client().image_operations().list_images().await.unwrap();
    let counts: Vec<_> =
        answer.data.iter().map(|(region, images)| (region.as_str(), images.len())).collect();
    let mut counts = counts;
    counts.sort_unstable();
    assert_eq!(counts, [("CANADA", 14 + 4), ("NORWAY", 11 + 3), ("US-EAST", 3)]);
    assert_eq!(answer.data["NORWAY"][0].os_name, "Windows Server 2022");
}

#[tokio::test]
async fn the_token_is_checked() {
    let server = FakeComputing::builder().token("the right one").start().await;
    let client = Client::builder().endpoint(server.url()).auth(Bearer::new("a wrong one")).build();
    let error = client.unwrap().image_operations().list_images().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.message(), "Unauthenticated.");
    assert!(error.request_id().is_some());
}

#[tokio::test]
async fn another_path_is_not_found() {
    let server = FakeComputing::start().await;
    let token = ("authorization", "Bearer token-of-the-fake");
    let (status, _, body) = super::get(format!("{}/api/v1/nothing", server.url()), &[token]).await;
    assert_eq!((status, body.as_str()), (404, r#"{"message":"Not Found","status":"failed"}"#));
    assert_eq!(server.requests()[0].operation, None);
}
