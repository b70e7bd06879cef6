//! Errors out of what HTTP and JSON report.

use super::headers::{http_date, request_id, retry_after};
use super::upload::DataError;
use crate::error::Cause;
use crate::operation::Operation;
use crate::redact::Secrets;
use crate::{Error, ErrorKind};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

/// How much of a body is shown in a message.
const EXCERPT: usize = 160;

/// How much of a body is looked at for a message, in bytes.
const LOOKED_AT: usize = 16 << 10;

/// How long a message may be, in characters.
const LONGEST: usize = 4 * EXCERPT;

/// What hyper says of a flood of headers: its error types are no part of reqwest's interface.
const HEAD_TOO_LARGE: &str = "message head is too large";

/// What the HTTP client reports; the URL is left out, the operation says as much.
pub(super) fn of_http(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let (kind, message) = if cause.is::<DataError>() {
        (ErrorKind::InvalidRequest, "the upload was given up")
    } else if error.is_timeout() && error.is_connect() {
        (ErrorKind::Connect, "no connection in time")
    } else if error.is_timeout() {
        (ErrorKind::Timeout, "no answer in time")
    } else if error.is_connect() {
        (ErrorKind::Connect, "no connection")
    } else if error.is_builder() {
        (ErrorKind::InvalidRequest, "the request cannot be built")
    } else if cause.to_string() == HEAD_TOO_LARGE {
        (ErrorKind::ResponseTooLarge, "the answer has too many or too large headers")
    } else {
        (ErrorKind::Interrupted, "the connection broke")
    };
    Error::new(kind, format!("{message}: {cause}")).with_cause(Cause::Http(error))
}

/// A status that stands for no success.
pub(crate) fn of_status(
    operation: &'static Operation,
    status: StatusCode,
    headers: &HeaderMap,
    body: Bytes,
    secrets: &Secrets,
) -> Error {
    let body = secrets.redact(body);
    let dry_run =
        |code| operation.error_schema(code).is_some_and(|schema| schema.starts_with("Dryrun"));
    let kind = match status.as_u16() {
        400 => ErrorKind::BadRequest,
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        412 if dry_run(412) => ErrorKind::DryRun,
        413 => ErrorKind::TooLarge,
        415 => ErrorKind::UnsupportedMediaType,
        416 => ErrorKind::RangeNotSatisfiable,
        429 => ErrorKind::Throttled,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::UnexpectedStatus,
    };
    Error::new(kind, message_of(&body, secrets))
        .with_response(status, request_id(headers).map(str::to_owned), body)
        .with_retry_after(retry_after(headers))
        .with_server_time(http_date(headers, DATE))
}

/// Why a body is not of its type.
pub(super) enum Undecoded {
    Text(std::str::Utf8Error),
    Json(serde_json::Error),
}

/// A body that is not of its type, without the credentials that it held: with the place in the document and
/// what stands there.
pub(super) fn of_decoding<T: DeserializeOwned>(
    body: &[u8],
    headers: &HeaderMap,
    error: Undecoded,
    secrets: &Secrets,
) -> Error {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.unwrap_or("no media type");
    let failed = |message: String| Error::new(ErrorKind::Decode, message);
    let error = match error {
        _ if body.is_empty() => return failed("the answer is empty".to_owned()),
        Undecoded::Text(error) => {
            let message = format!("the answer ({media}) is no JSON: {error}");
            return failed(message).caused_by(error);
        }
        Undecoded::Json(error) => error,
    };
    // Only now is the path worth its price. A reason can quote what it is about: it is to come from what
    // is shown.
    let text = String::from_utf8_lossy(body);
    let reader = &mut serde_json::Deserializer::from_str(&text);
    let (path, error) = match serde_path_to_error::deserialize::<_, T>(reader) {
        Err(found) => (Some(found.path().to_string()), found.into_inner()),
        Ok(_) => (None, error),
    };
    let reason = error.to_string();
    // The names and values in it are the service's, of any length and spelling.
    let line = |text: &str| clipped(secrets.redact_text(one_line(text)), EXCERPT);
    let place = if error.is_syntax() || error.is_eof() {
        format!("the answer ({media}) is no JSON")
    } else {
        let path = path.filter(|path| path != ".");
        path.map_or_else(|| "the answer".to_owned(), |path| line(&path))
    };
    let told = failed(format!("{place}: {}: {}", line(&reason), excerpt_at(body, &error)));
    let presentable = reason.len() <= LONGEST && !secrets.are_in(&reason);
    if presentable { told.with_cause(Cause::Json(error)) } else { told }
}

pub(super) fn too_large(limit: usize) -> Error {
    let message = format!("the answer is larger than {limit} bytes");
    Error::new(ErrorKind::ResponseTooLarge, message)
}

/// The part of the body before the place that a JSON error names.
fn excerpt_at(body: &[u8], error: &serde_json::Error) -> String {
    let line_start: usize = body
        .split_inclusive(|byte| *byte == b'\n')
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    let end = (line_start + error.column()).min(body.len());
    let start = end.saturating_sub(EXCERPT / 2);
    let text = one_line(&String::from_utf8_lossy(&body[start..end]));
    if start > 0 { format!("…{text}") } else { text }
}

/// The message of an error body: JSON in the forms of the three services and their gateways, HTML,
/// or plain text.
fn message_of(body: &[u8], secrets: &Secrets) -> String {
    let text = match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(json) => {
            json_message(&json).unwrap_or_else(|| String::from_utf8_lossy(body).into_owned())
        }
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    match as_message(&text, secrets) {
        text if text.is_empty() => "no message".to_owned(),
        text => text,
    }
}

/// A text of the service as a message of one line and of limited length.
pub(super) fn as_message(text: &str, secrets: &Secrets) -> String {
    // Before its tags and white space are changed, or a secret would not be found, and before it is cut, or
    // the first half of one would stay; and after, for one that was hidden by them.
    let text = secrets.redact_text(text.to_owned());
    let text = plain_text(&text[..text.floor_char_boundary(LOOKED_AT)]);
    let text = secrets.redact_text(text);
    clipped(secrets.redact_text(one_line(&text)), LONGEST)
}

/// A text as a line of limited length.
pub(crate) fn as_line(text: &str) -> String {
    clipped(one_line(text), LONGEST)
}

fn clipped(text: String, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// `message`, `Message` of API Gateway, or one of them in a single nested object such as Keystone's
/// `error` and Nova's `badRequest`.
fn json_message(json: &serde_json::Value) -> Option<String> {
    let direct =
        ["message", "Message", "error_msg", "error"].iter().find_map(|key| json.get(key)?.as_str());
    let nested = || json.as_object()?.values().find_map(|value| value.get("message")?.as_str());
    direct.or_else(nested).map(str::to_owned)
}

/// Text without the tags, entities and title of HTML.
fn plain_text(text: &str) -> String {
    if !text.contains('<') && !text.contains('&') {
        return text.to_owned();
    }
    let body = text.find("<body").map_or(text, |start| &text[start..]);
    let mut plain = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        plain.push(' ');
        let tag = &rest[start..];
        let is_tag =
            tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match is_tag.then(|| tag.find('>')).flatten() {
            Some(end) => rest = &tag[end + 1..],
            None => {
                plain.push('<');
                rest = &tag[1..];
            }
        }
    }
    plain.push_str(rest);
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(plain, |text, (entity, character)| text.replace(entity, character))
}

fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
