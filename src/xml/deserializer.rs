//! An element as serde sees it.

use super::Error;
use super::events::{Content, Events, is_blank, is_item};
use crate::types::{LIST, OBJECT};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::borrow::Cow;

/// The element that was opened last. What reads it closes it.
pub(super) struct Element<'a, 'de> {
    events: &'a mut Events<'de>,
    is_root: bool,
}

impl<'a, 'de> Element<'a, 'de> {
    /// The root, which is an object even if nothing is in it.
    pub fn root(events: &'a mut Events<'de>) -> Self {
        Self { events, is_root: true }
    }

    fn list<V: Visitor<'de>>(self, first: Option<&'de str>, visitor: V) -> Result<V::Value, Error> {
        let outside = self.outside(first);
        let mut list = Elements { events: self.events, open: first.is_some(), next: first };
        let value = visitor.visit_seq(&mut list)?;
        self.events.leave(outside)?;
        Ok(value)
    }

    fn object<V: Visitor<'de>>(
        self,
        first: Option<&'de str>,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let outside = self.outside(first);
        let mut object = Elements { events: self.events, open: first.is_some(), next: first };
        let value = visitor.visit_map(&mut object)?;
        self.events.leave(outside)?;
        Ok(value)
    }

    /// The depth outside of the element. Its first element is open already, or else it is closed.
    fn outside(&self, first: Option<&'de str>) -> usize {
        let depth = self.events.depth();
        if first.is_some() { depth.saturating_sub(2) } else { depth }
    }
}

fn text<'de, V: Visitor<'de>>(text: Cow<'de, str>, visitor: V) -> Result<V::Value, Error> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

impl<'de> Deserializer<'de> for Element<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.events.content()? {
            Content::Text(blank) if self.is_root && is_blank(&blank) => self.object(None, visitor),
            Content::Text(content) => text(content, visitor),
            Content::Elements(first) if self.is_root || !is_item(first) => {
                self.object(Some(first), visitor)
            }
            Content::Elements(first) => self.list(Some(first), visitor),
        }
    }

    /// What a type expects is the name here.
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            LIST => match self.events.content()? {
                Content::Text(blank) if is_blank(&blank) => self.list(None, visitor),
                Content::Text(content) => text(content, visitor),
                Content::Elements(first) => self.list(Some(first), visitor),
            },
            OBJECT => match self.events.content()? {
                Content::Text(blank) if is_blank(&blank) && self.is_root => {
                    self.object(None, visitor)
                }
                Content::Text(blank) if is_blank(&blank) => visitor.visit_unit(),
                Content::Text(content) => text(content, visitor),
                Content::Elements(first) => self.object(Some(first), visitor),
            },
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let outside = self.events.depth().saturating_sub(1);
        self.events.leave(outside)?;
        visitor.visit_unit()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_ignored_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit_struct seq
        tuple tuple_struct map struct enum identifier
    }
}

/// The elements within an element, as fields or as items.
struct Elements<'a, 'de> {
    events: &'a mut Events<'de>,
    /// The name of the element that was opened and not yet given.
    next: Option<&'de str>,
    /// Whether there may be more.
    open: bool,
}

impl<'de> Elements<'_, 'de> {
    fn next(&mut self) -> Result<Option<&'de str>, Error> {
        if let Some(first) = self.next.take() {
            return Ok(Some(first));
        }
        if !self.open {
            return Ok(None);
        }
        let next = self.events.element()?;
        self.open = next.is_some();
        Ok(next)
    }

    fn inner(&mut self) -> Element<'_, 'de> {
        Element { events: self.events, is_root: false }
    }
}

impl<'de> MapAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(name) = self.next()? else { return Ok(None) };
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.inner())
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        match self.next()? {
            Some(_) => seed.deserialize(self.inner()).map(Some),
            None => Ok(None),
        }
    }
}
