//! The control routes of a server in `tests/servers`.

use futures::FutureExt;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::RwLock;

pub const KEY: &str = "AKIDHARNESS000000001";
pub const SECRET: &str = "harness-secret-key";

/// Held for reading by tests that take their server as it is, for writing by those that change it.
static SETTINGS: RwLock<()> = RwLock::const_new(());

pub struct Control {
    pub url: String,
    pub http: reqwest::Client,
}

impl Control {
    /// The server that a variable of the environment names.
    pub fn find(variable: &str) -> Option<Self> {
        let Ok(url) = std::env::var(variable) else {
            eprintln!("skipped: {variable} is not set");
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

    pub async fn admin(&self, method: &str, what: &str, body: Value) -> Value {
        let url = format!("{}/__{what}", self.url);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap().error_for_status().unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default()
    }
}

/// A number that no earlier run of a test had.
pub fn run() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() % 100_000_000
}
