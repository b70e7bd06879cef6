//! The signing key: derived from a secret key for one day, region and service.

use super::Credentials;
use crate::hmac::HmacSha256;
use secrecy::ExposeSecret;
use std::sync::{Mutex, PoisonError};

/// A date as it stands in a credential scope, `20150830`.
pub(super) type Date = [u8; 8];

/// The key of the newest day and secret. Deriving it costs more than a signature, and it is the same
/// until midnight.
#[derive(Default)]
pub(super) struct SigningKeyCache(Mutex<Option<Entry>>);

struct Entry {
    date: Date,
    credentials: Credentials,
    key: HmacSha256,
}

impl SigningKeyCache {
    /// The state of an HMAC with the key of this day, ready for the text to sign.
    pub fn get(
        &self,
        date: Date,
        credentials: &Credentials,
        region: &str,
        service: &str,
    ) -> HmacSha256 {
        let mut entry = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = &*entry
            && entry.date == date
            && entry.credentials.same_secret(credentials)
        {
            return entry.key.clone();
        }
        let key = derive(date, credentials, region, service);
        *entry = Some(Entry { date, credentials: credentials.clone(), key: key.clone() });
        key
    }
}

fn derive(date: Date, credentials: &Credentials, region: &str, service: &str) -> HmacSha256 {
    let secret = format!("AWS4{}", credentials.secret_key().expose_secret());
    let mut key = HmacSha256::new(secret.as_bytes());
    for part in [&date[..], region.as_bytes(), service.as_bytes(), b"aws4_request"] {
        key.update(part);
        key = HmacSha256::new(&key.finish());
    }
    key
}
