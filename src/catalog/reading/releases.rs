//! Which versions of a distribution exist.
//!
//! A number is a version only if the distribution has such a release: `3.3` is none of Amazon Linux,
//! and `1.29` is none of Ubuntu. The releases are the cycles in `data/lifecycle.tsv` and the column
//! `releases` of `data/distributions.tsv`. There, `;` stands between patterns and `.` between components;
//! a component is a number, a range `0~99`, or `*`. The column `shape` says how many components may
//! follow, with these words:
//!
//! - `compact`: the dots may be missing, `2204`;
//! - `coarse`: the first component alone is a version, too, `15`;
//! - `distinct`: versions look like nothing else in a name, so that words between the name of the
//!   distribution and the version do no harm. A `coarse` one still stands right behind the name.

use crate::catalog::distribution::table::{self, Row};
use std::sync::OnceLock;

/// The releases of one distribution.
#[derive(Debug)]
pub(super) struct Releases {
    pub(super) row: &'static Row,
    patterns: Vec<Vec<Component>>,
    points: usize,
    pub(super) compact: bool,
    coarse: bool,
    pub(super) distinct: bool,
    /// The code names with the release, and whether a code name stands for the distribution.
    pub(super) codenames: Vec<Codename>,
    long_term: Vec<&'static str>,
}

/// The code name of a release, in lower case.
#[derive(Debug)]
pub(super) struct Codename {
    pub(super) word: String,
    pub(super) release: &'static str,
    pub(super) alone: bool,
}

/// No pattern has more components.
const LONGEST: usize = 4;

#[derive(Debug)]
enum Component {
    /// A text and its key.
    Exact(&'static str, u64),
    Range(u32, u32),
}

/// A short text as a number, so that most differ at a glance; 0 for a long one.
fn key(text: &str) -> u64 {
    if text.len() > size_of::<u64>() {
        return 0;
    }
    text.bytes().fold(0, |key, byte| key << 8 | u64::from(byte))
}

impl Component {
    fn parse(text: &'static str) -> Self {
        let bounds = if text == "*" { Some(("0", "99999")) } else { text.split_once('~') };
        match bounds.and_then(|(low, high)| low.parse().ok().zip(high.parse().ok())) {
            Some((low, high)) => Self::Range(low, high),
            None => Self::Exact(text, key(text)),
        }
    }

    fn matches(&self, part: &str, part_key: u64) -> bool {
        match self {
            Self::Exact(text, key) => *key == part_key && (*key != 0 || *text == part),
            Self::Range(low, high) => {
                part.len() <= 5
                    && part.parse().is_ok_and(|number: u32| (*low..=*high).contains(&number))
            }
        }
    }
}

impl Releases {
    fn of(row: &'static Row) -> Self {
        let cycles: Vec<&Cycle> =
            cycles().iter().filter(|cycle| Some(cycle.product) == row.product).collect();
        let extra = row.releases.split(';').filter(|text| !text.is_empty());
        let all = cycles.iter().map(|cycle| cycle.release).chain(extra);
        let alone = |word: &str| row.codenames.split(';').any(|codename| codename == word);
        let codenames = cycles.iter().filter_map(|cycle| {
            let word = cycle.codename.split(' ').next()?.to_ascii_lowercase();
            let known = !row.codenames.is_empty() && !word.is_empty();
            known.then(|| Codename { alone: alone(&word), word, release: cycle.release })
        });
        let shape = |word| row.shape.split(' ').any(|flag| flag == word);
        Self {
            row,
            patterns: all.map(|text| text.split('.').map(Component::parse).collect()).collect(),
            points: row.shape.split(' ').next().and_then(|points| points.parse().ok()).unwrap_or(0),
            compact: shape("compact"),
            coarse: shape("coarse"),
            distinct: shape("distinct"),
            codenames: codenames.collect(),
            long_term: cycles
                .iter()
                .filter(|cycle| cycle.lts == "yes")
                .map(|cycle| cycle.release)
                .collect(),
        }
    }

    /// How many of the components make a version: 3 of `16.04.6`, 2 of `22.04.202602250`, `None` of `3.3`.
    pub(super) fn length(&self, parts: &[&str]) -> Option<usize> {
        let mut keyed = [("", 0); LONGEST];
        keyed.iter_mut().zip(parts).for_each(|(place, part)| *place = (part, key(part)));
        let fits = |pattern: &&Vec<Component>| {
            pattern.len() <= parts.len()
                && pattern.iter().zip(&keyed).all(|(one, (part, key))| one.matches(part, *key))
        };
        if let Some(release) = self.patterns.iter().filter(fits).map(Vec::len).max() {
            let points =
                parts[release..].iter().take(self.points).take_while(|part| is_point(part));
            return Some(release + points.count());
        }
        let first = |pattern: &Vec<Component>| {
            pattern.len() > 1
                && matches!((&pattern[0], parts), (Component::Exact(text, _), [part]) if text == part)
        };
        (self.coarse && self.patterns.iter().any(first)).then_some(1)
    }

    /// The place of the dot in a version without dots: 2 in `2204`.
    pub(super) fn dot(&self, digits: &str) -> Option<usize> {
        let whole = |place: &usize| self.length(&[&digits[..*place], &digits[*place..]]) == Some(2);
        (1..digits.len()).filter(|_| self.compact).find(whole)
    }

    /// Whether more components may follow than these.
    pub(super) fn is_coarse(&self, parts: usize) -> bool {
        parts == 1 && self.points > 0
    }

