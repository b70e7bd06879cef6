//! The processor architecture of an image.

use crate::catalog::shown::shown;
use crate::{Error, ErrorKind};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The processor architecture of an image, named as by `uname -m`.
///
/// Clouds use many names for few architectures. [`FromStr`] accepts all of them: `amd64`, `x64` and `x86_64` are the
/// same, and so are `arm64` and `aarch64`.
///
/// ```
/// use cloud_images::catalog::Architecture;
///
/// let architecture: Architecture = "arm64".parse()?;
/// assert_eq!(architecture, Architecture::Aarch64);
/// assert_eq!(architecture.to_string(), "aarch64");
/// # Ok::<_, cloud_images::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Architecture {
    /// 64-bit x86: `x86_64`.
    X86_64,
    /// 64-bit ARM: `aarch64`.
    Aarch64,
    /// 32-bit x86: `i686`.
    I686,
    /// 32-bit ARM: `armv7l`.
    Armv7,
    /// 64-bit RISC-V: `riscv64`.
    Riscv64,
    /// 64-bit POWER, little-endian: `ppc64le`.
    Ppc64le,
    /// 64-bit POWER, big-endian: `ppc64`.
    Ppc64,
    /// IBM Z: `s390x`.
    S390x,
    /// 64-bit LoongArch: `loongarch64`.
    Loongarch64,
}

impl Architecture {
    /// The name that `uname -m` prints.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
            Self::I686 => "i686",
            Self::Armv7 => "armv7l",
            Self::Riscv64 => "riscv64",
            Self::Ppc64le => "ppc64le",
            Self::Ppc64 => "ppc64",
            Self::S390x => "s390x",
            Self::Loongarch64 => "loongarch64",
        }
    }

    /// The architecture that a name stands for. Upper and lower case are equal.
    ///
    /// Returns `None` for names that stand for more than one architecture (`x86`, `arm`, `64bit`).
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        const LONGEST: usize = 12;
        let mut lower = [0; LONGEST];
        let lower = lower.get_mut(..word.len())?;
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"x86_64" | b"x86-64" | b"amd64" | b"x64" | b"em64t" | b"x86_64_mac" => Self::X86_64,
            b"aarch64" | b"arm64" | b"arm_64" | b"armv8" | b"arm64e" | b"arm64_mac" => {
                Self::Aarch64
            }
            b"i686" | b"i386" | b"i486" | b"i586" | b"x32" | b"ia32" => Self::I686,
            b"armv7" | b"armv7l" | b"armv7hl" | b"armhf" | b"armhfp" => Self::Armv7,
            b"riscv64" | b"riscv64gc" => Self::Riscv64,
            b"ppc64le" | b"ppc64el" => Self::Ppc64le,
            b"ppc64" => Self::Ppc64,
            b"s390x" => Self::S390x,
            b"loongarch64" | b"loong64" => Self::Loongarch64,
            _ => return None,
        })
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Architecture {
    type Err = Error;

    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the name stands for no architecture, or for more than one.
    fn from_str(word: &str) -> Result<Self, Error> {
        Self::of_word(word).ok_or_else(|| {
            let message = format!(
                "`{}` is not an architecture: use x86_64, aarch64, i686, armv7l, riscv64, ppc64le, ppc64, \
                 s390x or loongarch64",
                shown(word)
            );
            Error::new(ErrorKind::InvalidRequest, message)
        })
    }
}

impl Serialize for Architecture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Architecture {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<str>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Architecture;

    #[test]
    fn the_words_of_clouds_stand_for_architectures() {
        for (word, architecture) in [
            ("amd64", Architecture::X86_64),
            ("X86_64", Architecture::X86_64),
            ("Arm64", Architecture::Aarch64),
            ("i386", Architecture::I686),
            ("ppc64el", Architecture::Ppc64le),
        ] {
            assert_eq!(word.parse::<Architecture>().unwrap(), architecture, "{word}");
        }
    }

    #[test]
    fn a_word_for_more_than_one_architecture_stands_for_none() {
        for word in ["x86", "arm", "64bit", "", "an-architecture-of-a-later-day"] {
            assert!(word.parse::<Architecture>().is_err(), "{word}");
        }
    }

    #[test]
    fn an_architecture_is_read_as_it_is_written() {
        let written = serde_json::to_string(&Architecture::Aarch64).unwrap();
        assert_eq!(written, r#""aarch64""#);
        assert_eq!(serde_json::from_str::<Architecture>(&written).unwrap(), Architecture::Aarch64);
    }
}
