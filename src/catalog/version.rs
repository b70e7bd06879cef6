//! Versions that compare by their components.

use crate::catalog::shown::shown;
use crate::types::Text;
use crate::{Error, ErrorKind};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A version of an operating system, a driver or CUDA, as a name gives it: `22.04`, `16.04.6`,
/// `2008 R2`, `550.54.15`.
///
/// Components stand between dots and spaces. Numbers compare as numbers: `9.10` is newer than `9.9`.
/// A service pack is a component: SLES 15 SP5 is `15.5`.
///
/// A version may be coarse: `9` is some release of 9, and whether that is at least `9.2` is unknown.
/// [`Version::within`] knows that; [`Ord`] is for sorting, and puts the coarse one first.
///
/// ```
/// use cloud_images::catalog::Version;
/// use std::cmp::Ordering;
///
/// let version: Version = "9.10".parse()?;
/// assert!(version > "9.9".parse()?);
/// assert_eq!(version.within(&"9".parse()?), Some(Ordering::Equal));
///
/// let coarse: Version = "9".parse()?;
/// assert_eq!(coarse.within(&"9.2".parse()?), None);
/// # Ok::<_, cloud_images::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Version(Text);

/// The longest version. None that a vendor gives is half as long.
const LONGEST: usize = 64;

impl Version {
    /// The version as text, its components between dots, and a space before an `R2`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The version `major.minor`.
    #[must_use]
    pub fn of(major: u32, minor: u32) -> Self {
        Self(format!("{major}.{minor}").into())
    }

    /// The components: `16`, `04` and `6` of `16.04.6`; `2008` and `R2` of `2008 R2`.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split(['.', ' '])
    }

    /// The number at a place, counted from 0; `None` if there is no component or it is not a number.
    #[must_use]
    pub fn number(&self, place: usize) -> Option<u64> {
        self.components().nth(place)?.parse().ok()
    }

    /// The first component, if it is a number: the major version, or the branch of a driver.
    #[must_use]
    pub fn major(&self) -> Option<u64> {
        self.number(0)
    }

    /// The first `count` components; the whole version if it has no more.
    #[must_use]
    pub fn prefix(&self, count: usize) -> Self {
        let end = self.0.match_indices(['.', ' ']).nth(count.max(1) - 1);
        end.map_or_else(|| self.clone(), |(end, _)| Self(self.0[..end].into()))
    }

    /// Where this version lies, seen with the precision of the other: `9.3` and `9.3.1` are equal
    /// to `9.3`, `9.4` is greater.
    ///
    /// `None` where that is unknown: `9` may be older or newer than `9.3`, and of two different words
    /// (`R2`, `LTSC`) neither is the newer one.
    #[must_use]
    pub fn within(&self, other: &Self) -> Option<Ordering> {
        let mut mine = self.components();
        for theirs in other.components() {
            match compare(mine.next()?, theirs)? {
                Ordering::Equal => {}
                order => return Some(order),
            }
        }
        // Windows Server 2008 R2 is not a release of 2008, but the next product after it.
        match mine.next() {
            Some(rest) if !is_number(rest) => Some(Ordering::Greater),
            _ => Some(Ordering::Equal),
        }
    }

    /// Whether this is the version `other` or a release of it: `9.3` is one of `9`.
    #[must_use]
    pub fn is_release_of(&self, other: &Self) -> bool {
        self.within(other) == Some(Ordering::Equal)
    }
}

fn is_number(component: &str) -> bool {
    component.bytes().all(|byte| byte.is_ascii_digit())
}

/// Numbers by their value, however long; equal words are equal; others cannot be compared.
fn compare(mine: &str, theirs: &str) -> Option<Ordering> {
    if is_number(mine) && is_number(theirs) {
        let (mine, theirs) = (mine.trim_start_matches('0'), theirs.trim_start_matches('0'));
        return Some(mine.len().cmp(&theirs.len()).then_with(|| mine.cmp(theirs)));
    }
    mine.eq_ignore_ascii_case(theirs).then_some(Ordering::Equal)
}

