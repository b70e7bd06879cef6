//! What the headers of an answer say.

use chrono::{DateTime, Utc};
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName};
use std::time::Duration;

/// The headers by which the services name a request, the most specific first.
const REQUEST_IDS: [&str; 5] = [
    "x-amzn-requestid",
    "x-amz-apigw-id",
    "x-openstack-request-id",
    "x-request-id",
    "x-correlation-id",
];

pub(super) fn request_id(headers: &HeaderMap) -> Option<&str> {
    REQUEST_IDS.iter().find_map(|name| headers.get(*name)?.to_str().ok())
}

/// `Retry-After` in seconds or as an HTTP date.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    // By the service's own clock, if it tells it: ours may be wrong.
    let now = http_date(headers, DATE).unwrap_or_else(Utc::now);
    let wait = http_date(headers, RETRY_AFTER)? - now;
    Some(wait.to_std().unwrap_or(Duration::ZERO))
}

pub(super) fn http_date(headers: &HeaderMap, name: HeaderName) -> Option<DateTime<Utc>> {
    let text = headers.get(name)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(text).ok().map(|date| date.to_utc())
}
