//! HMAC-SHA256 (RFC 2104), by which requests are signed.
//!
//! The construction is these lines around `sha2`; a crate for it would bring two more, for comparisons in constant
//! time, which a signer does not make. It takes keys of every length, so nothing here can fail.

use sha2::{Digest, Sha256};

/// How many bytes SHA-256 takes at a time.
const BLOCK: usize = 64;

/// The state after a key and what was added since. A clone goes on from there.
#[derive(Clone)]
pub(crate) struct HmacSha256 {
    inner: Sha256,
    outer: Sha256,
}

impl HmacSha256 {
    pub fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        match block.get_mut(..key.len()) {
            Some(start) => start.copy_from_slice(key),
            None => block[..32].copy_from_slice(&Sha256::digest(key)),
        }
        Self {
            inner: Sha256::new_with_prefix(block.map(|byte| byte ^ 0x36)),
            outer: Sha256::new_with_prefix(block.map(|byte| byte ^ 0x5c)),
        }
    }

    pub fn update(&mut self, data: &[u8]) {
        self.inner.update(data);
    }

    pub fn finish(self) -> [u8; 32] {
        self.outer.chain_update(self.inner.finalize()).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::HmacSha256;
    use crate::hex;

    /// The test cases of RFC 4231, without the one that truncates.
    #[test]
    fn the_published_cases() {
        let counted: Vec<u8> = (1..=25).collect();
        let long = b"This is a test using a larger than block-size key and a larger than block-size data. \
                     The key needs to be hashed before being used by the HMAC algorithm.";
        for (key, data, expected) in [
            (
                &[0x0b; 20][..],
                &b"Hi There"[..],
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 20],
                &[0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
            (
                &counted,
                &[0xcd; 50],
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                &[0xaa; 131],
                long,
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ] {
            let mut mac = HmacSha256::new(key);
            let (first, second) = data.split_at(data.len() / 2);
            mac.update(first);
            let mut clone = mac.clone();
            mac.update(second);
            assert_eq!(hex::encode(&mac.finish()), expected);
            clone.update(second);
            assert_eq!(hex::encode(&clone.finish()), expected);
        }
    }

    #[test]
    fn a_key_of_one_block_is_not_hashed() {
        let digest = |key: &[u8]| HmacSha256::new(key).finish();
        // Shorter keys are filled up by zeros.
        assert_eq!(digest(&[7; 63]), digest(&[&[7; 63][..], &[0]].concat()));
        assert_ne!(digest(&[7; 64]), digest(&[7; 65]));
        let hashed = <sha2::Sha256 as sha2::Digest>::digest([7; 65]);
        assert_eq!(digest(&[7; 65]), digest(&hashed));
    }
}
