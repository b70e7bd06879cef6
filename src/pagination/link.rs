//! Links to the next page: URLs in a body, and the `Link` header of RFC 8288.
//!
//! Only the position is taken from a link. The rest of it is text from the network: it may lead to another
//! host, and real Glance drops repeated parameters from its links. The user's own query is sent again.

use http::HeaderMap;
use memchr::memchr2;
use url::form_urlencoded;

/// The first value of a query parameter of a URL, percent-decoded. `None` if it is absent or empty.
pub(super) fn parameter(url: &str, name: &str) -> Option<String> {
    let url = url.split('#').next().unwrap_or_default();
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| {
        let (key, value) = match memchr2(b'%', b'+', pair.as_bytes()) {
            // Usually there is nothing to decode.
            None => pair.split_once('=').map(|(key, value)| (key.into(), value.into()))?,
            Some(_) => form_urlencoded::parse(pair.as_bytes()).next()?,
        };
        (key == name && !value.is_empty()).then(|| value.into_owned())
    })
}

/// The target of the first link with a relation: `<https://...?page=2>; rel="next"`.
pub(super) fn target(headers: &HeaderMap, header: &str, relation: &str) -> Option<String> {
    headers.get_all(header).iter().find_map(|value| {
        let text = String::from_utf8_lossy(value.as_bytes());
        find(&text, relation).map(str::to_owned)
    })
}

fn find<'a>(mut text: &'a str, relation: &str) -> Option<&'a str> {
    while let Some((_, rest)) = text.split_once('<') {
        let (target, rest) = rest.split_once('>')?;
        let (link, rest) = split_outside_quotes(rest, ',');
        let mut parameters = link;
        let mut related = None;
        while !parameters.is_empty() {
            let (one, others) = split_outside_quotes(parameters, ';');
            if let Some((name, value)) = one.split_once('=')
                && name.trim().eq_ignore_ascii_case("rel")
            {
                // Of several `rel`, the first counts.
                related.get_or_insert(value.trim().trim_matches('"'));
            }
            parameters = others;
        }
        let mut relations = related.unwrap_or_default().split_ascii_whitespace();
        if relations.any(|name| name.eq_ignore_ascii_case(relation)) {
            return Some(target.trim());
        }
        text = rest;
    }
    None
}

/// What comes before and after the first separator that is not in a quoted string.
fn split_outside_quotes(text: &str, separator: char) -> (&str, &str) {
    let (mut quoted, mut escaped) = (false, false);
    for (index, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if character == separator && !quoted => {
                return (&text[..index], &text[index + separator.len_utf8()..]);
            }
            _ => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_of_a_url() {
        let cases = [
            ("/v2/images?limit=2&marker=a%20b", Some("a b")),
            ("https://other.example/x?marker=a+b&marker=c", Some("a b")),
            ("?marker=&marker=b", Some("b")),
            ("?marker=", None),
            ("/v2/images", None),
            ("marker=a", None),
            ("/v2/images#?marker=a", None),
            ("?my_marker=a", None),
            ("?m%61rker=a+b", Some("a b")),
            ("?marker&&marker=a=b&c=%20", Some("a=b")),
            ("", None),
        ];
        for (url, expected) in cases {
            assert_eq!(parameter(url, "marker").as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn the_link_of_a_relation() {
        let cases = [
            (
                r#"<https://x?page=2>; rel="next", <https://x?page=9>; rel="last""#,
                Some("https://x?page=2"),
            ),
            (r#"<https://x?page=1>; rel=prev, </y?page=3> ; REL=Next"#, Some("/y?page=3")),
            (r#"<a,b;c>; title="x, <y>; rel=\"next\""; rel="prev next""#, Some("a,b;c")),
            (r#"<a>; rel="prev"; rel="next""#, None),
            (r#"<a>; title="rel=next""#, None),
            (r#"<a>; title="5\" , <b>; rel=next; x="; rel=prev"#, None),
            (r#"<a>; title=\, <b>; rel=next"#, Some("b")),
            ("<a>; rel=nextish", None),
            ("<a; rel=next", None),
            ("rel=next", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(find(text, "next"), expected, "{text}");
        }
    }

    #[test]
    fn all_fields_of_the_header_count() {
        let mut headers = HeaderMap::new();
        headers.append("link", "<a>; rel=last".parse().unwrap());
        headers.append("link", "<b>; rel=next".parse().unwrap());
        assert_eq!(target(&headers, "Link", "next").as_deref(), Some("b"));
    }
}
