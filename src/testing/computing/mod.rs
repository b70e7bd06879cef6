//! A server that behaves like the computing API of a GPU cloud.

mod images;

use super::exchange::{Reply, header, status};
use super::numbers;
use super::server::{Fake, Route, Server, server_methods};
use crate::auth::Bearer;
use crate::client::ClientBuilder;
use crate::computing::Client;
use serde_json::{Value, json};
use wiremock::Request;

/// A server that behaves like the computing API of a GPU cloud.
///
/// It holds the 25 images of the document's example, in `CANADA` and `NORWAY`, and generated ones.
/// Requests need the header `Authorization: Bearer` with the server's token, or are answered with 401.
///
/// ```
/// use cloud_images::ErrorKind;
/// use cloud_images::testing::{FakeComputing, Fault};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// let server = FakeComputing::start().await;
/// let images = server.client().image_operations();
/// let by_region = images.list_images().await?;
/// assert_eq!(by_region.data["CANADA"].len(), 14);
///
/// // A success by its status, a failure by its body.
/// server.fail(Fault::status(200).body(r#"{"status": "failed", "message": "try tomorrow"}"#));
/// let error = images.list_images().await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Failed);
/// # Ok(()) }
/// ```
pub struct FakeComputing {
    server: Server<Api>,
}

/// Configures a [`FakeComputing`].
///
/// ```
/// use cloud_images::testing::FakeComputing;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// let server = FakeComputing::builder().images(100).token("secret").start().await;
/// let by_region = server.client().image_operations().list_images().await?;
/// assert_eq!(by_region.data.values().map(Vec::len).sum::<usize>(), 125);
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until the server is started"]
pub struct FakeComputingBuilder {
    images: usize,
    token: String,
}

impl FakeComputingBuilder {
    /// How many images there are besides those of the document's example; the default is none.
    pub fn images(mut self, count: usize) -> Self {
        self.images = count;
        self
    }

    /// The token that requests have to carry.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Starts the server. It stops when it is dropped.
    ///
    /// # Panics
    ///
    /// If this machine has no port to listen on.
    pub async fn start(self) -> FakeComputing {
        let data = images::seed(self.images);
        FakeComputing { server: Server::start(Api { token: self.token, data }).await }
    }
}

impl std::fmt::Debug for FakeComputingBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeComputingBuilder").field("images", &self.images).finish_non_exhaustive()
    }
}

impl FakeComputing {
    /// A server with the images of the document's example.
    ///
    /// # Panics
    ///
    /// If this machine has no port to listen on.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Configures a server.
    pub fn builder() -> FakeComputingBuilder {
        FakeComputingBuilder { images: 0, token: "access-token-of-the-fake".to_owned() }
    }

    /// A client to be configured further, with the endpoint and a token that the server accepts.
    ///
    /// ```
    /// use cloud_images::{RetryPolicy, testing::FakeComputing};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> cloud_images::Result<()> {
    /// let server = FakeComputing::start().await;
    /// let client = server.client_builder().retry(RetryPolicy::none()).build()?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn client_builder(&self) -> ClientBuilder<Client> {
        let token = self.server.fake().token.as_str();
        Client::builder().endpoint(self.url()).auth(Bearer::new(token))
    }
}

server_methods!(FakeComputing, Client, "image_operations().list_images()");

struct Api {
    token: String,
    /// The images by region.
    data: Value,
}

impl Fake for Api {
    const ROUTES: &'static [&'static [Route<Self>]] = &[images::ROUTES];

    fn admit(&self, request: &Request) -> Result<(), Reply> {
        let sent = header(&request.headers, "authorization");
        let token = sent.and_then(|sent| sent.strip_prefix("Bearer "));
        if token == Some(&self.token) { Ok(()) } else { Err(refusal(401, "Unauthenticated.")) }
    }

    fn no_route(&self, _: &Request) -> Reply {
        refusal(404, "Not Found")
    }

    fn error(&self, _: &Request, code: u16) -> Reply {
        refusal(code, status(code).canonical_reason().unwrap_or("Error"))
    }

    fn finish(&self, reply: Reply, number: u64) -> Reply {
        reply.header("x-request-id", numbers::uuid(number))
    }
}

/// The document shows no error; this is its envelope without data.
fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "message": message, "status": "failed" }))
}
