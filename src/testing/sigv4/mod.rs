//! Verifies AWS Signature Version 4, independently of the code that signs.

mod builder;
mod canonical;

use crate::auth::Credentials;
use crate::hex;
use crate::hmac::HmacSha256;
use crate::testing::exchange::header;
use canonical::{canonical_request, sha256};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use wiremock::Request;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// How far the clocks may be apart.
const WINDOW: TimeDelta = TimeDelta::minutes(5);

/// Who may sign, and when.
#[derive(Clone)]
pub struct Verifier {
    pub access_key: String,
    pub secret_key: String,
    pub session_token: Option<String>,
    /// How far the clock of this server is ahead.
    pub clock_offset: TimeDelta,
}

/// Why a request is refused, in the words of API Gateway and of the JSON services.
pub struct Refusal {
    pub error_type: &'static str,
    pub message: String,
}

impl Refusal {
    fn incomplete(message: impl Into<String>) -> Self {
        Self { error_type: "IncompleteSignatureException", message: message.into() }
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self { error_type: "InvalidSignatureException", message: message.into() }
    }

    fn unrecognized() -> Self {
        let message = "The security token included in the request is invalid.".to_owned();
        Self { error_type: "UnrecognizedClientException", message }
    }
}

/// The parts of the `Authorization` header.
struct Authorization<'a> {
    access_key: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl Default for Verifier {
    fn default() -> Self {
        Self {
            access_key: "AKIDOFTHEFAKE0000001".to_owned(),
            secret_key: "secret-key-of-the-fake".to_owned(),
            session_token: None,
            clock_offset: TimeDelta::zero(),
        }
    }
}

impl Verifier {
    /// The time on the clock of this server.
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.clock_offset
    }

    /// Those that a client must sign with.
    pub fn credentials(&self) -> Credentials {
        let credentials = Credentials::new(self.access_key.as_str(), self.secret_key.as_str());
        match &self.session_token {
            Some(token) => credentials.session_token(token.as_str()),
            None => credentials,
        }
    }

    /// Verifies a request to a service in a region.
    pub fn verify(&self, request: &Request, region: &str, service: &str) -> Result<(), Refusal> {
        let authorization = authorization(request)?;
        let time = header(&request.headers, "x-amz-date").ok_or_else(|| {
            let message = "Authorization header requires existence of an 'X-Amz-Date' header.";
            Refusal::incomplete(message)
        })?;
        check_scope(&authorization, time, region, service)?;
        self.check_identity(&authorization, request)?;
        check_signed_headers(&authorization, request)?;
        self.check_time(time)?;

        let canonical = canonical_request(request, &authorization.signed_headers)?;
        let scope = format!("{}/{region}/{service}/aws4_request", authorization.date);
        let to_sign = format!("{ALGORITHM}\n{time}\n{scope}\n{}", sha256(canonical.as_bytes()));
        let key = ["aws4_request", service, region, authorization.date]
            .iter()
            .rev()
            .fold(format!("AWS4{}", self.secret_key).into_bytes(), |key, part| {
                hmac(&key, part.as_bytes())
            });
        // The comparison leaks no secret worth having: this is a server for tests.
        if hex::encode(&hmac(&key, to_sign.as_bytes())) == authorization.signature {
            return Ok(());
        }
        Err(Refusal::invalid(format!(
            "The request signature we calculated does not match the signature you provided. Check your \
             AWS Secret Access Key and signing method.\n\nThe Canonical String for this request should \
             have been\n'{canonical}'\n\nThe String-to-Sign should have been\n'{to_sign}'\n"
        )))
    }

    fn check_identity(
        &self,
        authorization: &Authorization<'_>,
        request: &Request,
    ) -> Result<(), Refusal> {
        let token = header(&request.headers, "x-amz-security-token");
        let known = authorization.access_key == self.access_key;
        if known && token == self.session_token.as_deref() {
            return Ok(());
        }
        Err(Refusal::unrecognized())
    }

    fn check_time(&self, time: &str) -> Result<(), Refusal> {
        let signed = NaiveDateTime::parse_from_str(time, TIME)
            .map_err(|_| {
                let message = format!("X-Amz-Date must be in ISO 8601 basic format ({time}).");
                Refusal::incomplete(message)
            })?
            .and_utc();
        let now = self.now();
        let text = |time: DateTime<Utc>| time.format(TIME).to_string();
        if signed < now - WINDOW {
            let limit = text(now - WINDOW);
            let message = format!("Signature expired: {time} is now earlier than {limit}");
            return Err(Refusal::invalid(format!("{message} ({} - 5 min.)", text(now))));
        }
        if signed > now + WINDOW {
            let limit = text(now + WINDOW);
            let message = format!("Signature not yet current: {time} is still later than {limit}");
            return Err(Refusal::invalid(format!("{message} ({} + 5 min.)", text(now))));
        }
        Ok(())
    }
}

