//! Short strings without an allocation.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::borrow::Borrow;
use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

/// A string that is stored inline up to 23 bytes.
///
/// Services repeat the same few words in every image of a list: a region, a version, the name of an
/// operating system. The fields that hold them are of this type, which reads like a `&str`: it
/// dereferences to one, compares with one, and is made from one.
///
/// ```
/// use cloud_images::types::Text;
///
/// let region = Text::from("eu-west-1");
/// assert_eq!(region, "eu-west-1");
/// assert!(region.starts_with("eu-"));
/// let owned: String = region.into();
/// # assert_eq!(owned, "eu-west-1");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(SmolStr);

impl Text {
    /// A string that the program was compiled with.
    #[cfg(feature = "catalog")]
    pub(crate) const fn from_static(text: &'static str) -> Self {
        Self(SmolStr::new_static(text))
    }

    /// Strings one after the other.
    #[cfg(feature = "catalog")]
    pub(crate) fn concat<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self(texts.into_iter().collect())
    }

    /// The string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl FromStr for Text {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

macro_rules! from_number {
    ($($number:ty),*) => {$(
        /// In decimal digits.
        impl From<$number> for Text {
            fn from(number: $number) -> Self {
                itoa::Buffer::new().format(number).into()
            }
        }
    )*};
}
from_number!(i32, i64, u32, u64);

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0.into()
    }
}

impl From<&Text> for String {
    fn from(text: &Text) -> Self {
        text.as_str().to_owned()
    }
}

macro_rules! compare_with {
    ($($other:ty),*) => {$(
        impl PartialEq<$other> for Text {
            fn eq(&self, other: &$other) -> bool {
                let other: &str = other.as_ref();
                self.as_str() == other
            }
        }

        impl PartialEq<Text> for $other {
            fn eq(&self, other: &Text) -> bool {
                other == self
            }
        }
    )*};
}
compare_with!(str, &str, String);

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_text_is_made_of_any_type_of_string() {
        let owned = "eu-west-1".to_owned();
        let parsed: Text = owned.parse().unwrap();
        assert_eq!(parsed, "eu-west-1");
        assert_eq!(Text::from(&owned), parsed);
    }
}
