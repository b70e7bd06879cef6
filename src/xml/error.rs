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
    /// Of the element that is wrong, if it is one below the root.
    path: Option<String>,
    /// Whether it is not XML at all, or not all of it.
    syntax: bool,
}

impl Error {
    fn new(message: String, syntax: bool) -> Self {
        Self(Box::new(Inner { message, position: 0, path: None, syntax }))
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
        Self::new(format!("the root is <{name}>, which is not a response to this operation"), false)
    }

    /// The same error, with where in the text the reader was: how far, and in which element.
    pub fn at(mut self, position: usize, path: impl FnOnce(usize) -> String) -> Self {
        self.0.position = position;
        if !self.0.syntax {
            self.0.path = Some(path(position)).filter(|path| !path.is_empty());
        }
        self
    }

    /// The path to what cannot be read, such as `imagesSet[0].imageId`; `None` for the whole text.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
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
