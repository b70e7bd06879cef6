//! Forms of dotted names: `Filter.1.Value.2=x`.
//!
//! A list counts from 1, a field of a structure follows a dot, and what is empty is left out.

#[cfg(test)]
mod tests;

use percent_encoding::utf8_percent_encode;
use serde::ser::{self, Impossible, Serialize};
use std::fmt::{self, Display, Write};

use crate::query::PATH_SEGMENT;

/// A body as pairs, which begin with `&`.
pub(super) fn pairs<T: Serialize>(body: &T) -> Result<String, Unsent> {
    let mut form = Form { out: String::new(), name: String::new() };
    body.serialize(&mut form)?;
    Ok(form.out)
}

/// Why a body cannot be a form.
#[derive(Debug)]
pub(super) struct Unsent(String);

impl Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unsent {}

impl ser::Error for Unsent {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

struct Form {
    out: String,
    /// The name so far: `Filter.1`.
    name: String,
}

impl Form {
    fn pair(&mut self, value: &str) -> Result<(), Unsent> {
        if self.name.is_empty() {
            return Err(Unsent("a form cannot hold a value without a name".to_owned()));
        }
        for (before, text) in [("&", &*self.name), ("=", value)] {
            self.out.push_str(before);
            self.out.extend(utf8_percent_encode(text, PATH_SEGMENT));
        }
        Ok(())
    }

    /// Writes a value under a further part of the name.
    fn below<T: Serialize + ?Sized>(
        &mut self,
        part: impl Display,
        value: &T,
    ) -> Result<(), Unsent> {
        let length = self.name.len();
        let dot = if length == 0 { "" } else { "." };
        write!(self.name, "{dot}{part}").map_err(ser::Error::custom)?;
        let outcome = value.serialize(&mut *self);
        self.name.truncate(length);
        outcome
    }
}

macro_rules! by_display {
    ($($method:ident $ty:ty,)*) => {$(
        fn $method(self, value: $ty) -> Result<(), Unsent> {
            self.pair(&value.to_string())
        }
    )*};
}

impl<'a> ser::Serializer for &'a mut Form {
    type Ok = ();
    type Error = Unsent;
    type SerializeSeq = List<'a>;
    type SerializeTuple = Impossible<(), Unsent>;
    type SerializeTupleStruct = Impossible<(), Unsent>;
    type SerializeTupleVariant = Impossible<(), Unsent>;
    type SerializeMap = Fields<'a>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Impossible<(), Unsent>;

    by_display! {
        serialize_bool bool,
        serialize_i8 i8,
        serialize_i16 i16,
        serialize_i32 i32,
        serialize_i64 i64,
        serialize_u8 u8,
        serialize_u16 u16,
        serialize_u32 u32,
        serialize_u64 u64,
        serialize_f32 f32,
        serialize_f64 f64,
        serialize_char char,
    }

    fn serialize_str(self, text: &str) -> Result<(), Unsent> {
        self.pair(text)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unsent> {
        Err(Unsent("a form cannot hold bytes".to_owned()))
    }

    fn serialize_none(self) -> Result<(), Unsent> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unsent> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unsent> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unsent> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unsent> {
        self.pair(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unsent> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unsent> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>, Unsent> {
        Ok(List { form: self, number: 0 })
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unsent> {
        Err(Unsent("a form cannot hold a tuple".to_owned()))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unsent> {
        Err(Unsent("a form cannot hold a tuple".to_owned()))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unsent> {
        Err(Unsent("a form cannot hold a variant with fields".to_owned()))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'a>, Unsent> {
        Ok(Fields { form: self, key: String::new() })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'a>, Unsent> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unsent> {
        Err(Unsent("a form cannot hold a variant with fields".to_owned()))
    }
}

struct List<'a> {
    form: &'a mut Form,
    number: usize,
}

impl ser::SerializeSeq for List<'_> {
    type Ok = ();
    type Error = Unsent;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unsent> {
        self.number += 1;
        self.form.below(self.number, value)
    }

    fn end(self) -> Result<(), Unsent> {
        Ok(())
    }
}

struct Fields<'a> {
    form: &'a mut Form,
    key: String,
}

impl ser::SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = Unsent;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unsent> {
        self.form.below(name, value)
    }

    fn end(self) -> Result<(), Unsent> {
        Ok(())
    }
}

impl ser::SerializeMap for Fields<'_> {
    type Ok = ();
    type Error = Unsent;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unsent> {
        let key = serde_json::to_value(key).map_err(ser::Error::custom)?;
        let key = key
            .as_str()
            .ok_or_else(|| Unsent("a form cannot hold a name that is not a string".to_owned()))?;
        self.key = key.to_owned();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unsent> {
        let key = std::mem::take(&mut self.key);
        self.form.below(key, value)
    }

    fn end(self) -> Result<(), Unsent> {
        Ok(())
    }
}
