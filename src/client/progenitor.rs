//! Stands in for `progenitor_client`: the names that generated code uses, with the transport of
//! this crate behind them. The generated modules import it as `progenitor_client`.

use super::call::Call;
use super::raw_response::RawResponse;
use super::response::Response;
use crate::BoxFuture;
use crate::operation::Operation;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::marker::PhantomData;

pub use super::byte_stream::ByteStream;
pub use crate::query::{append_query, encode_path};

/// The error type of generated methods. Their error bodies are decoded by status in
/// [`crate::Error::body`], so the type parameter stays unused.
#[allow(clippy::large_enum_variant)] // the large one is never made
pub enum Error<E = ()> {
    /// Everything that went wrong.
    Call(crate::Error),
    /// Never made: the transport makes an error of every status that is not a success.
    UnexpectedResponse(RawResponse),
    #[allow(dead_code)]
    Typed(Infallible, PhantomData<E>),
}

impl<E> From<reqwest::Error> for Error<E> {
    fn from(error: reqwest::Error) -> Self {
        Self::Call(super::error_response::of_http(error))
    }
}

impl<E> From<reqwest::header::InvalidHeaderValue> for Error<E> {
    fn from(error: reqwest::header::InvalidHeaderValue) -> Self {
        let kind = crate::ErrorKind::InvalidRequest;
        Self::Call(
            crate::Error::new(kind, "a header parameter has a character that HTTP forbids, such as a line break: remove it")
                .caused_by(error),
        )
    }
}

impl<E> From<crate::Error> for Error<E> {
    fn from(error: crate::Error) -> Self {
        Self::Call(error)
    }
}

/// What a generated method gives: a response of this crate.
pub struct ResponseValue<T>(Response<T>);

impl<T: DeserializeOwned> ResponseValue<T> {
    pub(crate) async fn from_response<E>(reply: RawResponse) -> Result<Self, Error<E>> {
        let reply = super::success::check(reply)?;
        Ok(Self(reply.decode()?))
    }
}

impl ResponseValue<()> {
    pub(crate) fn empty(reply: RawResponse) -> Self {
        Self(reply.discard())
    }
}

impl ResponseValue<ByteStream> {
    pub(crate) fn stream(reply: RawResponse) -> Self {
        Self(reply.into_stream())
    }
}

pub struct OperationInfo {
    #[allow(dead_code)]
    pub operation_id: &'static str,
}

pub trait ClientInfo<Inner> {
    #[allow(dead_code)]
    fn api_version() -> &'static str;
    #[allow(dead_code)]
    fn baseurl(&self) -> &str;
    #[allow(dead_code)]
    fn client(&self) -> &reqwest::Client;
    fn inner(&self) -> &Inner;
}

impl<T: ClientInfo<Inner>, Inner> ClientInfo<Inner> for &T {
    fn api_version() -> &'static str {
        T::api_version()
    }
    fn baseurl(&self) -> &str {
        (*self).baseurl()
    }
    fn client(&self) -> &reqwest::Client {
        (*self).client()
    }
    fn inner(&self) -> &Inner {
        (*self).inner()
    }
}

/// Every generated method sends its request through `exec`.
pub trait ClientHooks<Inner>: ClientInfo<Call> {
    fn exec<'a>(
        &'a self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> BoxFuture<'a, crate::Result<RawResponse>>
    where
        Inner: 'a,
    {
        self.inner().execute(request)
    }
}

/// Form bodies.
#[allow(clippy::result_large_err)] // the large variant is never made
pub trait RequestBuilderExt: Sized {
    #[allow(dead_code)]
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error<()>>;
}

impl RequestBuilderExt for reqwest::RequestBuilder {
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error<()>> {
        let unsent = |error: serde_json::Error| {
            let kind = crate::ErrorKind::InvalidRequest;
            crate::Error::new(kind, "the body of the request cannot be written as a form")
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
) -> crate::Result<()> {
    let Some(found) = value.chars().find(|character| characters.contains(*character)) else {
        return Ok(());
    };
    let message = format!(
        "{name} {value:?} contains {found:?}, which the service does not accept: remove it"
    );
    Err(crate::Error::new(crate::ErrorKind::InvalidRequest, message).with_operation(operation))
}

/// The same for the texts of a body, each with where it is.
#[allow(dead_code)]
pub(crate) fn refuse_in<T: Serialize>(
    operation: &'static Operation,
    body: &T,
    texts: &[(&[&str], &str)],
) -> crate::Result<()> {
    fn search(
        operation: &'static Operation,
        value: &serde_json::Value,
        (path, characters): (&[&str], &str),
        name: &str,
    ) -> crate::Result<()> {
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

/// The outcome of a generated method as the outcome of a call.
pub(crate) fn finish<T>(outcome: Result<ResponseValue<T>, Error>) -> crate::Result<Response<T>> {
    match outcome {
        Ok(ResponseValue(response)) => Ok(response),
        Err(Error::Call(error)) => Err(error),
        Err(Error::UnexpectedResponse(reply)) => Err(reply.unexpected()),
        Err(Error::Typed(never, _)) => match never {},
    }
}
