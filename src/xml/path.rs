//! Where in an XML text an error is.
//!
//! The error says how far the text was read, and the path follows from the text alone: a reader writes down nothing
//! on its way, and needs no type.

use super::events::{Events, Token, is_item};

/// An element, and where it stands in the one around it.
struct Step<'a> {
    name: &'a str,
    index: usize,
    /// How many elements were opened in it.
    inner: usize,
}

/// The path to the element that ends at this position, or that is open there: `imagesSet[1].imageId`. It is empty
/// for the root.
pub(super) fn of(text: &str, position: usize) -> String {
    let mut events = Events::new(text);
    let mut open: Vec<Step<'_>> = Vec::new();
    let mut closed = None;
    // Whether the last that was read begins an element: the error is of the one around it, which may not have it.
    let mut begins = false;
    while events.position() < position {
        let Ok(token) = events.next() else { break };
        begins = matches!(token, Token::Open(_));
        closed = None;
        match token {
            Token::Open(name) => {
                let inner = open.last_mut().map(|around| &mut around.inner);
                let index = inner.map_or(0, |inner| std::mem::replace(inner, *inner + 1));
                open.push(Step { name, index, inner: 0 });
            }
            Token::Close => closed = open.pop(),
            Token::Text(_) => {}
            Token::End => break,
        }
    }
    // `<name/>` is the end of it, too.
    if begins && !text.get(..position).is_some_and(|read| read.ends_with("/>")) {
        open.pop();
    }
    let mut path = String::new();
    for Step { name, index, .. } in open.iter().chain(&closed).skip(1) {
        if is_item(name) {
            path.push_str(&format!("[{index}]"));
        } else {
            let dot = if path.is_empty() { "" } else { "." };
            path.push_str(dot);
            path.push_str(name);
        }
    }
    path
}
