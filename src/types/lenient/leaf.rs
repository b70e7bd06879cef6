//! Values that stand alone: texts, numbers and booleans.

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use std::fmt;
use std::marker::PhantomData;

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
                odd: &mut Option<::serde_json::Value>,
            ) -> Result<Option<Self>, D::Error> {
                crate::types::read_leaf(deserializer, odd)
            }
        }
    )*};
}
pub(crate) use lenient_leaf;

lenient_leaf!(String, i64, f64, bool);

pub(crate) fn read_leaf<'de, D: Deserializer<'de>, T: Leaf>(
    deserializer: D,
    odd: &mut Option<Value>,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(LeafVisitor(odd, PhantomData))
}

struct LeafVisitor<'a, T>(&'a mut Option<Value>, PhantomData<T>);

impl<T> LeafVisitor<'_, T> {
    fn or_odd(self, read: Option<T>, value: impl FnOnce() -> Value) -> Option<T> {
        if read.is_none() {
            *self.0 = Some(value());
        }
        read
    }
}

impl<'de, T: Leaf> Visitor<'de> for LeafVisitor<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
        Ok(self.or_odd(T::of_text(text), || text.into()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Option<T>, E> {
        Ok(self.or_odd(T::of_bool(value), || value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Option<T>, E> {
        Ok(self.or_odd(T::of_number(&value.into()), || value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Option<T>, E> {
        Ok(self.or_odd(T::of_number(&value.into()), || value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Option<T>, E> {
        let number = Number::from_f64(value);
        Ok(self.or_odd(number.as_ref().and_then(T::of_number), || value.into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Option<T>, A::Error> {
        *self.0 = Some(Value::deserialize(SeqAccessDeserializer::new(seq))?);
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        *self.0 = Some(Value::deserialize(MapAccessDeserializer::new(map))?);
        Ok(None)
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
