//! Values in URLs: query parameters and segments of paths.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// RFC 3986's unreserved characters stay, all else is encoded, as SigV4 wants it too.
pub(crate) const PATH_SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub fn encode_path(segment: &str) -> String {
    utf8_percent_encode(segment, PATH_SEGMENT).to_string()
}

/// Adds parameters to a URL by name and value: a list repeats the name, a map brings its own names. A URL
/// that gets none stays as it is.
pub fn append_query(url: &mut Url, parameters: &[(&str, &dyn QueryValue)]) {
    let mut url = Some(url);
    let mut query = None;
    let mut add = |name: &str, value: &str| {
        // Opened with the first value: most parameters of a list are not set.
        if let Some(url) = url.take() {
            query = Some(url.query_pairs_mut());
        }
        if let Some(query) = &mut query {
            query.append_pair(name, value);
        }
    };
    for (name, value) in parameters {
        value.pairs(name, &mut add);
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn url_with(parameters: &[(&str, &dyn QueryValue)]) -> String {
        let mut url = Url::parse("https://images.example/v2/images").unwrap();
        append_query(&mut url, parameters);
        url.to_string()
    }

    #[test]
    fn parameters_of_every_kind_stand_in_the_query_in_their_order() {
        let time = chrono::DateTime::from_timestamp(1_600_000_000, 500_000_000).unwrap();
        let map = BTreeMap::from([("os", "a b"), ("arch", "x&y=z")]);
        let map: BTreeMap<String, String> =
            map.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let list = vec!["b".to_owned(), String::new(), "a".to_owned()];
        let url = url_with(&[
            ("zone", &"a+b c"),
            ("none", &None::<&str>),
            ("name", &Some("in:\"ü\",~*'-._/?#[]@!$()%")),
            ("empty", &Some("")),
            ("owned", &"text".to_owned()),
            ("hidden", &Some(true)),
            ("shown", &false),
            ("limit", &Some(-25_i64)),
            ("ratio", &1.5_f64),
            ("since", &Some(time)),
            ("tag", &Some(&list)),
            ("no tag", &Some(&Vec::<String>::new())),
            ("properties", &Some(&map)),
            ("no properties", &BTreeMap::new()),
            ("", &""),
        ]);
        let query = "zone=a%2Bb+c\
            &name=in%3A%22%C3%BC%22%2C%7E*%27-._%2F%3F%23%5B%5D%40%21%24%28%29%25\
            &empty=&owned=text&hidden=true&shown=false&limit=-25&ratio=1.5\
            &since=2020-09-13T12%3A26%3A40.500Z&tag=b&tag=&tag=a&arch=x%26y%3Dz&os=a+b&=";
        assert_eq!(url, format!("https://images.example/v2/images?{query}"));
    }

    #[test]
    fn a_url_without_a_parameter_has_no_question_mark() {
        let list = Vec::<String>::new();
        let url = url_with(&[("zone", &None::<&str>), ("tag", &Some(&list))]);
        assert_eq!(url, "https://images.example/v2/images");
        assert_eq!(url_with(&[]), url);
    }
}
