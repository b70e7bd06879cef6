//! The real server: its control routes, and the AWS behind it.

use crate::contract::parallelcluster::World;
use crate::control::{self, Control, KEY, SECRET};
use crate::patient;
use cloud_images::BoxFuture;
use cloud_images::auth::{Credentials, SigV4};
use cloud_images::parallelcluster::Client;
use serde_json::{Value, json};
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub struct Live(Control);

impl Deref for Live {
    type Target = Control;

    fn deref(&self) -> &Control {
        &self.0
    }
}

impl Live {
    /// The server that the environment names.
    pub fn find() -> Option<Self> {
        Control::find("CLOUD_IMAGES_LIVE_PARALLELCLUSTER").map(Self)
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
        patient(Client::builder()).endpoint(&self.url).auth(auth).build().unwrap()
    }

    fn name(&self, suffix: &str) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let run = control::run();
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
