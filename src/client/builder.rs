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

/// A service that a [`ClientBuilder`] can build the client of. Implemented by the clients of this
/// crate.
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
/// | compression | gzip |
/// | proxy | from `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`; none for an `http` endpoint on this machine |
/// | HTTP/2 keep-alive | a ping after 10 s, while requests are in flight |
///
/// # Runtimes
///
/// A client can be used from several tokio runtimes: each has connections of its own. A client with
/// [`http_client`](Self::http_client) shares its connections, and those hang while the runtime that opened
/// them is not driven: give each runtime a client of its own then.
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

    /// The base URL of the service, with a path such as the stage of an API Gateway if it has one.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.settings.endpoint = Some(url.into());
        self
    }

    /// How requests are authenticated. Without it they are sent without a credential.
    #[must_use]
    pub fn auth(mut self, auth: impl Authenticate) -> Self {
        self.settings.auth = Arc::new(auth);
        self
    }

    /// A ready HTTP client instead of one of the crate's own. Its own timeouts, TLS, proxy and redirect
    /// settings apply, so [`connect_timeout`](Self::connect_timeout) and the settings of certificates do not.
    ///
    /// Build it with `redirect::Policy::none()`: if it follows a redirect, the call fails with
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), but the credential may be gone.
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
    /// What is not PEM is an error of [`build`](Self::build).
    #[must_use]
    pub fn root_certificate_pem(mut self, pem: impl Into<Bytes>) -> Self {
        self.settings.trust.roots.push(pem.into());
        self
    }

    /// Accepts any certificate of any server. **Anyone on the way can then read the credential and change
    /// every response.** For test systems only; a private certificate authority is
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
        self.settings.user_agent = user_agent.into();
        self
    }

    /// How long a connection may take to be established. Not used with
    /// [`http_client`](Self::http_client).
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// How long the service may take without a sign of life: while it receives a request, before it responds,
    /// and while it responds; 30 seconds unless set. Less than 1 KiB of a response in this time is not a sign of
    /// life. A service that has a large upload to finish after its last byte may need more. A credential
    /// provider has this time too.
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.read_timeout = timeout;
        self
    }

    /// How long one attempt may take, with its response, and how long a login may take; `None` for no limit
    /// of an attempt. Uploads and downloads of image data have no such limit.
    #[must_use]
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.timeout = timeout.into();
        self
    }

    /// How long one call may take in all, with its retries, delays and the login that it may need; no limit by
    /// default. Nothing is sent after it. In a list, each page is a call; a download is one up to its first
    /// byte.
    #[must_use]
    pub fn deadline(mut self, deadline: impl Into<Option<Duration>>) -> Self {
        self.settings.deadline = deadline.into();
        self
    }

    /// How many requests the client and its clones have in flight at most; further ones wait. No limit by
    /// default, and 0 counts as 1.
    ///
    /// A request holds its permit until its response has arrived. A download holds it until its data begins,
    /// and an upload of a stream or reader until it begins, so that the data of one image can be read, or sent
    /// on, with the same client, under any limit.
    #[must_use]
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.settings.in_flight = Some(requests);
        self
    }

    /// How many requests a second the client and its clones start, and how many at once after a pause;
    /// further ones wait. By default there is no limit, or the one that the service is known to have: Lambda
    /// takes a request a second, Linode 20 lists of images a minute. A deployed ParallelCluster API takes 100 a
    /// second and bursts of 10.
    ///
    /// `per_second` is a positive number; anything else is an error of [`build`](Self::build). A `burst` of 0
    /// counts as 1.
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

    /// The largest answer in bytes, after decompression. Downloads of image data have no limit.
    #[must_use]
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.settings.max_response = bytes;
        self
    }

    /// A function that observes every attempt, for metrics. It is called in the task of the call and must not
    /// block. Attempts that a deadline or the caller cancels are not reported.
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
