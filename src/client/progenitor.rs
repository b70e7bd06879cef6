//! Stands in for `progenitor_client`: the names that generated code uses to build a request. The generated modules
//! import it as `progenitor_client`.

use super::error_response::of_http;
use crate::operation::Operation;
use crate::{ErrorKind, Result};
use serde::Serialize;

pub use crate::query::{append_query, encode_path};

/// Why a request cannot be built.
pub struct Error(crate::Error);

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self(of_http(error))
    }
}

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

/// Form bodies.
pub trait RequestBuilderExt: Sized {
    #[allow(dead_code)]
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error>;
}

impl RequestBuilderExt for reqwest::RequestBuilder {
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error> {
        let unsent = |error: serde_json::Error| {
            crate::Error::new(
                ErrorKind::InvalidRequest,
                "the body of the request cannot be written as a form",
            )
            .caused_by(error)
        };
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        if let serde_json::Value::Object(fields) = serde_json::to_value(body).map_err(unsent)? {
            for (name, value) in &fields {
                match value {
                    serde_json::Value::Null => {}
                    serde_json::Value::String(text) => _ = form.append_pair(name, text),
                    other => _ = form.append_pair(name, &other.to_string()),
                }
            }
        }
        let media_type = "application/x-www-form-urlencoded";
        Ok(self.header(http::header::CONTENT_TYPE, media_type).body(form.finish()))
    }
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
