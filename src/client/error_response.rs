//! Errors out of what HTTP and JSON report.

use super::error_body::Said;
use super::format::Undecoded;
use super::headers::{http_date, location, request_id, retry_after};
use super::json_path;
use super::upload::DataError;
use crate::error::Cause;
use crate::operation::Operation;
use crate::printable;
use crate::redact::Secrets;
use crate::{Error, ErrorKind};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderMap, StatusCode};
use url::Url;

/// How much of a body is shown in a message.
const EXCERPT: usize = 160;

/// What hyper says of a flood of headers: its error types are not part of reqwest's interface.
const HEAD_TOO_LARGE: &str = "message head is too large";

/// What the HTTP client reports. Of the URL only the host is shown: the operation says the rest.
pub(super) fn of_http(error: reqwest::Error) -> Error {
    let host = error.url().and_then(host).unwrap_or_else(|| "the service".to_owned());
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let (kind, message) = if cause.is::<DataError>() {
        (ErrorKind::InvalidRequest, "the upload was cancelled".to_owned())
    } else if error.is_connect() && is_certificate(&error) {
        (ErrorKind::Certificate, format!("the certificate of {host} is not trusted"))
    } else if error.is_timeout() && error.is_connect() {
        (ErrorKind::Connect, format!("timed out connecting to {host}"))
    } else if error.is_timeout() {
        (ErrorKind::Timeout, format!("timed out waiting for a response from {host}"))
    } else if error.is_connect() {
        (ErrorKind::Connect, format!("cannot connect to {host}"))
    } else if error.is_builder() {
        (ErrorKind::InvalidRequest, "the request cannot be built".to_owned())
    } else if cause.to_string() == HEAD_TOO_LARGE {
        let message = "the headers of the response are too many or too large";
        (ErrorKind::ResponseTooLarge, message.to_owned())
    } else {
        (ErrorKind::Interrupted, format!("the connection to {host} broke"))
    };
    let shown = Error::new(kind, format!("{message}: {cause}"));
    let shown = if kind == ErrorKind::Certificate && has_unknown_issuer(cause) {
        shown.with_note("pass the certificate of your own authority to `root_certificate_pem()`, or to your own HTTP client")
    } else {
        shown
    };
    shown.with_cause(Cause::Http(error))
}

/// The error of an exchange without the credentials of its request. Over HTTP/2, a service chooses a part of the text
/// with which it closes a connection.
#[cold]
pub(super) fn without_secrets(error: Error, secrets: &Secrets) -> Error {
    let source = std::error::Error::source(&error);
    let causes = std::iter::successors(source, |cause| cause.source());
    let mut texts = causes.map(|cause| format!("{cause} {cause:?}"));
    // The text of a service is quoted, with escapes.
    let plain = |text: &str| text.replace("\\\"", "\"").replace("\\\\", "\\");
    let shows = |text: &str| secrets.are_in(text) || secrets.are_in(&plain(text));
    if !shows(error.message()) && !texts.any(|text| shows(&text)) {
        return error;
    }
    let message = error.message();
    // Where a secret is cut or escaped, only what is this crate's own stays.
    let whole = secrets.are_in(message) && !message.ends_with('…');
    let own = message.split(": ").next().filter(|_| !whole);
    let message = own.map_or_else(|| message.to_owned(), |own| format!("{own}: [redacted]"));
    error.with_message_only(secrets.redact_text(message))
}

/// Whether the certificate is not wrong in itself: the words of rustls and of the platforms' libraries.
fn has_unknown_issuer(cause: &dyn std::error::Error) -> bool {
    let text = cause.to_string().to_lowercase();
    ["issuer", "self-signed", "self signed"].iter().any(|word| text.contains(word))
}

/// Host and port as users write them.
fn host(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Whether the handshake failed for what the server is, and will fail again. The TLS libraries have no error
/// type in common, but their texts have the word.
fn is_certificate(error: &reqwest::Error) -> bool {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source());
    causes.map(|cause| cause.to_string().to_lowercase()).any(|text| text.contains("certificate"))
}

