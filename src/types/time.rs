//! Timestamps.

use super::lenient::{Leaf, lenient_leaf};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Deserializer;
use serde_json::Number;

impl Leaf for DateTime<Utc> {
    const EXPECTED: &'static str = "a timestamp such as 2018-09-06T14:03:27Z";

    /// Faster than chrono's own reader where a time has the form that most services send,
    /// `2018-09-06T14:03:27Z` with or without a fraction.
    fn of_text(text: &str) -> Option<Self> {
        usual(text.as_bytes()).or_else(|| unusual(text))
    }

    fn of_number(_: &Number) -> Option<Self> {
        None
    }
}

lenient_leaf!(DateTime<Utc>);

/// Reads a time that has to be there, for serde's derive.
#[cfg(feature = "keystone")]
pub(crate) fn read_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<DateTime<Utc>, D::Error> {
    super::lenient::read_required(deserializer)
}

/// Reads a time that may be missing or `null`, for serde's derive.
#[cfg(feature = "keystone")]
pub(crate) fn read_optional_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    struct OrNull;

    impl<'de> serde::de::Visitor<'de> for OrNull {
        type Value = Option<DateTime<Utc>>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(<DateTime<Utc> as Leaf>::EXPECTED)
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Self::Value, D::Error> {
            read_time(deserializer).map(Some)
        }
    }

    deserializer.deserialize_option(OrNull)
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
    let mut number = 0;
    let mut is_number = true;
    for digit in digits {
        is_number &= digit.is_ascii_digit();
        number = number * 10 + u32::from(digit & 0xf);
    }
    is_number.then_some(number)
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

    fn read(text: &str) -> Option<DateTime<Utc>> {
        Leaf::of_text(text)
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
    fn what_is_no_time_is_none() {
        for text in ["", "yesterday", "2018-13-06T14:03:27Z", "2018-09-06T14:03:2xZ", "2018-09-06"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
