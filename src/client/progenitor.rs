//! Stands in for `progenitor_client`: the names that generated code uses to build a request. The generated modules
//! import it as `progenitor_client`.

use crate::operation::Operation;
use crate::query::encode_path;
use crate::{ErrorKind, Result};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;
use std::fmt::Display;
use url::Url;

pub use crate::query::append_query;

/// A path with its parameters, which are percent-encoded.
pub fn path(template: &str, parameters: &[&dyn Display]) -> String {
    let mut parameters = parameters.iter();
    let mut path = String::new();
    for (index, part) in template.split("{}").enumerate() {
        if index > 0
            && let Some(parameter) = parameters.next()
        {
            path.push_str(&encode_path(&parameter.to_string()));
        }
        path.push_str(part);
    }
    path
}

/// Why a request cannot be built.
pub struct Error(crate::Error);

impl From<reqwest::header::InvalidHeaderValue> for Error {
    fn from(error: reqwest::header::InvalidHeaderValue) -> Self {
        let message =
            "a header parameter has a character that HTTP forbids, such as a line break: remove it";
        Self(crate::Error::new(ErrorKind::InvalidRequest, message).caused_by(error))
    }
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Self(error)
    }
}

impl From<Error> for crate::Error {
    fn from(Error(error): Error) -> Self {
        error
    }
}

/// Stands where progenitor has an HTTP client: a request is built without one.
pub struct Http;

#[allow(dead_code)] // depends on the documents
impl Http {
    pub fn get(self, url: Url) -> Builder {
        Builder::new(Method::GET, url)
    }

    pub fn post(self, url: Url) -> Builder {
        Builder::new(Method::POST, url)
    }

    pub fn put(self, url: Url) -> Builder {
        Builder::new(Method::PUT, url)
    }

    pub fn patch(self, url: Url) -> Builder {
        Builder::new(Method::PATCH, url)
    }

    pub fn delete(self, url: Url) -> Builder {
        Builder::new(Method::DELETE, url)
    }

    pub fn head(self, url: Url) -> Builder {
        Builder::new(Method::HEAD, url)
    }
}

/// Builds a request. It is smaller than that of reqwest, which each step of a chain moves.
pub struct Builder {
    request: Box<reqwest::Request>,
    failed: Option<crate::Error>,
}

#[allow(dead_code)] // depends on the documents
impl Builder {
    fn new(method: Method, url: Url) -> Self {
        Self { request: Box::new(reqwest::Request::new(method, url)), failed: None }
    }

    pub fn accept(self, media_type: &'static str) -> Self {
        self.header(ACCEPT, HeaderValue::from_static(media_type))
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.request.headers_mut().append(name, value);
        self
    }

    /// These take the place of headers with the same names.
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.request.headers_mut().extend(headers);
        self
    }

    pub fn body(mut self, body: impl Into<reqwest::Body>) -> Self {
        *self.request.body_mut() = Some(body.into());
        self
    }

    pub fn json<T: Serialize + ?Sized>(self, body: &T) -> Self {
        self.text("application/json", serde_json::to_vec(body))
    }

    /// Never an error: progenitor expects one.
    pub fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error> {
        let form = serde_json::to_value(body).map(|body| form(&body));
        Ok(self.text("application/x-www-form-urlencoded", form))
    }

    fn text(mut self, media_type: &'static str, text: serde_json::Result<Vec<u8>>) -> Self {
        match text {
            Ok(text) => {
                let headers = self.request.headers_mut();
                headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(media_type));
                self.body(text)
            }
            Err(error) => {
                let message = format!("the body of the request cannot be written: {error}");
                let error = crate::Error::new(ErrorKind::InvalidRequest, message).caused_by(error);
                self.failed = Some(error);
                self
            }
        }
    }

    pub fn build(self) -> Result<Box<reqwest::Request>, Error> {
        match self.failed {
            Some(error) => Err(Error(error)),
            None => Ok(self.request),
        }
    }
}

fn form(body: &serde_json::Value) -> Vec<u8> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in body.as_object().into_iter().flatten() {
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::String(text) => _ = form.append_pair(name, text),
            other => _ = form.append_pair(name, &other.to_string()),
        }
    }
    form.finish().into_bytes()
}

/// Refuses a value with a character that the service stores and then cannot find again.
#[allow(dead_code)]
pub(crate) fn refuse(
    operation: &'static Operation,
    name: &str,
    value: &str,
    characters: &str,
) -> Result<()> {
    let Some(found) = value.chars().find(|character| characters.contains(*character)) else {
        return Ok(());
    };
    let message = format!(
        "{name} {value:?} contains {found:?}, which the service does not accept: remove it"
    );
    Err(crate::Error::new(ErrorKind::InvalidRequest, message).with_operation(operation))
}

/// The same for the texts of a body, each with where it is.
#[allow(dead_code)]
pub(crate) fn refuse_in<T: Serialize>(
    operation: &'static Operation,
    body: &T,
    texts: &[(&[&str], &str)],
) -> Result<()> {
    fn search(
        operation: &'static Operation,
        value: &serde_json::Value,
        (path, characters): (&[&str], &str),
        name: &str,
    ) -> Result<()> {
        use serde_json::Value;

        match (value, path.split_first()) {
            (Value::String(text), None) => refuse(operation, name, text, characters),
            (Value::Array(list), Some((&"*", path))) => {
                list.iter().try_for_each(|value| search(operation, value, (path, characters), name))
            }
            (Value::Object(object), Some((&"*", path))) => object
                .values()
                .try_for_each(|value| search(operation, value, (path, characters), name)),
            (Value::Object(object), Some((key, path))) => match object.get(*key) {
                Some(value) => search(operation, value, (path, characters), key),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }
    let body = serde_json::to_value(body).unwrap_or_default();
    texts.iter().try_for_each(|text| search(operation, &body, *text, "the body"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_stands_encoded_in_its_place() {
        let path = |template, parameters: &[&dyn Display]| super::path(template, parameters);
        assert_eq!(path("/v2/images", &[]), "/v2/images");
        assert_eq!(path("/a/{}/b/{}.json", &[&"{}/..", &7]), "/a/%7B%7D%2F../b/7.json");
    }

    #[test]
    fn a_body_that_cannot_be_written_is_an_error_with_its_reason() {
        let url = Url::parse("https://images.example").unwrap();
        let keys = std::collections::BTreeMap::from([((1, 2), 3)]);
        let built = Http.post(url).json(&keys).build();
        let error = crate::Error::from(built.err().unwrap());
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let shown = error.to_string();
        assert!(shown.contains("cannot be written: key must be a string"), "{shown}");
    }
}
