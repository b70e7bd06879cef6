//! Faults of the network and of the services: what the client does about them, counted at the other
//! end.

mod cancel;
mod edges;
mod http2;
mod limits;
mod network;
mod repeat;
mod signing;
mod threads;
mod uploads;

use crate::hostile::{self, Hostile};
use cloud_images::auth::{AkSk, Bearer, Credentials, Keystone, SigV4, XAuthToken};
use cloud_images::{ClientBuilder, RetryPolicy, computing, ims, parallelcluster};
use std::time::Duration;

/// The least answers that the operations take.
const IMAGES_BY_REGION: &str = r#"{"status": "success", "message": "", "data": {}}"#;
const NO_IMAGES: &str = r#"{"images": []}"#;
const IMAGE: &str = r#"{"id": "7", "name": "seven"}"#;
const BUILD: &str = r#"{"image": {"imageId": "i", "imageBuildStatus": "BUILD_IN_PROGRESS",
    "cloudformationStackStatus": "CREATE_IN_PROGRESS", "region": "us-east-1", "version": "3.16.1",
    "cloudformationStackArn": "arn"}}"#;

/// Three attempts without long waits in between.
fn quick() -> RetryPolicy {
    let delay = Duration::from_millis(2);
    RetryPolicy::default().base_delay(delay).throttled_delay(delay)
}

/// Three attempts without long waits in between, and a short idle timeout.
fn quick_timeouts<S: cloud_images::Service>(builder: ClientBuilder<S>) -> ClientBuilder<S> {
    builder.retry(quick()).read_timeout(Duration::from_millis(300))
}

fn gpu(server: &Hostile) -> ClientBuilder<computing::Client> {
    let auth = Bearer::new("token-of-the-test");
    quick_timeouts(computing::Client::builder().endpoint(server.url()).auth(auth))
}

fn glance(server: &Hostile) -> ClientBuilder<ims::Client> {
    let auth = XAuthToken::new("token-of-the-test");
    quick_timeouts(ims::Client::builder().endpoint(server.url()).auth(auth))
}

fn cluster(server: &Hostile) -> ClientBuilder<parallelcluster::Client> {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret-of-the-test");
    let auth = SigV4::new("us-east-1", credentials);
    quick_timeouts(parallelcluster::Client::builder().endpoint(server.url()).auth(auth))
}