/// Words in alphabetical order, with upper and lower case alike: `compare`, too, takes `R2` and `r2` for the same.
fn by_letters(mine: &str, theirs: &str) -> Ordering {
    mine.to_ascii_lowercase().cmp(&theirs.to_ascii_lowercase())
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut mine, mut theirs) = (self.components(), other.components());
        loop {
            let order = match (mine.next(), theirs.next()) {
                (None, None) => return self.0.cmp(&other.0),
                (None, Some(_)) => Ordering::Less,
                (Some(_), None) => Ordering::Greater,
                (Some(mine), Some(theirs)) => compare(mine, theirs).unwrap_or_else(|| {
                    is_number(mine).cmp(&is_number(theirs)).then_with(|| by_letters(mine, theirs))
                }),
            };
            if order != Ordering::Equal {
                return order;
            }
        }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl FromStr for Version {
    type Err = Error;

    /// Takes letters and digits between single dots or spaces, up to 64 bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for anything else.
    fn from_str(text: &str) -> Result<Self, Error> {
        // Every separator stands between two components.
        let mut is_within = false;
        let fits = |byte: u8| match byte {
            b'.' | b' ' => std::mem::take(&mut is_within),
            _ => {
                is_within = true;
                byte.is_ascii_alphanumeric()
            }
        };
        if text.len() <= LONGEST && text.bytes().all(fits) && is_within {
            return Ok(Self(text.into()));
        }
        let message = format!(
            "`{}` is not a version: use numbers with dots, such as 22.04, or words, such as 2008 R2",
            shown(text)
        );
        Err(Error::new(ErrorKind::InvalidRequest, message))
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;
    use std::cmp::Ordering;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn versions_sort_by_component() {
        let sorted =
            ["XP", "7", "8", "8.1", "9.9", "9.10", "9.10.1", "2008", "2008 R2", "2012", "2012 R2"];
        for (place, earlier) in sorted.iter().enumerate() {
            for later in &sorted[place + 1..] {
                assert!(version(earlier) < version(later), "{earlier} before {later}");
            }
        }
    }

    /// Sorting panics where an order is none.
    #[test]
    fn words_sort_alike_in_upper_and_lower_case() {
        let words = ["A.2", "B.1", "a.1", "b.2", "A.1", "2008 R2", "2008 r2"];
        let mut versions: Vec<_> =
            words.iter().cycle().take(100).map(|word| version(word)).collect();
        versions.sort();
        assert!(versions.is_sorted());
        assert!(version("a.1") < version("A.2") && version("A.2") < version("B.1"));
        assert!(version("a.1") < version("B.1"));
    }

    #[test]
    fn a_release_is_compared_with_the_precision_that_is_asked_for() {
        use Ordering::{Equal, Greater, Less};
        for (mine, other, order) in [
            ("22.04.3", "22.04", Some(Equal)),
            ("22.04", "22.04", Some(Equal)),
            ("22.10", "22.04", Some(Greater)),
            ("9.9", "9.10", Some(Less)),
            ("15", "15.5", None),
            ("15", "12.5", Some(Greater)),
            ("12.4", "12", Some(Equal)),
            ("2008 R2", "2008", Some(Greater)),
            ("2008 R2", "2008 r2", Some(Equal)),
            ("2012", "2008 R2", Some(Greater)),
            ("XP", "Vista", None),
            ("99999999999999999999999", "99999999999999999999998", Some(Greater)),
        ] {
            assert_eq!(version(mine).within(&version(other)), order, "{mine} and {other}");
        }
    }

    #[test]
    fn text_that_is_no_version_is_refused() {
        for text in ["", ".", "22.", "22..04", "22-04", "v 1 ", "22.04\n", "１２", &"1".repeat(65)]
        {
            assert!(text.parse::<Version>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_version_has_numbers_and_prefixes() {
        let driver = version("550.54.15");
        assert_eq!(driver.major(), Some(550));
        assert_eq!(driver.number(2), Some(15));
        assert_eq!(driver.number(3), None);
        assert_eq!(driver.prefix(1), version("550"));
        assert_eq!(driver.prefix(2), version("550.54"));
        assert_eq!(driver.prefix(9), driver);
        assert_eq!(version("2008 R2").prefix(1), version("2008"));
    }
}
