//! A place between two pages.

/// What the position parameter of a request is set to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Position {
    /// A token, the id of an item, or a number as text.
    pub value: String,
    /// The number of items on the pages before it, where the list ends by a total and this is known.
    pub before: Option<u64>,
}

impl Position {
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), before: None }
    }
}
