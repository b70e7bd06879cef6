//! Queries built by a program.

use super::term::{Field, Operator, Term, Values};
use super::{Query, parse};
use crate::catalog::{Architecture, Distribution, Publisher, Status, Version, Visibility};
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};

impl Query {
    fn and(mut self, field: Field, operator: Operator, values: Values) -> Self {
        self.terms.push(Term { field, operator, values });
        self
    }

    fn word(self, field: Field, word: impl Into<String>) -> Self {
        self.and(field, Operator::Is, Values::Words(vec![word.into()]))
    }

    fn version_of(self, field: Field, operator: Operator, version: Version) -> Self {
        self.and(field, operator, Values::Versions(vec![version]))
    }

    /// Adds a term.
    #[must_use]
    pub fn with_term(mut self, term: Term) -> Self {
        self.terms.push(term);
        self
    }

    /// Images with one of these words in a field.
    pub(in crate::catalog) fn any_of(self, field: Field, words: Vec<String>) -> Self {
        self.and(field, Operator::Is, Values::Words(words))
    }

    /// Images of a distribution.
    #[must_use]
    pub fn distribution(self, distribution: Distribution) -> Self {
        self.and(Field::Distribution, Operator::Is, Values::Distributions(vec![distribution]))
    }

    /// Images with this version of the operating system, or a release of it: 22.04.3 is a release of 22.04.
    #[must_use]
    pub fn version(self, version: Version) -> Self {
        self.version_of(Field::Version, Operator::Is, version)
    }

    /// Images with this version of the operating system or a later one.
    #[must_use]
    pub fn version_at_least(self, version: Version) -> Self {
        self.version_of(Field::Version, Operator::AtLeast, version)
    }

    /// Images with a version of the operating system before this one.
    #[must_use]
    pub fn version_below(self, version: Version) -> Self {
        self.version_of(Field::Version, Operator::Below, version)
    }

    /// Images for an architecture.
    #[must_use]
    pub fn architecture(self, architecture: Architecture) -> Self {
        self.and(Field::Architecture, Operator::Is, Values::Architectures(vec![architecture]))
    }

    /// Images with this version of CUDA or a later one.
    #[must_use]
    pub fn cuda_at_least(self, version: Version) -> Self {
        self.version_of(Field::Cuda, Operator::AtLeast, version)
    }

    /// Images with this NVIDIA driver or a later one: a branch (`550`) or a version (`550.54.15`).
    #[must_use]
    pub fn driver_at_least(self, version: Version) -> Self {
        self.version_of(Field::Driver, Operator::AtLeast, version)
    }

    /// Images with this extra, such as `docker`. `*` matches any characters, `?` one character.
    #[must_use]
    pub fn with(self, extra: impl Into<String>) -> Self {
        self.word(Field::With, extra)
    }

    /// Images of a provider. `*` matches any characters, `?` one character.
    #[must_use]
    pub fn provider(self, provider: impl Into<String>) -> Self {
        self.word(Field::Provider, provider)
    }

    /// Images in a region. `*` matches any characters, `?` one character.
    #[must_use]
    pub fn region(self, region: impl Into<String>) -> Self {
        self.word(Field::Region, region)
    }

    /// Images with a name. `*` matches any characters, `?` one character.
    #[must_use]
    pub fn name(self, glob: impl Into<String>) -> Self {
        self.word(Field::Name, glob)
    }

    /// Images whose name contains a match of a regular expression.
    ///
    /// The syntax is that of the crate `regex-lite`; at most 1000 bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the expression is malformed or too large.
    pub fn name_matches(self, regex: &str) -> Result<Self> {
        let regex = parse::regex(regex)
            .map_err(|message| Error::new(ErrorKind::InvalidRequest, message))?;
        Ok(self.and(Field::Name, Operator::Matches, Values::Regex(Box::new(regex))))
    }

    /// Images that an account or project owns.
    #[must_use]
    pub fn owner(self, id: impl Into<String>) -> Self {
        self.word(Field::Owner, id)
    }

    /// Images that an account of this publisher owns.
    #[must_use]
    pub fn from(self, publisher: Publisher) -> Self {
        self.and(Field::From, Operator::Is, Values::Publishers(vec![publisher]))
    }

    /// Images in a state.
    #[must_use]
    pub fn status(self, status: Status) -> Self {
        self.and(Field::Status, Operator::Is, Values::Statuses(vec![status]))
    }

    /// Images with this visibility.
    #[must_use]
    pub fn visibility(self, visibility: Visibility) -> Self {
        self.and(Field::Visibility, Operator::Is, Values::Visibilities(vec![visibility]))
    }

    /// Images created at this time or later.
    #[must_use]
    pub fn created_since(self, time: DateTime<Utc>) -> Self {
        self.and(Field::Created, Operator::AtLeast, Values::Time(time))
    }

    /// Images that stay in standard support for at least this many days; more than 36500 days count as 36500.
    #[must_use]
    pub fn supported_for(self, days: u32) -> Self {
        self.and(Field::SupportedFor, Operator::Is, Values::Days(days.min(36_500)))
    }
}
