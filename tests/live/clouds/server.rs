//! The emulator, the clients of its clouds, and its lists by plain HTTP, to compare with.

use crate::patient;
use cloud_images::auth::{ApiKey, Bearer};
use cloud_images::{ClientBuilder, RetryPolicy};
use cloud_images::{Service, computing, digitalocean, hetzner, hyperstack, lambda, linode, vultr};
use futures::FutureExt;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;
use tokio::sync::Mutex;

pub const TOKEN: &str = "test-token";

/// Held by each test: all of them change the emulator.
static ALONE: Mutex<()> = Mutex::const_new(());

pub struct Live {
    pub url: String,
    http: reqwest::Client,
}

impl Live {
    /// The emulator that the environment names.
    pub fn find() -> Option<Self> {
        let Ok(url) = std::env::var("CLOUD_IMAGES_LIVE_CLOUDS") else {
            eprintln!("skipped: CLOUD_IMAGES_LIVE_CLOUDS is not set");
            return None;
        };
        // The second test of the process finds one, which is as well.
        #[cfg(feature = "rustls")]
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Some(Self { url: url.trim_end_matches('/').to_owned(), http })
    }

    /// Runs a test on a fresh emulator with these settings.
    pub async fn with(&self, settings: Value, test: impl Future<Output = ()>) {
        let _alone = ALONE.lock().await;
        let before = self.admin("GET", "config", Value::Null).await;
        let names = settings.as_object().unwrap().keys();
        let before: Value = names.map(|name| (name.clone(), before[name].clone())).collect();
        self.admin("PUT", "config", settings).await;
        self.admin("POST", "reset", json!({})).await;
        let outcome = AssertUnwindSafe(test).catch_unwind().await;
        self.admin("PUT", "config", before).await;
        self.admin("POST", "reset", json!({})).await;
        outcome.unwrap_or_else(|panic| resume_unwind(panic));
    }

    pub async fn admin(&self, method: &str, what: &str, body: Value) -> Value {
        let url = format!("{}/__{what}", self.url);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap().error_for_status().unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default()
    }

    /// The statuses that a cloud has answered with, in order.
    pub async fn statuses(&self, cloud: &str) -> Vec<u64> {
        let log = self.admin("GET", &format!("requests?cloud={cloud}"), Value::Null).await;
        let lines = log.as_array().or_else(|| log["requests"].as_array()).unwrap();
        lines.iter().map(|line| line["status"].as_u64().unwrap()).collect()
    }

    /// An answer by plain HTTP, if it is a success.
    pub async fn get(&self, path: &str, query: &[(&str, String)]) -> Option<Value> {
        let request = self.http.get(format!("{}{path}", self.url)).query(query);
        let response = request.bearer_auth(TOKEN).send().await.unwrap();
        let is_success = response.status().is_success();
        let body = response.json().await.unwrap();
        is_success.then_some(body)
    }

    pub fn client<S: Service>(&self, builder: ClientBuilder<S>, path: &str) -> ClientBuilder<S> {
        let retry = RetryPolicy::default().base_delay(Duration::from_millis(10));
        patient(builder).endpoint(format!("{}{path}", self.url)).retry(retry)
    }

    /// The clients of all clouds, with a token and without the rates that the services are known to have.
    pub fn clients(&self, token: &str) -> Clients {
        fn fast<S: Service>(builder: ClientBuilder<S>) -> S {
            builder.max_rate(1e6, 1000).build().unwrap()
        }
        let bearer = || Bearer::new(token);
        let key = ApiKey::new("api_key", token).unwrap();
        Clients {
            computing: fast(self.client(computing::Client::builder(), "/nebula").auth(bearer())),
            digitalocean: fast(
                self.client(digitalocean::Client::builder(), "/digitalocean").auth(bearer()),
            ),
            hetzner: fast(self.client(hetzner::Client::builder(), "/hetzner/v1").auth(bearer())),
            hyperstack: fast(self.client(hyperstack::Client::builder(), "/hyperstack").auth(key)),
            lambda: fast(self.client(lambda::Client::builder(), "/lambda").auth(bearer())),
            linode: fast(self.client(linode::Client::builder(), "/linode").auth(bearer())),
            vultr: fast(self.client(vultr::Client::builder(), "/vultr/v2").auth(bearer())),
        }
    }
}

pub struct Clients {
    pub computing: computing::Client,
    pub digitalocean: digitalocean::Client,
    pub hetzner: hetzner::Client,
    pub hyperstack: hyperstack::Client,
    pub lambda: lambda::Client,
    pub linode: linode::Client,
    pub vultr: vultr::Client,
}
