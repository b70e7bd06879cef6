//! The operating system of an image.

use crate::catalog::shown::shown;
use crate::types::Text;
use crate::{Error, ErrorKind};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The distribution or operating system of an image: `ubuntu`, `rhel`, `windows-server`.
///
/// The words are those of `ID` in `/etc/os-release`, where a system has that file. Where one `ID` covers
/// products with different life cycles, each has a word: `centos-stream`, `windows` and `windows-server`.
/// The known ones are in `data/distributions.tsv`. A cloud of your own may have others: every lower-case
/// word is a distribution.
///
/// ```
/// use cloud_images::catalog::Distribution;
///
/// let rocky: Distribution = "rocky".parse()?;
/// assert_eq!(rocky, Distribution::ROCKY);
/// assert_eq!(rocky.name(), "Rocky Linux");
/// assert_eq!(rocky.product(), Some("rocky-linux"));
/// # Ok::<_, cloud_images::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Distribution(Text);

macro_rules! distributions {
    ($($name:ident = $word:literal,)*) => {
        /// The distributions that programs name most often.
        impl Distribution {
            $(#[doc = concat!("`", $word, "`")] pub const $name: Self = Self(Text::from_static($word));)*

            #[cfg(test)]
            const NAMED: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

distributions! {
    UBUNTU = "ubuntu",
    DEBIAN = "debian",
    RHEL = "rhel",
    CENTOS = "centos",
    CENTOS_STREAM = "centos-stream",
    ROCKY = "rocky",
    ALMALINUX = "almalinux",
    ORACLE_LINUX = "ol",
    FEDORA = "fedora",
    AMAZON_LINUX = "amzn",
    OPENSUSE = "opensuse",
    SLES = "sles",
    ALPINE = "alpine",
    EULEROS = "euleros",
    OPENEULER = "openeuler",
    HUAWEI_CLOUD_EULEROS = "hce",
    FREEBSD = "freebsd",
    WINDOWS = "windows",
    WINDOWS_SERVER = "windows-server",
}

impl Distribution {
    /// The word, as in `/etc/os-release`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that its vendor uses, `Rocky Linux`; the word itself if the distribution is not in the table.
    #[must_use]
    pub fn name(&self) -> &str {
        table::find(self).map_or(self.as_str(), |row| row.name)
    }

    /// What [endoflife.date](https://endoflife.date) calls the product; `None` if it does not list it.
    #[must_use]
    pub fn product(&self) -> Option<&'static str> {
        table::find(self)?.product
    }

    /// Whether the distribution is in the table.
    #[must_use]
    pub fn is_known(&self) -> bool {
        table::find(self).is_some()
    }
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl FromStr for Distribution {
    type Err = Error;

    /// Takes a word of letters, digits, `-`, `_` and `.`, up to 40 bytes; upper case becomes lower case.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for anything else.
    fn from_str(word: &str) -> Result<Self, Error> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if word.is_empty() || word.len() > 40 || !word.bytes().all(allowed) {
            let message = format!(
                "`{}` is not a distribution: use the ID in /etc/os-release, such as ubuntu or rhel",
                shown(word)
            );
            return Err(Error::new(ErrorKind::InvalidRequest, message));
        }
        if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Ok(Self(word.to_ascii_lowercase().into()));
        }
        Ok(Self(word.into()))
    }
}

impl Serialize for Distribution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Distribution {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<str>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

/// `data/distributions.tsv`.
pub(super) mod table {
    use super::Distribution;
    use std::collections::HashMap;
    use std::sync::OnceLock;

    /// What the table says of a distribution.
    #[derive(Debug)]
    pub(in super::super) struct Row {
        pub(in super::super) distribution: Distribution,
        pub(in super::super) name: &'static str,
        pub(in super::super) product: Option<&'static str>,
        /// What a version looks like; see `reading::releases`.
        pub(in super::super) shape: &'static str,
        /// Releases besides those of the life cycle table.
        pub(in super::super) releases: &'static str,
        pub(in super::super) spellings: &'static str,
        /// Code names that stand for the distribution without its name.
        pub(in super::super) codenames: &'static str,
    }

    /// All rows, in the order of the file.
    pub(in super::super) fn rows() -> &'static [Row] {
        static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
        ROWS.get_or_init(|| {
            let lines = include_str!("../../data/distributions.tsv").lines();
            lines.filter(|line| !line.starts_with('#')).skip(1).filter_map(row).collect()
        })
    }

    fn row(line: &'static str) -> Option<Row> {
        let mut cells = line.split('\t');
        let mut cell = || cells.next();
        Some(Row {
            distribution: cell()?.parse().ok()?,
            name: cell()?,
            product: cell().filter(|product| !product.is_empty()),
            shape: cell()?,
            releases: cell()?,
            spellings: cell()?,
            codenames: cell()?,
        })
    }

    /// The row of a distribution.
    pub(super) fn find(distribution: &Distribution) -> Option<&'static Row> {
        static INDEX: OnceLock<HashMap<&'static str, &'static Row>> = OnceLock::new();
        let index = INDEX
            .get_or_init(|| rows().iter().map(|row| (row.distribution.as_str(), row)).collect());
        index.get(distribution.as_str()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{Distribution, table};

    #[test]
    fn every_line_of_the_table_is_a_row() {
        let text = include_str!("../../data/distributions.tsv");
        assert_eq!(table::rows().len(), text.lines().count() - 2);
    }

    #[test]
    fn the_named_distributions_are_in_the_table() {
        for distribution in Distribution::NAMED {
            assert!(distribution.is_known(), "{distribution}");
        }
    }

    #[test]
    fn every_product_has_a_life_cycle() {
        let cycles = include_str!("../../data/lifecycle.tsv");
        for product in table::rows().iter().filter_map(|row| row.product) {
            assert!(
                cycles.lines().any(|line| line.split('\t').next() == Some(product)),
                "{product}"
            );
        }
    }

    #[test]
    fn a_distribution_of_ones_own_is_taken() {
        let own: Distribution = "In-House.Linux".parse().unwrap();
        assert_eq!(
            (own.as_str(), own.name(), own.product()),
            ("in-house.linux", "in-house.linux", None)
        );
        for refused in ["", "two words", "a\u{202e}b", &"x".repeat(41)] {
            assert!(refused.parse::<Distribution>().is_err(), "{refused:?}");
        }
    }
}
