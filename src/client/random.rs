//! Random numbers: the keys of a new hasher are those of the standard library.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A text that no other call has, by which a service knows a request that is sent again.
pub(super) fn call_token() -> String {
    let number = || RandomState::new().build_hasher().finish();
    let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let time = time.map_or(0, |time| time.as_nanos() as u64);
    format!("{:016x}{:016x}", number() ^ time, number())
}

/// A number from 0 up to 1.
pub(super) fn random() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    (random >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_from_0_up_to_1() {
        let numbers: Vec<f64> = (0..1000).map(|_| random()).collect();
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        for tenth in 0..10 {
            let count = numbers.iter().filter(|number| (**number * 10.0) as usize == tenth).count();
            assert!(count > 20, "{count} of 1000 in the tenth {tenth}");
        }
    }

    #[test]
    fn no_two_calls_have_one_token() {
        let tokens: std::collections::HashSet<String> = (0..1000).map(|_| call_token()).collect();
        assert_eq!(tokens.len(), 1000);
        assert!(tokens.iter().all(|token| token.len() == 32));
    }
}
