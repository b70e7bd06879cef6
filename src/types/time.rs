//! Timestamps.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// Reads a timestamp faster than chrono's own reader where it has the form that all services send,
/// `2018-09-06T14:03:27Z` with or without a fraction.
pub(crate) struct Time(pub DateTime<Utc>);

impl From<Time> for DateTime<Utc> {
    fn from(time: Time) -> Self {
        time.0
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a timestamp such as 2018-09-06T14:03:27Z")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
                usual(text.as_bytes())
                    .or_else(|| unusual(text))
                    .map(Time)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

pub(crate) fn read_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<DateTime<Utc>, D::Error> {
    Time::deserialize(deserializer).map(Into::into)
}

pub(crate) fn read_optional_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(Option::<Time>::deserialize(deserializer)?.map(Into::into))
}

/// `YYYY-MM-DDTHH:MM:SS`, up to nine digits of a fraction, `Z`.
fn usual(text: &[u8]) -> Option<DateTime<Utc>> {
    let (head, tail) = text.split_at_checked(19)?;
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|(index, separator)| head[*index] != *separator) {
        return None;
    }
    let nanoseconds = match tail {
        b"Z" => 0,
        [b'.', digits @ .., b'Z'] if (1..=9).contains(&digits.len()) => {
            number(digits)? * 10_u32.pow(9 - digits.len() as u32)
        }
        _ => return None,
    };
    let year = i32::try_from(number(&head[0..4])?).ok()?;
    NaiveDate::from_ymd_opt(year, number(&head[5..7])?, number(&head[8..10])?)?
        .and_hms_nano_opt(
            number(&head[11..13])?,
            number(&head[14..16])?,
            number(&head[17..19])?,
            nanoseconds,
        )
        .map(|time| time.and_utc())
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
    })
}

/// RFC 3339 with an offset, and times without a zone, which OpenStack means as UTC.
fn unusual(text: &str) -> Option<DateTime<Utc>> {
    let with_zone = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    let without = || {
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
    };
    with_zone.ok().or_else(|| without().map(|time| time.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<DateTime<Utc>, serde_json::Error> {
        serde_json::from_value::<Time>(text.into()).map(Into::into)
    }

    #[test]
    fn every_form_that_a_service_sends_is_the_same_moment() {
        let moment = read("2018-09-06T14:03:27Z").unwrap();
        for form in [
            "2018-09-06T14:03:27.000Z",
            "2018-09-06T14:03:27.000000Z",
            "2018-09-06T16:03:27+02:00",
            "2018-09-06T14:03:27.000000",
            "2018-09-06 14:03:27",
        ] {
            assert_eq!(read(form).unwrap(), moment, "{form}");
        }
        assert_eq!(read("2018-09-06T14:03:27.5Z").unwrap().timestamp_subsec_millis(), 500);
    }

    #[test]
    fn what_is_no_time_is_told() {
        for text in ["", "yesterday", "2018-13-06T14:03:27Z", "2018-09-06T14:03:2xZ", "2018-09-06"]
        {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains("expected a timestamp"), "{text}: {error}");
        }
    }
}
