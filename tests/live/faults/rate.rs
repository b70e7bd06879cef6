//! The gateway takes bursts of so many requests and so many a second, as a deployed one does.

use super::parallelcluster::{IMAGE, clear, unbuilt};
use super::{address, switch};
use crate::patient;
use cloud_images::{ErrorKind, RetryPolicy, parallelcluster};
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;

/// How many of 20 calls at the same time are refused.
async fn refused(client: parallelcluster::Client) -> usize {
    let call = || client.image_operations().describe_image(IMAGE).into_future();
    let outcomes = join_all((0..20).map(|_| call())).await;
    let errors: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(errors.iter().all(|error| error.kind() == ErrorKind::Throttled), "{errors:?}");
    errors.len()
}

#[tokio::test]
async fn a_client_that_keeps_to_the_rate_of_the_gateway_is_not_throttled() {
    let Some(url) = address("CLOUD_IMAGES_LIVE_PARALLELCLUSTER") else { return };
    clear(&url).await;
    let hasty = patient(unbuilt(&url)).retry(RetryPolicy::none()).build().unwrap();
    // A quarter of what is allowed: both sides count by their own clock, and the server may be busy.
    let careful =
        patient(unbuilt(&url)).retry(RetryPolicy::none()).max_rate(5.0, 2).build().unwrap();
    switch(Method::PUT, format!("{url}/__config"), json!({"throttle": "20:6"})).await;
    let of_hasty = refused(hasty).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let of_careful = refused(careful).await;
    switch(Method::PUT, format!("{url}/__config"), json!({"throttle": ""})).await;
    assert!(of_hasty > 0);
    assert_eq!(of_careful, 0);
}
