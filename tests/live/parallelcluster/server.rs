//! The real server: its control routes, and the AWS behind it.

use crate::contract::parallelcluster::World;
use cloud_images::BoxFuture;
use cloud_images::auth::{Credentials, SigV4};
use cloud_images::parallelcluster::Client;
use futures::FutureExt;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::RwLock;

pub const KEY: &str = "AKIDHARNESS000000001";
pub const SECRET: &str = "harness-secret-key";

/// Held for reading by tests that take the server as it is, for writing by those that change it.
static SETTINGS: RwLock<()> = RwLock::const_new(());

pub struct Live {
    pub url: String,
    http: reqwest::Client,
}

impl Live {
    /// The server that the environment names.
    pub fn find() -> Option<Self> {
        let Ok(url) = std::env::var("CLOUD_IMAGES_LIVE_PARALLELCLUSTER") else {
            eprintln!("skipped: CLOUD_IMAGES_LIVE_PARALLELCLUSTER is not set");
            return None;
        };
        // The second test of the process finds one, which is as well.
        #[cfg(any(feature = "aws-lc", feature = "ring"))]
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Some(Self { url: url.trim_end_matches('/').to_owned(), http })
    }

    /// Runs a test while nobody changes the settings of the server.
    pub async fn undisturbed(&self, test: impl Future<Output = ()>) {
        let _settings = SETTINGS.read().await;
        test.await;
    }

    /// Runs a test alone, with other settings.
    pub async fn configured(&self, settings: Value, test: impl Future<Output = ()>) {
        let _settings = SETTINGS.write().await;
        let before = self.admin("GET", "config", Value::Null).await;
        let names = settings.as_object().unwrap().keys();
        let before: Value = names.map(|name| (name.clone(), before[name].clone())).collect();
        self.admin("PUT", "config", settings).await;
        let outcome = AssertUnwindSafe(test).catch_unwind().await;
        self.admin("PUT", "config", before).await;
        outcome.unwrap_or_else(|panic| resume_unwind(panic));
    }

    /// Runs a test alone, with a fault.
    pub async fn faulty(&self, fault: Value, test: impl Future<Output = ()>) {
        let _settings = SETTINGS.write().await;
        self.admin("PUT", "faults", fault).await;
        let outcome = AssertUnwindSafe(test).catch_unwind().await;
        self.admin("DELETE", "faults", Value::Null).await;
        outcome.unwrap_or_else(|panic| resume_unwind(panic));
    }

    async fn admin(&self, method: &str, what: &str, body: Value) -> Value {
        let url = format!("{}/__{what}", self.url);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap().error_for_status().unwrap();
        response.json().await.unwrap()
    }

    /// Calls the AWS that the server calls. It looks at no signature, only at the region in it.
    async fn aws(&self, service: &str, target: &str, body: Value) -> Value {
        let health = self.admin("GET", "health", Value::Null).await;
        let scope = format!("testing/20260101/us-east-1/{service}/aws4_request");
        let signature =
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
        let request = self.http.post(health["aws_endpoint"].as_str().unwrap());
        let request = request.header("X-Amz-Target", target).header("Authorization", signature);
        let request = request.header("Content-Type", "application/x-amz-json-1.1");
        let response = request.body(body.to_string()).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{target}: {status}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn put_events(&self, stream: &str, texts: &[&str]) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let events = texts.iter().map(|text| json!({"timestamp": now, "message": text}));
        let body = json!({
            "logGroupName": GROUP, "logStreamName": stream, "logEvents": events.collect::<Vec<_>>()
        });
        self.aws("logs", "Logs_20140328.PutLogEvents", body).await;
    }
}

/// The logs of the image `img-0001`.
const GROUP: &str = "/aws/imagebuilder/ParallelClusterImage-img-0001";

impl World for Live {
    fn client(&self) -> Client {
        let credentials = Credentials::new(KEY, SECRET);
        let auth = SigV4::new("us-east-1", credentials);
        Client::builder().endpoint(&self.url).auth(auth).build().unwrap()
    }

    fn name(&self, suffix: &str) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let run = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() % 100_000_000;
        format!("live-{suffix}-{run}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
    }

    fn full_configuration(&self) -> BoxFuture<'_, String> {
        Box::pin(async {
            let cluster = self.client().cluster_operations().describe_cluster("full-cluster");
            let url = cluster.await.unwrap().cluster_configuration.url.unwrap();
            self.http.get(url).send().await.unwrap().text().await.unwrap()
        })
    }

    fn fleet_arrives<'a>(&'a self, status: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let time = "2026-01-15 18:12:07.485674+00:00";
            let body = json!({
                "TableName": "parallelcluster-full-cluster",
                "Item": {"Id": {"S": "COMPUTE_FLEET"}, "Data": {"M": {
                    "status": {"S": status}, "lastStatusUpdatedTime": {"S": time}
                }}}
            });
            self.aws("dynamodb", "DynamoDB_20120810.PutItem", body).await;
        })
    }

    fn make_log<'a>(&'a self, stream: &'a str, texts: &'a [&'a str]) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let body = json!({"logGroupName": GROUP, "logStreamName": stream});
            self.aws("logs", "Logs_20140328.CreateLogStream", body).await;
            self.put_events(stream, texts).await;
        })
    }

    fn append_log<'a>(&'a self, stream: &'a str, texts: &'a [&'a str]) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(500)).await;
            self.put_events(stream, texts).await;
        })
    }
}
