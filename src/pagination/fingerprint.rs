//! Which list a cursor belongs to.

use crate::query::QueryValue;

/// A hash of what a request asks for, besides the position: two requests with the same fingerprint go
/// through the same list. The same in every process and version: FNV-1a, 64 bits.
pub(crate) struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fingerprint {
    /// Adds a parameter as it is sent.
    pub fn add<T: QueryValue + ?Sized>(&mut self, name: &str, value: &T) {
        value.pairs(name, &mut |name, value| self.add_pair(name, value));
    }

    fn add_pair(&mut self, name: &str, value: &str) {
        for text in [name, value] {
            text.bytes().for_each(|byte| self.byte(byte));
            // No UTF-8 text has this byte, so that no two lists of texts are the same.
            self.byte(0xff);
        }
    }

    /// Adds a property of a body.
    #[allow(dead_code)] // depends on the documents
    pub fn add_json<T: serde::Serialize>(&mut self, name: &str, value: &T) {
        // A body that cannot be written is refused before it is sent.
        let text = serde_json::to_string(value).unwrap_or_default();
        self.add(name, text.as_str());
    }

    pub fn finish(self) -> u64 {
        self.0
    }

    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> u64 {
        let mut fingerprint = Fingerprint::default();
        pairs.iter().for_each(|(name, value)| fingerprint.add(name, *value));
        fingerprint.finish()
    }

    #[test]
    fn it_is_the_same_for_the_same_filters_only() {
        let one = of(&[("status", "FAILED"), ("region", "eu-west-1")]);
        // Stored cursors hold it: it must not change.
        assert_eq!(one, 0xef5d_f7a6_12a1_f84a);
        let others: [&[(&str, &str)]; 5] = [
            &[],
            &[("status", "FAILED")],
            &[("status", "PENDING"), ("region", "eu-west-1")],
            &[("status", "FAILEDregion"), ("", "eu-west-1")],
            &[("statusFAILED", "region"), ("eu-west-1", "")],
        ];
        for other in others {
            assert_ne!(of(other), one, "{other:?}");
        }
        assert_eq!(of(&[]), Fingerprint::default().finish());
    }

    #[test]
    fn a_property_of_a_body_counts_as_its_json() {
        let of = |value: &str| {
            let mut fingerprint = Fingerprint::default();
            fingerprint.add_json("Filter", &[value]);
            fingerprint.finish()
        };
        assert_eq!(of("a"), 0x9f8f_23dc_b26e_dfba);
        assert_ne!(of("a"), of("b"));
    }
}
