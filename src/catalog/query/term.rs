//! One condition of a query.

use crate::catalog::{Architecture, Distribution, Publisher, Status, Version, Visibility};
use chrono::{DateTime, SecondsFormat, Utc};
use regex_lite::Regex;
use std::fmt;

/// A field that a term of a query compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// `distribution`, also written `os`.
    Distribution,
    /// `version` of the operating system.
    Version,
    /// `codename`
    Codename,
    /// `edition`
    Edition,
    /// `lts`
    Lts,
    /// `architecture`, also written `arch`.
    Architecture,
    /// `driver`
    Driver,
    /// `cuda`
    Cuda,
    /// `parallelcluster`, also written `pcluster`.
    Parallelcluster,
    /// `with`: an extra.
    With,
    /// `source`: the name in the catalogue.
    Source,
    /// `provider`
    Provider,
    /// `region`
    Region,
    /// `id`
    Id,
    /// `name`
    Name,
    /// `owner`
    Owner,
    /// `from`: a publisher.
    From,
    /// `status`
    Status,
    /// `visibility`
    Visibility,
    /// `created`
    Created,
    /// `supported_for`
    SupportedFor,
}

impl Field {
    /// The words of all fields; the first of each is the one that is written.
    pub(super) const WORDS: &[(Self, &[&str])] = &[
        (Self::Distribution, &["distribution", "os"]),
        (Self::Version, &["version"]),
        (Self::Codename, &["codename"]),
        (Self::Edition, &["edition"]),
        (Self::Lts, &["lts"]),
        (Self::Architecture, &["arch", "architecture"]),
        (Self::Driver, &["driver"]),
        (Self::Cuda, &["cuda"]),
        (Self::Parallelcluster, &["parallelcluster", "pcluster"]),
        (Self::With, &["with"]),
        (Self::Source, &["source"]),
        (Self::Provider, &["provider"]),
        (Self::Region, &["region"]),
        (Self::Id, &["id"]),
        (Self::Name, &["name"]),
        (Self::Owner, &["owner"]),
        (Self::From, &["from"]),
        (Self::Status, &["status"]),
        (Self::Visibility, &["visibility"]),
        (Self::Created, &["created"]),
        (Self::SupportedFor, &["supported_for"]),
    ];

    /// The name in a query.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let words = Self::WORDS.iter().find(|(field, _)| *field == self);
        words.and_then(|(_, words)| words.first()).copied().unwrap_or_default()
    }

    /// The operators that the field takes.
    pub(super) fn operators(self) -> &'static [Operator] {
        use Operator::{Above, AtLeast, AtMost, Below, Is, IsNot, Matches};
        match self {
            Self::Version | Self::Driver | Self::Cuda | Self::Parallelcluster => {
                &[Is, IsNot, AtLeast, Above, AtMost, Below]
            }
            Self::Created => &[AtLeast, Above, AtMost, Below],
            Self::Name => &[Is, IsNot, Matches],
            Self::Lts | Self::From | Self::SupportedFor => &[Is],
            _ => &[Is, IsNot],
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The operator of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// `=`: one of the values.
    Is,
    /// `!=`: none of the values.
    IsNot,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `~`: the text contains a match of the regular expression.
    Matches,
}

impl Operator {
    /// All of them, the longer ones first.
    pub(super) const ALL: [Self; 7] = [
        Self::AtLeast,
        Self::AtMost,
        Self::IsNot,
        Self::Is,
        Self::Above,
        Self::Below,
        Self::Matches,
    ];

    /// The operator as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Is => "=",
            Self::IsNot => "!=",
            Self::AtLeast => ">=",
            Self::Above => ">",
            Self::AtMost => "<=",
            Self::Below => "<",
            Self::Matches => "~",
        }
    }

    /// Whether the term takes several values, of which one has to do.
    pub(super) fn takes_list(self) -> bool {
        matches!(self, Self::Is | Self::IsNot)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a term compares with.
#[derive(Clone, Debug)]
pub(super) enum Values {
    Distributions(Vec<Distribution>),
    Versions(Vec<Version>),
    Architectures(Vec<Architecture>),
    Statuses(Vec<Status>),
    Visibilities(Vec<Visibility>),
    Publishers(Vec<Publisher>),
    /// Words and globs.
    Words(Vec<String>),
    Flag(bool),
    Time(DateTime<Utc>),
    Days(u32),
    Regex(Box<Regex>),
}

/// One condition of a [`Query`](super::Query): a field, an operator, and values.
#[derive(Clone, Debug)]
pub struct Term {
    pub(super) field: Field,
    pub(super) operator: Operator,
    pub(super) values: Values,
}

impl Term {
    /// The field that the term compares.
    #[must_use]
    pub fn field(&self) -> Field {
        self.field
    }

    /// The operator.
    #[must_use]
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The values as text: words, globs, a regular expression, versions, a date, a number of days as `180d`, or
    /// the accounts of a publisher of your own as `aws/123456789012`.
    #[must_use]
    pub fn values(&self) -> Vec<String> {
        fn texts<T: fmt::Display>(values: &[T]) -> Vec<String> {
            values.iter().map(ToString::to_string).collect()
        }
        match &self.values {
            Values::Distributions(values) => texts(values),
            Values::Versions(values) => texts(values),
            Values::Architectures(values) => texts(values),
            Values::Statuses(values) => texts(values),
            Values::Visibilities(values) => texts(values),
            Values::Publishers(values) => values.iter().flat_map(Publisher::spelled).collect(),
            Values::Words(values) => values.clone(),
            Values::Flag(value) => vec![value.to_string()],
            Values::Time(value) => vec![value.to_rfc3339_opts(SecondsFormat::AutoSi, true)],
            Values::Days(value) => vec![format!("{value}d")],
            Values::Regex(value) => vec![value.as_str().to_owned()],
        }
    }

    /// The publishers of a term with the field `from`; one of them must own the image. Empty for all other terms.
    #[must_use]
    pub fn publishers(&self) -> &[Publisher] {
        match &self.values {
            Values::Publishers(publishers) => publishers,
            _ => &[],
        }
    }

    /// The values, if the image must have exactly one of them: the operator is `=`, and there are no globs.
    ///
    /// A source can request only these from its service.
    #[must_use]
    pub fn exact(&self) -> Option<Vec<String>> {
        let globs = matches!(&self.values, Values::Words(words) if words.iter().any(|word| super::glob::is_glob(word)));
        (self.operator == Operator::Is && !globs).then(|| self.values())
    }
}

impl PartialEq for Term {
    fn eq(&self, other: &Self) -> bool {
        self.field == other.field
            && self.operator == other.operator
            && self.values() == other.values()
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.field, self.operator)?;
        for (place, value) in self.values().iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            write_value(f, value, self.operator)?;
        }
        Ok(())
    }
}

/// Writes a value so that it is read as one.
fn write_value(f: &mut fmt::Formatter<'_>, value: &str, operator: Operator) -> fmt::Result {
    let splits =
        |character: char| character.is_whitespace() || (character == ',' && operator.takes_list());
    if !value.is_empty() && !value.starts_with('"') && !value.contains(splits) {
        return f.write_str(value);
    }
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    write!(f, "\"{escaped}\"")
}
