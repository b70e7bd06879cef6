//! Makes any text safe to show: one line of limited length, in which nothing is hidden.
//!
//! Text of a service goes into logs and terminals. Line breaks in it would forge log entries, control
//! characters steer a terminal, and bidirectional or invisible characters make a text look like another.

/// How long a line may be, in characters.
pub(crate) const LONGEST: usize = 640;

/// How much of a text is looked at, in bytes.
const LOOKED_AT: usize = 16 << 10;

/// The text as one line of at most [`LONGEST`] characters.
pub(crate) fn line(text: impl Into<String>) -> String {
    let text = text.into();
    if is_clean(&text) { text } else { cut(&text, LONGEST) }
}

/// The text as one line of at most so many characters.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    let head = head(text, LOOKED_AT);
    let mut line = String::with_capacity(head.len().min(4 * longest));
    let (mut length, mut gap) = (0, false);
    for character in head.chars().filter(|character| !is_hidden(*character)) {
        if character.is_whitespace() || character.is_control() {
            gap = length > 0;
            continue;
        }
        if length + usize::from(gap) >= longest {
            line.push('…');
            return line;
        }
        if std::mem::take(&mut gap) {
            line.push(' ');
            length += 1;
        }
        line.push(character);
        length += 1;
    }
    if head.len() < text.len() {
        line.push('…');
    }
    line
}

/// The beginning of a text, of at most so many bytes.
pub(crate) fn head(text: &str, longest: usize) -> &str {
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The usual case: nothing to change.
fn is_clean(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= LONGEST
        && bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && !bytes.windows(2).any(|pair| pair == b"  ")
        && bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
}

/// Characters without a width of their own, and those that change the direction of what follows.
fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_one_line_that_hides_nothing() {
        let cases = [
            ("plain text", "plain text"),
            ("  two\r\n\tlines \u{85} ", "two lines"),
            ("two  spaces", "two spaces"),
            (" a space before", "a space before"),
            ("a space behind ", "a space behind"),
            ("\u{1b}[31mred\u{7}", "[31mred"),
            ("admin\u{202e}gpj.exe\u{2066}\u{61c}", "admingpj.exe"),
            ("z\u{200b}e\u{feff}r\u{2060}o\u{ad}", "zero"),
            ("para\u{2029}graph", "para graph"),
            ("한국어 이미지 – ação", "한국어 이미지 – ação"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_beginning_of_a_text_has_whole_characters() {
        assert_eq!(head("naïve", 3), "na");
        assert_eq!(head("naïve", 4), "naï");
        assert_eq!(head("naïve", 100), "naïve");
    }

    #[test]
    fn a_line_has_a_limit() {
        assert_eq!(cut("abc def", 5), "abc d…");
        assert_eq!(cut("abc def", 4), "abc…");
        assert_eq!(cut("abc def", 7), "abc def");
        for text in ["x".repeat(300_000), "é ".repeat(300_000), " ".repeat(300_000)] {
            let line = line(text);
            assert!(line.chars().count() <= LONGEST + 1, "{} characters", line.chars().count());
            assert!(line.ends_with('…'));
        }
    }
}
