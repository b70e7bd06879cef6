//! How a client is configured: what its builder gathers.

use super::authenticate::{Anonymous, Authenticate, Region};
use super::retry::RetryPolicy;
use super::telemetry::Observer;
use super::trust::Trust;
use std::sync::Arc;
use std::time::Duration;

/// The settings of a client, each as its setter says.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub endpoint: Option<String>,
    pub auth: Arc<dyn Authenticate>,
    pub http: Option<reqwest::Client>,
    pub trust: Trust,
    pub allow_http: bool,
    /// `None` for the name and version of this crate.
    pub user_agent: Option<String>,
    pub connect_timeout: Duration,
    pub read_timeout: Duration,
    pub timeout: Option<Duration>,
    pub deadline: Option<Duration>,
    pub in_flight: Option<usize>,
    pub rate: Option<(f64, u32)>,
    pub observer: Option<Observer>,
    pub retry: RetryPolicy,
    pub max_response: usize,
    pub region: Region,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            endpoint: None,
            auth: Arc::new(Anonymous),
            http: None,
            trust: Trust::default(),
            allow_http: false,
            user_agent: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            timeout: Some(Duration::from_secs(60)),
            deadline: None,
            in_flight: None,
            rate: None,
            observer: None,
            retry: RetryPolicy::default(),
            max_response: 64 << 20,
            region: Region::default(),
        }
    }
}
