//! A response, and how it becomes a typed one.

use super::beginning::Beginning;
use super::byte_stream::{ByteStream, Download};
use super::error_response;
use super::format::{Destination, Format, Json, Undecoded};
use super::headers::request_id;
use super::idle_timeout::IdleTimeout;
use super::response::Response;
use crate::operation::Operation;
use crate::redact::Secrets;
use crate::types::Lenient;
use crate::{Error, ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, Version};

/// A response: its body in memory, or still to come.
pub struct RawResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) payload: Payload,
    pub(super) operation: &'static Operation,
    pub(super) attempts: u32,
    pub(super) secrets: Secrets,
    /// How many items its list may have, or 0.
    pub(super) expected_items: usize,
}

pub(super) enum Payload {
    Complete(Bytes),
    Streamed(Box<Download>),
}

impl RawResponse {
    /// The body, if it is here.
    pub(crate) fn body(&self) -> Option<&Bytes> {
        match &self.payload {
            Payload::Complete(body) => Some(body),
            Payload::Streamed(_) => None,
        }
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as the type of the document, out of JSON.
    pub(crate) fn read<T: Lenient>(&self) -> Result<T> {
        let Some(read) = T::FROM_JSON else { return self.read_as::<Json, T>() };
        self.read_by(read, |text| T::FROM_JSON?(text).err())
    }

    /// The body as the type of the document.
    pub(crate) fn read_as<F: Format, T: Lenient>(&self) -> Result<T> {
        let mut body = None;
        self.read_into::<F>(Destination::of(&mut body))?;
        body.ok_or_else(|| self.refused(Error::new(ErrorKind::Decode, "the response was not read")))
    }

    fn read_into<F: Format>(&self, destination: Destination<'_>) -> Result<()> {
        let text = self.text(F::NAME)?;
        let destination = destination.with_room(self.room(text));
        F::read(self.operation, text, destination).map_err(|error| self.undecoded(error))
    }

    /// Says how many items its list may have, so that the list need not move while it grows.
    pub(crate) fn expect_items(&mut self, items: usize) {
        self.expected_items = items;
    }

    /// For how many items there is room at once. It is bounded by the text, since there may be fewer than expected.
    fn room(&self, text: &str) -> usize {
        const LEAST_TEXT: usize = 128;
        self.expected_items.min(text.len() / LEAST_TEXT)
    }

    /// The body out of JSON, as a type that no document has.
    #[cfg(any(feature = "keystone", test, fuzzing))]
    pub(crate) fn read_derived<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        self.read_by(
            |text| serde_json::from_str(text),
            |text| serde_json::from_str::<T>(text).err(),
        )
    }

    fn read_by<T>(
        &self,
        read: fn(&str) -> serde_json::Result<T>,
        again: fn(&str) -> Option<serde_json::Error>,
    ) -> Result<T> {
        read(self.text(Json::NAME)?).map_err(|error| self.undecoded(Undecoded::Json(error, again)))
    }

    fn text(&self, form: &'static str) -> Result<&str> {
        // A 204 has no body, even if the document declares one: it stands for an object without fields.
        let body: &[u8] = match self.body() {
            _ if self.status == StatusCode::NO_CONTENT => b"{}",
            Some(body) => body,
            None => b"",
        };
        // Checking all of it at once is cheaper than each string on its own.
        std::str::from_utf8(body).map_err(|error| self.undecoded(Undecoded::Text(form, error)))
    }

    fn undecoded(&self, error: Undecoded) -> Error {
        let body = self.secrets.redact(self.body().cloned().unwrap_or_default());
        let error = error_response::of_decoding(&body, &self.headers, error, &self.secrets);
        self.refused_with(error, body)
    }

    /// The error for a body that is not what was asked for.
    #[allow(dead_code)] // depends on the documents
    pub(crate) fn refused(&self, error: Error) -> Error {
        self.refused_with(error, Bytes::new())
    }

    fn refused_with(&self, error: Error, body: Bytes) -> Error {
        let id = request_id(&self.headers).map(str::to_owned);
        error
            .with_response(self.status, id, body)
            .with_operation(self.operation)
            .with_attempts(self.attempts)
    }

    /// The error of a success status whose body says that the call failed.
    pub(super) fn failed(&self, message: Option<&str>) -> Error {
        let message =
            message.unwrap_or("the service says that the request failed, and gives no reason");
        let message = error_response::as_message(message, &self.secrets);
        self.refused(Error::new(ErrorKind::Failed, message))
    }

    /// The body as a stream. It is taken out.
    pub(crate) fn take_stream(&mut self) -> ByteStream {
        match std::mem::replace(&mut self.payload, Payload::Complete(Bytes::new())) {
            Payload::Streamed(download) => ByteStream::new(*download, self.operation),
            Payload::Complete(bytes) => ByteStream::complete(bytes),
        }
    }

    /// The response with what was read of its body.
    pub(super) fn with_body<T>(self, body: T) -> Response<T> {
        let Self { status, headers, attempts, .. } = self;
        Response { body, status, headers, attempts }
    }
}

/// What is allocated at once for what a server announces; after that the body grows with what it sends.
const MOST_ROOM: usize = 4 << 20;

/// Reads a body of at most `limit` bytes, counted after decompression. Its beginning is noted as soon as
/// it is here, unless it is known to be all.
pub(super) async fn collect(
    response: &mut reqwest::Response,
    idle: &mut IdleTimeout,
    limit: usize,
    noted: Option<(&Beginning, &HeaderMap)>,
) -> Result<Bytes> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(error_response::too_large(limit));
    }
    let Some(first) = idle.next(response).await? else {
        return Ok(Bytes::new());
    };
    // In HTTP/1 nothing follows, and to wait for the end may take another turn of the task.
    if announced == Some(first.len()) && response.version() < Version::HTTP_2 {
        return Ok(first);
    }
    if let Some((beginning, headers)) = noted {
        beginning.note(headers, &first);
    }
    let Some(second) = idle.next(response).await? else {
        return if first.len() > limit { Err(error_response::too_large(limit)) } else { Ok(first) };
    };
    let here = first.len() + second.len();
    let mut body =
        BytesMut::with_capacity(announced.map_or(4 * here, |all| all.min(here + MOST_ROOM)));
    body.extend_from_slice(&first);
    let mut next = Some(second);
    while let Some(chunk) = next {
        if chunk.len() > limit.saturating_sub(body.len()) {
            return Err(error_response::too_large(limit));
        }
        body.extend_from_slice(&chunk);
        next = idle.next(response).await?;
    }
    Ok(body.freeze())
}

/// Reads the first `limit` bytes of a body, counted after decompression. The rest is left unread.
pub(super) async fn beginning(
    response: &mut reqwest::Response,
    idle: &mut IdleTimeout,
    limit: usize,
) -> Result<Bytes> {
    let mut body = BytesMut::new();
    while body.len() < limit
        && let Some(chunk) = idle.next(response).await?
    {
        body.extend_from_slice(&chunk[..chunk.len().min(limit - body.len())]);
    }
    Ok(body.freeze())
}
