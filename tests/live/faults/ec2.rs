//! EC2 as moto and its front in `tests/servers/ec2`.

use super::{Course, Subject, address, configured, matrix, read_list, switch};
use cloud_images::auth::{Credentials, SigV4};
use cloud_images::ec2::Client;
use cloud_images::ec2::requests::DescribeImages;
use cloud_images::ec2::types::NewTag;
use cloud_images::{Error, ErrorKind};
use futures::TryStreamExt;
use reqwest::Method;
use serde_json::{Value, json};

struct Images {
    url: String,
    catalogue: Vec<String>,
    pages: usize,
}

fn client(url: &str, fault: &str) -> Client {
    let credentials = Credentials::new("AKIDHARNESS000000001", "harness-secret-key");
    let auth = SigV4::new("eu-central-1", credentials);
    configured(Client::builder().endpoint(url).auth(auth), fault)
}

fn list(client: &Client) -> DescribeImages {
    client.images().describe_images().owner("self").page_size(10)
}

impl Images {
    async fn start(url: String) -> Self {
        switch(Method::DELETE, format!("{url}/__faults"), Value::Null).await;
        let pages: Vec<_> = list(&client(&url, "")).pages().try_collect().await.unwrap();
        let count = pages.len();
        let images = pages.into_iter().flat_map(|page| page.images);
        let catalogue = images.map(|image| image.image_id.to_string()).collect();
        Self { url, catalogue, pages: count }
    }

    /// The requests of a kind of call that arrived.
    async fn requests(&self, call: &str) -> usize {
        let log = switch(Method::GET, format!("{}/__requests", self.url), Value::Null).await;
        let operation = operation(call);
        log.as_array().unwrap().iter().filter(|entry| entry["operation"] == operation).count()
    }
}

/// The operation in the server's log.
fn operation(call: &str) -> &'static str {
    match call {
        "read" => "DescribeImageAttribute",
        "list" => "DescribeImages",
        "idempotent write" => "CreateTags",
        "creation" => "RegisterImage",
        other => panic!("no call {other:?}"),
    }
}

fn fault(name: &str) -> Value {
    match name {
        "`RequestLimitExceeded`" => json!({"preset": "throttle"}),
        "`Unavailable`" => json!({"preset": "unavailable"}),
        "`InternalError`" => json!({"preset": "internal"}),
        "`UnauthorizedOperation`" => json!({"preset": "unauthorized"}),
        "503 in HTML" => json!({"preset": "html_503"}),
        "`RequestLimitExceeded` after the work" => {
            json!({"preset": "throttle", "phase": "after"})
        }
        "reset before the work" => json!({"kind": "reset"}),
        "reset after the work" => json!({"kind": "reset", "phase": "after"}),
        "close before the work" => json!({"kind": "close"}),
        "stall before the work" => json!({"kind": "hang"}),
        "truncated answer" => json!({"kind": "truncate", "bytes": 100}),
        "slow answer" => json!({"kind": "slow", "delay_ms": 300}),
        "dripping answer" => json!({"kind": "drip", "bytes": 400, "delay_ms": 5}),
        "cut-off XML" => json!({"preset": "bad_xml"}),
        "entity bomb" => json!({"preset": "entity_bomb"}),
        "empty 200" => json!({"preset": "empty_200"}),
        other => panic!("the front has no fault {other:?}"),
    }
}

impl Subject for Images {
    async fn inject(&self, name: &str, call: &str, always: bool) {
        switch(Method::DELETE, format!("{}/__requests", self.url), Value::Null).await;
        let mut fault = fault(name);
        fault["times"] = if always { json!(-1) } else { json!(1) };
        fault["skip"] = if call == "list" { json!(1) } else { json!(0) };
        switch(Method::PUT, format!("{}/__faults", self.url), fault).await;
    }

    async fn clear(&self) {
        switch(Method::DELETE, format!("{}/__faults", self.url), Value::Null).await;
    }

    async fn run(&self, fault: &str, call: &str, always: bool) -> (usize, Option<Error>) {
        let client = client(&self.url, fault);
        let images = client.images();
        let own = self.catalogue[0].clone();
        let error = match call {
            "read" => images.describe_image_attribute(own, "description").await.err(),
            "list" => {
                let count = || self.requests(call);
                let course =
                    Course { catalogue: &self.catalogue, pages: self.pages, before: 1, always };
                let resume = |cursor| list(&client).resume(cursor).items();
                fn id(image: &cloud_images::ec2::types::Image) -> &str {
                    &image.image_id
                }
                return read_list(list(&client).items(), resume, id, course, count).await;
            }
            "idempotent write" => {
                client.tags().create_tags([own], [NewTag::new("fault", "1")]).await.err()
            }
            // The name is too short: that the service says so shows that the request came through.
            "creation" => {
                let error = images.register_image("a").await.err();
                error.filter(|error| error.kind() != ErrorKind::BadRequest)
            }
            other => panic!("no call {other:?}"),
        };
        (self.requests(call).await, error)
    }
}

#[tokio::test]
async fn ec2_keeps_the_promises_of_the_table() {
    let Some(url) = address("CLOUD_IMAGES_LIVE_EC2") else { return };
    matrix(&Images::start(url).await, "EC2").await;
}
