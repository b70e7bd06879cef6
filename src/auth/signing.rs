//! What the schemes that sign have in common: credentials, the time of a signature, and what a refusal changes.

use super::clock::Clock;
use super::token_cache::{Lease, TokenCache};
use super::{CredentialProvider, Credentials, Refusal};
use crate::Result;
use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use std::sync::Arc;
use std::time::Duration;

/// Parts of the codes and messages that blame the credentials, in lower case.
const CODES: [&str; 5] = [
    "expiredtoken",
    "unrecognizedclient",
    "invalidclienttokenid",
    "invalidaccesskeyid",
    "signature",
];
const MESSAGES: [&str; 4] =
    ["security token", "expired", "signature we calculated", "access key id you provided"];

/// Temporary credentials are refreshed this long before they expire.
const MARGIN: Duration = Duration::from_secs(300);

/// The cached credentials of a provider and the clock. Clones share them.
#[derive(Clone)]
pub(super) struct Signing {
    provider: Arc<dyn CredentialProvider>,
    cache: Arc<TokenCache<Credentials>>,
    clock: Arc<Clock>,
}

impl Signing {
    /// A clock that is off by less than `tolerated_skew` does not explain a refusal.
    pub fn new(provider: impl CredentialProvider, tolerated_skew: TimeDelta) -> Self {
        let clock = Arc::new(Clock::tolerating(tolerated_skew));
        Self { provider: Arc::new(provider), cache: Arc::default(), clock }
    }

    /// The credentials to sign with, and the time of the signature.
    pub async fn next(&self) -> Result<(Credentials, DateTime<Utc>)> {
        let credentials = self.cache.get(|| refresh(Arc::clone(&self.provider))).await?;
        Ok((credentials, self.clock.now()))
    }

    /// Corrects a clock that explains the refusal, or else renews the credentials if the service says that they
    /// are expired or not valid. Says whether another attempt is signed differently.
    ///
    /// `shown` is the part of a signature that names an access key id.
    pub async fn refused(&self, refusal: &Refusal<'_>, shown: fn(&str) -> String) -> bool {
        if self.clock.explains(refusal) {
            return true;
        }
        if self.provider.is_fixed() || !blames_credentials(refusal) {
            return false;
        }
        let is_refused = |credentials: &Credentials| match credentials.token() {
            Some(token) => refusal.carried(token),
            None => refusal.carried(&shown(credentials.access_key_id())),
        };
        self.cache.renew(is_refused, || refresh(Arc::clone(&self.provider))).await
    }
}

async fn refresh(provider: Arc<dyn CredentialProvider>) -> Result<Lease<Credentials>> {
    let credentials = provider.credentials().await?;
    if provider.is_fixed() {
        return Ok(Lease::fixed(credentials));
    }
    let expiry = credentials.expiry();
    Ok(Lease::new(credentials, expiry, MARGIN))
}

/// The time as signatures carry it, `20150830T123600Z`. Without a formatter, which costs more than a hash.
pub(super) fn timestamp(time: DateTime<Utc>) -> String {
    let (date, clock) = (time.date_naive(), time.time());
    let year = date.year().unsigned_abs();
    let mut text = String::with_capacity(16);
    push_digits(&mut text, &[year / 100, year, date.month(), date.day()]);
    text.push('T');
    push_digits(&mut text, &[clock.hour(), clock.minute(), clock.second()]);
    text.push('Z');
    text
}

/// Two digits of each number.
fn push_digits(text: &mut String, numbers: &[u32]) {
    for number in numbers {
        text.extend([number / 10, *number].map(|digit| char::from(b'0' + (digit % 10) as u8)));
    }
}

