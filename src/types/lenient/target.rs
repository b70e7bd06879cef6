//! Where values go, and what becomes of them.

use crate::types::{Property, Text};
use serde_json::{Number, Value};

/// Where a value goes, by what it is in JSON.
pub(crate) enum Target<'a> {
    Text(&'a mut Option<Text>),
    Scalar(&'a mut dyn ScalarPlace),
    List(&'a mut dyn ListPlace),
    /// A list, or one item of it alone.
    OneOrMany(&'a mut dyn ListPlace),
    Object(&'a mut dyn ObjectPlace),
    Property(&'a mut Property),
    Json(&'a mut dyn JsonPlace),
    Nowhere,
}

/// What became of a value.
pub(crate) enum Outcome {
    Read,
    /// There is nothing in the list or object.
    Empty,
    Null,
    /// The type cannot hold it.
    Odd(Box<Value>),
    /// A list or map was read except for these.
    Partly(Box<Value>),
}

impl Outcome {
    /// What could not be held.
    pub fn unread(self) -> Option<Value> {
        match self {
            Self::Odd(value) | Self::Partly(value) => Some(*value),
            Self::Read | Self::Empty | Self::Null => None,
        }
    }
}

/// A number or boolean.
#[derive(Clone, Copy)]
pub(crate) enum Scalar<'a> {
    Number(&'a Number),
    Bool(bool),
}

impl From<Scalar<'_>> for Value {
    fn from(scalar: Scalar<'_>) -> Self {
        match scalar {
            Scalar::Number(number) => Self::Number(number.clone()),
            Scalar::Bool(value) => value.into(),
        }
    }
}

pub(crate) trait ScalarPlace {
    /// Returns whether the type can hold it.
    fn put_scalar(&mut self, scalar: Scalar<'_>) -> bool;

    /// The same for a text, as most values are.
    fn put_text(&mut self, text: &str) -> bool;

    fn clear(&mut self);
}

pub(crate) trait ListPlace {
    /// Puts an empty list into the place, with room for so many items.
    fn begin(&mut self, room: usize);

    /// Where the next item goes.
    fn item(&mut self) -> Target<'_>;

    fn is_empty(&mut self) -> bool;

    /// What an item has to be.
    fn expected(&self) -> &'static str;

    /// Whether the list is unreadable in which another item is.
    fn is_strict(&self) -> bool;

    fn clear(&mut self);
}

pub(crate) trait ObjectPlace {
    fn read(&mut self, entries: &mut dyn Entries) -> Result<Outcome, Failed>;

    fn clear(&mut self);
}

pub(crate) trait JsonPlace {
    /// Gives the value back if the type cannot hold it.
    fn put_json(&mut self, value: Value) -> Result<(), Value>;
}

/// The entries of an object that is being read.
pub(crate) trait Entries {
    fn read_into(&mut self, fields: &mut dyn Fields) -> Result<(), Failed>;
}

/// What takes the entries of an object.
pub(crate) trait Fields {
    /// Says where the value under this name goes. It is not returned, since each layer would move it.
    fn find<'a>(&'a mut self, name: &str, slot: &mut Slot<'a>);

    /// Notes a value that is not simply read, and each value after one that the type cannot hold.
    fn note(&mut self, index: u8, outcome: Outcome);
}

/// Where the value of an entry goes.
pub(crate) struct Slot<'a> {
    /// Of the field, if it is one.
    pub index: u8,
    pub demand: Demand,
    pub target: Target<'a>,
}

/// More than the index of any field.
pub(super) const NO_FIELD: u8 = u8::MAX;

impl<'a> Slot<'a> {
    pub fn new(demand: Demand, target: Target<'a>) -> Self {
        Self { index: NO_FIELD, demand, target }
    }
}

/// Which values are an error, and what is expected instead.
#[derive(Clone, Copy)]
pub(crate) enum Demand {
    Nothing,
    /// What the type cannot hold.
    TypeOrNull(&'static str),
    /// The same and `null`.
    Type(&'static str),
    /// The same for a value that is read on its own: it is refused while it is read, so that the error has a
    /// position. One that is made of any JSON is refused afterwards.
    OnItsOwn(&'static str),
}

/// Why an object is not one of its type.
pub(crate) enum Failed {
    /// The error is in `Entries`.
    Entry,
    MissingField(&'static str),
}
