//! Values that stand alone: texts, numbers and booleans.

use super::kind::{self, Kind};
use super::target::{Scalar, ScalarPlace};
use super::{Place, Target};
use crate::types::Text;
use serde_json::Number;

/// A value that stands alone: text, number, boolean, time.
pub(crate) trait Leaf: Sized {
    const EXPECTED: &'static str;

    fn of_text(text: &str) -> Option<Self>;

    fn of_number(number: &Number) -> Option<Self>;

    fn of_bool(_: bool) -> Option<Self> {
        None
    }
}

impl<P: Place<Item: Leaf>> ScalarPlace for P {
    fn put_scalar(&mut self, scalar: Scalar<'_>) -> bool {
        let read = match scalar {
            Scalar::Number(number) => P::Item::of_number(number),
            Scalar::Bool(value) => P::Item::of_bool(value),
        };
        read.map(|value| self.put(value)).is_some()
    }

    fn put_text(&mut self, text: &str) -> bool {
        P::Item::of_text(text).map(|value| self.put(value)).is_some()
    }

    fn clear(&mut self) {
        Place::clear(self);
    }
}

impl<T: Leaf> Kind<T> for kind::Scalar {
    fn target<P: Place<Item = T>>(place: &mut P) -> Target<'_> {
        Target::Scalar(place)
    }
}

impl Kind<Text> for kind::Text {
    fn target<P: Place<Item = Text>>(place: &mut P) -> Target<'_> {
        Target::Scalar(place)
    }

    fn field(field: &mut Option<Text>) -> Target<'_> {
        Target::Text(field)
    }
}

/// Makes a leaf readable.
macro_rules! lenient_leaf {
    ($leaf:ty) => {
        crate::types::lenient_leaf!($leaf, Scalar);
    };
    ($leaf:ty, $kind:ident) => {
        impl crate::types::Lenient for $leaf {
            const EXPECTED: &'static str = <Self as crate::types::Leaf>::EXPECTED;

            type Kind = crate::types::kind::$kind;
        }
    };
}
pub(crate) use lenient_leaf;

lenient_leaf!(Text, Text);
lenient_leaf!(String);
lenient_leaf!(i64);
lenient_leaf!(f64);
lenient_leaf!(bool);

impl Leaf for Text {
    const EXPECTED: &'static str = "a string";

    fn of_text(text: &str) -> Option<Self> {
        Some(text.into())
    }

    fn of_number(number: &Number) -> Option<Self> {
        Some(match number.as_u64() {
            Some(id) => id.into(), // as nearly all are
            None => number.to_string().into(),
        })
    }

    fn of_bool(value: bool) -> Option<Self> {
        Some(if value { "true" } else { "false" }.into())
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