fn check_scope(
    authorization: &Authorization<'_>,
    time: &str,
    region: &str,
    service: &str,
) -> Result<(), Refusal> {
    if !time.starts_with(authorization.date) || authorization.date.len() != 8 {
        let message =
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.";
        return Err(Refusal::invalid(message));
    }
    if authorization.region != region {
        return Err(Refusal::invalid("Credential should be scoped to a valid region."));
    }
    if authorization.service != service {
        let message = format!("Credential should be scoped to correct service: '{service}'.");
        return Err(Refusal::invalid(message));
    }
    Ok(())
}

fn authorization(request: &Request) -> Result<Authorization<'_>, Refusal> {
    let Some(value) = header(&request.headers, "authorization") else {
        return Err(Refusal {
            error_type: "MissingAuthenticationTokenException",
            message: "Missing Authentication Token".to_owned(),
        });
    };
    let Some(value) = value.strip_prefix(ALGORITHM) else {
        let message = format!("Unsupported authorization scheme; only {ALGORITHM} is accepted.");
        return Err(Refusal::incomplete(message));
    };
    let part = |name: &str| {
        let mut parts = value.split(',').filter_map(|part| part.trim().split_once('='));
        parts.find(|(found, _)| *found == name).map(|(_, value)| value).ok_or_else(|| {
            Refusal::incomplete(format!("Authorization header requires '{name}' parameter."))
        })
    };
    let (credential, headers, signature) =
        (part("Credential")?, part("SignedHeaders")?, part("Signature")?);
    let scope: Vec<_> = credential.split('/').collect();
    let [access_key, date, region, service, "aws4_request"] = scope[..] else {
        let message =
            "Credential must have exactly 5 slash-delimited elements ending in 'aws4_request'.";
        return Err(Refusal::incomplete(message));
    };
    let signed_headers: Vec<_> = headers.split(';').collect();
    Ok(Authorization { access_key, date, region, service, signed_headers, signature })
}

/// `Host` and every `X-Amz-` header must be signed, and no header that was not sent.
fn check_signed_headers(
    authorization: &Authorization<'_>,
    request: &Request,
) -> Result<(), Refusal> {
    let signed = &authorization.signed_headers;
    if !signed.is_sorted() || signed.iter().any(|name| name.bytes().any(|b| b.is_ascii_uppercase()))
    {
        return Err(Refusal::incomplete("SignedHeaders must be lower case and sorted."));
    }
    let sent = || request.headers.keys().map(http::HeaderName::as_str);
    let unsigned: Vec<_> = sent()
        .filter(|name| *name == "host" || name.starts_with("x-amz-"))
        .filter(|name| !signed.contains(name))
        .collect();
    let absent: Vec<_> =
        signed.iter().filter(|name| !request.headers.contains_key(**name)).collect();
    if unsigned.is_empty() && absent.is_empty() && signed.contains(&"host") {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "Signed headers are incomplete: not signed {unsigned:?}; signed but not sent {absent:?}."
    )))
}

fn hmac(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut mac = HmacSha256::new(key);
    mac.update(data);
    mac.finish().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_may_be_five_minutes_apart() {
        let verifier = Verifier { clock_offset: TimeDelta::hours(1), ..Verifier::default() };
        let refusal = |minutes| {
            let time = Utc::now() + TimeDelta::minutes(minutes);
            let refusal = verifier.check_time(&time.format(TIME).to_string()).err()?;
            refusal.message.split(':').next().map(str::to_owned)
        };
        assert_eq!((refusal(56), refusal(64)), (None, None));
        assert_eq!(refusal(54).as_deref(), Some("Signature expired"));
        assert_eq!(refusal(66).as_deref(), Some("Signature not yet current"));
        assert!(verifier.check_time("yesterday").is_err());
    }

    /// The example of "Create a signed AWS API request" in the IAM User Guide.
    #[test]
    fn the_signing_key_is_that_of_the_published_example() {
        let secret = b"AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_vec();
        let key = ["20150830", "us-east-1", "iam", "aws4_request"]
            .iter()
            .fold(secret, |key, part| hmac(&key, part.as_bytes()));
        let published = "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9";
        assert_eq!(hex::encode(&key), published);
    }
}
