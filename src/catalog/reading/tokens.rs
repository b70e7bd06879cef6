//! Cuts a name into words and numbers, in one pass.

/// What stands between a token and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing: `ubuntu` and `20` of `ubuntu20`.
    None,
    Dot,
    /// `-` or `_`, alone.
    Dash,
    /// `/` or `:`: another segment of the name begins.
    Segment,
    /// A dash with spaces around it.
    Break,
    /// Spaces and all other characters. The name begins with it.
    Space,
}

/// A run of letters, a run of digits, or one letter beyond ASCII.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) gap: Gap,
}

impl Token<'_> {
    pub(super) fn is_number(&self) -> bool {
        self.text.starts_with(|first: char| first.is_ascii_digit())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Digit,
    Small,
    Capital,
    /// A separator.
    Other,
    /// A part of a character beyond ASCII.
    Beyond,
}

static KIND: [Kind; 256] = {
    let mut kinds = [Kind::Beyond; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        kinds[byte as usize] = match byte {
            b'0'..=b'9' => Kind::Digit,
            b'a'..=b'z' => Kind::Small,
            b'A'..=b'Z' => Kind::Capital,
            _ => Kind::Other,
        };
        byte += 1;
    }
    kinds
};

/// A run of letters ends before a capital, too: `CUDA9ClassicAmazonLinux` has five tokens.
pub(super) fn tokens(name: &str) -> Vec<Token<'_>> {
    let bytes = name.as_bytes();
    let mut tokens = Vec::with_capacity(name.len().min(32));
    let (mut at, mut gap) = (0, Gap::Space);
    while let Some(&byte) = bytes.get(at) {
        let length = match KIND[usize::from(byte)] {
            Kind::Digit => run(&bytes[at..], Kind::Digit),
            Kind::Small | Kind::Capital => word(&bytes[at..]),
            Kind::Other => {
                gap = after(gap, byte, bytes.get(at + 1));
                at += 1;
                continue;
            }
            Kind::Beyond => {
                let rest = name.get(at..).unwrap_or_default();
                let character = rest.chars().next().unwrap_or_default();
                if !character.is_alphanumeric() {
                    (at, gap) = (at + character.len_utf8(), Gap::Space);
                    continue;
                }
                character.len_utf8()
            }
        };
        tokens.push(Token { text: name.get(at..at + length).unwrap_or_default(), gap });
        (at, gap) = (at + length, Gap::None);
    }
    tokens
}

fn run(bytes: &[u8], kind: Kind) -> usize {
    bytes.iter().position(|&byte| KIND[usize::from(byte)] != kind).unwrap_or(bytes.len())
}

/// The length of the word that begins here: `UBUNTU`, `Alma`, `DLAM` of `DLAMIwith`.
fn word(bytes: &[u8]) -> usize {
    let capitals = run(bytes, Kind::Capital);
    let small = run(&bytes[capitals..], Kind::Small);
    match (capitals, small) {
        (2.., 1..) => capitals - 1,
        _ => capitals + small,
    }
}

/// The gap once one more separator is seen.
fn after(gap: Gap, separator: u8, next: Option<&u8>) -> Gap {
    match (gap, separator) {
        (Gap::Break, _) => Gap::Break,
        (_, b'/' | b':') | (Gap::Segment, _) => Gap::Segment,
        (Gap::None, b'.') => Gap::Dot,
        (Gap::None, b'-' | b'_') => Gap::Dash,
        (Gap::Space, b'-') if next == Some(&b' ') => Gap::Break,
        _ => Gap::Space,
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, tokens};

    fn texts(name: &str) -> Vec<&str> {
        tokens(name).iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_end_at_capitals_and_digits() {
        assert_eq!(texts("AlmaLinux-9_x86_64"), ["Alma", "Linux", "9", "x", "86", "64"]);
        assert_eq!(texts("CUDA9ClassicAmazonLinux"), ["CUDA", "9", "Classic", "Amazon", "Linux"]);
        assert_eq!(texts("RHEL-7.4"), ["RHEL", "7", "4"]);
        assert_eq!(texts("GPUDriver"), ["GPU", "Driver"]);
        assert_eq!(texts("64位"), ["64", "位"]);
        assert!(texts("").is_empty());
        assert!(texts(" -:/\u{1}\u{200b}\u{202e}\u{ff08}").is_empty());
    }

    #[test]
    fn gaps_say_how_tokens_belong_together() {
        let gaps = |name| tokens(name).iter().skip(1).map(|token| token.gap).collect::<Vec<_>>();
        assert_eq!(gaps("ubuntu22.04-lts"), [Gap::None, Gap::Dot, Gap::Dash]);
        assert_eq!(gaps("Linux - 3"), [Gap::Break]);
        assert_eq!(gaps("a:b/c (d)"), [Gap::Segment, Gap::Segment, Gap::Space]);
    }
}
