//! Pages of a list, by the rules of the document.

use super::places::{at, remove};
use super::{Endpoint, List};
use crate::pagination::{Next, Until};
use crate::testing::exchange::{Call, Reply};
use serde_json::Value;
use std::ops::Range;
use url::Url;

/// The page that is asked for. `None` if its position is none of this list.
pub fn page(endpoint: &Endpoint, list: &List, items: &[Value], call: &Call<'_>) -> Option<Reply> {
    let window = Window::of(list, items, call)?;
    let (is_last, next) = (window.range.end >= items.len(), window.next.to_string());
    let mut body = endpoint.answer();
    fill(at(&mut body, list.rules.items), &items[window.range.clone()]);
    let url = |take: &str| link(&call.request.url, take, &next);
    let mut header = None;
    match list.rules.next {
        Next::None => {}
        Next::Token(pointer) if is_last => remove(&mut body, pointer),
        Next::Link { at: pointer, .. } if is_last => remove(&mut body, pointer),
        Next::Token(pointer) => *at(&mut body, pointer) = next.into(),
        Next::Link { at: pointer, take } => *at(&mut body, pointer) = url(take).into(),
        Next::PageAt(pointer) if is_last => *at(&mut body, pointer) = Value::Null,
        Next::PageAt(pointer) => *at(&mut body, pointer) = window.next.into(),
        Next::Header { .. } if is_last => {}
        Next::Header { name, rel, take } => {
            header = Some((name, format!("<{}>; rel=\"{rel}\"", url(take))));
        }
        Next::Page(until) | Next::Offset(until) | Next::Item(_, until) => match until {
            Until::Pages(pointer) => *at(&mut body, pointer) = window.pages.into(),
            Until::Total(pointer) => *at(&mut body, pointer) = items.len().into(),
            Until::EmptyPage | Until::ShortPage => {}
        },
    }
    let reply = endpoint.reply(&body);
    // The names of headers are read in any case, and written in lower case only.
    Some(match header {
        Some((name, value)) if name.eq_ignore_ascii_case("link") => reply.header("link", value),
        _ => reply,
    })
}

/// A part of a list.
struct Window {
    range: Range<usize>,
    /// The position of the next page.
    next: usize,
    /// How many pages there are.
    pages: usize,
}

impl Window {
    fn of(list: &List, items: &[Value], call: &Call<'_>) -> Option<Self> {
        let total = items.len();
        let number = |name: &str| call.parameter(name).filter(|text| !text.is_empty());
        let size = match &list.size {
            _ if list.rules.next == Next::None => total,
            None => 20,
            Some(size) => {
                let asked = number(size.parameter).and_then(|text| text.parse::<u32>().ok());
                asked.unwrap_or(size.default).clamp(size.min, size.max) as usize
            }
        };
        let size = size.max(1);
        let by_pages = !matches!(
            list.rules.next,
            Next::Token(_) | Next::Offset(_) | Next::Item(..) | Next::None
        );
        let first = usize::from(by_pages);
        let position = match list.position.and_then(number) {
            Some(text) => match list.rules.next {
                Next::Item(pointer, _) => {
                    let named = |item: &Value| text_at(item, pointer).as_deref() == Some(text);
                    items.iter().position(named)? + 1
                }
                _ => text.parse::<usize>().ok()?.max(first),
            },
            None => first,
        };
        let start = if by_pages { (position - 1).saturating_mul(size) } else { position };
        let start = start.min(total);
        let end = start.saturating_add(size).min(total);
        let next = if by_pages { position.saturating_add(1) } else { end };
        Some(Self { range: start..end, next, pages: total.div_ceil(size) })
    }
}

/// The text or number of an item.
fn text_at(item: &Value, pointer: &[&str]) -> Option<String> {
    match pointer.iter().try_fold(item, |value, name| value.get(name))? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A list has the items as they are, a map by a name for each.
fn fill(place: &mut Value, items: &[Value]) {
    let items = items.iter().cloned();
    match place {
        Value::Object(map) => {
            let named = items.enumerate().map(|(number, item)| (format!("{number:06}"), item));
            *map = named.collect();
        }
        other => *other = items.collect(),
    }
}

/// The URL of a request with another position.
fn link(url: &Url, parameter: &str, position: &str) -> String {
    let mut next = url.clone();
    let others = url.query_pairs().filter(|(name, _)| name != parameter);
    next.query_pairs_mut().clear().extend_pairs(others).append_pair(parameter, position);
    next.into()
}
