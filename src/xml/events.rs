//! The events of a text that count: elements and what is written in them.

use super::Error;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// How deep elements may be nested. Answers have 10.
const DEEPEST: usize = 64;

/// Reads events, and knows how deep it is.
pub(super) struct Events<'de> {
    reader: Reader<&'de [u8]>,
    depth: usize,
    /// Whether lines may end in carriage returns, which are not part of a text. Looked up once.
    has_returns: bool,
}

pub(super) enum Token<'de> {
    Open(BytesStart<'de>),
    Close,
    Text(Cow<'de, str>),
    /// The end of the text, outside of all elements.
    End,
}

/// What an element has in it.
pub(super) enum Content<'de> {
    /// A text, which may be empty. The element is closed.
    Text(Cow<'de, str>),
    /// Elements, of which this is the first.
    Elements(BytesStart<'de>),
}

impl<'de> Events<'de> {
    pub fn new(text: &'de str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0, has_returns: text.contains('\r') }
    }

    pub fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn next(&mut self) -> Result<Token<'de>, Error> {
        loop {
            return Ok(match self.reader.read_event()? {
                Event::Start(element) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        let message = format!("elements are nested more than {DEEPEST} deep");
                        return Err(Error::syntax(message));
                    }
                    Token::Open(element)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::Close
                }
                Event::Text(text) => Token::Text(match text.into_inner() {
                    raw if self.has_returns && raw.contains('\r') => {
                        raw.replace("\r\n", "\n").replace('\r', "\n").into()
                    }
                    raw => raw,
                }),
                Event::CData(text) => Token::Text(text.into_inner()),
                Event::GeneralRef(reference) => {
                    Token::Text(match reference.resolve_char_ref()? {
                        Some(character) => String::from(character).into(),
                        None => predefined(&reference.into_inner())?.into(),
                    })
                }
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::Empty(_) => continue,
                Event::DocType(_) => return Err(Error::syntax("it has a DTD")),
                Event::Eof if self.depth > 0 => return Err(Error::syntax("it is cut off")),
                Event::Eof => Token::End,
            });
        }
    }

    /// The root, at the beginning.
    pub fn root(&mut self) -> Result<BytesStart<'de>, Error> {
        loop {
            match self.next()? {
                Token::Open(root) => return Ok(root),
                Token::Text(text) if is_blank(&text) => {}
                Token::Text(_) => return Err(Error::syntax("it does not begin with an element")),
                Token::Close | Token::End => return Err(Error::syntax("it has no element")),
            }
        }
    }

    /// What is in the element that was opened last.
    pub fn content(&mut self) -> Result<Content<'de>, Error> {
        let mut content = Cow::Borrowed("");
        loop {
            match self.next()? {
                Token::Text(text) if content.is_empty() => content = text,
                Token::Text(text) => content.to_mut().push_str(&text),
                Token::Close | Token::End => return Ok(Content::Text(content)),
                // A text beside elements is the space between them.
                Token::Open(first) => return Ok(Content::Elements(first)),
            }
        }
    }

    /// The next element within one, or nothing when that is closed.
    pub fn element(&mut self) -> Result<Option<BytesStart<'de>>, Error> {
        loop {
            match self.next()? {
                Token::Open(element) => return Ok(Some(element)),
                Token::Close | Token::End => return Ok(None),
                Token::Text(_) => {}
            }
        }
    }

    /// Passes over the rest of an element, until it is no deeper than this.
    pub fn leave(&mut self, depth: usize) -> Result<(), Error> {
        while self.depth > depth {
            self.next()?;
        }
        Ok(())
    }

    /// Refuses what follows the root.
    pub fn finish(&mut self) -> Result<(), Error> {
        self.leave(0)?;
        loop {
            match self.next()? {
                Token::End => return Ok(()),
                Token::Text(text) if is_blank(&text) => {}
                _ => return Err(Error::syntax("something follows the root")),
            }
        }
    }
}

pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// The five entities that every XML text has.
fn predefined(name: &str) -> Result<&'static str, Error> {
    match name {
        "amp" => Ok("&"),
        "lt" => Ok("<"),
        "gt" => Ok(">"),
        "quot" => Ok("\""),
        "apos" => Ok("'"),
        _ => Err(Error::syntax("it has an entity that is not defined")),
    }
}