/// Whether other credentials may help. Credentials that lack a permission are valid, and the provider
/// would give the same ones.
///
/// Sources: "Common error types" of the AWS service references, and the messages of API Gateway.
fn blames_credentials(refusal: &Refusal<'_>) -> bool {
    if refusal.is_unauthorized() {
        return true;
    }
    let code = refusal.code().unwrap_or_default().to_ascii_lowercase();
    let message = refusal.message().to_ascii_lowercase();
    CODES.iter().any(|part| code.contains(part))
        || MESSAGES.iter().any(|part| message.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Secrets;
    use crate::{BoxFuture, Error, ErrorKind};
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, StatusCode};
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::time::Instant;

    /// A provider that numbers its keys.
    #[derive(Debug, Default)]
    struct Numbered(AtomicU32);

    impl CredentialProvider for Numbered {
        fn credentials(&self) -> BoxFuture<'_, Result<Credentials>> {
            let number = self.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move { Ok(Credentials::new(format!("KEY-{number}"), "secret")) })
        }
    }

    fn signing(provider: impl CredentialProvider) -> Signing {
        Signing::new(provider, TimeDelta::minutes(5))
    }

    fn forbidden(code: &str, message: &str) -> Error {
        Error::new(ErrorKind::Forbidden, message)
            .with_response(StatusCode::FORBIDDEN, None, Bytes::new())
            .with_code(Some(code.to_owned()))
    }

    /// Whether another attempt is worth it after this error, for a request that was signed with `KEY-0`.
    async fn refused(signing: &Signing, error: &Error, begun: Instant) -> bool {
        let mut headers = HeaderMap::new();
        let mut value = HeaderValue::from_static("Credential=KEY-0/20150830");
        value.set_sensitive(true);
        headers.insert("authorization", value);
        let secrets = Secrets::of(&headers);
        let refusal = Refusal::of(error, &secrets, begun).unwrap();
        signing.refused(&refusal, |key| format!("Credential={key}/")).await
    }

    #[tokio::test]
    async fn keys_are_renewed_if_the_service_blames_them() {
        let table = [
            ("ExpiredToken", "", true),
            ("InvalidClientTokenId", "", true),
            ("SignatureDoesNotMatch", "", true),
            ("", "The security token included in the request is invalid.", true),
            ("", "Signature expired: 20150830T123600Z is now earlier", true),
            // A permission that is missing.
            ("AccessDenied", "User is not authorized to perform: execute-api:Invoke", false),
            ("", "Forbidden", false),
        ];
        for (code, message, expected) in table {
            let signing = signing(Numbered::default());
            assert_eq!(signing.next().await.unwrap().0.access_key_id(), "KEY-0");
            let renewed = refused(&signing, &forbidden(code, message), Instant::now()).await;
            assert_eq!(renewed, expected, "{code} {message}");
            let key = if expected { "KEY-1" } else { "KEY-0" };
            assert_eq!(signing.next().await.unwrap().0.access_key_id(), key);
        }
    }

    #[tokio::test]
    async fn fixed_keys_stay_wrong() {
        let signing = signing(Credentials::new("KEY-0", "secret"));
        signing.next().await.unwrap();
        assert!(!refused(&signing, &forbidden("ExpiredToken", ""), Instant::now()).await);
    }

    #[tokio::test]
    async fn a_clock_that_is_wrong_is_corrected_once() {
        let signing = signing(Credentials::new("KEY-0", "secret"));
        let ahead = |minutes| {
            let time = Utc::now() + TimeDelta::minutes(minutes);
            forbidden("", "").with_server_time(Some(time))
        };
        let before = Instant::now();
        // Off by less than the service tolerates.
        assert!(!refused(&signing, &ahead(4), before).await);
        assert!(!refused(&signing, &ahead(-4), before).await);
        assert!(refused(&signing, &ahead(60), before).await);
        let skew = signing.next().await.unwrap().1 - Utc::now();
        assert!((59..=60).contains(&(skew.num_seconds() + 30).div_euclid(60)), "{skew}");
        // Signed before the correction, and after it.
        assert!(refused(&signing, &ahead(60), before).await);
        let after = Instant::now() + Duration::from_secs(1);
        assert!(!refused(&signing, &ahead(60), after).await);
        // No signature has a year of five digits.
        let far = forbidden("", "").with_server_time(Some(DateTime::<Utc>::MAX_UTC));
        assert!(!refused(&signing, &far, after).await);
    }
}
