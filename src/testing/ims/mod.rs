//! A server that behaves like OpenStack Glance.

mod data;
mod errors;
mod filters;
mod image;
mod images;
mod links;
mod members;
mod records;
mod seed;
mod sorting;
mod tags;

use super::exchange::{Reply, header, status};
use super::numbers;
use super::server::{Fake, Route, Server, server_methods};
use crate::auth::XAuthToken;
use crate::client::ClientBuilder;
use crate::ims::Client;
use errors::webob;
use image::Image;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use wiremock::Request;

/// The project that the token of the server belongs to.
const PROJECT: &str = "39465d1ecd414943b9fcca33720b8754";

/// A server that behaves like OpenStack Glance, with the properties that images of IMS have.
///
/// Lists have 25 images a page unless `limit` says otherwise, 1000 at most. A full page has a link to the
/// next one, the last page too if it is full; the link has lost all but the last of repeated parameters,
/// as Glance's own has. Filters are exact, on custom properties too; `tag` twice means both tags. A marker
/// that is no image's id is a 400. An error is HTML unless `Accept` asks for JSON before all else.
///
/// Requests need the header `X-Auth-Token` with the server's token, or are answered with 401.
///
/// Images can be made, changed, filled with data, shared and deleted, under the rules of Glance: a record
/// is its project's own, data is sent once, a protected image stays.
///
/// It holds the two images of the document's example and generated ones: public, private and shared, a few
/// of them without a name, a format or data. Half of the generated are `queued`, a third have the tag
/// `nightly`, all have the tag `seed`.
///
/// ```
/// use cloud_images::testing::FakeIms;
/// use futures::TryStreamExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// let server = FakeIms::builder().images(300).start().await;
/// let images = server.client().image_operations();
///
/// let request = images.list_images().platform("CentOS").visibility("public");
/// let centos: Vec<_> = request.items().try_collect().await?;
/// assert!(centos.iter().all(|image| image.os_version.is_some()));
/// # Ok(()) }
/// ```
pub struct FakeIms {
    server: Server<Api>,
}

/// Configures a [`FakeIms`].
///
/// ```
/// use cloud_images::testing::FakeIms;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cloud_images::Result<()> {
/// let server = FakeIms::builder().images(100).token("secret").start().await;
/// let page = server.client().image_operations().list_images().await?;
/// assert_eq!(page.images.len(), 25);
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until the server is started"]
pub struct FakeImsBuilder {
    images: usize,
    token: String,
}

impl FakeImsBuilder {
    /// How many images there are besides the two of the document's example; the default is none. All
    /// of them are in a list without filters.
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
    pub async fn start(self) -> FakeIms {
        let images = Mutex::new(seed::images(self.images));
        let api = Api {
            token: self.token,
            images,
            data: Mutex::default(),
            members: Mutex::default(),
            made: AtomicU64::new(0),
        };
        FakeIms { server: Server::start(api).await }
    }
}

impl std::fmt::Debug for FakeImsBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeImsBuilder").field("images", &self.images).finish_non_exhaustive()
    }
}

impl FakeIms {
    /// A server with the two images of the document's example.
    ///
    /// # Panics
    ///
    /// If this machine has no port to listen on.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Configures a server.
    pub fn builder() -> FakeImsBuilder {
        FakeImsBuilder { images: 0, token: "token-of-the-fake".to_owned() }
    }

    /// A client to be configured further, with the endpoint and a token that the server accepts.
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
    pub fn client_builder(&self) -> ClientBuilder<Client> {
        let token = self.server.fake().token.as_str();
        Client::builder().endpoint(self.url()).auth(XAuthToken::new(token))
    }
}

server_methods!(FakeIms, Client, "image_operations().list_images()");

struct Api {
    token: String,
    images: Mutex<Vec<Image>>,
    /// The data of images by id.
    data: Mutex<HashMap<String, Vec<u8>>>,
    /// The members by image and project.
    members: Mutex<BTreeMap<(String, String), Value>>,
    made: AtomicU64,
}

impl Api {
    /// A number that no other image has.
    fn next(&self) -> u64 {
        self.made.fetch_add(1, Ordering::Relaxed)
    }
}

impl Fake for Api {
    const ROUTES: &'static [&'static [Route<Self>]] =
        &[images::ROUTES, records::ROUTES, data::ROUTES, tags::ROUTES, members::ROUTES];

    fn admit(&self, request: &Request) -> Result<(), Reply> {
        if header(&request.headers, "x-auth-token") == Some(&self.token) {
            return Ok(());
        }
        let message = "This server could not verify that you are authorized to access the document you \
                       requested. Either you supplied the wrong credentials (e.g., bad password), or your \
                       browser does not understand how to supply the credentials required.";
        let keystone = "Keystone uri=\"http://127.0.0.1:5000\"";
        Err(webob(request, 401, message).header("www-authenticate", keystone))
    }

    fn no_route(&self, request: &Request) -> Reply {
        webob(request, 404, "The resource could not be found.")
    }

    fn error(&self, request: &Request, code: u16) -> Reply {
        webob(request, code, status(code).canonical_reason().unwrap_or("Error"))
    }

    fn finish(&self, reply: Reply, number: u64) -> Reply {
        // The token is checked before a request gets an id.
        if reply.status == 401 {
            return reply;
        }
        reply.header("x-openstack-request-id", format!("req-{}", numbers::uuid(number)))
    }
}
