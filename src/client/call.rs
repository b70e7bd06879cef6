//! What one call needs, from its first attempt to its last.

use super::beginning::Beginning;
use super::endpoint::{join, no_endpoint};
use super::options::Options;
use super::random::call_token;
use super::retry::RetryPolicy;
use super::shared::{Shared, check_path_segment};
use super::within::within;
use crate::operation::Operation;
use crate::redact::Secrets;
use crate::{Error, ErrorKind, Result};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// What one call needs beside its request.
pub struct Call {
    pub(super) shared: Arc<Shared>,
    pub(super) operation: &'static Operation,
    pub(super) started: Instant,
    pub(super) read_timeout: Duration,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    /// How the call is retried; `None` for the policy of the client.
    pub(super) retry: Option<Box<RetryPolicy>>,
    /// Whether what it uploads can be sent only once.
    pub(super) sends_stream: bool,
    /// What tells the service that two attempts are one call, where it wants to be told.
    pub(super) token: OnceLock<String>,
    /// What of the body is not to be shown.
    pub(super) secrets: Secrets,
    /// Whether it goes to a signed address, without the credential.
    pub(super) signed: bool,
    /// The project in the path of the operation, if it has one.
    pub(super) project: String,
    /// Where somebody looks for the beginning of its response.
    pub(super) beginning: Option<Beginning>,
}

impl Shared {
    /// What a generated client needs to send one call.
    pub(crate) async fn begin(
        self: &Arc<Self>,
        operation: &'static Operation,
        options: &Options,
    ) -> Result<Call> {
        if let Some(parameter) = options.repeated {
            let message = format!(
                "{parameter} is set twice, and the service uses the last one only: set it once"
            );
            return Err(Error::new(ErrorKind::InvalidRequest, message).with_operation(operation));
        }
        if let Some(reason) = options.refused {
            return Err(Error::new(ErrorKind::InvalidRequest, reason).with_operation(operation));
        }
        let call = Call {
            shared: Arc::clone(self),
            operation,
            sends_stream: false,
            token: OnceLock::new(),
            secrets: Secrets::default(),
            signed: false,
            project: String::new(),
            beginning: None,
            started: Instant::now(),
            timeout: options.timeout.or(self.timeout),
            read_timeout: options.read_timeout.unwrap_or(self.read_timeout),
            deadline: options.deadline.or(self.deadline),
            retry: options.retry.clone(),
        };
        // A login that finds the endpoint is part of the call.
        if self.endpoint.known().is_none() {
            let endpoint = call.credential(self.endpoint.resolve(&*self.auth));
            let endpoint = call.in_time(Box::pin(endpoint)).await;
            endpoint.map_err(|error| error.with_operation(operation))?;
        }
        Ok(call)
    }
}

impl Call {
    /// The URL of a path at the service.
    pub(crate) fn url(&self, path: &str) -> Result<Url> {
        let endpoint = self.shared.endpoint.known().ok_or_else(no_endpoint);
        Ok(join(endpoint.map_err(|error| error.with_operation(self.operation))?, path))
    }

    /// What builds a request by hand.
    pub(crate) fn http(&self) -> &reqwest::Client {
        self.shared.connections.any()
    }

    /// The project in the path of the operation.
    #[allow(dead_code)] // depends on the documents
    pub(crate) fn project(&self) -> &str {
        &self.project
    }

    /// The token of the call, the same for each attempt.
    #[allow(dead_code)] // depends on the documents
    pub(crate) fn token(&self) -> String {
        self.token.get_or_init(call_token).clone()
    }

    /// The same call, to a signed address.
    #[allow(dead_code)]
    pub(super) fn at_signed(mut self, url: &Url) -> Self {
        self.secrets = Secrets::of_query(url);
        self.signed = true;
        self
    }

    /// The project in the path of an operation: the one that was set, or else that of the credential.
    pub(super) async fn project_id(&self, parameter: &str, set: Option<&str>) -> Result<String> {
        let id = match set {
            Some(id) => id.to_owned(),
            None => {
                let project = self.credential(self.shared.auth.project_id());
                let project = self.in_time(project).await;
                let project = project.map_err(|error| error.with_operation(self.operation))?;
                project.ok_or_else(|| {
                    let message = format!(
                        "{parameter} is not set and {} does not know it: call `.{parameter}(...)`",
                        self.shared.auth.name()
                    );
                    Error::new(ErrorKind::InvalidRequest, message).with_operation(self.operation)
                })?
            }
        };
        check_path_segment(self.operation, parameter, &id)?;
        Ok(id)
    }

    /// The same call, with a secret in its body.
    #[cfg(feature = "keystone")]
    pub(crate) fn hiding(mut self, secret: &str) -> Self {
        self.secrets = Secrets::of_body(secret);
        self
    }

    /// A part of the call, for as long as the deadline leaves it. Nothing is begun after the deadline.
    pub(super) async fn in_time<T>(&self, part: impl Future<Output = Result<T>>) -> Result<T> {
        let Some(left) = self.left() else { return part.await };
        let outcome = match left {
            Duration::ZERO => None,
            left => within(left, part).await,
        };
        outcome.unwrap_or_else(|| {
            let deadline = self.deadline.unwrap_or_default();
            let message = format!("the call took longer than its deadline of {deadline:?}");
            Err(Error::new(ErrorKind::Timeout, message))
        })
    }

    /// What the deadline leaves, if there is one.
    pub(super) fn left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_sub(self.started.elapsed()))
    }

    /// What a credential provider does, within the time that the service itself would have.
    pub(super) async fn credential<T>(&self, part: impl Future<Output = Result<T>>) -> Result<T> {
        let limit = self.timeout.unwrap_or(LONGEST_LOGIN).min(self.read_timeout);
        within(limit, part).await.unwrap_or_else(|| {
            let provider = self.shared.auth.name();
            let message = format!("{provider} did not provide a credential within {limit:?}");
            Err(Error::new(ErrorKind::Timeout, message))
        })
    }
}

/// How long a login may take where an attempt has no timeout.
const LONGEST_LOGIN: Duration = Duration::from_secs(60);
