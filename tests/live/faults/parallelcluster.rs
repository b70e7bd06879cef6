//! The ParallelCluster API behind its gateway.

use super::{Course, Subject, address, configured, matrix, read_list, switch};
use cloud_images::auth::{Credentials, SigV4};
use cloud_images::pagination::Cursor;
use cloud_images::{ClientBuilder, Error, ErrorKind, parallelcluster};
use futures::TryStreamExt;
use reqwest::Method;
use serde_json::{Value, json};

pub struct Cluster {
    url: String,
    /// Where the reading of a list begins: the whole list takes the server long.
    start: Cursor,
    catalogue: Vec<String>,
    pages: usize,
}

pub const IMAGE: &str = "img-0001";

impl Cluster {
    async fn start(url: String) -> Self {
        clear(&url).await;
        let images = client(&url, "").image_operations();
        let mut cursors = Vec::new();
        let mut pages = images.list_images("FAILED").pages();
        while pages.try_next().await.unwrap().is_some() {
            cursors.push(pages.cursor());
        }
        let start = cursors[cursors.len() - 5].clone();
        let rest = images.list_images("FAILED").resume(start.clone()).pages();
        let rest: Vec<_> = rest.try_collect().await.unwrap();
        let pages = rest.len();
        let catalogue = rest.into_iter().flat_map(|p| p.images).map(|i| i.image_id).collect();
        Self { url, start, catalogue, pages }
    }

    /// The requests of a kind of call that arrived.
    async fn requests(&self, call: &str) -> usize {
        let log = switch(Method::GET, format!("{}/__requests", self.url), Value::Null).await;
        let operation = operation(call);
        log.as_array().unwrap().iter().filter(|entry| entry["operation"] == operation).count()
    }
}

/// A client with its credential, for further settings.
pub fn unbuilt(url: &str) -> ClientBuilder<parallelcluster::Client> {
    let credentials = Credentials::new("AKIDHARNESS000000001", "harness-secret-key");
    let auth = SigV4::new("us-east-1", credentials);
    parallelcluster::Client::builder().endpoint(url).auth(auth)
}

pub fn client(url: &str, fault: &str) -> parallelcluster::Client {
    configured(unbuilt(url), fault)
}

pub async fn clear(url: &str) {
    switch(Method::DELETE, format!("{url}/__faults"), Value::Null).await;
    switch(Method::DELETE, format!("{url}/__aws_faults"), Value::Null).await;
}

/// The operation in the server's log.
fn operation(call: &str) -> &'static str {
    match call {
        "read" => "describe_image",
        "list" => "list_images",
        "idempotent write" => "update_compute_fleet",
        "creation" => "build_image",
        other => panic!("no call {other:?}"),
    }
}

pub fn fault(name: &str) -> Value {
    match name {
        "gateway 429" => json!({"preset": "gateway_429"}),
        "429 with Retry-After: 0" => json!({"status": 429, "retry_after": 0}),
        "429 with Retry-After: 3600" => json!({"status": 429, "retry_after": 3600}),
        "500" => json!({"status": 500}),
        "gateway 502" => json!({"preset": "gateway_502"}),
        "502 in HTML" => json!({"preset": "html_502"}),
        "gateway 503" => json!({"preset": "gateway_503"}),
        "gateway 504" => json!({"preset": "gateway_504"}),
        "access denied" => json!({"preset": "access_denied"}),
        "reset before the work" => json!({"kind": "reset"}),
        "reset after the work" => json!({"kind": "reset", "phase": "after"}),
        "close before the work" => json!({"kind": "close"}),
        "close after the work" => json!({"kind": "close", "phase": "after"}),
        "stall before the work" => json!({"kind": "hang"}),
        "stall after the work" => json!({"kind": "hang", "phase": "after"}),
        "503 after the work" => json!({"status": 503, "phase": "after"}),
        "504 after the work" => json!({"status": 504, "phase": "after"}),
        "truncated answer" => json!({"kind": "truncate", "bytes": 10}),
        "slow answer" => json!({"kind": "slow", "delay_ms": 500}),
        "dripping answer" => json!({"kind": "drip", "bytes": 100, "delay_ms": 10}),
        "broken JSON" => json!({"preset": "bad_json"}),
        "empty 200" => json!({"preset": "empty_200"}),
        other => panic!("the gateway has no fault {other:?}"),
    }
}

/// What AWS does to the service, which then writes the answer itself. Its second code is met where it
/// waits and asks again by itself: always is then once for each of the three attempts.
fn throttling(name: &str, always: bool) -> Option<Value> {
    let (code, times) = match (name, always) {
        ("AWS throttles", false) => ("ThrottlingException", 1),
        ("AWS throttles", true) => ("ThrottlingException", -1),
        ("CloudFormation throttles", false) => ("Throttling", 1),
        ("CloudFormation throttles", true) => ("Throttling", 3),
        _ => return None,
    };
    let message = "Rate exceeded";
    Some(json!({"operation": ".*", "code": code, "message": message, "times": times}))
}

impl Subject for Cluster {
    async fn inject(&self, name: &str, call: &str, always: bool) {
        switch(Method::DELETE, format!("{}/__requests", self.url), Value::Null).await;
        if let Some(fault) = throttling(name, always) {
            switch(Method::PUT, format!("{}/__aws_faults", self.url), fault).await;
            return;
        }
        let mut fault = fault(name);
        fault["times"] = if always { json!(-1) } else { json!(1) };
        fault["skip"] = if call == "list" { json!(1) } else { json!(0) };
        switch(Method::PUT, format!("{}/__faults", self.url), fault).await;
    }

    async fn clear(&self) {
        clear(&self.url).await;
    }

    async fn run(&self, fault: &str, call: &str, always: bool) -> (usize, Option<Error>) {
        let client = client(&self.url, fault);
        let images = client.image_operations();
        let error = match call {
            "read" => images.describe_image(IMAGE).await.err(),
            "list" => {
                let items = images.list_images("FAILED").resume(self.start.clone()).items();
                let count = || self.requests(call);
                let before = usize::from(throttling(fault, always).is_none());
                let course =
                    Course { catalogue: &self.catalogue, pages: self.pages, before, always };
                let resume = |cursor| images.list_images("FAILED").resume(cursor).items();
                return read_list(items, resume, |image| &image.image_id, course, count).await;
            }
            "idempotent write" => {
                let fleet = client.cluster_compute_fleet();
                fleet.update_compute_fleet("full-cluster", "STOP_REQUESTED").await.err()
            }
            // What is built is not an image: that the service says so shows that the request came
            // through, and keeps the server from minutes of work.
            "creation" => {
                let error = images.build_image("never-built", "Build: {}").await.err();
                error.filter(|error| error.kind() != ErrorKind::BadRequest)
            }
            other => panic!("no call {other:?}"),
        };
        (self.requests(call).await, error)
    }
}

#[tokio::test]
async fn parallelcluster_keeps_the_promises_of_the_table() {
    let Some(url) = address("CLOUD_IMAGES_LIVE_PARALLELCLUSTER") else { return };
    let cluster = Cluster::start(url).await;
    matrix(&cluster, "ParallelCluster").await;
}
