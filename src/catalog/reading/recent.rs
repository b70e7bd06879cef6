//! What was read of the last few texts: in a list, the fields of many images say the same.

use std::collections::VecDeque;

/// How many texts are remembered.
const MOST: usize = 16;
/// The longest text that is, in bytes.
const LONGEST: usize = 256;

/// What was read of texts, by the texts.
pub(super) struct Recent<const COUNT: usize, V>(VecDeque<([Option<Box<str>>; COUNT], V)>);

impl<const COUNT: usize, V: Clone> Recent<COUNT, V> {
    pub(super) const fn new() -> Self {
        Self(VecDeque::new())
    }

    pub(super) fn find(&self, texts: [Option<&str>; COUNT]) -> Option<V> {
        let is_same = |known: &[Option<Box<str>>; COUNT]| {
            known.iter().zip(texts).all(|(known, text)| known.as_deref() == text)
        };
        self.0.iter().find(|(known, _)| is_same(known)).map(|(_, value)| value.clone())
    }

    /// Remembers a value in the place of the oldest one.
    pub(super) fn add(&mut self, texts: [Option<&str>; COUNT], value: &V) {
        if texts.iter().flatten().any(|text| text.len() > LONGEST) {
            return;
        }
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back((texts.map(|text| text.map(Into::into)), value.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, MOST, Recent};

    #[test]
    fn the_last_ones_are_remembered_and_no_long_ones() {
        let mut recent = Recent::new();
        let texts: Vec<String> = (0..=MOST).map(|number| number.to_string()).collect();
        for (value, text) in texts.iter().enumerate() {
            recent.add([Some(text), None], &value);
        }
        assert_eq!(recent.find([Some("0"), None]), None);
        assert_eq!(recent.find([Some("1"), None]), Some(1));
        assert_eq!(recent.find([Some("1"), Some("")]), None);
        assert_eq!(recent.find([None, Some("1")]), None);
        let long = "x".repeat(LONGEST + 1);
        recent.add([Some(&long), None], &7);
        assert_eq!(
            (recent.find([Some(&long), None]), recent.find([Some("1"), None])),
            (None, Some(1))
        );
    }
}
