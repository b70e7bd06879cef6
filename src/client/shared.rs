//! The state behind a client and all its clones.

use super::authenticate::Authenticate;
use super::connections::Connections;
use super::endpoint::Endpoint;
use super::limits::Limits;
use super::retry::RetryPolicy;
use super::retry_budget::Budget;
use super::settings::Settings;
use super::streams::Streams;
use super::telemetry::Observer;
use crate::operation::Operation;
use crate::{Error, ErrorKind, Result};
use http::HeaderValue;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What the clones of a client share.
pub struct Shared {
    pub(super) endpoint: Endpoint,
    pub(super) connections: Connections,
    pub(super) streams: Streams,
    pub(super) auth: Arc<dyn Authenticate>,
    pub(super) user_agent: HeaderValue,
    pub(super) timeout: Option<Duration>,
    pub(super) read_timeout: Duration,
    pub(super) deadline: Option<Duration>,
    pub(super) retry: RetryPolicy,
    pub(super) budget: Budget,
    pub(super) limits: Limits,
    pub(super) observer: Option<Observer>,
    pub(super) max_response: usize,
    /// How it was configured, where the service has regions.
    pub(super) origin: Option<Box<Settings>>,
}

impl Shared {
    /// The name of the region, where the service has regions.
    #[allow(dead_code)]
    pub(crate) fn region(&self) -> &str {
        self.origin.as_ref().and_then(|origin| origin.region.name.as_deref()).unwrap_or_default()
    }

    /// How a request is retried that may have a policy of its own.
    pub(crate) fn policy<'a>(&'a self, own: Option<&'a RetryPolicy>) -> &'a RetryPolicy {
        own.unwrap_or(&self.retry)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("endpoint", &self.endpoint)
            .field("auth", &self.auth)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("max_response", &self.max_response)
            .finish_non_exhaustive()
    }
}

/// Refuses what would make the path of another operation: nothing, `.` and `..` are resolved away
/// by every HTTP stack. All other characters are percent-encoded.
pub(crate) fn check_path_segment(
    operation: &'static Operation,
    parameter: &str,
    value: &str,
) -> Result<()> {
    let reason = match value {
        "" => "is empty",
        "." | ".." => "would change the path of the request: pass an id or a name",
        _ => return Ok(()),
    };
    let message = format!("{parameter} {value:?} {reason}");
    Err(Error::new(ErrorKind::InvalidRequest, message).with_operation(operation))
}
