//! Numbers that look random and are the same in every run.

/// A number that looks as if it had nothing to do with `seed`: one step of SplitMix64.
pub(super) fn scramble(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number for a text.
pub(super) fn of_text(text: &str) -> u64 {
    text.bytes().fold(0, |hash, byte| scramble(hash ^ u64::from(byte)))
}

/// Hexadecimal digits, up to 128.
pub(super) fn hex(seed: u64, digits: usize) -> String {
    let mut text: String =
        (0..8).map(|part| format!("{:016x}", scramble(seed ^ (part << 56)))).collect();
    text.truncate(digits);
    text
}

/// A version 4 UUID.
pub(super) fn uuid(seed: u64) -> String {
    let digits = hex(seed, 32);
    let variant = ['8', '9', 'a', 'b'][(seed % 4) as usize];
    let (a, b, c, d, e) =
        (&digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..]);
    format!("{a}-{b}-4{c}-{variant}{d}-{e}")
}
