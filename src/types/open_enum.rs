//! Enums that keep the values they do not know.

use super::Text;
use std::fmt;

/// A value that the service's document did not name when this version was made.
///
/// Only made by the conversions of its enum, so a value that the enum does know is never held here.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnrecognizedValue(Box<Text>);

impl UnrecognizedValue {
    // Boxed because it is rare: a record of many enums would be half as large again.
    pub(crate) fn new(value: &str) -> Self {
        Self(Box::new(value.into()))
    }

    /// The value as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnrecognizedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// An enum of strings with one variant per known value and one for all others.
macro_rules! open_enum {
    ($(#[$attribute:meta])* $name:ident { $($variant:ident = $wire:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $wire, "`")] $variant,)*
            /// A value that this version does not know, unchanged.
            Unrecognized(crate::types::UnrecognizedValue),
        }

        impl $name {
            /// The known values.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// The value as the service writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unrecognized(value) => value.as_str(),
                }
            }

            fn known(value: &str) -> Option<Self> {
                match value {
                    $($wire => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                if let Some(known) = Self::known(value) {
                    return known;
                }
                // `True` is `true` where the service has no `True` of its own.
                if let Some(word) = crate::types::boolean_word(value)
                    && let Some(known) = Self::known(word)
                {
                    return known;
                }
                Self::Unrecognized(crate::types::UnrecognizedValue::new(value))
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                value.as_str().into()
            }
        }

        impl From<&String> for $name {
            fn from(value: &String) -> Self {
                value.as_str().into()
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(value.into())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl ::serde::de::Visitor<'_> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("a string, a ", stringify!($name)))
                    }

                    fn visit_str<E: ::serde::de::Error>(self, value: &str) -> Result<$name, E> {
                        Ok(value.into())
                    }
                }

                deserializer.deserialize_str(Visitor)
            }
        }

        impl crate::types::Leaf for $name {
            const EXPECTED: &'static str = concat!("a string, a ", stringify!($name));

            fn of_text(text: &str) -> Option<Self> {
                Some(text.into())
            }

            fn of_number(number: &::serde_json::Number) -> Option<Self> {
                Some(number.to_string().into())
            }

            fn of_bool(value: bool) -> Option<Self> {
                Some(if value { "true" } else { "false" }.into())
            }
        }

        crate::types::lenient_leaf!($name);

        impl crate::query::QueryValue for $name {
            fn pairs(&self, name: &str, add: &mut dyn FnMut(&str, &str)) {
                add(name, self.as_str());
            }
        }
    };
}
pub(crate) use open_enum;
