//! How a client is configured.

mod build;

use super::authenticate::Authenticate;
use super::retry::RetryPolicy;
use super::settings::Settings;
use super::shared::Shared;
use super::telemetry::{Attempt, Observer};
use bytes::Bytes;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

/// A client that a [`ClientBuilder`] can build. Implemented by the clients of this crate.
pub trait Service: Sized + sealed::Service {}

pub(crate) mod sealed {
    pub trait Service {
        /// The type that the service has in a catalogue, if one lists it.
        const CATALOGUED: Option<&'static str> = None;

        /// The name that the service has in signatures, if it has an address in each region.
        const SIGNED_AS: Option<&'static str> = None;

        fn from_shared(shared: std::sync::Arc<super::Shared>) -> Self;

        /// The endpoint as the generated paths need it: without a version that every path begins with.
        fn normalize(endpoint: url::Url) -> url::Url {
            endpoint
        }
    }
}

/// Configures a client.
///
/// An endpoint is required, unless the credential brings a catalogue of services; everything else has a default:
///
/// | setting | default |
/// |---|---|
/// | [`connect_timeout`](Self::connect_timeout) | 10 s |
/// | [`timeout`](Self::timeout) of one attempt | 60 s |
/// | [`read_timeout`](Self::read_timeout) | 30 s without a byte |
/// | [`deadline`](Self::deadline) of a call | none |
/// | [`max_in_flight`](Self::max_in_flight) | no limit |
/// | [`max_rate`](Self::max_rate) | what the service is known to take |
/// | [`retry`](Self::retry) | 3 attempts, see [`RetryPolicy`] |
/// | [`max_response_size`](Self::max_response_size) | 64 MiB |
/// | redirects | none is followed |
/// | compression | gzip, with the feature `gzip`, which is on by default |
/// | proxy | from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, or else the settings of macOS or Windows; none for an `http` endpoint on this machine |
/// | HTTP/2 keep-alive (feature `http2`) | a ping after 10 s, while requests are in flight |
///
/// # Runtimes
///
/// A client can be used from several tokio runtimes: each has connections of its own. With an
/// [`http_client`](Self::http_client) of your own, all runtimes share its connections, and a connection hangs while
/// the runtime that opened it is idle: in that case, build one client for each runtime.
pub struct ClientBuilder<S> {
    pub(super) settings: Settings,
    service: PhantomData<fn() -> S>,
}

impl<S: Service> ClientBuilder<S> {
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    /// A builder that is configured already.
    pub(super) fn with(settings: Settings) -> Self {
        Self { settings, service: PhantomData }
    }

