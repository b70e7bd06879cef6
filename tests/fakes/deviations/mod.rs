//! Where the ParallelCluster server differs from its own document, case by case, with the bodies that
//! the server of release 3.16.1 was seen to send.

mod errors;
mod hazards;
mod logs;
mod responses;
mod waits;

use cloud_images::RetryPolicy;
use cloud_images::parallelcluster::Client;
use serde_json::Value;
use std::time::Duration;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A client without a credential, quick to try again.
fn client(server: &MockServer) -> Client {
    let retry = RetryPolicy::default().base_delay(Duration::from_millis(1));
    Client::builder().endpoint(server.uri()).retry(retry).build().unwrap()
}

/// A server with one answer.
async fn answering(verb: &str, route: &str, answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    answer_to(&server, verb, route, answer).await;
    server
}

async fn answer_to(server: &MockServer, verb: &str, route: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(route)).respond_with(answer).mount(server).await;
}

fn json(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// The requests so far as method, path and query.
async fn requests(server: &MockServer) -> Vec<String> {
    let received = server.received_requests().await.unwrap();
    received
        .iter()
        .map(|request| {
            let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
            format!("{} {}{query}", request.method, request.url.path())
        })
        .collect()
}
