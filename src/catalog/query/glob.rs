//! Patterns with `*` for any characters and `?` for one.

/// Whether a pattern has a `*` or a `?`.
pub(super) fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

/// Whether the whole text fits the pattern. Upper and lower case differ.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    if pattern == text {
        return true;
    }
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // Where to go on if what follows the last star does not fit: one character later.
    let mut retry = None;
    loop {
        let here = pattern.clone();
        match pattern.next() {
            Some('*') => retry = Some((pattern.clone(), text.clone())),
            None if text.as_str().is_empty() => return true,
            wanted => {
                let found = text.next();
                if found.is_some() && (wanted == Some('?') || wanted == found) {
                    continue;
                }
                if found.is_none() && here.as_str().chars().any(|character| character != '*') {
                    return false;
                }
                let Some((after_star, from)) = &mut retry else { return false };
                if from.next().is_none() {
                    return false;
                }
                (pattern, text) = (after_star.clone(), from.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_is_any_characters_and_a_question_mark_is_one() {
        for (pattern, text, expected) in [
            ("eu-*", "eu-west-1", true),
            ("eu-*", "us-east-1", false),
            ("*", "", true),
            ("*-1", "eu-west-1", true),
            ("*-1", "eu-west-12", false),
            ("u?untu", "ubuntu", true),
            ("?", "", false),
            ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "a1b2b3", false),
            ("ab", "ab", true),
            ("ab", "AB", false),
            ("ab", "abc", false),
            ("abc", "ab", false),
            ("**a", "bba", true),
            ("a*", "ba", false),
            ("*é?", "caféx", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_on_a_long_text_end() {
        assert!(!fits(&"*a".repeat(50), &"a".repeat(49)));
        assert!(!fits(&format!("{}b", "a*".repeat(50)), &"a".repeat(10_000)));
    }
}
