//! The one error of the crate.

mod display;
#[cfg(test)]
mod tests;

use crate::error_kind::ErrorKind;
use crate::operation::Operation;
use crate::printable;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

/// A result with the error of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
///
/// `Display` is one short line: the operation, the status and the service's own code, the message, the cause
/// (unless the service reported the failure), and the request id. [`std::error::Error::source`] leads to the cause.
/// Neither of them contains a credential, nor does `Debug`. Text from the service is cleaned: it is one line of
/// limited length, without control, bidirectional or invisible characters.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    server_time: Option<DateTime<Utc>>,
    attempts: u32,
    body: Option<Bytes>,
    /// Shared by the copies that callers of one login get.
    cause: Option<Arc<Cause>>,
}

/// The causes below this crate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error("{0}")]
    Http(#[source] reqwest::Error),
    #[error("{0}")]
    Json(#[source] serde_json::Error),
    #[error("{0}")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An error of a kind with a message.
    ///
    /// The message is cleaned: it becomes one line of at most 640 characters, without control, bidirectional
    /// or invisible characters. For implementations of `auth::Authenticate` and for tests.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            status: None,
            code: None,
            message: printable::line(message),
            request_id: None,
            retry_after: None,
            server_time: None,
            attempts: 0,
            body: None,
            cause: None,
        }))
    }

    /// Sets the error that caused this one.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.cause = Some(Arc::new(Cause::Other(cause.into())));
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's own code of the error: `IMG.0027`. `None` if it has none.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The id that the service assigned to the request: `x-amzn-RequestId`, `x-openstack-request-id` and the like.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the service asks to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The number of times that the request was sent; 0 if it never was.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The operation, `list_images`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.name)
    }

    /// The service's own message with its first reason, or the message of this crate.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The body of the response as it arrived, without credentials. Only the first 64 KiB of a large body.
    #[must_use]
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }

    /// The typed body that the service documents for this status.
    ///
    /// `None` if `T` is not the schema of this status, or if the body has another form: a gateway in front of a
    /// service answers in a form of its own.
    #[must_use]
    pub fn body<T: ErrorBody>(&self) -> Option<T> {
        if self.0.operation?.error_schema(self.0.status?.as_u16()) != Some(T::SCHEMA) {
            return None;
        }
        let found: T = serde_json::from_slice(self.0.body.as_ref()?).ok()?;
        let nothing = serde_json::from_str::<T>("{}").is_ok_and(|empty| empty == found);
        (!nothing).then_some(found)
    }

    /// Whether a retry of the same request may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        use ErrorKind::{Connect, Interrupted, Server, Throttled, Timeout};
        let Some(status) = self.0.status.filter(|status| !status.is_success()) else {
            return matches!(self.0.kind, Throttled | Timeout | Connect | Interrupted);
        };
        if self.0.kind == Throttled {
            return true;
        }
        // What the service says of itself wins over its status.
        if self.0.kind != ErrorKind::of_status(status) && self.0.kind != Server {
            return matches!(self.0.kind, Timeout | Interrupted);
        }
        let listed = |operation: &Operation| operation.retry_statuses.contains(&status.as_u16());
        matches!(status.as_u16(), 502..=504) || self.0.operation.is_some_and(listed)
    }

    /// Whether the resource does not exist: [`ErrorKind::NotFound`].
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// The same error once more, for another caller that waited for the same thing.
    pub(crate) fn again(&self) -> Self {
        let inner = &self.0;
        Self(Box::new(Inner {
            kind: inner.kind,
            operation: inner.operation,
            status: inner.status,
            code: inner.code.clone(),
            message: inner.message.clone(),
            request_id: inner.request_id.clone(),
            retry_after: inner.retry_after,
            attempts: inner.attempts,
            server_time: inner.server_time,
            body: inner.body.clone(),
            cause: inner.cause.clone(),
        }))
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Adds to the message.
    pub(crate) fn with_note(mut self, note: &str) -> Self {
        self.0.message = printable::line(format!("{} ({note})", self.0.message));
        self
    }

    /// Another message, without a cause.
    pub(crate) fn with_message_only(mut self, message: String) -> Self {
        self.0.message = printable::line(message);
        self.0.cause = None;
        self
    }

    pub(crate) fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code.map(|code| printable::cut(&code, 64)).filter(|code| !code.is_empty());
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_response(
        mut self,
        status: StatusCode,
        request_id: Option<String>,
        body: Bytes,
    ) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id.map(|id| printable::cut(&id, 128));
        self.0.body = Some(body);
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    pub(crate) fn with_server_time(mut self, time: Option<DateTime<Utc>>) -> Self {
        self.0.server_time = time;
        self
    }

    /// When the service answered, by its own clock.
    pub(crate) fn server_time(&self) -> Option<DateTime<Utc>> {
        self.0.server_time
    }

    pub(crate) fn with_cause(mut self, cause: Cause) -> Self {
        self.0.cause = Some(Arc::new(cause));
        self
    }

    /// The same error with the cause of another one, which it explains.
    pub(crate) fn with_cause_of(mut self, other: &Self) -> Self {
        self.0.cause.clone_from(&other.0.cause);
        self
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.0.cause.as_deref()? {
            Cause::Http(error) => Some(error),
            Cause::Json(error) => Some(error),
            Cause::Other(error) => Some(&**error),
        }
    }
}

/// The schema of an error body, for [`Error::body`]. Implemented by the generated types.
pub trait ErrorBody: DeserializeOwned + PartialEq {
    /// The name of the schema in the service's document.
    const SCHEMA: &'static str;
}
