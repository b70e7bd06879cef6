//! Text of others in sentences of ours.

/// Text as it may stand in a message: one line, at most 80 characters, nothing that a terminal obeys.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}

/// What a reader of JSON says, on one line of at most 200 characters.
pub(super) fn json_error(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let clean = said.chars().take(200).flat_map(|character| {
        // Quotes are part of the message, not of the text it quotes.
        let plain = matches!(character, '"' | '\'' | '\\');
        let escaped = (!plain).then(|| character.escape_debug());
        plain.then_some(character).into_iter().chain(escaped.into_iter().flatten())
    });
    clean.collect()
}

#[cfg(test)]
mod tests {
    use super::{json_error, shown};

    #[test]
    fn an_error_of_json_keeps_its_quotes() {
        let error = serde_json::from_str::<u32>(r#""a\u001b\u202e""#).unwrap_err();
        let said = r#"invalid type: string "a\u{1b}\u{202e}", expected u32 at line 1 column 15"#;
        assert_eq!(json_error(&error), said);
    }

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(shown("eu-west-1"), "eu-west-1");
        assert_eq!(shown("a\n\u{1b}[31m\u{202e}b"), "a\\n\\u{1b}[31m\\u{202e}b");
        assert_eq!(shown(&"x".repeat(1000)).len(), 80);
    }
}
