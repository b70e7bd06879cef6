//! Tokens that live five seconds.

use super::harness::{Relay, login_at, servers, token_of};
use crate::patient;
use cloud_images::ErrorKind;
use cloud_images::ims::Client;
use futures::future::join_all;
use std::collections::HashSet;
use std::time::Duration;

#[tokio::test]
async fn a_token_that_expires_is_renewed_before_it_does() {
    let servers = servers!();
    let counter = Relay::before(&servers.short).await;
    let login = login_at(&counter.url, "demo").region("RegionOne");
    let client = patient(Client::builder()).auth(login.clone()).build().unwrap();
    assert_eq!(patient_list(&client).await, 1);
    tokio::time::sleep(Duration::from_millis(5500)).await;
    let before = counter.logins();
    let waiting = (0..50).map(|_| token_of(&login));
    let tokens: HashSet<String> = join_all(waiting).await.into_iter().collect();
    assert_eq!((tokens.len(), counter.logins()), (1, before + 1));
    assert_eq!(patient_list(&client).await, 1);
}

/// On a busy machine a token of five seconds can expire on its way through the service.
async fn patient_list(client: &Client) -> usize {
    for _ in 0..5 {
        match client.image_operations().list_images().page_size(1).await {
            Err(error) if error.kind() == ErrorKind::Unauthorized => {}
            outcome => return outcome.unwrap().images.len(),
        }
    }
    panic!("refused five times")
}
