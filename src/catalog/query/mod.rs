//! Queries: conditions that images must meet.

mod build;
mod check;
mod glob;
mod parse;
mod term;
#[cfg(test)]
mod tests;

pub use check::{Context, Miss};
pub use term::{Field, Operator, Term};

use super::Image;
use crate::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// The longest query that is read, in bytes.
const MAX_LENGTH: usize = 4096;
/// The longest regular expression, in bytes.
const MAX_REGEX: usize = 1000;

/// A query: an image matches if it meets all of its terms.
///
/// A query does not choose between several matching images. A [`Policy`](crate::catalog::Policy) does.
///
/// ```
/// use cloud_images::catalog::{Hints, Image, Query};
///
/// let query: Query = "ubuntu>=22.04 arch=arm64 region=eu-* status=available".parse()?;
/// assert_eq!(query.to_string(), "distribution=ubuntu version>=22.04 arch=aarch64 region=eu-* status=available");
///
/// let mut image = Image::new("prod", "aws", "ami-1", "ubuntu-focal-20.04-arm64-server").read(&Hints::default());
/// image.region = Some("eu-west-1".into());
/// let misses: Vec<String> = query.misses(&image).iter().map(ToString::to_string).collect();
/// assert_eq!(misses, ["version>=22.04, the image has 20.04", "status=available, the image does not say"]);
/// # Ok::<_, cloud_images::Error>(())
/// ```
///
/// # The language
///
/// A query is a list of terms, separated by spaces. A term is a distribution, with or without a version (`debian`,
/// `ubuntu>=22.04`), or a field, an operator and a value. `=` and `!=` accept several values, separated by commas:
/// `region=eu-west-1,eu-central-1` matches either region. Put a value with spaces in quotes: `version="2012 R2"`.
/// Inside quotes, `\"` is a quote and `\\` a backslash.
///
/// | fields | operators | values |
/// |---|---|---|
/// | `distribution` (`os`) | `=` `!=` | words of `/etc/os-release`, or usual spellings |
/// | `version` `driver` `cuda` `parallelcluster` | `=` `!=` `>=` `>` `<=` `<` | versions |
/// | `arch` `status` `visibility` | `=` `!=` | words; architectures in any cloud's spelling |
/// | `codename` `edition` `source` `provider` `region` `id` `owner` | `=` `!=` | words, with `*` and `?` |
/// | `name` | `=` `!=` `~` | words with `*` and `?`; a regular expression after `~` |
/// | `with` | `=` `!=` | extras, such as `docker` |
/// | `lts` | `=` | `true` or `false` |
/// | `from` | `=` | publishers, such as `canonical`, and accounts, such as `aws/123456789012` |
/// | `created` | `>=` `>` `<=` `<` | a day or a time in UTC, `2026-03-01` |
/// | `supported_for` | `=` | how long the image is still in standard support: `180d`, `26w`, `2y` |
///
/// A version is compared with the precision of the query: 22.04.3 matches `=22.04` and `<=22.04`. An unknown value
/// matches no term, neither `=` nor `!=`. Nor does a version that is too coarse to compare.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    terms: Vec<Term>,
}

impl Query {
    /// A query without terms, which every image matches.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The conditions, in their order.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The exact values that the query allows for a field, such as `eu-west-1` for `region=eu-west-1`. `None` if it
    /// allows others.
    ///
    /// A source can request only these from its service.
    #[must_use]
    pub fn exact(&self, field: Field) -> Option<Vec<String>> {
        self.terms.iter().filter(|term| term.field == field).find_map(Term::exact)
    }

    /// Splits the query into the terms for which `is_checked` is `true`, which the service checks, and all others. An
    /// image matches the query if it matches both parts.
    #[must_use]
    pub fn split(self, mut is_checked: impl FnMut(&Term) -> bool) -> (Self, Self) {
        let (checked, rest) = self.terms.into_iter().partition(|term| is_checked(term));
        (Self { terms: checked }, Self { terms: rest })
    }

    /// Whether a term depends on what is read from names and fields. If not, no image needs to be read.
    #[must_use]
    pub fn needs_reading(&self) -> bool {
        self.terms.iter().any(|term| {
            !matches!(
                term.field,
                Field::Source
                    | Field::Provider
                    | Field::Region
                    | Field::Id
                    | Field::Name
                    | Field::Owner
                    | Field::From
                    | Field::Status
                    | Field::Visibility
                    | Field::Created
            )
        })
    }

    /// Whether an image matches.
    #[must_use]
    pub fn matches(&self, image: &Image) -> bool {
        self.matches_in(image, &Context::default())
    }

    /// Like the method without a context, for another day, another table of life cycles, or the account of the source.
    #[must_use]
    pub fn matches_in(&self, image: &Image, context: &Context<'_>) -> bool {
        self.terms.iter().all(|term| check::fits(term, image, context))
    }

    /// Every term that an image does not match, and why. Empty if the image matches.
    #[must_use]
    pub fn misses(&self, image: &Image) -> Vec<Miss> {
        self.misses_in(image, &Context::default())
    }

    /// Like the method without a context, for another day, another table of life cycles, or the account of the source.
    #[must_use]
    pub fn misses_in(&self, image: &Image, context: &Context<'_>) -> Vec<Miss> {
        let missed = self.terms.iter().filter(|term| !check::fits(term, image, context));
        missed
            .map(|term| Miss { term: term.clone(), found: check::found(term, image, context) })
            .collect()
    }
}

impl FromStr for Query {
    type Err = Error;

    /// Reads a query of at most 4096 bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) that names the column and the problem.
    fn from_str(text: &str) -> Result<Self> {
        Ok(Self { terms: parse::terms(text)? })
    }
}

impl fmt::Display for Query {
    /// Writes the query so that `FromStr` reads the same query. A publisher of your own is written as its accounts; one
    /// without accounts cannot be read back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, term) in self.terms.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}