/// A status that is not a success.
pub(crate) fn of_status(
    operation: &'static Operation,
    status: StatusCode,
    headers: &HeaderMap,
    body: Bytes,
    secrets: &Secrets,
) -> Error {
    let body = secrets.redact(body);
    let failure = operation.failure;
    let said = Said::of(&body, failure, operation.protocol);
    let kind = said.kind(status.as_u16(), failure);
    let kind = kind.unwrap_or_else(|| ErrorKind::of_status(status));
    let mut message = as_message(&said.message, secrets);
    if status.is_redirection()
        && let Some(location) = location(headers)
    {
        message = format!(
            "the service redirects to {location}, and redirects are not followed: use that address as \
             the endpoint if it is the service's own"
        );
    }
    if message.is_empty() {
        message = "the service sent no message".to_owned();
    }
    let window = || said.window(failure).filter(|_| kind == ErrorKind::Throttled);
    Error::new(kind, secrets.redact_text(message))
        .with_code(said.code.as_deref().map(|code| as_message(code, secrets)))
        .with_response(status, request_id(headers).map(|id| as_message(id, secrets)), body)
        .with_retry_after(retry_after(headers).or_else(window))
        .with_server_time(http_date(headers, DATE))
}

/// A body that is not of its type, without the credentials that it held: with the place in the document and
/// what stands there.
pub(super) fn of_decoding(
    body: &[u8],
    headers: &HeaderMap,
    error: Undecoded,
    secrets: &Secrets,
) -> Error {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // The names and values in all of this are the service's, of any length and spelling.
    let line = |text: &str| printable::cut(&secrets.redact_text(text.to_owned()), EXCERPT);
    let media = &line(media.unwrap_or("no media type"));
    let failed = |message: String| Error::new(ErrorKind::Decode, message);
    let (error, again) = match error {
        _ if body.is_empty() => {
            return failed("the response is empty, but must have a body".to_owned());
        }
        Undecoded::Text(form, error) => {
            let message = format!("the response ({media}) is not {form}: {error}");
            return failed(message).caused_by(error);
        }
        #[cfg(feature = "aws-query")]
        Undecoded::Xml(error) => return failed(of_xml(body, media, &error, secrets)),
        Undecoded::Json(error, again) => (error, again),
    };
    // A reason can quote what it is about: it is to come from what is shown.
    let text = String::from_utf8_lossy(body);
    let (path, error) = match again(&text) {
        Some(error) => (json_path::of(&text, &error), error),
        None => (None, error),
    };
    let reason = error.to_string();
    let place = if error.is_syntax() || error.is_eof() {
        format!("the response ({media}) is not JSON")
    } else {
        path.map_or_else(|| "the response".to_owned(), |path| line(&path))
    };
    let excerpt = secrets.redact_text(excerpt_at(body, &error));
    let shown = failed(format!("{place}: {}: {excerpt}", line(&reason)));
    let shown = if first(body) == Some(b'<') {
        shown.with_note("this is HTML or XML: check that the endpoint is the address of the API")
    } else {
        shown
    };
    let presentable = reason.len() <= printable::LONGEST && !secrets.are_in(&reason);
    if presentable { shown.with_cause(Cause::Json(error)) } else { shown }
}

/// What is wrong with an answer in XML, where, and what stands there.
#[cfg(feature = "aws-query")]
fn of_xml(body: &[u8], media: &str, error: &crate::xml::Error, secrets: &Secrets) -> String {
    let line = |text: &str| printable::cut(&secrets.redact_text(text.to_owned()), EXCERPT);
    let place = if error.is_syntax() {
        format!("the response ({media}) is not XML")
    } else {
        error.path().map_or_else(|| "the response".to_owned(), line)
    };
    let end = error.position().min(body.len());
    let start = end.saturating_sub(EXCERPT / 2);
    let excerpt = printable::cut(&String::from_utf8_lossy(&body[start..end]), EXCERPT);
    format!("{place}: {}: {excerpt}", line(&error.to_string()))
}

