//! A server that behaves like the computing API of a GPU cloud.

mod images;

use super::builder::FakeBuilder;
use super::exchange::{Reply, header, status};
use super::imitation::{Images, Imitation, Route};
use super::numbers;
use super::server::FakeServer;
use super::token::Token;
use crate::auth::Bearer;
use crate::client::ClientBuilder;
use crate::computing::Client;
use crate::computing::types::Image;
use serde_json::{Value, json};
use wiremock::Request;

/// A server that behaves like the computing API of a GPU cloud.
///
/// It has the 25 images of the document's example, in `CANADA` and `NORWAY`, generated ones, and your own, each
/// in its region. Requests need the header `Authorization: Bearer` with the token of the server; without it the
/// response is a 401.
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
pub type FakeComputing = FakeServer<Api>;

/// Configures a [`FakeComputing`].
pub type FakeComputingBuilder = FakeBuilder<Api>;

pub struct Api {
    token: String,
    /// The images by region.
    data: Value,
}

impl Imitation for Api {
    const NAME: &'static str = "FakeComputing";
    const ROUTES: &'static [&'static [Route<Self>]] = &[images::ROUTES];

    type Client = Client;
    type Image = Image;
    type Settings = Token;

    fn new(Token(token): Token, images: Images<Image>) -> Self {
        Self { token, data: images::seed(images) }
    }

    fn client(&self, url: String) -> ClientBuilder<Client> {
        Client::builder().endpoint(url).auth(Bearer::new(self.token.as_str()))
    }

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
