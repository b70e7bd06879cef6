//! How a client is configured.

use super::authenticate::{Anonymous, Authenticate};
use super::endpoint::{Endpoint, configuration, parse_endpoint};
use super::limits::{Limits, Rate};
use super::retry::RetryPolicy;
use super::retry_budget::Budget;
use super::shared::Shared;
use super::telemetry::{Attempt, Observer};
use crate::Result;
use http::HeaderValue;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The name and version that requests carry, unless another `User-Agent` is set.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// A service that a [`ClientBuilder`] can build the client of. Implemented by the clients of this
/// crate.
pub trait Service: Sized + sealed::Service {}

pub(crate) mod sealed {
    pub trait Service {
        /// The type that the service has in a catalogue, if one lists it.
        const CATALOGUED: Option<&'static str> = None;

        fn from_shared(shared: std::sync::Arc<super::Shared>) -> Self;

        /// The endpoint as generated paths want it: IMS endpoints are given with and without `/v2`.
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
/// | [`read_timeout`](Self::read_timeout) | 30 s of silence |
/// | [`deadline`](Self::deadline) of a call | none |
/// | [`max_in_flight`](Self::max_in_flight), [`max_rate`](Self::max_rate) | no limit |
/// | [`retry`](Self::retry) | 3 attempts, see [`RetryPolicy`] |
/// | [`max_response_size`](Self::max_response_size) | 64 MiB |
/// | redirects | none is followed |
/// | compression | gzip |
/// | proxy | from `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY` |
pub struct ClientBuilder<S> {
    endpoint: Option<String>,
    auth: Arc<dyn Authenticate>,
    http: Option<reqwest::Client>,
    allow_http: bool,
    user_agent: String,
    connect_timeout: Duration,
    read_timeout: Duration,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    limits: Limits,
    observer: Option<Observer>,
    retry: RetryPolicy,
    max_response: usize,
    service: PhantomData<fn() -> S>,
}

impl<S: Service> ClientBuilder<S> {
    pub(crate) fn new() -> Self {
        Self {
            endpoint: None,
            auth: Arc::new(Anonymous),
            http: None,
            allow_http: false,
            user_agent: USER_AGENT.to_owned(),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            timeout: Some(Duration::from_secs(60)),
            deadline: None,
            limits: Limits::default(),
            observer: None,
            retry: RetryPolicy::default(),
            max_response: 64 << 20,
            service: PhantomData,
        }
    }

    /// The base URL of the service, with a path such as the stage of an API Gateway if it has one.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// How requests are authenticated. Without it they are sent without a credential.
    #[must_use]
    pub fn auth(mut self, auth: impl Authenticate) -> Self {
        self.auth = Arc::new(auth);
        self
    }

    /// A ready HTTP client instead of one of our own. Its own timeouts, TLS, proxy and redirect
    /// settings hold: let it follow no redirects, or credentials may follow them.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Allows `http://` endpoints that are not on this machine. Credentials then travel unencrypted.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// The `User-Agent` of the requests.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// How long a connection may take to be established. Not used with
    /// [`http_client`](Self::http_client).
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long the service may stay silent: while it takes a request, before it answers, and while it
    /// answers; 30 seconds unless set. Less than 1 KiB of an answer in this time counts as silence. A
    /// service that has a large upload to finish after its last byte may need more.
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// How long one attempt may take, its answer included; `None` for as long as it takes. Uploads
    /// and downloads of image data have no such limit.
    #[must_use]
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// How long one call may take in all, its repetitions and waits and the login that it may need
    /// included; no limit by default. In a list, each page is a call; a download is one up to its first
    /// byte.
    #[must_use]
    pub fn deadline(mut self, deadline: impl Into<Option<Duration>>) -> Self {
        self.deadline = deadline.into();
        self
    }

    /// How many requests the client and its clones have under way at most; further ones wait. No
    /// limit by default, and 0 is taken for 1.
    ///
    /// Counted is what the service takes its time for, not what waits for you: a download until its data
    /// begins, an upload of bytes or a file to its end, and an upload of a stream or reader only until it
    /// begins. So the data of one image can be read, or sent on, with the same client, whatever the
    /// limit; how many of such streams there are is in your hands.
    #[must_use]
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        let places = requests.clamp(1, Semaphore::MAX_PERMITS);
        self.limits.in_flight = Some(Arc::new(Semaphore::new(places)));
        self
    }

    /// How many requests a second the client and its clones start, and how many at once after a
    /// pause; further ones wait. No limit by default. A deployed ParallelCluster API takes 100 a
    /// second and bursts of 10.
    #[must_use]
    pub fn max_rate(mut self, per_second: f64, burst: u32) -> Self {
        self.limits.rate = (per_second > 0.0).then(|| Rate::new(per_second, burst));
        self
    }

    /// How failed requests are repeated.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The largest answer in bytes, after decompression. Downloads of image data have no limit.
    #[must_use]
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response = bytes;
        self
    }

    /// A function that is told of every attempt, for metrics. It is called in the task of the call,
    /// and is to return at once. Attempts that a deadline or the caller breaks off are not told.
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
        self.observer = Some(Observer(Arc::new(observer)));
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the endpoint is missing and no catalogue has it, is no `http` or `https` URL, holds
    /// credentials or a query, or is a plain `http` URL of another machine without
    /// [`allow_http`](Self::allow_http); if the `User-Agent` is no header value; or if the HTTP client
    /// cannot be built.
    pub fn build(self) -> Result<S> {
        let catalogued = S::CATALOGUED.filter(|_| self.auth.catalogue().is_some());
        let endpoint = match (&self.endpoint, catalogued) {
            (Some(text), _) => {
                Endpoint::given(S::normalize(parse_endpoint(text, self.allow_http)?))
            }
            (None, Some(service)) => {
                Endpoint::from_catalogue(service, self.allow_http, S::normalize)
            }
            (None, None) => return Err(configuration("no endpoint is set")),
        };
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|error| configuration("the User-Agent is no header value").caused_by(error))?;
        let http = match self.http {
            Some(client) => client,
            None => {
                let builder = reqwest::Client::builder()
                    .connect_timeout(self.connect_timeout)
                    .redirect(reqwest::redirect::Policy::none());
                #[cfg(feature = "rustls")]
                let builder = super::tls::configure(builder, endpoint.is_secure())?;
                let reason = "the HTTP client cannot be built";
                builder.build().map_err(|error| configuration(reason).caused_by(error))?
            }
        };
        Ok(S::from_shared(Arc::new(Shared {
            endpoint,
            http,
            auth: self.auth,
            user_agent,
            read_timeout: self.read_timeout,
            timeout: self.timeout,
            deadline: self.deadline,
            budget: Budget::default(),
            limits: self.limits,
            observer: self.observer,
            retry: self.retry,
            max_response: self.max_response,
        })))
    }
}

impl<S> fmt::Debug for ClientBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("auth", &self.auth)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
