//! Keeps the credentials of a request out of what is told about its answer.

use bytes::Bytes;
use http::HeaderMap;
use http::header::SET_COOKIE;
use std::fmt;

/// The secret values of one request. Services and gateways echo requests in their errors.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<String>);

/// Values shorter than this are no credentials, and would blot out ordinary text.
const SHORTEST: usize = 8;

impl Secrets {
    /// The values of the headers that authentication marked as sensitive.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut values = Vec::new();
        for value in headers.values().filter(|value| value.is_sensitive()) {
            let Ok(text) = value.to_str() else { continue };
            // `Bearer <token>`: the token alone is the secret too.
            let last = text.rsplit(' ').next().unwrap_or(text);
            values.extend(
                [text, last].into_iter().filter(|v| v.len() >= SHORTEST).map(str::to_owned),
            );
        }
        Self(values)
    }

    /// Whether this is one of them.
    pub(crate) fn contain(&self, secret: &str) -> bool {
        self.0.iter().any(|value| value == secret)
    }

    /// Marks the headers of an answer that hold them, or credentials that the service gives out: those
    /// are then in no `Debug`.
    pub(super) fn mark(&self, headers: &mut HeaderMap) {
        for (name, value) in headers.iter_mut() {
            let given = [SET_COOKIE.as_str(), "x-subject-token"].contains(&name.as_str());
            let repeated = || value.to_str().is_ok_and(|text| self.are_in(text));
            if given || repeated() {
                value.set_sensitive(true);
            }
        }
    }

    fn are_in(&self, text: &str) -> bool {
        self.0.iter().any(|secret| text.contains(secret.as_str()))
    }

    /// The body without the secrets; the same bytes if it has none.
    pub(super) fn redact(&self, body: Bytes) -> Bytes {
        let text = String::from_utf8_lossy(&body);
        if !self.are_in(&text) {
            return body;
        }
        self.redact_text(text.into_owned()).into()
    }

    /// The text without the secrets.
    pub(super) fn redact_text(&self, text: String) -> String {
        self.0.iter().fold(text, |text, secret| text.replace(secret, "[redacted]"))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
