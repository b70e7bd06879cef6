//! The hash that an image's data must have.

use crate::hex;
use crate::ims::types::{HashAlgorithm, Image};
use md5::Md5;
use sha2::{Digest, Sha256, Sha512};

/// The MD5 of nothing and of `{}`. IMS reports one of them as the `checksum` of an image whose data it does
/// not hash, and then the `size` is not that of the data either.
const PLACEHOLDERS: [&str; 2] =
    ["d41d8cd98f00b204e9800998ecf8427e", "99914b932bd37a50b983c5e7c90ae93b"];

/// What the service says about the data of an image.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Facts {
    pub size: Option<u64>,
    pub hash: Option<Expected>,
}

/// The name of a hash algorithm, and the hash in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expected {
    pub algorithm: &'static str,
    pub value: String,
}

impl Facts {
    /// The size, and the strongest hash that this crate computes: `os_hash_value`, or else `checksum`.
    pub fn of(image: &Image) -> Self {
        let size = image.size.and_then(|size| u64::try_from(size).ok());
        let algorithm = match image.os_hash_algo {
            Some(HashAlgorithm::Sha512) => Some("sha512"),
            Some(HashAlgorithm::Sha256) => Some("sha256"),
            Some(HashAlgorithm::Md5) => Some("md5"),
            _ => None,
        };
        let lower = |text: &String| text.to_lowercase();
        if let Some((algorithm, value)) = algorithm.zip(image.os_hash_value.as_ref().map(lower)) {
            return Self { size, hash: Some(Expected { algorithm, value }) };
        }
        match image.checksum.as_ref().map(lower) {
            Some(value) if PLACEHOLDERS.contains(&value.as_str()) => Self::default(),
            Some(value) => Self { size, hash: Some(Expected { algorithm: "md5", value }) },
            None => Self { size, hash: None },
        }
    }
}

impl Expected {
    pub fn hasher(&self) -> Hasher {
        match self.algorithm {
            "sha512" => Hasher::Sha512(Sha512::new()),
            "sha256" => Hasher::Sha256(Sha256::new()),
            _ => Hasher::Md5(Md5::new()),
        }
    }
}

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

    /// In lower-case hexadecimal.
    pub fn finish(self) -> String {
        match self {
            Self::Sha512(hasher) => hex::encode(&hasher.finalize()),
            Self::Sha256(hasher) => hex::encode(&hasher.finalize()),
            Self::Md5(hasher) => hex::encode(&hasher.finalize()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Facts {
        Facts::of(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn the_strongest_hash_counts() {
        let facts = facts(
            r#"{"id": "x", "size": 3, "checksum": "AB", "os_hash_algo": "sha256", "os_hash_value": "CD"}"#,
        );
        let hash = Expected { algorithm: "sha256", value: "cd".to_owned() };
        assert_eq!(facts, Facts { size: Some(3), hash: Some(hash) });
    }

    #[test]
    fn a_placeholder_says_nothing_about_the_data() {
        for checksum in PLACEHOLDERS {
            let text = format!(r#"{{"id": "x", "size": 2, "checksum": "{checksum}"}}"#);
            assert_eq!(facts(&text), Facts::default());
        }
        let unknown =
            facts(r#"{"id": "x", "size": 2, "os_hash_algo": "blake9", "os_hash_value": "00"}"#);
        assert_eq!(unknown, Facts { size: Some(2), hash: None });
    }
}
