//! How a list is paged: `x-pagination` of the documents.

use super::pointer;
use super::{Position, link};
#[cfg(feature = "aws-query")]
use crate::operation::Protocol;
use crate::operation::{Operation, Pointer};
use crate::{Error, ErrorKind, Result};
use http::HeaderMap;

/// How the pages of an operation follow each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub operation: &'static Operation,
    /// Where a body has its items.
    pub items: Pointer,
    pub next: Next,
    pub end: End,
    /// The largest number that the parameter of the position takes, if it takes whole numbers only.
    pub largest: Option<u64>,
}

/// Where the next position comes from.
#[allow(dead_code)] // which of these occur depends on the documents
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// There is one page.
    None,
    /// The text or number there.
    Token(Pointer),
    /// The number of the next page there.
    PageAt(Pointer),
    /// A query parameter of the URL there.
    Link { at: Pointer, take: &'static str },
    /// A query parameter of the URL in a header that has this relation.
    Header { name: &'static str, rel: &'static str, take: &'static str },
    /// The number of the page and one.
    Page(Until),
    /// The offset and the number of items.
    Offset(Until),
    /// The text or number there in the last item.
    Item(Pointer, Until),
}

/// What ends a list whose positions are counted.
#[allow(dead_code)] // which of these occur depends on the documents
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// The page whose number is there.
    Pages(Pointer),
    /// As many items as the number there.
    Total(Pointer),
    /// A page without items, which ends the others too.
    EmptyPage,
    /// Fewer items than the page size asked for.
    ShortPage,
}

/// What ends the pages, besides a position that is absent or empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing else: a position that comes again is an error.
    Absent,
    /// The token that asked for the page.
    RepeatedToken,
}

impl Rules {
    /// The position of the first page, where the service wants one.
    pub(crate) fn first(&self) -> Option<Position> {
        let first = |number: &str| Position { value: number.to_owned(), before: Some(0) };
        match self.next {
            Next::PageAt(_) | Next::Page(_) => Some(first("1")),
            Next::Offset(_) => Some(first("0")),
            _ => None,
        }
    }

