//! Why a text is not the XML that it should be.

use std::fmt;

/// How much of a name is shown.
const SHOWN: usize = 80;

// Boxed because it is rare: one word in all results.
#[derive(Debug)]
pub(crate) struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    message: String,
    position: usize,
    /// Whether it is not XML at all, or not all of it.
    syntax: bool,
}

impl Error {
    fn new(message: String, syntax: bool) -> Self {
        Self(Box::new(Inner { message, position: 0, syntax }))
    }

    pub fn syntax(message: impl fmt::Display) -> Self {
        Self::new(message.to_string(), true)
    }

    /// The end of an element that is not the one that was opened last.
    pub fn end(found: &str) -> Self {
        Self::syntax(format!("it closes <{}>, which is not the innermost element", shown(found)))
    }

    /// Another root than the one that was expected.
    pub fn root(found: &str) -> Self {
        let name = shown(found);
        Self::new(format!("the root is <{name}>, which is not an answer to this request"), false)
    }

    /// The same error, with where the reader was.
    pub fn at(mut self, position: usize) -> Self {
        self.0.position = position;
        self
    }

    /// How many bytes were read before it.
    pub fn position(&self) -> usize {
        self.0.position
    }

    pub fn is_syntax(&self) -> bool {
        self.0.syntax
    }
}

fn shown(name: &str) -> String {
    name.chars().take(SHOWN).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string(), false)
    }
}

impl From<quick_xml::Error> for Error {
    fn from(error: quick_xml::Error) -> Self {
        Self::syntax(error)
    }
}
