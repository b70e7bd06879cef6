//! Keeps the credentials of a request out of all that is shown of its response.

#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::HeaderMap;
use http::header::SET_COOKIE;
use memchr::memmem;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// The secret values of one request. Services and gateways echo requests in their errors.
///
/// Cheap to clone: a call has them in several places. `None` if there are none.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Option<Arc<Vec<String>>>);

/// Values shorter than this are not credentials, and would blot out ordinary text.
const SHORTEST: usize = 8;

impl Secrets {
    /// The values of the headers that authentication marked as sensitive.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut values = Vec::new();
        for value in headers.values().filter(|value| value.is_sensitive()) {
            let Ok(text) = str::from_utf8(value.as_bytes()) else { continue };
            // `Bearer <token>`: the token alone is the secret too.
            let last = text.rsplit(' ').next().filter(|last| last.len() < text.len());
            for secret in [Some(text), last].into_iter().flatten() {
                if secret.len() >= SHORTEST {
                    values.push(secret.to_owned());
                }
            }
        }
        Self::new(values)
    }

    fn new(values: Vec<String>) -> Self {
        Self((!values.is_empty()).then(|| Arc::new(values)))
    }

    fn values(&self) -> &[String] {
        self.0.as_ref().map_or(&[], |values| values)
    }

    /// A secret of the body, of any length, in the ways in which messages spell it: as it is, as Python
    /// or JSON quote it, and as HTML does.
    #[cfg(feature = "keystone")]
    pub(crate) fn of_body(secret: &str) -> Self {
        let python = secret
            .replace('\\', "\\\\")
            .replace('\n', "\\n")
            .replace('\r', "\\r")
            .replace('\t', "\\t");
        let json = Value::from(secret).to_string();
        let json = json.get(1..json.len() - 1).unwrap_or(secret).to_owned();
        let mut values = vec![secret.to_owned(), python.replace('\'', "\\'"), python, json];
        let html: Vec<_> = values.iter().map(|value| as_html(value)).collect();
        values.extend(html);
        values.retain(|value| !value.is_empty());
        // The longest first: one may be the beginning of another.
        values.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        values.dedup();
        Self::new(values)
    }

    /// The values in the query of a signed address.
    pub(crate) fn of_query(url: &url::Url) -> Self {
        let raw = url.query().unwrap_or_default().split('&');
        let raw = raw.filter_map(|pair| Some(pair.split_once('=')?.1.to_owned()));
        let decoded = url.query_pairs().map(|(_, value)| value.into_owned());
        Self::new(raw.chain(decoded).filter(|value| value.len() >= SHORTEST).collect())
    }

    /// These and others.
    pub(crate) fn and(mut self, others: &Self) -> Self {
        if let Some(others) = &others.0 {
            Arc::make_mut(self.0.get_or_insert_default()).extend_from_slice(others);
        }
        self
    }

    /// Whether this is one of them, or a part of one.
    pub(crate) fn contain(&self, secret: &str) -> bool {
        self.values().iter().any(|value| value.contains(secret))
    }

    /// Marks the headers of a response that hold them, or credentials that the service gives out: those
    /// are then in no `Debug`.
    pub(crate) fn mark(&self, headers: &mut HeaderMap) {
        for (name, value) in headers.iter_mut() {
            let given = name == SET_COOKIE || name == "x-subject-token";
            // Most values are shorter than any secret, and to prepare a search takes longer than to see that.
            let holds = |secret: &String| {
                secret.len() <= value.len()
                    && memmem::find(value.as_bytes(), secret.as_bytes()).is_some()
            };
            if given || self.values().iter().any(holds) {
                value.set_sensitive(true);
            }
        }
    }

    /// Whether a text shows one of them.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.values().iter().any(|secret| text.contains(secret.as_str()))
    }

    /// The body without the secrets; the same bytes if it has none.
    pub(crate) fn redact(&self, body: Bytes) -> Bytes {
        let text = String::from_utf8_lossy(&body);
        let plain = self.are_in(&text).then(|| Bytes::from(self.redact_text(text.into_owned())));
        let body = plain.unwrap_or(body);
        self.redact_escaped(&body).unwrap_or(body)
    }

    /// JSON may spell a secret in other ways: PHP writes every `/` as `\/`.
    fn redact_escaped(&self, body: &[u8]) -> Option<Bytes> {
        if self.0.is_none() || !body.contains(&b'\\') {
            return None;
        }
        let json = serde_json::from_slice(body).ok()?;
        let mut found = false;
        let json = self.redact_json(json, &mut found);
        found.then(|| json.to_string().into())
    }

    fn redact_json(&self, json: Value, found: &mut bool) -> Value {
        let text = |text: String, found: &mut bool| {
            *found |= self.are_in(&text);
            self.redact_text(text)
        };
        match json {
            Value::String(string) => Value::String(text(string, found)),
            Value::Array(list) => {
                list.into_iter().map(|item| self.redact_json(item, found)).collect()
            }
            Value::Object(entries) => entries
                .into_iter()
                .map(|(name, value)| (text(name, found), self.redact_json(value, found)))
                .collect(),
            other => other,
        }
    }

    /// The text without the secrets.
    pub(crate) fn redact_text(&self, text: String) -> String {
        self.values().iter().fold(text, |text, secret| text.replace(secret, "[redacted]"))
    }
}

#[cfg(feature = "keystone")]
fn as_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;")
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