    /// The position of the next page, read off the answer before it is decoded. `None` at the end.
    ///
    /// `size` is the number of items that was asked for.
    pub(crate) fn next(
        &self,
        at: Option<&Position>,
        size: Option<u64>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Option<Position>> {
        let value = match self.next {
            Next::None => None,
            Next::Token(pointer) | Next::PageAt(pointer) => self.scalar(body, pointer)?,
            Next::Link { at, take } => match self.scalar(body, at)?.filter(|url| !url.is_empty()) {
                Some(url) => Some(self.taken_from(&url, take)?),
                None => None,
            },
            Next::Header { name, rel, take } => match link::target(headers, name, rel) {
                Some(url) => Some(self.taken_from(&url, take)?),
                None => None,
            },
            Next::Page(until) | Next::Offset(until) => {
                return self.counted(at, until, size, body);
            }
            Next::Item(pointer, until) => self.last_item(pointer, until, size, body)?,
        };
        let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
        if !self.takes(&value) {
            // Not shown: the value is not redacted.
            return Err(self.unreadable("the position of the next page is not a number".to_owned()));
        }
        Ok(Some(Position::new(value)))
    }

    /// The same by the beginning of the answer, if that says it. [`next`](Self::next) may still say otherwise.
    pub(crate) fn next_early(&self, headers: &HeaderMap, beginning: &[u8]) -> Option<Position> {
        let value = match self.next {
            Next::Token(pointer) | Next::PageAt(pointer) => pointer::early(beginning, pointer)?,
            Next::Link { at, take } => link::parameter(&pointer::early(beginning, at)?, take)?,
            Next::Header { name, rel, take } => {
                link::parameter(&link::target(headers, name, rel)?, take)?
            }
            Next::None | Next::Page(_) | Next::Offset(_) | Next::Item(..) => return None,
        };
        (!value.is_empty() && self.takes(&value)).then(|| Position::new(value))
    }

    /// Whether the beginning of an answer may say which page follows.
    pub(crate) fn may_say_early(&self) -> bool {
        matches!(
            self.next,
            Next::Token(_) | Next::PageAt(_) | Next::Link { .. } | Next::Header { .. }
        )
    }

    /// Whether the parameter of the position can have a value.
    pub(crate) fn takes(&self, value: &str) -> bool {
        let counted = matches!(self.next, Next::Page(_) | Next::Offset(_));
        let largest = self.largest.or(counted.then_some(u64::MAX));
        largest.is_none_or(|largest| value.parse::<u64>().is_ok_and(|number| number <= largest))
    }

    /// Whether a service that ignores the position would give the same page for ever: where the position is
    /// not one that the service gave.
    pub(crate) fn may_repeat(&self) -> bool {
        matches!(self.next, Next::Page(_) | Next::Offset(_) | Next::Item(..))
    }

    fn last_item(
        &self,
        pointer: Pointer,
        until: Until,
        size: Option<u64>,
        body: &[u8],
    ) -> Result<Option<String>> {
        let items = self.count(body)?;
        if items == 0 || (until == Until::ShortPage && size.is_some_and(|size| items < size)) {
            return Ok(None);
        }
        let path: Vec<&str> = self.items.iter().chain(&["*"]).chain(pointer).copied().collect();
        let last = pointer::last(body, &path)
            .map_err(|error| self.unreadable(format!("the last item cannot be read: {error}")))?;
        let nothing = || {
            self.unreadable(format!(
                "the last item has no {}, from which the next page goes on",
                pointer.join("/")
            ))
        };
        last.map(Some).ok_or_else(nothing)
    }

    fn count(&self, body: &[u8]) -> Result<u64> {
        pointer::count(body, self.items).map_err(|error| {
            self.unreadable(format!("the items of the page cannot be counted: {error}"))
        })
    }

    fn counted(
        &self,
        at: Option<&Position>,
        until: Until,
        size: Option<u64>,
        body: &[u8],
    ) -> Result<Option<Position>> {
        let Some(at) = at else { return Ok(None) };
        let position: u64 = at.value.parse().map_err(|_| {
            let message = format!("the position {:?} is not a number", at.value);
            Error::new(ErrorKind::InvalidRequest, message).with_operation(self.operation)
        })?;
        let items = self.count(body)?;
        // An offset counts the items itself.
        let is_offset = matches!(self.next, Next::Offset(_));
        let before = if is_offset { Some(position) } else { at.before };
        let seen = before.map(|before| before.saturating_add(items));
        let last = match until {
            Until::Pages(pointer) => {
                self.number(body, pointer)?.is_some_and(|pages| position >= pages)
            }
            Until::Total(pointer) => {
                self.number(body, pointer)?.zip(seen).is_some_and(|(total, seen)| seen >= total)
            }
            Until::ShortPage => size.is_some_and(|size| items < size),
            Until::EmptyPage => false,
        };
        if last || items == 0 {
            return Ok(None);
        }
        let value = position.saturating_add(if is_offset { items } else { 1 }).to_string();
        let before = seen.filter(|_| matches!(until, Until::Total(_)));
        Ok(Some(Position { value, before }))
    }

    fn scalar(&self, body: &[u8], pointer: Pointer) -> Result<Option<String>> {
        let unreadable = |error: &dyn std::fmt::Display| {
            let place = pointer.join("/");
            self.unreadable(format!("the next page cannot be read at /{place}: {error}"))
        };
        #[cfg(feature = "aws-query")]
        if let Protocol::AwsQuery { .. } = self.operation.protocol {
            return crate::xml::scalar(body, pointer).map_err(|error| unreadable(&error));
        }
        pointer::scalar(body, pointer).map_err(|error| unreadable(&error))
    }

    fn number(&self, body: &[u8], pointer: Pointer) -> Result<Option<u64>> {
        let Some(text) = self.scalar(body, pointer)? else { return Ok(None) };
        let number = text.parse().map_err(|_| {
            let place = pointer.join("/");
            self.unreadable(format!("the next page cannot be read at /{place}: not a whole number"))
        })?;
        Ok(Some(number))
    }

    fn taken_from(&self, url: &str, take: &str) -> Result<String> {
        link::parameter(url, take)
            .ok_or_else(|| self.unreadable(format!("the link to the next page has no {take}")))
    }

    fn unreadable(&self, message: String) -> Error {
        Error::new(ErrorKind::Decode, message).with_operation(self.operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing::FUZZED;
    use http::HeaderValue;

    const NUMBER: Pointer = &["meta", "number"];

    fn next(
        next: Next,
        at: Option<(&str, Option<u64>)>,
        size: Option<u64>,
        body: &str,
    ) -> Result<Option<Position>> {
        let items = &["items"];
        let rules = Rules { operation: &FUZZED, items, next, end: End::Absent, largest: None };
        let at = at.map(|(value, before)| Position { value: value.to_owned(), before });
        let mut headers = HeaderMap::new();
        headers.insert(
            "link",
            HeaderValue::from_static("</?page=9>; rel=\"last\", </?page=3>; rel=\"next\""),
        );
        rules.next(at.as_ref(), size, &headers, body.as_bytes())
    }

    /// A page of two items with a number beside them.
    fn two(number: &str) -> String {
        format!(r#"{{"items": [1, 2], "meta": {{"number": {number}}}}}"#)
    }

    #[test]
    fn the_next_position_by_every_rule() {
        let none = r#"{"items": []}"#.to_owned();
        let (page, offset) = (Next::Page, Next::Offset);
        let link = Next::Link { at: &["next"], take: "marker" };
        let header = |rel| Next::Header { name: "Link", rel, take: "page" };
        let item = |until| Next::Item(&["name"], until);
        let named = |last| format!(r#"{{"items": [{{"name": "a"}}, {{"name": {last}}}]}}"#);
        let at = |value| Some((value, Some(0)));
        let cases = [
            (Next::None, None, None, two("3"), None),
            (Next::Token(NUMBER), None, None, two("\"t\""), Some(("t", None))),
            (Next::Token(NUMBER), None, None, two("\"\""), None),
            (Next::PageAt(NUMBER), at("1"), None, two("2"), Some(("2", None))),
            (Next::PageAt(NUMBER), at("1"), None, two("null"), None),
            (
                link,
                None,
                None,
                r#"{"next": "https://other/x?a=b&marker=m%20n", "items": []}"#.to_owned(),
                Some(("m n", None)),
            ),
            (header("next"), at("2"), None, two("0"), Some(("3", None))),
            (header("prev"), at("2"), None, two("0"), None),
            (page(Until::Pages(NUMBER)), at("1"), None, two("2"), Some(("2", None))),
            (page(Until::Pages(NUMBER)), at("2"), None, two("2"), None),
            (page(Until::Pages(NUMBER)), at("1"), None, two("null"), Some(("2", None))),
            (page(Until::Pages(NUMBER)), at("1"), None, none.clone(), None),
            (page(Until::Total(NUMBER)), at("1"), None, two("3"), Some(("2", Some(2)))),
            (page(Until::Total(NUMBER)), Some(("2", Some(2))), None, two("4"), None),
            // A list that was begun at a page of the user's does not know what is before it.
            (page(Until::Total(NUMBER)), Some(("2", None)), None, two("2"), Some(("3", None))),
            (page(Until::Total(NUMBER)), Some(("3", None)), None, none.clone(), None),
            (page(Until::EmptyPage), at("7"), Some(9), two("0"), Some(("8", None))),
            (page(Until::EmptyPage), at("7"), Some(9), none.clone(), None),
            (page(Until::ShortPage), at("7"), Some(2), two("0"), Some(("8", None))),
            (page(Until::ShortPage), at("7"), Some(3), two("0"), None),
            (offset(Until::Total(NUMBER)), at("4"), None, two("7"), Some(("6", Some(6)))),
            (offset(Until::Total(NUMBER)), at("4"), None, two("6"), None),
            (offset(Until::ShortPage), at("4"), Some(2), two("0"), Some(("6", None))),
            (offset(Until::EmptyPage), at("4"), None, none.clone(), None),
            (item(Until::EmptyPage), None, Some(9), named("\"b\""), Some(("b", None))),
            (item(Until::EmptyPage), None, None, none, None),
            (item(Until::ShortPage), None, Some(2), named("7"), Some(("7", None))),
            (item(Until::ShortPage), None, Some(3), named("7"), None),
        ];
        for (rule, at, size, body, expected) in cases {
            let expected = expected
                .map(|(value, before): (&str, _)| Position { value: value.to_owned(), before });
            assert_eq!(
                next(rule, at, size, &body).unwrap(),
                expected,
                "{rule:?} at {at:?}: {body}"
            );
        }
    }

    #[test]
    fn the_beginning_of_a_page_may_say_which_one_follows() {
        let early = |next, beginning: &str| {
            let items = &["items"];
            let rules =
                Rules { operation: &FUZZED, items, next, end: End::Absent, largest: Some(100) };
            let mut headers = HeaderMap::new();
            headers.insert("link", HeaderValue::from_static("</?page=3>; rel=\"next\""));
            rules.next_early(&headers, beginning.as_bytes()).map(|next| next.value)
        };
        let token = Next::Token(NUMBER);
        let link = Next::Link { at: &["next"], take: "page" };
        let header = |rel| Next::Header { name: "Link", rel, take: "page" };
        for (next, beginning, expected) in [
            (token, r#"{"meta": {"number": 7}, "items": [{"a""#, Some("7")),
            (token, r#"{"meta": {"number": 7}, "next": "x", "items": ["#, Some("7")),
            (link, r#"{"next": "/?page=2", "items": ["#, Some("2")),
            (Next::PageAt(NUMBER), r#"{"meta": {"number": 2.0}, "items": ["#, Some("2")),
            (header("next"), "", Some("3")),
            (header("prev"), "", None),
            // Not all of it is here, or it says that there is none, or it is no position.
            (token, r#"{"meta": {"number": 7"#, None),
            (token, r#"{"meta": {"number": 7}, "ite"#, None),
            (token, r#"{"items": [{"a": 1}], "meta": {"number": 7}, "b": ["#, None),
            (token, r#"{"meta": {"number": null}, "items": ["#, None),
            (token, r#"{"meta": {"number": ""}, "items": ["#, None),
            (token, r#"{"meta": {"number": 101}, "items": ["#, None),
            (token, r#"{"meta": {"number": [7]}, "items": ["#, None),
            (link, r#"{"next": "/?marker=2", "items": ["#, None),
            (Next::Page(Until::EmptyPage), r#"{"meta": {"number": 7}, "items": ["#, None),
            (Next::None, r#"{"next": "/?page=2", "items": ["#, None),
        ] {
            assert_eq!(early(next, beginning).as_deref(), expected, "{next:?}: {beginning}");
        }
    }

    #[test]
    fn what_is_no_position_is_an_error_of_its_kind() {
        let link = Next::Link { at: &["next"], take: "marker" };
        let cases = [
            (link, None, r#"{"next": "/v2/images"}"#, ErrorKind::Decode),
            (Next::Token(NUMBER), None, r#"{"meta": {"number": {}}}"#, ErrorKind::Decode),
            (
                Next::Page(Until::Pages(NUMBER)),
                Some(("1", None)),
                r#"{"items": [1], "meta": {"number": "many"}}"#,
                ErrorKind::Decode,
            ),
            (
                Next::Page(Until::EmptyPage),
                Some(("1", None)),
                r#"{"items": "none"}"#,
                ErrorKind::Decode,
            ),
            (
                Next::Page(Until::EmptyPage),
                Some(("one", None)),
                r#"{"items": [1]}"#,
                ErrorKind::InvalidRequest,
            ),
        ];
        for (rule, at, body, kind) in cases {
            assert_eq!(next(rule, at, None, body).unwrap_err().kind(), kind, "{body}");
        }
    }

    #[test]
    fn a_position_that_the_parameter_cannot_have_is_an_error() {
        let rules = |next, largest| Rules {
            operation: &FUZZED,
            items: &["items"],
            next,
            end: End::Absent,
            largest,
        };
        let body = br#"{"items": [1], "meta": {"number": 256}}"#;
        for (largest, fits) in [(None, true), (Some(256), true), (Some(255), false)] {
            let rules = rules(Next::PageAt(NUMBER), largest);
            let next = rules.next(None, None, &HeaderMap::new(), body);
            assert_eq!(next.is_ok(), fits, "{largest:?}");
        }
        let counted = rules(Next::Page(Until::EmptyPage), None);
        assert!(counted.takes("7") && !counted.takes("seven") && !counted.takes("-7"));
        assert!(rules(Next::Token(NUMBER), None).takes("seven"));
    }
}
