//! The least that signs a GET for API Gateway: SigV4 by hand, with the key of the day cached.

#![allow(dead_code)] // no bench uses all of it

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::sync::Mutex;

const EMPTY_HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

pub struct Signer {
    key_id: &'static str,
    secret: &'static str,
    region: &'static str,
    key: Mutex<Option<(String, Hmac<Sha256>)>>,
}

impl Signer {
    pub fn new(key_id: &'static str, secret: &'static str, region: &'static str) -> Self {
        Self { key_id, secret, region, key: Mutex::new(None) }
    }

    /// Signs the host and the time; the query has to be in order.
    pub fn sign(&self, request: &mut reqwest::Request) {
        let time = chrono::Utc::now().format("%Y%m%dT%H%M%SZ").to_string();
        let (date, region) = (&time[..8], self.region);
        let url = request.url();
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let canonical = format!(
            "GET\n{}\n{}\nhost:{host}\nx-amz-date:{time}\n\nhost;x-amz-date\n{EMPTY_HASH}",
            url.path(),
            url.query().unwrap_or_default(),
        );
        let scope = format!("{date}/{region}/execute-api/aws4_request");
        let hash = hex(&Sha256::digest(canonical));
        let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{hash}");
        let mut mac = self.key_of(date);
        mac.update(text.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}",
            self.key_id,
        );
        let headers = request.headers_mut();
        headers.insert("x-amz-date", time.parse().unwrap());
        headers.insert("authorization", authorization.parse().unwrap());
    }

    fn key_of(&self, date: &str) -> Hmac<Sha256> {
        let mut cached = self.key.lock().unwrap();
        if let Some((day, key)) = &*cached
            && day == date
        {
            return key.clone();
        }
        let keyed = |key: &[u8]| Hmac::<Sha256>::new_from_slice(key).unwrap();
        let mut key = keyed(format!("AWS4{}", self.secret).as_bytes());
        for part in [date, self.region, "execute-api", "aws4_request"] {
            key.update(part.as_bytes());
            key = keyed(&key.finalize().into_bytes());
        }
        *cached = Some((date.to_owned(), key.clone()));
        key
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
