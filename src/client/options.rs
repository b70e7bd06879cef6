//! What can be set for one call.

use super::retry::RetryPolicy;
use std::time::Duration;

/// The settings of one request, over those of its client.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub timeout: Option<Duration>,
    pub read_timeout: Option<Duration>,
    pub deadline: Option<Duration>,
    /// In a box, since few requests have one, and all of them are moved.
    pub retry: Option<Box<RetryPolicy>>,
    /// A parameter that was set twice although the service takes one value only.
    pub repeated: Option<&'static str>,
    /// Why the request is not to be sent as it is.
    pub refused: Option<&'static str>,
}

/// The setters that every request has.
macro_rules! call_settings {
    () => {
        /// Sets how long one attempt of this request may take, with its response, instead of the client's
        /// [`timeout`](crate::ClientBuilder::timeout). An attempt ends earlier if the service is silent for the
        /// [`read_timeout`](Self::read_timeout).
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.timeout = Some(timeout);
            self
        }

        /// Sets how long the service may be silent during this request, instead of the client's
        /// [`read_timeout`](crate::ClientBuilder::read_timeout).
        pub fn read_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.read_timeout = Some(timeout);
            self
        }

        /// Sets how long this request may take in all, with its retries, instead of the client's
        /// [`deadline`](crate::ClientBuilder::deadline).
        pub fn deadline(mut self, deadline: ::std::time::Duration) -> Self {
            self.options.deadline = Some(deadline);
            self
        }

        /// Sets how this request is retried, instead of the client's [`retry`](crate::ClientBuilder::retry).
        pub fn retry(mut self, policy: crate::RetryPolicy) -> Self {
            self.options.retry = Some(::std::boxed::Box::new(policy));
            self
        }
    };
}
pub(crate) use call_settings;
