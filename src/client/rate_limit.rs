//! What a service says of its rate limit.

use super::headers::http_date;
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use http::header::DATE;

/// The rate limit of a service, from the headers of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests that the service allows in a window of time.
    pub limit: Option<u64>,
    /// The number of requests that are left in this window.
    pub remaining: Option<u64>,
    /// When the window ends.
    pub reset: Option<DateTime<Utc>>,
}

/// How services begin the names of these headers.
const PREFIXES: [&str; 3] = ["x-ratelimit-", "ratelimit-", "x-rate-limit-"];

/// Numbers from here on are seconds since 1970, smaller ones are seconds from now.
const EPOCH: i64 = 1_000_000_000;

impl RateLimit {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let number = |name: &str| -> Option<i64> {
            let named = |prefix: &str| headers.get(format!("{prefix}{name}"));
            let value = PREFIXES.iter().find_map(|prefix| named(prefix))?.to_str().ok()?;
            value.trim().parse::<f64>().ok().filter(|n| n.abs() < 1e15).map(|n| n as i64)
        };
        let count = |name| number(name).and_then(|number| u64::try_from(number).ok());
        let reset = number("reset").and_then(|reset| match reset {
            EPOCH.. => DateTime::from_timestamp(reset, 0),
            _ => {
                let now = http_date(headers, DATE).unwrap_or_else(Utc::now);
                now.checked_add_signed(TimeDelta::try_seconds(reset)?)
            }
        });
        let found = Self { limit: count("limit"), remaining: count("remaining"), reset };
        let says_nothing = Self { limit: None, remaining: None, reset: None };
        (found != says_nothing).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &'static str)]) -> Option<RateLimit> {
        let headers = headers.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
        });
        RateLimit::of(&headers.collect())
    }

    #[test]
    fn the_headers_of_the_services_are_read() {
        let reset = DateTime::from_timestamp(1_700_000_000, 0);
        let expected = Some(RateLimit { limit: Some(5000), remaining: Some(4999), reset });
        for prefix in [
            [
                ("ratelimit-limit", "5000"),
                ("ratelimit-remaining", "4999"),
                ("ratelimit-reset", "1700000000"),
            ],
            [
                ("x-ratelimit-limit", "5000"),
                ("x-ratelimit-remaining", "4999"),
                ("x-ratelimit-reset", "1700000000"),
            ],
        ] {
            assert_eq!(of(&prefix), expected);
        }
        let date = ("date", "Tue, 14 Nov 2023 22:13:10 GMT");
        assert_eq!(of(&[date, ("x-ratelimit-reset", "10")]).unwrap().reset, reset);
    }

    #[test]
    fn what_is_no_number_says_nothing() {
        assert_eq!(of(&[]), None);
        for odd in ["", "many", "-1", "1e15", "1e99", "NaN"] {
            assert_eq!(of(&[("x-ratelimit-limit", odd)]), None, "{odd}");
        }
    }
}
