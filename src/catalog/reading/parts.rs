//! The components of a number, in place.

use std::ops::Deref;

/// No version has more components.
const MOST: usize = 8;

/// The components of a number: `22` and `04` of `22.04`. What follows the eighth is left out.
#[derive(Clone, Copy, Default)]
pub(super) struct Parts<'a> {
    texts: [&'a str; MOST],
    count: usize,
}

impl<'a> Parts<'a> {
    pub(super) fn push(&mut self, text: &'a str) {
        if let Some(place) = self.texts.get_mut(self.count) {
            *place = text;
            self.count += 1;
        }
    }

    /// The first components.
    pub(super) fn first(mut self, count: usize) -> Self {
        self.count = self.count.min(count);
        self
    }
}

impl<'a> Deref for Parts<'a> {
    type Target = [&'a str];

    fn deref(&self) -> &[&'a str] {
        &self.texts[..self.count]
    }
}

impl<'a> FromIterator<&'a str> for Parts<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut parts = Self::default();
        texts.into_iter().take(MOST).for_each(|text| parts.push(text));
        parts
    }
}
