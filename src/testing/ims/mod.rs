//! A server that behaves like OpenStack Glance.

mod cloudimages;
mod data;
mod errors;
mod filters;
mod image;
mod images;
mod imports;
mod jobs;
mod links;
mod members;
mod records;
mod seed;
mod sorting;
mod tags;
mod versions;

use super::builder::FakeBuilder;
use super::exchange::{Reply, header, status};
use super::imitation::{Images, Imitation, Route};
use super::numbers;
use super::server::FakeServer;
use super::token::Token;
use crate::auth::XAuthToken;
use crate::client::ClientBuilder;
use crate::ims::{self, Client};
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
/// A page of a list has 25 images by default and 1000 at most. A full page links to the next one, even if it is the
/// last; as in Glance, the link keeps only the last of several parameters with the same name. Filters compare
/// exactly, also those on custom properties; two `tag` parameters require both tags. A marker that is not the id of
/// an image is a 400. Errors are HTML unless `Accept` ranks JSON first.
///
/// Requests need the header `X-Auth-Token` with the token of the server; without it the response is a 401.
///
/// Images are created, changed, filled with data, shared and deleted by the rules of Glance: only the project
/// that owns an image changes it, data is uploaded once, a protected image cannot be deleted.
///
/// An import (`glance-direct`, `web-download`, `copy-image`) makes progress each time the image is shown, and ends
/// the third time. The stores are `fast` (the default), `cheap`, and `web`, which is read-only: an import into it
/// fails. `web-download` from a URL that ends in `/blob/SIZE` gets `SIZE` bytes; every other URL fails.
///
/// The IMS operations that it supports list, create, copy and export images. A job ends the third time it is shown.
/// It fails if its `image_url` or `bucket_url` names the bucket `missing`.
///
/// It has the two images of the document's example, generated ones, and your own. The generated images are
/// public, private or shared, a few of them without a name, a format or data. Half of them are `queued`, a third
/// have the tag `nightly`, all have the tag `seed`. An image of your own belongs to the project of the token
/// unless its `owner` says otherwise; one that another project shares counts as accepted.
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
pub type FakeIms = FakeServer<Api>;

/// Configures a [`FakeIms`].
pub type FakeImsBuilder = FakeBuilder<Api>;

pub struct Api {
    token: String,
    images: Mutex<Vec<Image>>,
    /// The data of images by id.
    data: Mutex<HashMap<String, Vec<u8>>>,
    /// The members by image and project.
    members: Mutex<BTreeMap<(String, String), Value>>,
    /// Data that waits for an import, by image.
    staged: Mutex<HashMap<String, Vec<u8>>>,
    /// The imports at work, by image.
    imports: Mutex<HashMap<String, imports::Import>>,
    /// The imports that have ended.
    tasks: Mutex<Vec<Value>>,
    /// The jobs of IMS by id.
    jobs: Mutex<HashMap<String, jobs::Job>>,
    created: AtomicU64,
}

impl Api {
    /// A number that no other image has.
    fn next(&self) -> u64 {
        self.created.fetch_add(1, Ordering::Relaxed)
    }
}

impl Imitation for Api {
    const NAME: &'static str = "FakeIms";
    const ROUTES: &'static [&'static [Route<Self>]] = &[
        images::ROUTES,
        records::ROUTES,
        data::ROUTES,
        tags::ROUTES,
        members::ROUTES,
        imports::ROUTES,
        cloudimages::ROUTES,
        jobs::ROUTES,
        versions::ROUTES,
    ];

    type Client = Client;
    type Image = ims::types::Image;
    type Settings = Token;

    fn new(Token(token): Token, images: Images<ims::types::Image>) -> Self {
        Self {
            token,
            images: Mutex::new(seed::images(&images)),
            data: Mutex::default(),
            members: Mutex::default(),
            staged: Mutex::default(),
            imports: Mutex::default(),
            tasks: Mutex::default(),
            jobs: Mutex::default(),
            created: AtomicU64::new(0),
        }
    }

    fn client(&self, url: String) -> ClientBuilder<Client> {
        Client::builder()
            .endpoint(url)
            .auth(XAuthToken::new(self.token.as_str()).project_id(PROJECT))
    }

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