    /// The base URL of the service, including a path if it has one, such as the stage of an API Gateway.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.settings.endpoint = Some(url.into());
        self
    }

    /// How requests are authenticated. By default they are sent without a credential.
    #[must_use]
    pub fn auth(mut self, auth: impl Authenticate) -> Self {
        self.settings.auth = Arc::new(auth);
        self
    }

    /// Sends requests with your own HTTP client instead of one that this crate builds. Its own timeouts, TLS, proxy
    /// and redirect settings apply, so [`connect_timeout`](Self::connect_timeout) and the settings of certificates
    /// do not.
    ///
    /// Build it with `redirect::Policy::none()`. If it follows a redirect, the call fails with
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), but by then the other host may have received
    /// the credential.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.settings.http = Some(client);
        self
    }

    /// Trusts the certificates in `pem` too, besides those that the platform trusts: for services with a
    /// certificate authority of their own. Can be called several times, and one `pem` can hold several
    /// certificates.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let builder = cloud_images::computing::Client::builder()
    ///     .root_certificate_pem(std::fs::read("/etc/ssl/our-ca.pem")?);
    /// # Ok(()) }
    /// ```
    ///
    /// [`build`](Self::build) fails if it is not PEM.
    #[must_use]
    pub fn root_certificate_pem(mut self, pem: impl Into<Bytes>) -> Self {
        self.settings.trust.roots.push(pem.into());
        self
    }

    /// Accepts any certificate of any server. **Anyone between you and the server can then read the credential and
    /// change every response.** Use it for test systems only. For a private certificate authority use
    /// [`root_certificate_pem`](Self::root_certificate_pem).
    #[must_use]
    pub fn danger_accept_invalid_certs(mut self, accept: bool) -> Self {
        self.settings.trust.accept_any = accept;
        self
    }

    /// Allows `http://` endpoints that are not on this machine. Credentials then travel unencrypted.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.settings.allow_http = allow;
        self
    }

    /// The `User-Agent` of the requests.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.settings.user_agent = Some(user_agent.into());
        self
    }

    /// The time limit for opening a connection. The default is 10 seconds. Not used with
    /// [`http_client`](Self::http_client).
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// The idle timeout: how long a request may make no progress while it is sent, before the response begins, and
    /// while the response is read. The default is 30 seconds. Less than 1 KiB of a response in this time is no
    /// progress.
    ///
    /// Set a longer one for a service that takes long to store a large upload after its last byte. A call also
    /// waits for its credential no longer than this.
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.read_timeout = timeout;
        self
    }

    /// The time limit of one attempt, from the request to the end of the response, and of the login before it. The
    /// default is 60 seconds; `None` removes the limit of an attempt. It does not apply to uploads and downloads of
    /// image data.
    #[must_use]
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.timeout = timeout.into();
        self
    }

    /// The time limit of a whole call, with its retries, delays and login. By default there is none. In a list, it
    /// applies to each page; for a download, until the first byte arrives.
    #[must_use]
    pub fn deadline(mut self, deadline: impl Into<Option<Duration>>) -> Self {
        self.settings.deadline = deadline.into();
        self
    }

    /// The maximum number of requests that the client and its clones have in flight; further ones wait. By default
    /// there is no limit; 0 counts as 1.
    ///
    /// A request counts until its response has arrived. A download counts only until its data begins, and an upload
    /// of a stream or reader only until it starts. So one client can copy an image from a download to an upload,
    /// even with a limit of 1.
    #[must_use]
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.settings.in_flight = Some(requests);
        self
    }

    /// Limits how many requests the client and its clones start: `per_second` on average, and up to `burst` at once
    /// after a pause. Further requests wait.
    ///
    /// By default the known limit of the service applies: Lambda allows one request per second, Linode 20 lists of
    /// images per minute. For all other services there is no limit. A deployed ParallelCluster API allows 100
    /// requests per second with bursts of 10.
    ///
    /// `per_second` must be a positive number, or [`build`](Self::build) fails. A `burst` of 0 counts as 1.
    #[must_use]
    pub fn max_rate(mut self, per_second: f64, burst: u32) -> Self {
        self.settings.rate = Some((per_second, burst));
        self
    }

    /// How failed requests are retried.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// The maximum size of a response body in bytes, after decompression. The default is 64 MiB. A larger one fails
    /// with [`ErrorKind::ResponseTooLarge`](crate::ErrorKind::ResponseTooLarge). Downloads of image data have no
    /// limit.
    #[must_use]
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.settings.max_response = bytes;
        self
    }

    /// Sets a function that is called after every attempt, for metrics. It runs in the task of the call and must
    /// not block. Attempts that a deadline or the caller cancels are not reported.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// let throttled = Arc::new(AtomicU64::new(0));
    /// let counter = Arc::clone(&throttled);
    /// let builder = cloud_images::computing::Client::builder().observer(move |attempt| {
    ///     if attempt.status.is_some_and(|status| status == 429) {
    ///         counter.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn observer(mut self, observer: impl Fn(&Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.settings.observer = Some(Observer(Arc::new(observer)));
        self
    }
}

impl<S> fmt::Debug for ClientBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("auth", &self.settings.auth)
            .field("retry", &self.settings.retry)
            .finish_non_exhaustive()
    }
}
