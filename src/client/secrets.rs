//! Keeps the credentials of a request out of what is told about its answer.

use bytes::Bytes;
use http::HeaderMap;

/// The secret values of one request. Services and gateways echo requests in their errors.
pub(super) struct Secrets(Vec<String>);

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

    /// The body without the secrets; the same bytes if it has none.
    pub(super) fn redact(&self, body: Bytes) -> Bytes {
        let Ok(text) = std::str::from_utf8(&body) else { return body };
        if !self.0.iter().any(|secret| text.contains(secret.as_str())) {
            return body;
        }
        let clean =
            self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "[redacted]"));
        clean.into()
    }
}
