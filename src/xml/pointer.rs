//! Single values out of an XML text, without decoding the rest.

use super::Error;
use super::events::{Content, Events, Token};
use quick_xml::Reader;
use quick_xml::events::Event;

/// How much of a text is looked at before and behind its lists, before all of it is read.
const EDGE: usize = 16 << 10;

/// The text of the element that the path leads to, below the root; of several, the first.
///
/// Positions mostly stand beside the list, so what is before its first and behind its last item is looked at
/// first. That costs nothing compared with reading a page of a thousand items.
pub(crate) fn scalar(body: impl AsRef<[u8]>, path: &[&str]) -> Result<Option<String>, Error> {
    let body = body.as_ref();
    if let [name] = path
        && let Some(found) =
            before_items(head(body), name).or_else(|| after_items(tail(body), name))
    {
        return Ok(Some(found));
    }
    let text = std::str::from_utf8(body).map_err(Error::syntax)?;
    let mut events = Events::new(text);
    events.root()?;
    let mut found: Option<String> = None;
    // How many names of the path the open elements are, and whether the deepest of them is the one.
    let mut matched = 0;
    let mut reading = false;
    loop {
        match events.next()? {
            Token::Open(element) => {
                if reading {
                    return Err(Error::syntax("it has elements where a text should be"));
                }
                let depth = events.depth() - 1;
                if found.is_none()
                    && depth == matched + 1
                    && path.get(matched).is_some_and(|name| *name == element)
                {
                    matched += 1;
                    reading = matched == path.len();
                }
            }
            Token::Text(piece) if reading => found.get_or_insert_default().push_str(&piece),
            Token::Text(_) => {}
            Token::Close => {
                let depth = events.depth();
                matched = matched.min(depth.saturating_sub(1));
                if reading {
                    reading = false;
                    found.get_or_insert_default();
                }
                if depth == 0 {
                    break;
                }
            }
            Token::End => break,
        }
    }
    events.finish()?;
    Ok(found)
}

/// What is before the lists, as far as it is text.
fn head(body: &[u8]) -> &str {
    let head = &body[..body.len().min(EDGE)];
    let text = std::str::from_utf8(head)
        .or_else(|error| std::str::from_utf8(&head[..error.valid_up_to()]));
    text.unwrap_or_default()
}

/// What is behind the lists, if it is text.
fn tail(body: &[u8]) -> &str {
    let tail = &body[body.len().saturating_sub(EDGE)..];
    let is_within = |byte: &u8| byte & 0b1100_0000 == 0b1000_0000;
    let start = tail.iter().take(3).take_while(|byte| is_within(byte)).count();
    std::str::from_utf8(&tail[start..]).unwrap_or_default()
}

/// The text of an element right below the root, before the first item of the first list.
fn before_items(head: &str, name: &str) -> Option<String> {
    let head = &head[..["<item", "<member"].iter().filter_map(|item| head.find(item)).min()?];
    let mut events = Events::new(head);
    loop {
        let element = match events.next().ok()? {
            Token::Open(element) => element,
            Token::End => return None,
            Token::Text(_) | Token::Close => continue,
        };
        if events.depth() == 2 && element == name {
            return match events.content().ok()? {
                Content::Text(text) => Some(text.into_owned()),
                Content::Elements(_) => None,
            };
        }
    }
}

/// The text of an element right below the root, behind the last item of the last list.
fn after_items(edge: &str, name: &str) -> Option<String> {
    let behind = ["</item>", "</member>"];
    let behind = behind.iter().filter_map(|end| edge.rfind(end).map(|at| at + end.len())).max()?;
    // The end of a comment or of unescaped text: the item may be in it.
    if edge[behind..].contains("-->") || edge[behind..].contains("]]>") {
        return None;
    }
    let mut reader = Reader::from_str(&edge[behind..]);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    // Elements and their depth, counted from the beginning, which is somewhere below the root.
    let (mut depth, mut found): (i64, Option<(i64, String)>) = (0, None);
    let mut reading = false;
    loop {
        match reader.read_event().ok()? {
            // An element where a text should be is an error, and read with the rest.
            Event::Start(_) if reading => return None,
            Event::Start(element) => {
                depth += 1;
                if found.is_none() && element.local_name().into_inner() == name {
                    found = Some((depth, String::new()));
                    reading = true;
                }
            }
            Event::End(_) => {
                depth -= 1;
                reading = false;
            }
            Event::Text(piece) if reading => found.as_mut()?.1.push_str(&piece.into_inner()),
            // What is written in another way is read with the rest.
            Event::GeneralRef(_) | Event::CData(_) if reading => return None,
            Event::Eof => break,
            _ => {}
        }
    }
    // The root was closed last: an element right below it was opened one deeper than the end.
    found.filter(|(opened, _)| *opened == depth + 2).map(|(_, text)| text)
}
