//! Values in URLs: query parameters and segments of paths.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{Serialize, SerializeSeq, Serializer};

/// RFC 3986's unreserved characters stay, all else is encoded, as SigV4 wants it too.
pub(crate) const PATH_SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub fn encode_path(segment: &str) -> String {
    utf8_percent_encode(segment, PATH_SEGMENT).to_string()
}

/// A query parameter as name and value pairs: a list repeats the name, a map brings its own names.
pub struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T> QueryParam<'a, T> {
    pub(crate) fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

impl<T: QueryValue> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pairs = serializer.serialize_seq(None)?;
        let mut outcome = Ok(());
        self.value.pairs(self.name, &mut |name, value| {
            if outcome.is_ok() {
                outcome = pairs.serialize_element(&(name, value));
            }
        });
        outcome?;
        pairs.end()
    }
}

/// A value that can stand in a query.
pub trait QueryValue {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str));
}

macro_rules! query_value_by_display {
    ($($ty:ty),*) => {$(
        impl QueryValue for $ty {
            fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
                add(name, &self.to_string());
            }
        }
    )*};
}
query_value_by_display!(bool, i64, f64);

impl QueryValue for str {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        add(name, self);
    }
}

impl QueryValue for String {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        add(name, self);
    }
}

impl QueryValue for chrono::DateTime<chrono::Utc> {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        add(name, &self.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
    }
}

impl<T: QueryValue + ?Sized> QueryValue for &T {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        (**self).pairs(name, add);
    }
}

impl<T: QueryValue> QueryValue for Option<T> {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        if let Some(value) = self {
            value.pairs(name, add);
        }
    }
}

impl<T: QueryValue> QueryValue for Vec<T> {
    fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
        for value in self {
            value.pairs(name, add);
        }
    }
}

impl QueryValue for std::collections::BTreeMap<String, String> {
    fn pairs(&self, _: &str, add: &mut dyn FnMut(&str, &str)) {
        for (name, value) in self {
            add(name, value);
        }
    }
}
