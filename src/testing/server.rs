//! What the three servers share: routes, faults and the log.

use super::exchange::{Call, Outcome, Reply};
use super::fault::{Fault, Faults};
use percent_encoding::percent_decode_str;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

/// A request that a server got, and how it was answered.
///
/// ```
/// use cloud_images::testing::FakeParallelCluster;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// let server = FakeParallelCluster::start().await;
/// server.client().image_operations().list_images("AVAILABLE").await?;
///
/// let requests = server.requests();
/// assert_eq!(requests[0].method, "GET");
/// assert_eq!(requests[0].path, "/v3/images/custom");
/// assert_eq!(requests[0].query, "imageStatus=AVAILABLE");
/// assert_eq!(requests[0].operation, Some("list_images"));
/// assert_eq!(requests[0].status, Some(200));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, `GET`.
    pub method: String,
    /// The path as it was sent, percent-encoded.
    pub path: String,
    /// The query as it was sent, without its question mark; empty if there was none.
    pub query: String,
    /// The operation, `list_images`; `None` if the server has none for this method and path.
    pub operation: Option<&'static str>,
    /// The status of the answer; `None` if the connection was closed without one.
    pub status: Option<u16>,
}

/// An operation: where it is found and what answers it.
pub(super) struct Route<F> {
    /// The name of the client's method.
    pub operation: &'static str,
    pub method: &'static str,
    /// The path with names in braces for the parts that differ.
    pub path: &'static str,
    pub handler: fn(&F, &Call<'_>) -> Outcome,
}

/// A service that is imitated.
pub(super) trait Fake: Send + Sync + Sized + 'static {
    /// The operations, a list for each kind of resource.
    const ROUTES: &'static [&'static [Route<Self>]];

    /// What stands before every path.
    fn prefix(&self) -> &str {
        ""
    }

    /// Checks the credential.
    fn admit(&self, request: &Request) -> Result<(), Reply>;

    /// The answer where no operation is found.
    fn no_route(&self, request: &Request) -> Reply;

    /// The service's words for an error that was asked for.
    fn error(&self, request: &Request, status: u16) -> Reply;

    /// Adds the headers that every answer has; `number` counts the requests from 1.
    fn finish(&self, reply: Reply, number: u64) -> Reply;
}

/// A listening server.
pub(super) struct Server<F> {
    mock: MockServer,
    shared: Arc<Shared<F>>,
}

struct Shared<F> {
    fake: F,
    faults: Mutex<Faults>,
    log: Mutex<Vec<RecordedRequest>>,
}

impl<F: Fake> Server<F> {
    pub async fn start(fake: F) -> Self {
        let shared = Arc::new(Shared { fake, faults: Mutex::default(), log: Mutex::default() });
        let mock = MockServer::builder().disable_request_recording().start().await;
        let broken = std::io::Error::from;
        Mock::given(Broken(Arc::clone(&shared)))
            .respond_with_err(move |_: &Request| broken(std::io::ErrorKind::ConnectionReset))
            .with_priority(1)
            .mount(&mock)
            .await;
        Mock::given(any()).respond_with(Answering(Arc::clone(&shared))).mount(&mock).await;
        Self { mock, shared }
    }

    pub fn fake(&self) -> &F {
        &self.shared.fake
    }

    pub fn url(&self) -> String {
        format!("{}{}", self.mock.uri(), self.shared.fake.prefix())
    }

    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.log).clone()
    }

    pub fn clear_requests(&self) {
        lock(&self.shared.log).clear();
    }

    pub fn fail(&self, fault: Fault) {
        lock(&self.shared.faults).add(fault);
    }

    pub fn recover(&self) {
        lock(&self.shared.faults).clear();
    }
}

/// A lock that a panic elsewhere does not close.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<F: Fake> Shared<F> {
    fn route<'a>(&self, request: &'a Request) -> Option<(&'static Route<F>, Call<'a>)> {
        let path = request.url.path().strip_prefix(self.fake.prefix())?;
        F::ROUTES.iter().copied().flatten().find_map(|route| {
            let captured = (route.method == request.method.as_str())
                .then(|| captures(route.path, path))
                .flatten()?;
            Some((route, Call::new(request, captured)))
        })
    }

    fn record(&self, request: &Request, operation: Option<&'static str>, status: Option<u16>) {
        lock(&self.log).push(RecordedRequest {
            method: request.method.to_string(),
            path: request.url.path().to_owned(),
            query: request.url.query().unwrap_or_default().to_owned(),
            operation,
            status,
        });
    }

    fn answer(&self, request: &Request) -> Reply {
        let found = self.route(request);
        let operation = found.as_ref().map(|(route, _)| route.operation);
        let answer = || match &found {
            Some((route, call)) => (route.handler)(&self.fake, call).unwrap_or_else(|reply| reply),
            None => self.fake.no_route(request),
        };
        let reply = self.fake.admit(request).map_or_else(
            |refusal| refusal,
            |()| match lock(&self.faults).take(operation, request.url.path()) {
                Some(fault) => fault.reply(answer, |status| self.fake.error(request, status)),
                None => answer(),
            },
        );
        let number = lock(&self.log).len() as u64 + 1;
        self.record(request, operation, Some(reply.status));
        self.fake.finish(reply, number)
    }
}

