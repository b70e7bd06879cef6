//! The emulator, the clients of its clouds, and its lists by plain HTTP, to compare with.

use crate::control::Control;
use crate::patient;
use cloud_images::auth::{ApiKey, Bearer};
use cloud_images::{ClientBuilder, RetryPolicy};
use cloud_images::{Service, computing, digitalocean, hetzner, hyperstack, lambda, linode, vultr};
use serde_json::{Value, json};
use std::ops::Deref;
use std::time::Duration;

pub const TOKEN: &str = "test-token";

pub struct Live(Control);

impl Deref for Live {
    type Target = Control;

    fn deref(&self) -> &Control {
        &self.0
    }
}

impl Live {
    /// The emulator that the environment names.
    pub fn find() -> Option<Self> {
        Control::find("CLOUD_IMAGES_LIVE_CLOUDS").map(Self)
    }

    /// Runs a test on a fresh emulator with these settings.
    pub async fn with(&self, settings: Value, test: impl Future<Output = ()>) {
        let fresh = async {
            self.admin("POST", "reset", json!({})).await;
            test.await;
        };
        self.configured(settings, fresh).await;
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
