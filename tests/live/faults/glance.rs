//! Glance behind the proxy that injects faults.

use super::{Course, Subject, address, configured, matrix, read_list, switch};
use cloud_images::auth::XAuthToken;
use cloud_images::{Error, ims};
use futures::TryStreamExt;
use reqwest::Method;
use serde_json::{Value, json};

pub struct Glance {
    proxy: String,
    token: String,
    /// An image with data.
    image: String,
    catalogue: Vec<String>,
    pages: usize,
}

const PAGE: u32 = 20;
const DATA: &[u8] = &[7; 200_000];

impl Glance {
    pub async fn start(proxy: String, keystone: &str) -> Self {
        let token = token(keystone).await;
        let mut glance =
            Self { proxy, token, image: String::new(), catalogue: Vec::new(), pages: 0 };
        glance.clear().await;
        glance.image = glance.queued("with data").await;
        let data = glance.client("").image_data();
        data.upload_image_file(&glance.image, DATA).await.unwrap();
        let pages: Vec<_> = glance.list().pages().try_collect().await.unwrap();
        glance.pages = pages.len();
        glance.catalogue = pages.into_iter().flat_map(|p| p.images).map(|image| image.id).collect();
        assert!(glance.pages > 2);
        glance
    }

    pub fn client(&self, fault: &str) -> ims::Client {
        let auth = XAuthToken::new(self.token.clone());
        configured(ims::Client::builder().endpoint(&self.proxy).auth(auth), fault)
    }

    /// The seeded images: those that the test makes have no place in the list.
    fn list(&self) -> ims::requests::ListImages {
        self.list_with(&self.client(""))
    }

    fn list_with(&self, client: &ims::Client) -> ims::requests::ListImages {
        client.image_operations().list_images().page_size(PAGE).visibility("public")
    }

    /// A new image that has no data yet.
    async fn queued(&self, name: &str) -> String {
        let images = self.client("").image_operations();
        let image = images.create_image().name(name).disk_format("raw").container_format("bare");
        image.await.unwrap().id
    }

    pub async fn requests(&self) -> usize {
        let log = switch(Method::GET, format!("{}/__requests", self.proxy), Value::Null).await;
        log["total"].as_u64().unwrap() as usize
    }

    pub async fn forget_requests(&self) {
        switch(Method::DELETE, format!("{}/__requests", self.proxy), Value::Null).await;
    }
}

async fn token(keystone: &str) -> String {
    let body = json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user":
            {"name": "demo", "domain": {"name": "Default"}, "password": "password"}}},
        "scope": {"project": {"name": "demo", "domain": {"name": "Default"}}},
    }});
    let _ = rustls::crypto::ring::default_provider().install_default();
    let url = format!("{}/auth/tokens", keystone.trim_end_matches('/'));
    let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    answer.headers()["x-subject-token"].to_str().unwrap().to_owned()
}

fn fault(name: &str) -> Value {
    match name {
        "429" => json!({"status": 429}),
        "429 with Retry-After: 0" => json!({"status": 429, "retry_after": 0}),
        "429 with Retry-After: 3600" => json!({"status": 429, "retry_after": 3600}),
        "500" => json!({"status": 500}),
        "502 in HTML" => json!({"status": 502, "body": "<html><h1>502</h1></html>"}),
        "503" => json!({"status": 503}),
        "504" => json!({"status": 504}),
        "404" => json!({"status": 404}),
        "redirect to another host" => {
            json!({"status": 302, "headers": {"Location": "http://other.invalid/v2/images"}})
        }
        "reset before the work" => json!({"reset": true}),
        "reset after the work" => json!({"reset_after": 0}),
        "reset in the answer" => json!({"reset_after": 100}),
        "truncated answer" => json!({"truncate": 100}),
        "stall in the response" => json!({"stall": 20, "at": 100}),
        "stall before the response" => json!({"delay": 20}),
        "slow answer" => json!({"delay": 0.5}),
        "broken JSON" => {
            json!({"status": 200, "body": "{\"images\": [", "content_type": "application/json"})
        }
        "empty 200" => json!({"status": 200, "body": "", "content_type": "application/json"}),
        other => panic!("the proxy has no fault {other:?}"),
    }
}

impl Subject for Glance {
    async fn inject(&self, name: &str, call: &str, always: bool) {
        let mut fault = fault(name);
        fault["times"] = if always { json!(-1) } else { json!(1) };
        fault["skip"] = if call == "list" { json!(1) } else { json!(0) };
        // Not the requests by which the test prepares a call and looks at what it did.
        let (method, path) = match call {
            "read" => ("GET", "/v2/images/[^/?]+$"),
            "list" => ("GET", "/v2/images[?]"),
            "idempotent write" => ("PUT", "/tags/"),
            "creation" => ("POST", "/v2/images$"),
            "upload" => ("PUT", "/file$"),
            "download" => ("GET", "/file$"),
            other => panic!("no call {other:?}"),
        };
        fault["method"] = json!(method);
        fault["path"] = json!(path);
        switch(Method::PUT, format!("{}/__faults", self.proxy), fault).await;
    }

    async fn clear(&self) {
        switch(Method::DELETE, format!("{}/__faults", self.proxy), Value::Null).await;
    }

    async fn run(&self, fault: &str, call: &str, always: bool) -> (usize, Option<Error>) {
        let client = self.client(fault);
        let images = client.image_operations();
        let fresh =
            if call == "upload" { self.queued("for an upload").await } else { String::new() };
        self.forget_requests().await;
        let error = match call {
            "read" => images.show_image(&self.image).await.map(drop),
            "list" => {
                let items = self.list_with(&client).items();
                let count = || self.requests();
                let course =
                    Course { catalogue: &self.catalogue, pages: self.pages, before: 1, always };
                let resume = |cursor| self.list_with(&client).resume(cursor).items();
                return read_list(items, resume, |image| &image.id, course, count).await;
            }
            "idempotent write" => {
                client.image_tags().add_image_tag(&self.image, "tagged").await.map(drop)
            }
            "creation" => {
                // Not the fault's own name: a colon would be an operator.
                let time = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
                let name = format!("made-{time}");
                let outcome = images.create_image().name(&name).await.map(drop);
                let requests = self.requests().await;
                self.clear().await;
                let made = images.list_images().name(&name).items().try_collect::<Vec<_>>().await;
                let made = made.unwrap().len();
                assert!(made <= 1, "{made} images by one call");
                assert!(outcome.is_err() || made == 1, "no image by a call that succeeded");
                return (requests, outcome.err());
            }
            "upload" => client.image_data().upload_image_file(&fresh, DATA).await.map(drop),
            "download" => match client.image_data().download_image_file(&self.image).await {
                Ok(data) => data.bytes(1 << 20).await.map(|data| assert_eq!(data, DATA)),
                Err(error) => Err(error),
            },
            other => panic!("no call {other:?}"),
        }
        .err();
        let requests = self.requests().await;
        if call == "upload" && error.is_none() {
            self.clear().await;
            let image = images.show_image(&fresh).await.unwrap();
            assert_eq!(image.size, Some(DATA.len() as i64));
        }
        (requests, error)
    }
}

#[tokio::test]
async fn glance_keeps_the_promises_of_the_table() {
    let (Some(proxy), Some(keystone)) =
        (address("CLOUD_IMAGES_LIVE_GLANCE_PROXY"), address("CLOUD_IMAGES_LIVE_KEYSTONE"))
    else {
        return;
    };
    let glance = Glance::start(proxy, &keystone).await;
    matrix(&glance, "Glance").await;
}
