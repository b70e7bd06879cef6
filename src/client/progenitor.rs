//! Stands in for `progenitor_client`: the names that generated code uses, with the transport of
//! this crate behind them. The generated modules import it as `progenitor_client`.

use super::raw_response::RawResponse;
use super::{Call, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::ser::{Serialize, SerializeSeq, Serializer};
use std::convert::Infallible;
use std::marker::PhantomData;

pub use super::byte_stream::ByteStream;

/// RFC 3986's unreserved characters stay, all else is encoded, as SigV4 wants it too.
const PATH_SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub fn encode_path(segment: &str) -> String {
    utf8_percent_encode(segment, PATH_SEGMENT).to_string()
}

/// The error type of generated methods. Their error bodies are decoded by status in
/// [`crate::Error::body`], so the type parameter stays unused.
#[allow(clippy::large_enum_variant)] // the large one is never made
pub enum Error<E = ()> {
    /// Everything that went wrong.
    Call(crate::Error),
    /// Never made: the transport makes an error of every status that is no success.
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
            crate::Error::new(kind, "a header value has characters that HTTP forbids")
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
pub struct ResponseValue<T>(pub(super) Response<T>);

impl<T: DeserializeOwned> ResponseValue<T> {
    pub(crate) async fn from_response<E>(reply: RawResponse) -> Result<Self, Error<E>> {
        if let Some(body) = reply.body() {
            crate::pagination::announce(body).await;
        }
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
    async fn pre<E>(&self, _: &mut reqwest::Request, _: &OperationInfo) -> Result<(), Error<E>> {
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> crate::Result<RawResponse> {
        self.inner().execute(request).await
    }

    async fn post<E>(
        &self,
        _: &crate::Result<RawResponse>,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        Ok(())
    }
}

/// Form bodies, which no document has; generated code imports the name all the same.
#[allow(dead_code)]
pub trait RequestBuilderExt {}

/// A query parameter as name and value pairs: a list repeats the name, a map brings its own names.
pub struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T> QueryParam<'a, T> {
    pub(crate) fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

impl<T: QueryValue> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pairs = serializer.serialize_seq(None)?;
        let mut outcome = Ok(());
        self.value.pairs(self.name, &mut |name, value| {
            if outcome.is_ok() {
                outcome = pairs.serialize_element(&(name, value));
            }
        });
        outcome?;
        pairs.end()
    }
}

/// A value that can stand in a query.
pub trait QueryValue {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str));
}

macro_rules! query_value_by_display {
    ($($ty:ty),*) => {$(
        impl QueryValue for $ty {
            fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
                add(name, &self.to_string());
            }
        }
    )*};
}
query_value_by_display!(bool, i32, i64);

impl QueryValue for str {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        add(name, self);
    }
}

impl QueryValue for String {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        add(name, self);
    }
}

impl QueryValue for chrono::DateTime<chrono::Utc> {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        add(name, &self.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
    }
}

impl<T: QueryValue + ?Sized> QueryValue for &T {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        (**self).pairs(name, add);
    }
}

impl<T: QueryValue> QueryValue for Option<T> {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        if let Some(value) = self {
            value.pairs(name, add);
        }
    }
}

impl<T: QueryValue> QueryValue for Vec<T> {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        for value in self {
            value.pairs(name, add);
        }
    }
}

impl QueryValue for std::collections::BTreeMap<String, String> {
    fn pairs(&self, _: &str, add: &mut dyn FnMut(&str, &str)) {
        for (name, value) in self {
            add(name, value);
        }
    }
}
