//! Values that are made of any JSON.

use super::kind::{self, Kind};
use super::target::JsonPlace;
use super::{Lenient, Place, Target};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A type that looks at the JSON as a whole.
pub(crate) trait FromJson: Sized {
    /// Gives the value back if it cannot hold it.
    fn of_json(value: Value) -> Result<Self, Value>;
}

impl<P: Place<Item: FromJson>> JsonPlace for P {
    fn put_json(&mut self, value: Value) -> Result<(), Value> {
        self.clear();
        P::Item::of_json(value).map(|item| self.put(item))
    }
}

impl<T: FromJson> Kind<T> for kind::Any {
    fn target<P: Place<Item = T>>(place: &mut P) -> Target<'_> {
        Target::Json(place)
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn of_json(value: Value) -> Result<Self, Value> {
        T::of_json(value).map(Self::new)
    }
}

impl FromJson for Value {
    fn of_json(value: Value) -> Result<Self, Value> {
        Ok(value)
    }
}

impl Lenient for Value {
    const EXPECTED: &'static str = "JSON";

    type Kind = kind::Any;
}

impl FromJson for Map<String, Value> {
    fn of_json(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(object) => Ok(object),
            other => Err(other),
        }
    }
}

impl Lenient for Map<String, Value> {
    const EXPECTED: &'static str = "an object";

    type Kind = kind::Any;
}

/// A response that may be `null`.
impl<T: DeserializeOwned> FromJson for Option<T> {
    fn of_json(value: Value) -> Result<Self, Value> {
        Self::deserialize(&value).map_err(|_| value)
    }
}

impl<T: DeserializeOwned> Lenient for Option<T> {
    const EXPECTED: &'static str = "a value or null";
    const FROM_JSON: Option<fn(&str) -> serde_json::Result<Self>> =
        Some(|text| serde_json::from_str(text));

    type Kind = kind::Any;
}

/// A type that is read by its own `Deserialize`.
macro_rules! lenient_by_value {
    ($name:ident) => {
        impl crate::types::FromJson for $name {
            fn of_json(value: ::serde_json::Value) -> Result<Self, ::serde_json::Value> {
                if value.is_null() {
                    return Err(value);
                }
                ::serde::Deserialize::deserialize(&value).map_err(|_| value)
            }
        }

        impl crate::types::Lenient for $name {
            const EXPECTED: &'static str = concat!("a ", stringify!($name));
            const STRICT: bool = true;
            const FROM_JSON: Option<fn(&str) -> ::serde_json::Result<Self>> =
                Some(|text| ::serde_json::from_str(text));

            type Kind = crate::types::kind::Any;
        }
    };
}
pub(crate) use lenient_by_value;

#[cfg(test)]
mod tests {
    use super::Lenient;

    #[test]
    fn a_response_may_be_null() {
        let read = <Option<Vec<String>> as Lenient>::FROM_JSON.unwrap();
        assert_eq!(read("null").unwrap(), None);
        assert_eq!(read(r#"["a"]"#).unwrap(), Some(vec!["a".to_owned()]));
        assert!(read("{}").is_err());
    }
}
