//! The one error of the crate.

use crate::operation::Operation;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::de::DeserializeOwned;
use std::fmt;
use std::time::Duration;

/// A result with the error of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The enum, and a `Display` in the words of its documentation.
macro_rules! error_kind {
    ($(#[$attribute:meta])* pub enum $name:ident { $($(#[doc = $words:literal])+ $kind:ident,)+ }) => {
        $(#[$attribute])*
        pub enum $name {
            $($(#[doc = $words])+ $kind,)+
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let words = match self {
                    $(Self::$kind => concat!($($words),+),)+
                };
                f.pad(words.trim().trim_end_matches('.'))
            }
        }
    };
}

error_kind! {
    /// What went wrong, in the terms of a caller who has to decide what to do next.
    ///
    /// `Display` says it in the words that are written here.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ErrorKind {
        /// 400: the service does not accept the request as it is.
        BadRequest,
        /// 401: no credential, or one that is wrong or expired.
        Unauthorized,
        /// 403: the credential is not allowed to do this; API gateways also answer it to a wrong
        /// signature and to a path that they do not know.
        Forbidden,
        /// 404: there is no such thing, or the credential may not see it.
        NotFound,
        /// 409: the state of the thing does not allow it.
        Conflict,
        /// 412 of ParallelCluster: a dry run that would have succeeded.
        DryRun,
        /// 413: more than the service takes.
        TooLarge,
        /// 415: a media type that the service does not take, or data that is not what it claims to be.
        UnsupportedMediaType,
        /// 416: the range lies beyond the end of the data.
        RangeNotSatisfiable,
        /// 429: too many requests.
        Throttled,
        /// 5xx: the service failed.
        Server,
        /// Another status that stands for no success.
        UnexpectedStatus,
        /// The service says in a successful answer that the request failed.
        Failed,
        /// 204 to a download: there is no data yet.
        NoData,
        /// The data is not what its hash or its length says: damaged on its way or where it lies.
        Damaged,
        /// No answer in time.
        Timeout,
        /// No connection; the request was surely not received.
        Connect,
        /// The connection broke; whether the request was carried out is unknown.
        Interrupted,
        /// The answer is not what the service's document says.
        Decode,
        /// The answer or its headers are larger than allowed.
        ResponseTooLarge,
        /// No credential could be had or renewed.
        Auth,
        /// The request cannot be sent as it is.
        InvalidRequest,
        /// The client cannot be built as configured.
        Configuration,
        /// The service sends the same page again.
        PaginationLoop,
    }
}

/// Why a call failed.
///
/// One word wide. `Display` tells the operation, the status, the service's own message and the
/// request id in one line; [`std::error::Error::source`] leads to the cause below. Credentials are in
/// neither, nor in `Debug`.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    message: String,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    server_time: Option<DateTime<Utc>>,
    attempts: u32,
    body: Option<Bytes>,
    cause: Option<Cause>,
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
    /// An error of a kind, with a message of one line.
    ///
    /// For implementations of [`Authenticate`](crate::auth::Authenticate) and for tests.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            status: None,
            message: message.into(),
            request_id: None,
            retry_after: None,
            server_time: None,
            attempts: 0,
            body: None,
            cause: None,
        }))
    }

    /// The same error with the error that caused it.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.cause = Some(Cause::Other(cause.into()));
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

    /// What the service called the request: `x-amzn-RequestId`, `x-openstack-request-id` and the like.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the service asks to wait before the next try.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How often the request was sent; 0 if it never was.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The operation, `list_images`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.name)
    }

    /// The service's own message, or what this crate has to say.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The body of the answer as it came, without credentials.
    #[must_use]
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }

    /// The typed body that the service documents for this status.
    ///
    /// `None` if `T` is not the schema of the status, or the body is not of its form.
    #[must_use]
    pub fn body<T: ErrorBody>(&self) -> Option<T> {
        let status = self.0.status?.as_u16();
        let listed = self.0.operation?.error_schema(status) == Some(T::SCHEMA);
        if listed { serde_json::from_slice(self.0.body.as_ref()?).ok() } else { None }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            ErrorKind::Throttled
            | ErrorKind::Timeout
            | ErrorKind::Connect
            | ErrorKind::Interrupted => true,
            _ => {
                let status = self.0.status.map(|status| status.as_u16());
                matches!(status, Some(502..=504))
                    || status
                        .zip(self.0.operation)
                        .is_some_and(|(code, operation)| operation.retry_statuses.contains(&code))
            }
        }
    }

    /// Whether the thing does not exist: [`ErrorKind::NotFound`].
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// The same error once more, for another who waited for the same thing; without the cause.
    pub(crate) fn again(&self) -> Self {
        let inner = &self.0;
        Self(Box::new(Inner {
            kind: inner.kind,
            operation: inner.operation,
            status: inner.status,
            message: inner.message.clone(),
            request_id: inner.request_id.clone(),
            retry_after: inner.retry_after,
            attempts: inner.attempts,
            server_time: inner.server_time,
            body: inner.body.clone(),
            cause: None,
        }))
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Adds to what the service says.
    pub(crate) fn with_note(mut self, note: &str) -> Self {
        self.0.message.push_str(" (");
        self.0.message.push_str(note);
        self.0.message.push(')');
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
        self.0.request_id = request_id;
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
        self.0.cause = Some(cause);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if let Some(operation) = inner.operation {
            write!(f, "{}: ", operation.name)?;
        }
        if let Some(status) = inner.status {
            write!(f, "{status}: ")?;
        }
        f.write_str(&inner.message)?;
        if inner.attempts > 1 {
            write!(f, " (after {} attempts)", inner.attempts)?;
        }
        if let Some(id) = &inner.request_id {
            write!(f, " (request id {id})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &self.operation())
            .field("status", &inner.status)
            .field("message", &inner.message)
            .field("request_id", &inner.request_id)
            .field("attempts", &inner.attempts)
            .field("cause", &inner.cause)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.0.cause.as_ref()? {
            Cause::Http(error) => Some(error),
            Cause::Json(error) => Some(error),
            Cause::Other(error) => Some(&**error),
        }
    }
}

/// The schema of an error body, for [`Error::body`]. Implemented by the generated types.
pub trait ErrorBody: DeserializeOwned {
    /// The name of the schema in the service's document.
    const SCHEMA: &'static str;
}

#[cfg(test)]
mod tests {
    use super::ErrorKind;

    #[test]
    fn a_kind_says_what_its_documentation_says() {
        let forbidden = "403: the credential is not allowed to do this; API gateways also answer it to a \
                         wrong signature and to a path that they do not know";
        assert_eq!(ErrorKind::Forbidden.to_string(), forbidden);
        assert_eq!(format!("{:>20}", ErrorKind::Timeout), "   No answer in time");
    }
}