pub(super) fn too_large(limit: usize) -> Error {
    let message = format!("the response is larger than {limit} bytes: raise `max_response_size()`");
    Error::new(ErrorKind::ResponseTooLarge, message)
}

/// The part of the body before the place that a JSON error names; the beginning of what does not even begin as JSON.
fn excerpt_at(body: &[u8], error: &serde_json::Error) -> String {
    let is_json = first(body).is_some_and(|first| b"{[\"".contains(&first));
    let (start, end) = if error.is_syntax() && !is_json {
        (0, body.len().min(EXCERPT))
    } else {
        let end = json_path::offset(body, error);
        (end.saturating_sub(EXCERPT / 2), end)
    };
    let text = printable::cut(&String::from_utf8_lossy(&body[start..end]), EXCERPT);
    if start > 0 { format!("…{text}") } else { text }
}

/// The first character that is not blank, nor a byte order mark.
fn first(body: &[u8]) -> Option<u8> {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start().first().copied()
}

/// A text of the service as a message: without the request's credentials, one line of limited length.
pub(super) fn as_message(text: &str, secrets: &Secrets) -> String {
    // Before the text is changed, or a secret would not be found, and before it is cut, or the first half of
    // one would stay; and after, for one that was hidden by what was left out.
    let text = secrets.redact_text(text.to_owned());
    secrets.redact_text(printable::line(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::AUTHORIZATION;
    use std::error::Error as _;
    use std::io;

    #[test]
    fn a_broken_connection_shows_no_credential_that_the_service_repeats() {
        let secrets = |secret: &'static str| {
            let mut value = http::HeaderValue::from_static(secret);
            value.set_sensitive(true);
            Secrets::of(&HeaderMap::from_iter([(AUTHORIZATION, value)]))
        };
        // As the HTTP client makes one, with the text that the service chose.
        let broken = |said: &str| {
            let below = io::Error::other(format!("connection error received: {said:?}"));
            let message = format!("the connection to localhost broke: {below}");
            Error::new(ErrorKind::Interrupted, message).caused_by(io::Error::other(below))
        };
        let long = "x".repeat(printable::LONGEST - 80);
        for (secret, before, expected) in [
            ("HIDDEN-TOKEN", "no ", "connection error received: \"no [redacted]\""),
            (r#"HIDDEN\"TOKEN"#, "no ", "[redacted]"),
            // Of this, the message has the beginning.
            ("HIDDEN-TOKEN", &long, "[redacted]"),
        ] {
            let secrets = secrets(secret);
            let error = broken(&format!("{before}{secret} {}", "y".repeat(before.len())));
            let error = without_secrets(error, &secrets);
            let said = error.message().strip_prefix("the connection to localhost broke: ");
            assert!(said.unwrap().starts_with(expected.trim_end_matches('"')), "{error}");
            assert!(error.source().is_none() && error.is_retryable(), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("HIDDEN"), "{error:?}");
        }
        let error = without_secrets(broken("no"), &secrets("HIDDEN-TOKEN"));
        assert!(error.source().is_some());
        assert!(error.message().ends_with(r#"connection error received: "no""#), "{error}");
    }

    #[test]
    fn of_what_is_not_json_the_beginning_is_shown() {
        let excerpt = |body: &str| {
            let error = serde_json::from_str::<serde_json::Value>(body).unwrap_err();
            excerpt_at(body.as_bytes(), &error)
        };
        for body in
            ["<html>no</html>", "\n\n  <!DOCTYPE html>", "not found", "\u{feff}<html>", "404 page"]
        {
            assert_eq!(excerpt(body), body.trim_start_matches(['\n', ' ', '\u{feff}']), "{body:?}");
        }
        assert_eq!(excerpt(r#"{"a": 1, "b": nil}"#), r#"{"a": 1, "b": ni"#);
    }
}
