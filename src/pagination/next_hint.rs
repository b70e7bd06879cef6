//! The position of the next page, told when the text of a page is there and not yet decoded.
//!
//! Decoding a page of a thousand images takes milliseconds, in which the request for the next page can be
//! under way. What is told early is taken for a hint only: the fetcher goes by the decoded page.

use super::Paged;
use crate::client::OnBody;
use crate::{BoxFuture, Result};
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

/// What follows the items of a page is a few links or tokens; a text with more than that at its end is
/// decoded before it is looked into.
const LONGEST_END: usize = 16 << 10;

/// The fetching of a page, and what it tells before it is done.
pub(super) fn listen<R: Paged>(
    request: R,
) -> (BoxFuture<'static, Result<R::Page>>, oneshot::Receiver<String>) {
    let (tell, told) = oneshot::channel();
    let tell = Mutex::new(Some(tell));
    let on_body = OnBody(Arc::new(move |_, text| {
        let next = R::RULES.position(said(text, R::RULES.response).as_deref()).ok().flatten();
        let tell = tell.lock().ok().and_then(|mut tell| tell.take());
        next.zip(tell).is_some_and(|(next, tell)| tell.send(next).is_ok())
    }));
    (request.on_body(on_body).fetch(), told)
}

/// A string among the properties of a JSON object that come after its last list.
fn said(text: &[u8], name: &str) -> Option<String> {
    let end = text.iter().rev().take(LONGEST_END).position(|byte| *byte == b']')?;
    let end = text[text.len() - end..].trim_ascii_start().strip_prefix(b",")?;
    // Whatever else has a `]` there, a string or a deeper object, leaves no JSON.
    let end: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&[b"{", end].concat()).ok()?;
    end.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn what_a_page_says_at_its_end_is_found() {
        let page = br#"{"images": [{"next": "x", "tags": ["a"]}] , "first": null, "next": "/v2/i?marker=a\u0062"}"#;
        assert_eq!(said(page, "next").as_deref(), Some("/v2/i?marker=ab"));
        assert_eq!(said(br#"{"images":[],"nextToken":"t"}"#, "nextToken").as_deref(), Some("t"));
    }

    #[test]
    fn nothing_is_made_up() {
        let pages = [
            r#"{"next": "before", "images": []}"#,
            r#"{"images": [], "next": null}"#,
            r#"{"images": [], "next": 7}"#,
            r#"{"images": [], "deeper": {"list": [], "next": "x"}}"#,
            r#"{"images": [], "text": "],\"next\":\"x\"}"}"#,
            r#"{"images": [], "text": "], \"", "next": "x"}"#,
            r#"{"images": [], "next": "cut"#,
            "[]",
            "",
        ];
        for page in pages {
            assert_eq!(said(page.as_bytes(), "next"), None, "{page}");
        }
    }
}
