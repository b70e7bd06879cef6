//! The vocabulary of names: the spellings of distributions, and `data/words.tsv`.
//!
//! A spelling has no separators: `amazonlinux` is found in `Amazon Linux`, `amazon-linux` and
//! `AmazonLinux`. The longest one wins.

use super::releases;
use super::tokens::{Gap, Token};
use crate::catalog::Architecture;
use std::sync::OnceLock;

/// What a word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A distribution, by its place in `releases::all`.
    Distribution(usize),
    /// A distribution if one of its versions follows, such as `al` before `2023`.
    DistributionBeforeVersion(usize),
    /// A distribution if the word is a segment of the name, such as `arch` in `linode/arch`.
    DistributionInSegment(usize),
    /// A code name: the places of the distribution and of the name among its code names.
    Codename(usize, usize),
    Windows,
    WindowsServer,
    /// Windows Server with its year.
    WindowsServerOf(&'static str),
    /// A release of Windows Server without a year.
    WindowsRelease(&'static str),
    /// A release of Windows that has a name.
    WindowsClient(&'static str),
    R2,
    ServicePack,
    /// The letter before a minor version, `OL8U10`.
    Update,
    Stream,
    Architecture(Architecture),
    Bits(&'static str),
    Arm,
    X86,
    /// May stand between a distribution and its version.
    Filler,
    /// May be software with versions of its own, or not: one number behind it is nobody's for certain.
    Product,
    Edition(&'static str),
    Extra(&'static str),
    /// Open kernel modules, if it is said of a driver.
    Open,
    Channel(&'static str),
    /// Software whose version may follow.
    Part(&'static str),
    Parallelcluster,
    Cuda,
    /// CUDA before two or three digits: `cu121`.
    Cu,
    Driver,
    /// The number that follows belongs to this word.
    Taker,
}

impl Meaning {
    fn parse(kind: &str, value: &'static str) -> Option<Self> {
        Some(match kind {
            "architecture" => Self::Architecture(Architecture::of_word(value)?),
            "bits" => Self::Bits(value),
            "family" if value == "arm" => Self::Arm,
            "family" => Self::X86,
            "filler" => Self::Filler,
            "product" => Self::Product,
            "stream" => Self::Stream,
            "edition" => Self::Edition(value),
            "extra" => Self::Extra(value),
            "open" => Self::Open,
            "channel" => Self::Channel(value),
            "part" => Self::Part(value),
            "parallelcluster" => Self::Parallelcluster,
            "cuda" => Self::Cuda,
            "cu" => Self::Cu,
            "driver" => Self::Driver,
            "taker" => Self::Taker,
            "windows" if value == "server" => Self::WindowsServer,
            "windows" => Self::Windows,
            "windows-server" => Self::WindowsServerOf(value),
            "windows-release" => Self::WindowsRelease(value),
            "windows-client" => Self::WindowsClient(value),
            "r2" => Self::R2,
            "service-pack" => Self::ServicePack,
            "update" => Self::Update,
            _ => return None,
        })
    }

    /// The bit of the kind of meaning, so that most words are passed over at a glance.
    pub(super) const fn bit(self) -> u32 {
        1 << match self {
            Self::Distribution(_) => 0,
            Self::DistributionBeforeVersion(_) => 1,
            Self::DistributionInSegment(_) => 2,
            Self::Codename(..) => 3,
            Self::Windows => 4,
            Self::WindowsServer => 5,
            Self::WindowsServerOf(_) => 6,
            Self::WindowsRelease(_) => 7,
            Self::WindowsClient(_) => 8,
            Self::R2 => 9,
            Self::ServicePack => 10,
            Self::Update => 11,
            Self::Stream => 12,
            Self::Architecture(_) => 13,
            Self::Bits(_) => 14,
            Self::Arm => 15,
            Self::X86 => 16,
            Self::Filler => 17,
            Self::Edition(_) => 18,
            Self::Extra(_) => 19,
            Self::Open => 20,
            Self::Channel(_) => 21,
            Self::Part(_) => 22,
            Self::Parallelcluster => 23,
            Self::Cuda => 24,
            Self::Cu => 25,
            Self::Driver => 26,
            Self::Taker => 27,
            Self::Product => 28,
        }
    }

    /// The bits of the meanings by which a piece may name a system.
    pub(super) const SYSTEMS: u32 = Self::Distribution(0).bit()
        | Self::DistributionBeforeVersion(0).bit()
        | Self::DistributionInSegment(0).bit()
        | Self::WINDOWS;

    /// The bits of the meanings by which a piece may name Windows.
    pub(super) const WINDOWS: u32 =
        Self::Windows.bit() | Self::WindowsServer.bit() | Self::WindowsServerOf("").bit();

    /// The bits of the meanings that become extras.
    pub(super) const EXTRAS: u32 = Self::Extra("").bit()
        | Self::Edition("").bit()
        | Self::Open.bit()
        | Self::Channel("").bit()
        | Self::Part("").bit();

    /// Whether the number that follows belongs to the word.
    pub(super) fn takes_number(self) -> bool {
        matches!(
            self,
            Self::Part(_)
                | Self::Parallelcluster
                | Self::Cuda
                | Self::Cu
                | Self::Driver
                | Self::Taker
        )
    }
}

/// A word of the vocabulary. Some say several things: `server` is an edition, and stands before a version.
#[derive(Debug)]
pub(super) struct Word {
    spelling: Vec<u8>,
    pub(super) meanings: Vec<Meaning>,
    /// The bits of the meanings.
    pub(super) bits: u32,
}

impl Word {
    /// How many of the tokens spell the word.
    fn spelled_by(&self, tokens: &[Token<'_>]) -> Option<usize> {
        let mut rest = self.spelling.as_slice();
        for (count, token) in tokens.iter().enumerate() {
            if count > 0 && matches!(token.gap, Gap::Break | Gap::Segment) {
                return None;
            }
            let (start, after) = rest.split_at_checked(token.text.len())?;
            let mut bytes = start.iter().zip(token.text.bytes());
            if !bytes.all(|(one, other)| *one == other.to_ascii_lowercase()) {
                return None;
            }
            if after.is_empty() {
                return Some(count + 1);
            }
            rest = after;
        }
        None
    }
}

/// All words, found by their first two characters.
pub(super) struct Vocabulary {
    words: Vec<Word>,
    /// Where the words of a pair of characters begin; they end where the next one's begin.
    starts: Vec<usize>,
}

/// Letters, digits, and one for the rest.
const CLASSES: usize = 37;

/// The class of every byte.
static CLASS: [u8; 256] = {
    let mut classes = [CLASSES as u8 - 1; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        classes[byte as usize] = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => byte - b'a' + 10,
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => CLASSES as u8 - 1,
        };
        byte += 1;
    }
    classes
};

fn class(byte: Option<&u8>) -> usize {
    byte.map_or(CLASSES - 1, |byte| usize::from(CLASS[usize::from(*byte)]))
}

impl Vocabulary {
    pub(super) fn get() -> &'static Self {
        static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
        VOCABULARY.get_or_init(|| Self::of(entries()))
    }

    fn of(mut entries: Vec<(String, Meaning)>) -> Self {
        let pair = |spelling: &[u8]| class(spelling.first()) * CLASSES + class(spelling.get(1));
        entries.sort_by(|(one, _), (other, _)| {
            let key = |text: &String| (pair(text.as_bytes()), usize::MAX - text.len());
            key(one).cmp(&key(other)).then_with(|| one.cmp(other))
        });
        let mut words: Vec<Word> = Vec::new();
        for (spelling, meaning) in entries {
            if words.last().is_none_or(|word| word.spelling != spelling.as_bytes()) {
                let spelling = spelling.to_ascii_lowercase().into_bytes();
                words.push(Word { spelling, meanings: Vec::new(), bits: 0 });
            }
            if let Some(word) = words.last_mut() {
                word.bits |= meaning.bit();
                word.meanings.push(meaning);
            }
        }
        let starts = (0..=CLASSES * CLASSES)
            .map(|start| words.partition_point(|word| pair(&word.spelling) < start))
            .collect();
        Self { words, starts }
    }

    /// The longest word that the tokens begin with, and how many tokens it takes.
    pub(super) fn find(&self, tokens: &[Token<'_>]) -> Option<(&Word, usize)> {
        let text = tokens.first()?.text.as_bytes();
        let second = text.get(1).or_else(|| tokens.get(1)?.text.as_bytes().first());
        let pair = class(text.first()) * CLASSES + class(second);
        let single = (class(text.first()) + 1) * CLASSES - 1;
        let words =
            |pair: usize| self.words.get(*self.starts.get(pair)?..*self.starts.get(pair + 1)?);
        // Most words differ in the last letter of the first token.
        let last = text.len().checked_sub(1)?;
        let letter = text.get(last)?.to_ascii_lowercase();
        let is_like = |word: &&Word| word.spelling.get(last) == Some(&letter);
        let mut found = words(pair).into_iter().chain(words(single).filter(|_| pair != single));
        found.find_map(|words| {
            let mut words = words.iter().filter(is_like);
            words.find_map(|word| Some((word, word.spelled_by(tokens)?)))
        })
    }
}

fn entries() -> Vec<(String, Meaning)> {
    let mut entries = Vec::new();
    for (place, releases) in releases::all().iter().enumerate() {
        for spelling in releases.row.spellings.split(';').filter(|spelling| !spelling.is_empty()) {
            let (word, meaning) = match (spelling.strip_suffix('#'), spelling.strip_suffix('!')) {
                (Some(word), _) => (word, Meaning::DistributionBeforeVersion(place)),
                (_, Some(word)) => (word, Meaning::DistributionInSegment(place)),
                _ => (spelling, Meaning::Distribution(place)),
            };
            entries.push((word.to_owned(), meaning));
        }
        for (codename, entry) in releases.codenames.iter().enumerate() {
            entries.push((entry.word.clone(), Meaning::Codename(place, codename)));
        }
    }
    let lines = include_str!("../../../data/words.tsv").lines();
    entries.extend(lines.filter(|line| !line.starts_with('#')).skip(1).filter_map(line));
    entries
}

fn line(line: &'static str) -> Option<(String, Meaning)> {
    let mut cells = line.split('\t');
    let (word, kind, value) = (cells.next()?, cells.next()?, cells.next()?);
    Some((word.to_owned(), Meaning::parse(kind, value)?))
}

#[cfg(test)]
mod tests {
    use super::super::releases;
    use super::super::tokens::tokens;
    use super::{Meaning, Vocabulary, line};
    use crate::catalog::Architecture;

    #[test]
    fn every_line_of_the_table_has_a_meaning() {
        let lines = include_str!("../../../data/words.tsv").lines().skip(2);
        for text in lines {
            assert!(line(text).is_some(), "{text}");
        }
    }

    #[test]
    fn the_longest_word_is_found_however_it_is_cut() {
        let amazon = Meaning::Distribution(releases::place("amzn").unwrap());
        for name in ["Amazon Linux 2", "amazon-linux-2", "AmazonLinux2", "AMAZON_LINUX"] {
            let tokens = tokens(name);
            let (word, count) = Vocabulary::get().find(&tokens).unwrap();
            assert!(word.meanings.contains(&amazon), "{name}");
            assert_eq!(count, 2, "{name}");
        }
        let tokens = tokens("x86_64-2");
        let (word, count) = Vocabulary::get().find(&tokens).unwrap();
        assert!(word.meanings.contains(&Meaning::Architecture(Architecture::X86_64)));
        assert_eq!(count, 3);
    }

    #[test]
    fn a_part_of_a_word_is_no_word() {
        for name in ["ubuntux", "xubuntu", "amazon - linux", "", "é"] {
            let found = Vocabulary::get().find(&tokens(name)).is_some_and(|(word, _)| {
                word.meanings.iter().any(|meaning| matches!(meaning, Meaning::Distribution(_)))
            });
            assert!(!found, "{name}");
        }
    }
}
