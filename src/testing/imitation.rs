//! What a server needs to know of the service that it stands for.

use super::exchange::{Call, Outcome, Reply};
use crate::client::{ClientBuilder, Service};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use wiremock::Request;

/// A service that a server stands for.
pub trait Imitation: Send + Sync + Sized + 'static {
    /// The name of its server: `FakeIms`.
    const NAME: &'static str;

    /// The operations, one list for each kind of resource.
    const ROUTES: &'static [&'static [Route<Self>]] = &[];

    type Client: Service;

    /// An image as its client describes it.
    type Image: Clone + Serialize + Send;

    /// What a builder sets.
    type Settings: Clone + Default + Send;

    fn new(settings: Self::Settings, images: Images<Self::Image>) -> Self;

    /// All operations.
    fn routes(&self) -> impl Iterator<Item = &Route<Self>> {
        Self::ROUTES.iter().copied().flatten()
    }

    /// A client with a credential that the server accepts.
    fn client(&self, url: String) -> ClientBuilder<Self::Client>;

    /// What stands before every path.
    fn prefix(&self) -> &str {
        ""
    }

    /// The path by which the operation of a request is found; `None` if there is no operation.
    fn path<'a>(&self, request: &'a Request) -> Option<Cow<'a, str>> {
        request.url.path().strip_prefix(self.prefix()).map(Cow::Borrowed)
    }

    /// Checks the credential.
    fn admit(&self, request: &Request) -> Result<(), Reply>;

    /// The response where there is no operation.
    fn no_route(&self, request: &Request) -> Reply;

    /// The service's response for an error that a test wants.
    fn error(&self, request: &Request, status: u16) -> Reply;

    /// Adds the headers that every response has; `number` counts the requests from 1.
    fn finish(&self, reply: Reply, number: u64) -> Reply;
}

/// The images that a server starts with, besides those of the service's document.
#[derive(Clone, Debug)]
pub struct Images<T> {
    /// How many are generated.
    pub generated: usize,
    /// Those that the test gives.
    pub own: Vec<T>,
}

/// An operation: its path and its handler.
pub struct Route<I> {
    /// The name of the client's method.
    pub operation: &'static str,
    pub method: &'static str,
    /// The path with names in braces for the parts that differ.
    pub path: &'static str,
    pub handler: fn(&I, &Call<'_>) -> Outcome,
}

impl<I> Route<I> {
    /// The named parts of the path, if the route is that of a request.
    pub fn captures(&self, method: &str, path: &str) -> Option<Vec<(&'static str, String)>> {
        if self.method != method {
            return None;
        }
        let mut captured = Vec::new();
        let (mut patterns, mut parts) = (self.path.split('/'), path.split('/'));
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
}

/// The fields of an image in JSON.
pub fn fields(image: &impl Serialize) -> serde_json::Map<String, serde_json::Value> {
    match serde_json::to_value(image) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    }
}

/// A lock that stays usable after a panic elsewhere.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
