//! A server that is made of an OpenAPI document alone: one for all clouds whose document says `x-fake`.

mod errors;
mod lists;
mod places;
mod things;

use super::builder::FakeBuilder;
use super::exchange::{Call, Outcome, Reply, header};
use super::imitation::{Images, Imitation, Route, fields};
use super::numbers;
use super::token::Token;
use crate::auth::{ApiKey, Bearer};
use crate::client::{ClientBuilder, Service};
use crate::operation::{Operation, Pointer};
use crate::pagination::Rules;
use serde::Serialize;
use serde_json::Value;
use std::marker::PhantomData;
use std::sync::Mutex;
use things::Things;
use wiremock::Request;

/// A client whose document is enough for a server. The build script implements it.
pub trait Documented: Service + Send + Sync + 'static {
    /// The name of the server.
    const NAME: &'static str;

    /// The header of the credential, and what stands before the credential there.
    const HEADER: (&'static str, &'static str);

    /// What `list_images` lists.
    type Image: Clone + Serialize + Send;

    /// The operations. A path with a name in braces comes after one with a word in its place.
    const ENDPOINTS: &'static [Endpoint];
}

/// An operation of the document.
pub struct Endpoint {
    pub operation: &'static Operation,
    pub method: &'static str,
    pub path: &'static str,
    /// The status of a success.
    pub status: u16,
    /// Whether it takes requests without a credential.
    pub public: bool,
    /// An answer of the form of the document, as JSON. Empty if it has no body.
    pub answer: &'static str,
    /// Where the answer has the thing that it is about.
    pub thing: Option<Pointer>,
    pub list: Option<List>,
}

/// How a list is paged.
pub struct List {
    pub(crate) rules: Rules,
    /// The parameter of the position.
    pub position: Option<&'static str>,
    pub size: Option<Size>,
}

/// The size of pages.
pub struct Size {
    pub parameter: &'static str,
    pub min: u32,
    pub max: u32,
    pub default: u32,
}

impl Endpoint {
    fn answer(&self) -> Value {
        serde_json::from_str(self.answer).unwrap_or_default()
    }

    fn reply(&self, body: &Value) -> Reply {
        if self.answer.is_empty() {
            return Reply::empty(self.status);
        }
        Reply::json(self.status, body)
    }
}

/// The service of a client `C`.
pub struct Cloud<C> {
    token: String,
    routes: Vec<Route<Self>>,
    things: Mutex<Things>,
    client: PhantomData<fn() -> C>,
}

/// What a builder sets.
#[derive(Clone, Default)]
pub struct Settings {
    token: Token,
    /// The names of lists, and a thing for each.
    items: Vec<(String, Value)>,
}

impl AsMut<Token> for Settings {
    fn as_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl<C: Documented> FakeBuilder<Cloud<C>> {
    /// Adds an item to a list other than `list_images`, such as `item("list_snapshots", json)`. `list` is the name
    /// of the client's method. It replaces an item with the same `id`.
    pub fn item(mut self, list: impl Into<String>, item: Value) -> Self {
        self.settings.items.push((list.into(), item));
        self
    }
}

impl<C: Documented> Cloud<C> {
    /// The operation of a request.
    fn endpoint(name: &str) -> Option<&'static Endpoint> {
        C::ENDPOINTS.iter().find(|endpoint| endpoint.operation.name == name)
    }

    fn answer(&self, call: &Call<'_>) -> Outcome {
        let endpoint = Self::endpoint(call.operation).ok_or_else(|| self.no_route(call.request))?;
        let mut things = super::imitation::lock(&self.things);
        match &endpoint.list {
            Some(list) => {
                things.check(endpoint, call).map_err(|()| self.error(call.request, 404))?;
                let items = things.of(endpoint.path);
                lists::page(endpoint, list, items, call)
                    .ok_or_else(|| self.error(call.request, 400))
            }
            None => things.answer(endpoint, call).map_err(|()| self.error(call.request, 404)),
        }
    }
}

impl<C: Documented> Imitation for Cloud<C> {
    const NAME: &'static str = C::NAME;

    type Client = C;
    type Image = C::Image;
    type Settings = Settings;

    fn new(settings: Settings, images: Images<C::Image>) -> Self {
        let routes = C::ENDPOINTS.iter().map(|endpoint| Route {
            operation: endpoint.operation.name,
            method: endpoint.method,
            path: endpoint.path,
            handler: Self::answer,
        });
        let mut things = Things::new(C::ENDPOINTS, images.generated);
        let own = images.own.iter().map(|image| ("list_images", Value::Object(fields(image))));
        let items = settings.items.iter().map(|(list, item)| (list.as_str(), item.clone()));
        for (list, item) in own.chain(items) {
            if let Some(endpoint) = Self::endpoint(list) {
                things.add(endpoint.path, item);
            }
        }
        Self {
            token: settings.token.0,
            routes: routes.collect(),
            things: Mutex::new(things),
            client: PhantomData,
        }
    }

    fn routes(&self) -> impl Iterator<Item = &Route<Self>> {
        self.routes.iter()
    }

    /// The rates that the service is known for are left out: they would only make tests slow.
    fn client(&self, url: String) -> ClientBuilder<C> {
        let builder = ClientBuilder::new().endpoint(url).max_rate(1e6, 1000);
        match C::HEADER {
            (_, "Bearer ") => builder.auth(Bearer::new(self.token.as_str())),
            (name, _) => match ApiKey::new(name, self.token.as_str()) {
                Ok(key) => builder.auth(key),
                Err(_) => builder,
            },
        }
    }

    fn admit(&self, request: &Request) -> Result<(), Reply> {
        let (name, prefix) = C::HEADER;
        let sent = header(&request.headers, name);
        let is_right = sent.and_then(|sent| sent.strip_prefix(prefix)) == Some(&self.token);
        let is_public = || {
            let (method, path) = (request.method.as_str(), request.url.path());
            let route = self.routes.iter().find(|route| route.captures(method, path).is_some());
            route.and_then(|route| Self::endpoint(route.operation)).is_some_and(|it| it.public)
        };
        if is_right || (sent.is_none() && is_public()) {
            return Ok(());
        }
        Err(self.error(request, 401))
    }

    fn no_route(&self, request: &Request) -> Reply {
        self.error(request, 404)
    }

    fn error(&self, _: &Request, status: u16) -> Reply {
        errors::reply(C::ENDPOINTS.first().map(|endpoint| endpoint.operation.failure), status)
    }

    fn finish(&self, reply: Reply, number: u64) -> Reply {
        reply.header("x-request-id", numbers::uuid(number))
    }
}