    /// The code name of a version.
    pub(super) fn codename(&self, version: &str) -> Option<&Codename> {
        self.codenames.iter().find(|codename| is_release(version, codename.release))
    }

    /// Whether the vendor calls the version a long-term support release; `None` if it has no such thing.
    pub(super) fn is_long_term(&self, version: &str) -> Option<bool> {
        let known = !self.long_term.is_empty() && version.contains('.');
        known.then(|| self.long_term.iter().any(|release| is_release(version, release)))
    }
}

/// A point release has at most two digits; more are a date or a build.
fn is_point(part: &str) -> bool {
    part.len() <= 2
}

/// Whether a version is the release, or a point release of it.
pub(super) fn is_release(version: &str, release: &str) -> bool {
    // Nearly all releases that are asked for differ in their length or their last digit.
    let (version, release) = (version.as_bytes(), release.as_bytes());
    let last = release.len().checked_sub(1);
    matches!(version.get(release.len()), None | Some(b'.'))
        && last.and_then(|last| version.get(last)) == release.last()
        && version.starts_with(release)
}

struct Cycle {
    product: &'static str,
    release: &'static str,
    codename: &'static str,
    lts: &'static str,
}

/// The life cycle table, read once.
fn cycles() -> &'static [Cycle] {
    static CYCLES: OnceLock<Vec<Cycle>> = OnceLock::new();
    CYCLES.get_or_init(|| {
        let lines = include_str!("../../../data/lifecycle.tsv").lines();
        let cycle = |line: &'static str| {
            let mut cells = line.split('\t');
            let (product, cycle) = (cells.next()?, cells.next()?);
            let release = cycle.strip_prefix("cos-").unwrap_or(cycle);
            Some(Cycle { product, release, codename: cells.next()?, lts: cells.next()? })
        };
        lines.filter_map(cycle).collect()
    })
}

/// The branches of the NVIDIA driver: `535`.
pub(super) fn is_driver_branch(number: &str) -> bool {
    static BRANCHES: OnceLock<Vec<u64>> = OnceLock::new();
    let branches = BRANCHES.get_or_init(|| {
        let drivers = cycles().iter().filter(|cycle| cycle.product == "nvidia-driver");
        let branch = |cycle: &Cycle| cycle.release.strip_prefix('r')?.split('-').next().map(key);
        drivers.filter_map(branch).collect()
    });
    branches.contains(&key(number))
}

/// The releases of every distribution, in the order of the table.
pub(super) fn all() -> &'static [Releases] {
    static ALL: OnceLock<Vec<Releases>> = OnceLock::new();
    ALL.get_or_init(|| table::rows().iter().map(Releases::of).collect())
}

/// The place of a distribution in [`all`].
pub(super) fn place(word: &str) -> Option<usize> {
    all().iter().position(|releases| releases.row.distribution.as_str() == word)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, all, is_driver_branch, place};

    fn length(distribution: &str, version: &str) -> Option<usize> {
        let parts: Vec<_> = version.split('.').collect();
        all()[place(distribution).unwrap()].length(&parts)
    }

    #[test]
    fn a_version_is_one_that_exists() {
        for (distribution, version, expected) in [
            ("ubuntu", "22.04", Some(2)),
            ("ubuntu", "16.04.6", Some(3)),
            ("ubuntu", "22.04.202602250", Some(2)),
            ("ubuntu", "22.05", None),
            ("ubuntu", "22", Some(1)),
            ("ubuntu", "1.29", None),
            ("amzn", "3.3", None),
            ("amzn", "2.0.20260930.0", Some(1)),
            ("amzn", "2023.12.20260930", Some(1)),
            ("amzn", "2018.03.0", Some(2)),
            ("debian", "10.2.0", Some(3)),
            ("debian", "99", None),
            ("rhel", "8.10", Some(2)),
            ("fedora", "39.20231101.3.0", Some(1)),
            ("cos", "63", Some(1)),
            ("coreos", "1122.0.0", Some(3)),
            ("euleros", "2.9", Some(2)),
            ("sles", "15", Some(1)),
            ("sles", "15.5", Some(2)),
            ("sles", "15.9", None),
        ] {
            assert_eq!(length(distribution, version), expected, "{distribution} {version}");
        }
    }

    #[test]
    fn no_pattern_is_too_long() {
        let mut patterns = all().iter().flat_map(|releases| &releases.patterns);
        assert!(patterns.all(|pattern| pattern.len() <= LONGEST));
    }

    #[test]
    fn dots_may_be_missing_where_the_table_says_so() {
        let dot = |distribution: &str, digits| all()[place(distribution).unwrap()].dot(digits);
        assert_eq!(dot("ubuntu", "2204"), Some(2));
        assert_eq!(dot("ubuntu", "2024"), None);
        assert_eq!(dot("ol", "810"), Some(1));
        assert_eq!(dot("debian", "124"), None);
    }

    #[test]
    fn releases_have_code_names_and_terms() {
        let ubuntu = &all()[place("ubuntu").unwrap()];
        assert_eq!(ubuntu.codename("22.04.3").unwrap().word, "jammy");
        assert_eq!(ubuntu.is_long_term("22.04.3"), Some(true));
        assert_eq!(ubuntu.is_long_term("22.10"), Some(false));
        assert_eq!(all()[place("rhel").unwrap()].is_long_term("9.2"), None);
        assert!(is_driver_branch("535") && !is_driver_branch("536"));
    }
}
