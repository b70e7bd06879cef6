//! A name as a row of words of the vocabulary, numbers, and the rest.

use super::parts::Parts;
use super::tokens::{Gap, Token};
use super::words::{Meaning, Vocabulary, Word};
use crate::catalog::Version;
use crate::types::Text;

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Word(&'static Word),
    /// Digits with dots between them: `22.04`.
    Number,
    /// A number that is part of a date: `2024`, `08` and `22` of `2024-08-22`.
    Date,
    /// A word that the vocabulary does not have.
    Unknown,
}

#[derive(Debug)]
pub(super) struct Piece<'a> {
    pub(super) kind: Kind,
    pub(super) gap: Gap,
    /// Whether the number is known to be that of something else.
    pub(super) taken: bool,
    tokens: &'a [Token<'a>],
}

impl Piece<'_> {
    pub(super) fn says(&self, meaning: Meaning) -> bool {
        self.bits() & meaning.bit() != 0 && self.meanings().contains(&meaning)
    }

    /// The bits of its meanings; see [`Meaning::bit`].
    pub(super) fn bits(&self) -> u32 {
        match self.kind {
            Kind::Word(word) => word.bits,
            Kind::Number | Kind::Date | Kind::Unknown => 0,
        }
    }

    /// Whether it has a meaning of one of these kinds.
    pub(super) fn is_any(&self, kinds: u32) -> bool {
        self.bits() & kinds != 0
    }

    pub(super) fn meanings(&self) -> &'static [Meaning] {
        match self.kind {
            Kind::Word(word) => &word.meanings,
            Kind::Number | Kind::Date | Kind::Unknown => &[],
        }
    }

    /// The components of the number; none if the piece is none, or if the number is taken.
    pub(super) fn number(&self) -> Parts<'_> {
        match self.kind {
            Kind::Number if !self.taken => self.parts().collect(),
            _ => Parts::default(),
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number)
    }

    pub(super) fn parts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.tokens.iter().map(|token| token.text)
    }

    /// The first component, or the word.
    pub(super) fn text(&self) -> &str {
        self.tokens.first().map_or("", |token| token.text)
    }
}

pub(super) fn pieces<'a>(tokens: &'a [Token<'a>]) -> Vec<Piece<'a>> {
    let vocabulary = Vocabulary::get();
    let mut pieces = Vec::with_capacity(tokens.len().min(64));
    let mut rest = tokens;
    while let Some(first) = rest.first() {
        let (kind, count) = match vocabulary.find(rest) {
            Some((word, count)) => (Kind::Word(word), count),
            None if first.is_number() => {
                let dotted = |token: &&Token<'_>| token.is_number() && token.gap == Gap::Dot;
                (Kind::Number, 1 + rest[1..].iter().take_while(dotted).count())
            }
            None => (Kind::Unknown, 1),
        };
        let (tokens, after) = rest.split_at(count);
        pieces.push(Piece { kind, gap: first.gap, taken: false, tokens });
        rest = after;
    }
    mark_dates(&mut pieces);
    pieces
}

/// Marks the dates that are written with dashes, so that no month or day becomes a version.
fn mark_dates(pieces: &mut [Piece<'_>]) {
    let mut at = 0;
    while at < pieces.len() {
        let count = date(pieces, at);
        pieces[at..at + count].iter_mut().for_each(|piece| piece.kind = Kind::Date);
        at += count.max(1);
    }
}

/// How many pieces belong to the date that begins here, with a time of day behind it; 0 if none begins.
fn date(pieces: &[Piece<'_>], at: usize) -> usize {
    let single = |piece: &&Piece<'_>| piece.is_number() && piece.parts().len() == 1;
    let year = pieces.get(at).filter(single).map_or("", Piece::text);
    // 2004 and 2010 are versions of Ubuntu, and no image is that old.
    if !is_within(year, 4, 2011, 2049) {
        return 0;
    }
    let named = at > 0 && pieces[at - 1].is_any(Meaning::SYSTEMS);
    // The year of `al2023-08-15` belongs to the name.
    if named && pieces[at].gap == Gap::None {
        return 0;
    }
    let dashed = |piece: &&Piece<'_>| piece.gap == Gap::Dash && single(piece);
    let follows: Parts<'_> =
        pieces[at + 1..].iter().take(5).take_while(dashed).map(Piece::text).collect();
    let is_month = |text: &str| is_within(text, 2, 1, 12);
    let is_day = |text: &str| is_within(text, 2, 1, 31);
    let is_date = match *follows {
        [month, day, ..] if is_month(month) && is_day(day) => true,
        // Right behind a name it may be a version: `amazon-linux-2018-03`.
        [month] if is_month(month) => !named,
        [both, ..] => {
            both.split_at_checked(2).is_some_and(|(month, day)| is_month(month) && is_day(day))
        }
        [] => false,
    };
    if is_date { 1 + follows.len() } else { 0 }
}

/// Whether a text has so many digits, and a value between these two.
fn is_within(text: &str, digits: usize, low: u32, high: u32) -> bool {
    text.len() == digits && text.parse().is_ok_and(|value: u32| (low..=high).contains(&value))
}

/// The bits of all meanings in a name, so that what it says nothing of is not looked for.
pub(super) fn bits(pieces: &[Piece<'_>]) -> u32 {
    pieces.iter().fold(0, |bits, piece| bits | piece.bits())
}

/// The components of the number at a place, with those that dashes join to it: `22` and `04` of `22-04`.
pub(super) fn joined<'a>(pieces: &'a [Piece<'a>], at: usize) -> Parts<'a> {
    let mut parts = pieces.get(at).map(Piece::number).unwrap_or_default();
    if parts.len() == 1 {
        let dashed = |piece: &&Piece<'_>| piece.gap == Gap::Dash && piece.number().len() == 1;
        let others = pieces[at + 1..].iter().take(3).take_while(dashed);
        others.for_each(|piece| parts.push(piece.text()));
    }
    parts
}

pub(super) fn version(parts: &[&str]) -> Option<Version> {
    Text::concat(parts.iter().flat_map(|part| [".", part]).skip(1)).parse().ok()
}

/// The one version that is said, or the most precise one if each of the others is a coarser form of it.
#[derive(Default)]
pub(super) enum Agreed {
    #[default]
    Unsaid,
    On(Version),
    Contradicted,
}

impl Agreed {
    pub(super) fn of(versions: impl IntoIterator<Item = Version>) -> Self {
        versions.into_iter().fold(Self::Unsaid, |agreed, version| agreed.also(Some(version)))
    }

    pub(super) fn also(self, version: Option<Version>) -> Self {
        match (self, version) {
            (agreed, None) => agreed,
            (Self::Unsaid, Some(version)) => Self::On(version),
            (Self::On(known), Some(version)) if known.is_release_of(&version) => Self::On(known),
            (Self::On(known), Some(version)) if version.is_release_of(&known) => Self::On(version),
            _ => Self::Contradicted,
        }
    }

    pub(super) fn version(self) -> Option<Version> {
        match self {
            Self::On(version) => Some(version),
            Self::Unsaid | Self::Contradicted => None,
        }
    }
}

/// A number with letters right behind it is an amount, `20G`.
pub(super) fn has_unit(pieces: &[Piece<'_>], at: usize) -> bool {
    pieces.get(at + 1).is_some_and(|next| {
        let word = matches!(next.kind, Kind::Unknown) || next.says(Meaning::Taker);
        word && next.gap == Gap::None && next.text().is_ascii() && next.text() != "s"
    })
}