/// The named parts of a path that fits a route.
fn captures(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut captured = Vec::new();
    let (mut patterns, mut parts) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), parts.next()) {
            (None, None) => return Some(captured),
            (Some(pattern), Some(part)) => {
                let name = pattern.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
                match name {
                    Some(name) if !part.is_empty() => {
                        let part = percent_decode_str(part).decode_utf8_lossy().into_owned();
                        captured.push((name, part));
                    }
                    None if pattern == part => {}
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
}

struct Answering<F>(Arc<Shared<F>>);

impl<F: Fake> Respond for Answering<F> {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.0.answer(request).into_template()
    }
}

/// Fits the requests whose connection is to break. The mock server asks for one request after the
/// other, so nothing comes between the look and the count.
struct Broken<F>(Arc<Shared<F>>);

impl<F: Fake> Match for Broken<F> {
    fn matches(&self, request: &Request) -> bool {
        let Shared { fake, faults, .. } = &*self.0;
        let operation = self.0.route(request).map(|(route, _)| route.operation);
        let path = request.url.path();
        let breaks = lock(faults).due(operation, path).is_some_and(Fault::is_disconnect);
        if !breaks || fake.admit(request).is_err() {
            return false;
        }
        lock(faults).take(operation, path);
        self.0.record(request, operation, None);
        true
    }
}

/// The methods that every server has. `$call` is a call of its client, for the examples.
macro_rules! server_methods {
    ($name:ident, $client:ty, $call:literal) => {
        impl $name {
            /// The address of the server, for a client's `endpoint`.
            ///
            /// ```
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() {
            #[doc = concat!("let server = cloud_images::testing::", stringify!($name), "::start().await;")]
            /// assert!(server.url().starts_with("http://127.0.0.1:"));
            /// # }
            /// ```
            #[must_use]
            pub fn url(&self) -> String {
                self.server.url()
            }

            /// A client of this server, with a credential that it accepts.
            ///
            /// # Panics
            ///
            /// If no HTTP client can be built on this machine.
            ///
            /// ```
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> cloud_images::Result<()> {
            #[doc = concat!("let server = cloud_images::testing::", stringify!($name), "::start().await;")]
            #[doc = concat!("let answer = server.client().", $call, ".await?;")]
            /// # Ok(()) }
            /// ```
            #[must_use]
            #[allow(clippy::expect_used)] // nothing of a caller's goes in
            pub fn client(&self) -> $client {
                self.client_builder().build().expect("a client of a server on this machine")
            }

            /// The requests so far, in the order in which they came.
            ///
            /// ```
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> cloud_images::Result<()> {
            #[doc = concat!("let server = cloud_images::testing::", stringify!($name), "::start().await;")]
            #[doc = concat!("server.client().", $call, ".await?;")]
            /// assert_eq!(server.requests().len(), 1);
            /// # Ok(()) }
            /// ```
            #[must_use]
            pub fn requests(&self) -> Vec<crate::testing::RecordedRequest> {
                self.server.requests()
            }

            /// Forgets the requests so far.
            pub fn clear_requests(&self) {
                self.server.clear_requests();
            }

            /// Makes a request to come fail.
            ///
            /// ```
            /// use cloud_images::testing::Fault;
            ///
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() {
            #[doc = concat!("let server = cloud_images::testing::", stringify!($name), "::start().await;")]
            /// server.fail(Fault::status(403));
            #[doc = concat!("assert!(server.client().", $call, ".await.is_err());")]
            /// # }
            /// ```
            pub fn fail(&self, fault: crate::testing::Fault) {
                self.server.fail(fault);
            }

            /// Takes back all faults.
            pub fn recover(&self) {
                self.server.recover();
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field("url", &self.url()).finish_non_exhaustive()
            }
        }
    };
}
pub(super) use server_methods;
