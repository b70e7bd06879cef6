//! A listening server: routes, faults and the log of requests.

use super::exchange::{Call, Reply};
use super::fault::{Fault, Faults};
use super::imitation::{Imitation, Route, lock};
use super::recorded::RecordedRequest;
use crate::client::ClientBuilder;
use std::fmt;
use std::sync::{Arc, Mutex};
use wiremock::matchers::any;
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

/// A server that behaves like a service: [`FakeIms`](super::FakeIms),
/// [`FakeParallelCluster`](super::FakeParallelCluster), [`FakeComputing`](super::FakeComputing), or one of those
/// that are derived from a document.
///
/// It listens on a port of its own until it is dropped.
pub struct FakeServer<I: Imitation> {
    mock: MockServer,
    shared: Arc<Shared<I>>,
}

struct Shared<I> {
    imitation: I,
    faults: Mutex<Faults>,
    log: Mutex<Vec<RecordedRequest>>,
}

impl<I: Imitation> FakeServer<I> {
    pub(super) async fn listen(imitation: I) -> Self {
        let shared =
            Arc::new(Shared { imitation, faults: Mutex::default(), log: Mutex::default() });
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

    pub(super) fn imitation(&self) -> &I {
        &self.shared.imitation
    }

    /// The address of the server, for the `endpoint` of a client.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let server = cloud_images::testing::FakeIms::start().await;
    /// assert!(server.url().starts_with("http://127.0.0.1:"));
    /// # }
    /// ```
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{}", self.mock.uri(), self.shared.imitation.prefix())
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
    /// let server = cloud_images::testing::FakeIms::start().await;
    /// let page = server.client().image_operations().list_images().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    #[allow(clippy::expect_used)] // nothing that a caller gives can fail here
    pub fn client(&self) -> I::Client {
        self.client_builder().build().expect("a client of a server on this machine")
    }

    /// A client to configure further, with the endpoint and a credential of this server.
    ///
    /// ```
    /// use cloud_images::{RetryPolicy, testing::FakeIms};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> cloud_images::Result<()> {
    /// let server = FakeIms::start().await;
    /// let client = server.client_builder().retry(RetryPolicy::none()).build()?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn client_builder(&self) -> ClientBuilder<I::Client> {
        self.shared.imitation.client(self.url())
    }

    /// The requests so far, in the order in which they came.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> cloud_images::Result<()> {
    /// let server = cloud_images::testing::FakeIms::start().await;
    /// server.client().image_operations().list_images().tag("hpc").await?;
    /// assert_eq!(server.requests()[0].query, "tag=hpc");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.log).clone()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        lock(&self.shared.log).clear();
    }

    /// Makes the next requests fail, as the fault says.
    ///
    /// ```
    /// use cloud_images::testing::{FakeIms, Fault};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let server = FakeIms::start().await;
    /// server.fail(Fault::status(403));
    /// assert!(server.client().image_operations().list_images().await.is_err());
    /// # }
    /// ```
    pub fn fail(&self, fault: Fault) {
        lock(&self.shared.faults).add(fault);
    }

    /// Removes all faults.
    pub fn recover(&self) {
        lock(&self.shared.faults).clear();
    }
}

impl<I: Imitation> fmt::Debug for FakeServer<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(I::NAME).field("url", &self.url()).finish_non_exhaustive()
    }
}

impl<I: Imitation> Shared<I> {
    fn route<'a>(&self, request: &'a Request) -> Option<(&Route<I>, Call<'a>)> {
        let path = self.imitation.path(request)?;
        self.imitation.routes().find_map(|route| {
            let captured = route.captures(request.method.as_str(), &path)?;
            Some((route, Call::new(request, route.operation, captured)))
        })
    }

    fn record(&self, request: &Request, operation: Option<&'static str>, status: Option<u16>) {
        lock(&self.log).push(RecordedRequest::new(request, operation, status));
    }

    fn answer(&self, request: &Request) -> Reply {
        let found = self.route(request);
        let operation = found.as_ref().map(|(route, _)| route.operation);
        let answer = || match &found {
            Some((route, call)) => {
                (route.handler)(&self.imitation, call).unwrap_or_else(|reply| reply)
            }
            None => self.imitation.no_route(request),
        };
        let reply = self.imitation.admit(request).map_or_else(
            |refusal| refusal,
            |()| match lock(&self.faults).take(operation, request.url.path()) {
                Some(fault) => fault.reply(answer, |status| self.imitation.error(request, status)),
                None => answer(),
            },
        );
        let number = lock(&self.log).len() as u64 + 1;
        self.record(request, operation, Some(reply.status));
        self.imitation.finish(reply, number)
    }
}

struct Answering<I>(Arc<Shared<I>>);

impl<I: Imitation> Respond for Answering<I> {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.0.answer(request).into_template()
    }
}

/// Matches the requests whose connection breaks. The mock server matches one request at a time, so nothing
/// comes between `due` and `take`.
struct Broken<I>(Arc<Shared<I>>);

impl<I: Imitation> Match for Broken<I> {
    fn matches(&self, request: &Request) -> bool {
        let Shared { imitation, faults, .. } = &*self.0;
        let operation = self.0.route(request).map(|(route, _)| route.operation);
        let path = request.url.path();
        let breaks = lock(faults).due(operation, path).is_some_and(Fault::is_disconnect);
        if !breaks || imitation.admit(request).is_err() {
            return false;
        }
        lock(faults).take(operation, path);
        self.0.record(request, operation, None);
        true
    }
}
