//! What the headers of a response say.

use chrono::{DateTime, Datelike, NaiveDateTime, Utc};
use http::header::{DATE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName};
use std::time::Duration;
use url::Url;

/// The headers in which services return a request id, the most specific first.
static REQUEST_IDS: [HeaderName; 5] = [
    HeaderName::from_static("x-amzn-requestid"),
    HeaderName::from_static("x-amz-apigw-id"),
    HeaderName::from_static("x-openstack-request-id"),
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-correlation-id"),
];

/// No service has a longer one, and the rest of what claims to be one is not shown.
const LONGEST_ID: usize = 128;

/// The request id. One that holds a credential of the request is none.
pub(super) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = REQUEST_IDS.iter().find_map(|name| headers.get(name))?;
    let id = id.to_str().ok().filter(|_| !id.is_sensitive())?;
    id.get(..id.len().min(LONGEST_ID))
}

/// Where a redirect leads, without a query: that may hold a credential.
pub(super) fn location(headers: &HeaderMap) -> Option<String> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    match Url::parse(location) {
        Ok(mut url) => {
            url.set_query(None);
            url.set_fragment(None);
            let hidden = url.set_username("").is_err() | url.set_password(None).is_err();
            (!hidden || !url.has_authority()).then(|| url.into())
        }
        Err(_) => Some(location.split(['?', '#']).next().unwrap_or_default().to_owned()),
    }
}

/// `Retry-After` in seconds or as a date, in each of the three forms that HTTP has for dates.
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
    let text = headers.get(name)?.to_str().ok()?.trim();
    // Behind the day of the week, which says nothing more.
    let (_, text) = text.split_once(' ')?;
    let forms = ["%d %b %Y %H:%M:%S GMT", "%d-%b-%y %H:%M:%S GMT", "%b %e %H:%M:%S %Y"];
    let read = |form| NaiveDateTime::parse_from_str(text, form).ok();
    let time = forms.into_iter().find_map(read)?.and_utc();
    // Years of two digits where there should be four are no date.
    (1970..=9999).contains(&time.year()).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        let wait = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            retry_after(&headers).map(|wait| wait.as_secs())
        };
        assert_eq!(wait("7"), Some(7));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:47 GMT"), Some(10));
        assert_eq!(wait("Sunday, 06-Nov-94 08:49:47 GMT"), Some(10));
        assert_eq!(wait("Sun Nov  6 08:49:47 1994"), Some(10));
        assert_eq!(wait("Mon, 06 Nov 1994 08:49:47 GMT"), Some(10));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:30 GMT"), Some(0));
        let dates = [
            "Sun, 06 Nov 94 08:49:47 GMT",
            "Sun, 06 Nov -1994 08:49:47 GMT",
            "Sun, 06 Nov 1994 08:49:47",
        ];
        for none in dates.into_iter().chain(["soon", "-1", "1.5", ""]) {
            assert_eq!(wait(none), None, "{none}");
        }
    }

    #[test]
    fn a_location_is_shown_without_what_may_be_secret() {
        let shown = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(LOCATION, value.parse().unwrap());
            location(&headers)
        };
        let url = "https://user:word@images.example.com/v2/?token=secret#part";
        assert_eq!(shown(url).as_deref(), Some("https://images.example.com/v2/"));
        assert_eq!(shown("/v2/images?token=secret").as_deref(), Some("/v2/images"));
        assert_eq!(
            shown("mailto:help@example.com?body=x").as_deref(),
            Some("mailto:help@example.com")
        );
        // From this a user name cannot be taken.
        assert_eq!(shown("file://images.example.com/v2/"), None);
    }

    #[test]
    fn a_request_id_is_bounded_and_holds_no_credential() {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", "i".repeat(300_000).parse().unwrap());
        assert_eq!(request_id(&headers).map(str::len), Some(LONGEST_ID));
        headers.get_mut("x-request-id").unwrap().set_sensitive(true);
        assert_eq!(request_id(&headers), None);
    }
}
