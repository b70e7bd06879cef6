//! The real server, as moto and its front in `tests/servers/ec2`.

use crate::contract::ec2::World;
use crate::control::{self, Control, KEY, SECRET};
use crate::patient;
use cloud_images::ClientBuilder;
use cloud_images::RetryPolicy;
use cloud_images::auth::{Credentials, SigV4};
use cloud_images::ec2::Client;
use serde_json::Value;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

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
        Control::find("CLOUD_IMAGES_LIVE_EC2").map(Self)
    }

    /// A client of `us-east-1` with another secret key, for further settings.
    pub fn unbuilt(&self, secret: &str) -> ClientBuilder<Client> {
        let auth = SigV4::new("us-east-1", Credentials::new(KEY, secret));
        let delay = Duration::from_millis(10);
        let retry = RetryPolicy::default().base_delay(delay).throttled_delay(delay);
        patient(Client::builder()).endpoint(&self.url).auth(auth).retry(retry)
    }

    /// The requests so far.
    pub async fn requests(&self) -> Vec<Value> {
        let log = self.admin("GET", "requests", Value::Null).await;
        log.as_array().unwrap().clone()
    }

    pub async fn forget_requests(&self) {
        self.admin("DELETE", "requests", Value::Null).await;
    }
}

impl World for Live {
    fn client(&self) -> Client {
        self.unbuilt(SECRET).build().unwrap()
    }

    fn name(&self, suffix: &str) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        format!("live-{suffix}-{}-{count}", control::run())
    }
}
