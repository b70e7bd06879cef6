//! The hash of an image's data, as far as the service tells one.

use super::types::{HashAlgorithm, Image};
use md5::Md5;
use sha2::{Digest, Sha256, Sha512};
use std::fmt::Write;

/// What the data has to be.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub name: &'static str,
    pub value: String,
}

impl Expected {
    /// The strongest hash of the image that can be computed here: `os_hash_value`, or else `checksum`.
    pub fn of(image: &Image) -> Option<Self> {
        let name = match image.os_hash_algo {
            Some(HashAlgorithm::Sha512) => Some("sha512"),
            Some(HashAlgorithm::Sha256) => Some("sha256"),
            Some(HashAlgorithm::Md5) => Some("md5"),
            _ => None,
        };
        let strong = name.zip(image.os_hash_value.clone());
        let (name, value) = strong.or_else(|| Some(("md5", image.checksum.clone()?)))?;
        Some(Self { name, value: value.to_lowercase() })
    }

    pub fn hasher(&self) -> Hasher {
        match self.name {
            "sha512" => Hasher::Sha512(Sha512::new()),
            "sha256" => Hasher::Sha256(Sha256::new()),
            _ => Hasher::Md5(Md5::new()),
        }
    }
}

#[derive(Clone)]
pub(super) enum Hasher {
    Sha512(Sha512),
    Sha256(Sha256),
    Md5(Md5),
}

impl Hasher {
    pub fn update(&mut self, data: &[u8]) {
        match self {
            Self::Sha512(hasher) => hasher.update(data),
            Self::Sha256(hasher) => hasher.update(data),
            Self::Md5(hasher) => hasher.update(data),
        }
    }

    /// In hexadecimal.
    pub fn finish(self) -> String {
        match self {
            Self::Sha512(hasher) => hex(&hasher.finalize()),
            Self::Sha256(hasher) => hex(&hasher.finalize()),
            Self::Md5(hasher) => hex(&hasher.finalize()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
