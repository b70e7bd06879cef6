//! Values that stand alone: texts, numbers and booleans.

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use std::fmt;

/// A value that stands alone: text, number, boolean, time.
pub(crate) trait Leaf: Sized {
    const EXPECTED: &'static str;

    fn of_text(text: &str) -> Option<Self>;

    fn of_number(number: &Number) -> Option<Self>;

    fn of_bool(_: bool) -> Option<Self> {
        None
    }
}

/// Makes a leaf readable.
macro_rules! lenient_leaf {
    ($($leaf:ty),*) => {$(
        impl crate::types::Lenient for $leaf {
            const EXPECTED: &'static str = <Self as crate::types::Leaf>::EXPECTED;

            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
                place: &mut Option<Self>,
                odd: &mut Option<::serde_json::Value>,
            ) -> Result<bool, D::Error> {
                deserializer.deserialize_any(crate::types::LeafVisitor { place, odd })
            }
        }
    )*};
}
pub(crate) use lenient_leaf;

lenient_leaf!(String, i64, f64, bool);

pub(crate) struct LeafVisitor<'a, T> {
    pub place: &'a mut Option<T>,
    pub odd: &'a mut Option<Value>,
}

impl<T> LeafVisitor<'_, T> {
    fn put<E>(self, read: Option<T>, value: impl FnOnce() -> Value) -> Result<bool, E> {
        let is_read = read.is_some();
        *self.place = read;
        if !is_read {
            *self.odd = Some(value());
        }
        Ok(is_read)
    }

    fn null<E>(self) -> Result<bool, E> {
        *self.place = None;
        Ok(false)
    }
}

impl<'de, T: Leaf> Visitor<'de> for LeafVisitor<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        self.put(T::of_text(text), || text.into())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
        self.put(T::of_bool(value), || value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<bool, E> {
        self.put(T::of_number(&value.into()), || value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
        self.put(T::of_number(&value.into()), || value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<bool, E> {
        let number = Number::from_f64(value);
        self.put(number.as_ref().and_then(T::of_number), || value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        self.null()
    }

    fn visit_none<E: Error>(self) -> Result<bool, E> {
        self.null()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<bool, A::Error> {
        let value = Value::deserialize(SeqAccessDeserializer::new(seq))?;
        self.put(None, || value)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(map))?;
        self.put(None, || value)
    }
}

impl Leaf for String {
    const EXPECTED: &'static str = "a string";

    fn of_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn of_number(number: &Number) -> Option<Self> {
        Some(number.to_string())
    }

    fn of_bool(value: bool) -> Option<Self> {
        Some(value.to_string())
    }
}

impl Leaf for i64 {
    const EXPECTED: &'static str = "an integer";

    fn of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        text.parse().ok().or_else(|| Self::of_number(&Number::from_f64(text.parse().ok()?)?))
    }

    fn of_number(number: &Number) -> Option<Self> {
        // Whole numbers that a float holds exactly.
        const EXACT: f64 = (1_i64 << 53) as f64;
        let whole =
            |number: f64| (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64);
        number.as_i64().or_else(|| number.as_f64().filter(|_| number.is_f64()).and_then(whole))
    }
}

impl Leaf for f64 {
    const EXPECTED: &'static str = "a number";

    fn of_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn of_number(number: &Number) -> Option<Self> {
        number.as_f64()
    }
}

impl Leaf for bool {
    const EXPECTED: &'static str = "a boolean";

    fn of_text(text: &str) -> Option<Self> {
        boolean_word(text).map(|word| word == "true")
    }

    fn of_number(_: &Number) -> Option<Self> {
        None
    }

    fn of_bool(value: bool) -> Option<Self> {
        Some(value)
    }
}

/// `true` or `false` in the spellings of Python and of shells.
pub(crate) fn boolean_word(text: &str) -> Option<&'static str> {
    match text.trim() {
        "true" | "True" | "TRUE" => Some("true"),
        "false" | "False" | "FALSE" => Some("false"),
        _ => None,
    }
}
