//! Why a text is not the XML that it should be.

use std::fmt;

/// How much of a name is shown.
const SHOWN: usize = 80;

#[derive(Debug)]
pub(crate) struct Error {
    message: String,
    position: usize,
    /// Whether it is not XML at all, or not all of it.
    syntax: bool,
}

impl Error {
    pub fn syntax(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), position: 0, syntax: true }
    }

    /// Another root than the one that was expected.
    pub fn root(found: &str) -> Self {
        let name: String = found.chars().take(SHOWN).collect();
        let message = format!("the root is <{name}>, which is not an answer to this request");
        Self { message, position: 0, syntax: false }
    }

    /// The same error, with where the reader was.
    pub fn at(mut self, position: usize) -> Self {
        self.position = position;
        self
    }

    /// How many bytes were read before it.
    pub fn position(&self) -> usize {
        self.position
    }

    pub fn is_syntax(&self) -> bool {
        self.syntax
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), position: 0, syntax: false }
    }
}

impl From<quick_xml::Error> for Error {
    fn from(error: quick_xml::Error) -> Self {
        Self::syntax(error)
    }
}
