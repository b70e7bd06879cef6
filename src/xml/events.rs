//! The events of a text that count: elements and what is written in them.
//!
//! Nearly all of an answer is `<name>`, `text` and `</name>`. These are read here, as slices of the text; quick-xml reads
//! the rest.

use super::Error;
use memchr::memchr3;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::borrow::Cow;

/// How deep elements may be nested. Answers have 10.
const DEEPEST: usize = 64;

/// What the name of an element consists of, apart from other alphabets and the colon behind a prefix.
static IS_OF_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        byte += 1;
    }
    table
};

/// Reads events, and knows which elements are open.
pub(super) struct Events<'de> {
    text: &'de str,
    /// How much of the text was read.
    position: usize,
    /// The names of the open elements, with their prefixes.
    open: Vec<&'de str>,
    /// Whether the element that was opened last is `<name/>`, and not yet closed.
    is_empty: bool,
}

pub(super) enum Token<'de> {
    /// The name of an element, without its prefix.
    Open(&'de str),
    Close,
    Text(Cow<'de, str>),
    /// The end of the text, outside of all elements.
    End,
}

/// What an element has in it.
pub(super) enum Content<'de> {
    /// A text, which may be empty. The element is closed.
    Text(Cow<'de, str>),
    /// Elements, of which the first has this name.
    Elements(&'de str),
}

impl<'de> Events<'de> {
    pub fn new(text: &'de str) -> Self {
        let position = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, position, open: Vec::with_capacity(16), is_empty: false }
    }

    pub fn position(&self) -> usize {
        self.position
    }

    pub fn depth(&self) -> usize {
        self.open.len()
    }

    pub fn next(&mut self) -> Result<Token<'de>, Error> {
        loop {
            let text = self.run();
            if !text.is_empty() {
                return Ok(Token::Text(text.into()));
            }
            if self.closes() {
                return Ok(Token::Close);
            }
            if let Some(name) = self.opens()? {
                return Ok(Token::Open(name));
            }
            if let Some(token) = self.other()? {
                return Ok(token);
            }
        }
    }

    /// Passes over a text as it stands, which ends before markup, a reference or the end of a line that has a
    /// carriage return.
    fn run(&mut self) -> &'de str {
        if self.is_empty {
            return "";
        }
        let rest = self.rest();
        let end = memchr3(b'<', b'&', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        self.position += end;
        &rest[..end]
    }

    /// Whether the element that was opened last ends here, written the usual way.
    fn closes(&mut self) -> bool {
        let Some(&name) = self.open.last() else { return false };
        if !self.is_empty {
            let end = self.rest().strip_prefix("</").and_then(|rest| rest.strip_prefix(name));
            if !end.is_some_and(|end| end.starts_with('>')) {
                return false;
            }
            self.position += "</>".len() + name.len();
        }
        self.is_empty = false;
        self.open.pop();
        true
    }

    /// The name of the element that begins here, if it has neither attributes nor a prefix.
    fn opens(&mut self) -> Result<Option<&'de str>, Error> {
        let Some(rest) = self.rest().strip_prefix('<') else { return Ok(None) };
        let is_of_name = |byte: u8| IS_OF_NAME[usize::from(byte)];
        let length = rest.bytes().position(|byte| !is_of_name(byte)).unwrap_or(rest.len());
        let (name, end) = rest.split_at(length);
        let end = match end.as_bytes() {
            _ if name.is_empty() => return Ok(None),
            [b'>', ..] => ">",
            [b'/', b'>', ..] => "/>",
            _ => return Ok(None),
        };
        self.position += "<".len() + length + end.len();
        self.enter(name, end == "/>")?;
        Ok(Some(name))
    }

    /// What is written in another way than most, read by quick-xml; nothing if it does not count.
    #[cold]
    fn other(&mut self) -> Result<Option<Token<'de>>, Error> {
        let (begin, rest) = (self.position, self.rest());
        if let Some(behind) = rest.strip_prefix('\r') {
            // XML has one way to end a line.
            self.position += if behind.starts_with('\n') { 2 } else { 1 };
            return Ok(Some(Token::Text("\n".into())));
        }
        let mut reader = Reader::from_str(rest);
        let config = reader.config_mut();
        (config.check_end_names, config.allow_unmatched_ends) = (false, true);
        let event = reader.read_event()?;
        self.position += usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        Ok(Some(match event {
            Event::Start(ref element) | Event::Empty(ref element) => {
                // The name stands right behind the bracket.
                let name = begin + 1..begin + 1 + element.name().into_inner().len();
                let name = self.text.get(name).unwrap_or_default();
                self.enter(name, matches!(event, Event::Empty(_)))?;
                Token::Open(name.split_once(':').map_or(name, |(_, local)| local))
            }
            Event::End(element) => {
                let name = element.name().into_inner();
                match self.open.pop() {
                    Some(open) if open == name => Token::Close,
                    _ => return Err(Error::end(name)),
                }
            }
            Event::Text(text) => Token::Text(text.into_inner()),
            Event::CData(text) => Token::Text(text.into_inner()),
            Event::GeneralRef(reference) => Token::Text(match reference.resolve_char_ref()? {
                Some(character) => String::from(character).into(),
                None => predefined(&reference.into_inner())?.into(),
            }),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => return Ok(None),
            Event::DocType(_) => return Err(Error::syntax("it has a DTD")),
            Event::Eof if self.depth() > 0 => return Err(Error::syntax("it is cut off")),
            Event::Eof => Token::End,
        }))
    }

    fn enter(&mut self, name: &'de str, is_empty: bool) -> Result<(), Error> {
        if self.depth() >= DEEPEST {
            let message = format!("elements are nested more than {DEEPEST} deep");
            return Err(Error::syntax(message));
        }
        self.open.push(name);
        self.is_empty = is_empty;
        Ok(())
    }

    fn rest(&self) -> &'de str {
        self.text.get(self.position..).unwrap_or_default()
    }

    /// The name of the root, at the beginning.
    pub fn root(&mut self) -> Result<&'de str, Error> {
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
        let mut content = Cow::Borrowed(self.run());
        if self.closes() {
            return Ok(Content::Text(content));
        }
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
    pub fn element(&mut self) -> Result<Option<&'de str>, Error> {
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
        while self.depth() > depth {
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

/// Whether an element is one of a list, where nobody says what is expected.
pub(super) fn is_item(name: &str) -> bool {
    matches!(name, "item" | "member")
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
